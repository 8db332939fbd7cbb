import { bastion, cluster, proxy } from "../../../constructs/specs";
import { gather } from "../../../model/gather";
import type { SoftwareFacts } from "../../../model/site/software";
import { gpu, hours, minutes, ofModule } from "../../../model/vocabulary";
import { north, south, tenancy } from "../../model/platform";
import { installing, recipes, software, withSoftware } from "./software";

const edge = [bastion({ from: [] }), proxy(), cluster({ servers: 1, workers: 1 })];
const because = "north.production.runs.modules";

/** What is wrong with what it installs, and where. */
const problems = (is: Parameters<typeof installing>[0], facts: Partial<SoftwareFacts> = {}) =>
  gather([withSoftware({ runs: [...edge, installing(is)] }, { software: { ...software, ...facts } })])
    .problems.filter(({ path }) => /\.modules\.(software|on)\b/.test(path))
    .map(({ path, value, fix }) => [path.slice(because.length + 1), value, fix]);

const standard = software.targets.standard ?? { toolchain: "" };
const targets = (is: object) => ({ targets: { standard: { ...standard, ...is } } });

test("without a supercomputer, or one that nobody says how to build for, there is nothing to install on", () => {
  const runs = [...edge, installing()];
  const told = (site: unknown) => gather([site]).problems.map(({ path, allowed }) => [path, allowed]);
  expect(told(south({ production: tenancy({ runs: [bastion({ from: [] }), proxy(), installing()] }) }))).toContainEqual(
    ["south.production.runs.modules", "a site with a supercomputer"],
  );
  expect(told(north({ production: tenancy({ runs }) }))).toContainEqual([
    because,
    "a supercomputer of which its site file says how software is installed there",
  ]);
});

describe("what cannot be built is refused", () => {
  test.each<[string, Parameters<typeof installing>[0], Partial<SoftwareFacts>, unknown]>([
    ["a target that is not described", { on: ["standart"] }, {}, ["on", "standart", 'did you mean "standard"?']],
    [
      "a package of which nobody knows how it is built",
      { software: { "49r3": { tile: "1.0" } } },
      {},
      ["software.49r3.tile", "tile", 'did you mean "tiles"?'],
    ],
    [
      "a package without what it needs of ours",
      { software: { "49r3": { tiles: "1.0" } } },
      {},
      ["software.49r3.tiles", "waves", "add waves to the cycle, or take tiles out at standard: without"],
    ],
    [
      "a package without what it needs of others",
      { software: { "49r3": { waves: "1.0" } } },
      targets({ given: {} }),
      ["software.49r3.waves", "CMake", 'say who gives it: CMake: ofModule("…"), ofSystem or ofEasyBuild("…")'],
    ],
    [
      "options of a package that is none",
      {},
      targets({ options: { tile: "-DA=ON" } }),
      ["on.standard.options", "tile", 'did you mean "tiles"?'],
    ],
    [
      "options of a package that takes none",
      { software: { "49r3": { ecBuild: "3.12.0" } } },
      targets({ options: { ecBuild: "-DA=ON" } }),
      ["on.standard.options", "ecBuild", "write '@options@' where they belong in the easyconfig of ecBuild"],
    ],
    [
      "a toolchain that builds for other hardware",
      {},
      targets({ toolchain: "NVHPC/24.9" }),
      ["on.standard.toolchain", "NVHPC/24.9", "choose another"],
    ],
    [
      "a partition that is not there",
      {},
      targets({ build: { partition: "standart" } }),
      ["on.standard.build.partition", "standart", 'did you mean "standard"?'],
    ],
  ])("%s", (_, is, facts, told) => expect(problems(is, facts)).toContainEqual(told));

  test("a job that is longer than its partition allows", () => {
    const site = withSoftware({ runs: [...edge, installing()] });
    const partitions = { standard: { ...gpu("gfx90a", 8, { cores: 64 }), walltime: minutes(30) } };
    const facts = { ...site.supercomputer.facts, partitions };
    const short = { ...site, supercomputer: { ...site.supercomputer, facts } };
    expect(gather([short]).problems.map(({ path, value, fix }) => [path, value, fix])).toContainEqual([
      `${because}.on.standard.build.walltime`,
      "6 h",
      "ask for 30 min",
    ]);
  });

  test("sources that login nodes shall fetch, which reach nothing", () => {
    const site = withSoftware({ runs: [...edge, installing()] }, { internet: { login: false, compute: false } });
    expect(gather([site]).problems.map(({ fix }) => fix)).toContain(
      'write sources: "brought" to software of the supercomputer',
    );
  });

  test.each([
    [{ prefix: "appl" }, "prefix"],
    [{ umask: "777" }, "umask"],
    [{ targets: { standard: { toolchain: "foss" } } }, "targets.standard.toolchain"],
    [
      { targets: { standard: { toolchain: "foss/2024a", options: { tiles: "$(rm)" } } } },
      "targets.standard.options.tiles",
    ],
    [{ targets: { standard: { toolchain: "foss/2024a", modules: ["a; b"] } } }, "targets.standard.modules"],
    [{ targets: { standard: { toolchain: "foss/2024a", given: { CMake: "cmake" } } } }, "targets.standard.given.CMake"],
  ])("%p in a site file", (is, path) => {
    const site = withSoftware({ runs: edge }, { software: { ...software, ...is } as SoftwareFacts });
    expect(gather([site]).problems.map((each) => each.path)).toContain(`north.supercomputer.software.${path}`);
  });
});

test("on processors without GPUs code for GPUs is built too, and nothing for other processors", () => {
  const { facts } = withSoftware({ runs: edge }).supercomputer;
  const built = (architecture: "zen3" | "zen2", gpus: number) => {
    const partitions = {
      standard: { architecture: gpus > 0 ? ("gfx90a" as const) : ("zen3" as const), gpus, cores: 64 },
      small: { architecture, cores: 64 },
    };
    const { software: is } = { software: { ...software, ...targets({ build: { partition: "small" } }) } };
    const site = withSoftware({ runs: [...edge, installing()] }, { ...facts, partitions, software: is });
    return gather([site])
      .problems.filter(({ path }) => /\.modules\.(software|on)\b/.test(path))
      .map(({ path }) => path);
  };
  expect([built("zen3", 8), built("zen3", 0), built("zen2", 0)]).toEqual([
    [],
    [],
    [`${because}.on.standard.build.partition`],
  ]);
});

test("recipes of others take the place of ours", () => {
  const own = {
    ecBuild: { ...recipes.waves, easyconfig: recipes.waves.easyconfig?.replace("'waves'", "'ecBuild'") ?? "" },
  };
  expect(problems({ software: { "49r3": { ecBuild: "3.7.1" } }, recipes: own })).toEqual([]);
  const without = { targets: { standard: { ...standard, given: { Other: ofModule("cmake/3") } } } };
  expect(problems({ software: { "49r3": { ecBuild: "3.7.1" } } }, without)).toEqual([]);
  expect(problems({ software: { "49r3": { ecBuild: "3.7.1" } }, recipes: own }, without)).not.toEqual([]);
});

test("the job is not begun by itself where a person has to log in", () => {
  const runsOf = (facts: object) => {
    const { registers } = gather([withSoftware({ runs: [...edge, installing()] }, facts)]);
    return registers.places[0]?.workloads.map(({ said }) => said.runs);
  };
  const job = { kind: "CronJob", schedule: "17 * * * *", deadline: hours(12) };
  expect(runsOf({})).toEqual([job]);
  const auth = {
    kind: "operator-certificate",
    ca: "https://ca.example.org",
    fingerprint: "00",
    lifetime: hours(12),
    renewal: "person",
  };
  expect(runsOf({ auth, agreement: "agreed" })).toEqual([{ ...job, suspended: "its operator certifies people alone" }]);
  expect(runsOf({ auth, agreement: { pending: "who" } })).toEqual([{ ...job, suspended: "waits for an answer: who" }]);
});
