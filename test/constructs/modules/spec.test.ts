import { bastion, cluster, proxy } from "../../../constructs/specs";
import { gather } from "../../../model/gather";
import type { SoftwareFacts } from "../../../model/site/software";
import { gpu, hours, minutes, ofEasyBuild, ofSystem } from "../../../model/vocabulary";
import { north, south, tenancy } from "../../model/platform";
import { installing, recipes, software, withSoftware } from "./software";

const edge = [bastion({ from: [] }), proxy(), cluster({ servers: 1, workers: 1 })];
const because = "north.production.runs.modules";

/** What is wrong with what it installs, and where. */
const problems = (is: Parameters<typeof installing>[0], facts: Partial<SoftwareFacts> = {}) =>
  gather([withSoftware({ runs: [...edge, installing(is)] }, { software: { ...software, ...facts } })])
    .problems.filter(({ path }) => /\.modules\.(software|on|recipes)\b/.test(path))
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
  const fact = "in software.targets.standard of polaris";
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
      [
        "software.49r3.waves",
        "CMake",
        'say who gives it: CMake: ofModule("…"), ofSystem, ofNobody or ofEasyBuild("…")',
      ],
    ],
    [
      "options of a package that is none",
      {},
      targets({ options: { tile: ["-DA=ON"] } }),
      ["on.standard.options", "tile", `did you mean "tiles"?, ${fact}`],
    ],
    [
      "options of a package that takes none",
      { software: { "49r3": { ecBuild: "3.12.0" } } },
      targets({ options: { ecBuild: ["-DA=ON"] } }),
      ["on.standard.options", "ecBuild", "write '@options@' where they belong in the easyconfig of ecBuild"],
    ],
    [
      "a toolchain that builds for other hardware",
      {},
      targets({ toolchain: "NVHPC/24.9" }),
      ["on.standard.toolchain", "NVHPC/24.9", `choose another, ${fact}`],
    ],
    [
      "what nobody needs",
      {},
      targets({ given: { ...standard.given, CMakes: ofSystem } }),
      ["on.standard.given", "CMakes", `did you mean "CMake"?, ${fact}`],
    ],
    [
      "modules that a toolchain loads by itself",
      {},
      targets({ requires: ["gcc/12.2.0"] }),
      ["on.standard.requires", "gcc/12.2.0", `leave it out, ${fact}: foss/2024a loads its own`],
    ],
    [
      "a version of which EasyBuild has no easyconfig",
      { software: { "49r3": { ecBuild: "3.7.1" } } },
      {},
      ["software.49r3.ecBuild", "3.7.1", "write one of them, or add your own easyconfig to recipes"],
    ],
    [
      "the easyconfig of another package",
      { recipes: { ...recipes, tiles: recipes.waves } },
      {},
      ["recipes.tiles.easyconfig", "waves", "begin it with name = 'tiles'"],
    ],
    [
      "an easyconfig of one version",
      {
        recipes: {
          ...recipes,
          waves: { ...recipes.waves, easyconfig: recipes.waves.easyconfig?.replace("@version@", "2.0") ?? "" },
        },
      },
      {},
      ["recipes.waves.easyconfig", undefined, "write '@version@'"],
    ],
    [
      "packages that need each other",
      {
        recipes: {
          ...recipes,
          waves: { ...recipes.waves, easyconfig: recipes.waves.easyconfig?.replace("@CMake@", "@tiles@") ?? "" },
        },
      },
      {},
      ["recipes.waves.easyconfig", "waves needs tiles", "take one of them out"],
    ],
    [
      "what EasyBuild would fetch, where somebody brings sources",
      { software: { "49r3": { waves: "1.0" } } },
      { ...targets({ given: { CMake: ofEasyBuild("3.29.3") } }), sources: "brought" },
      ["software.49r3.waves", "CMake", "add an easyconfig of CMake to recipes, and a version to the cycle"],
    ],
    [
      "a partition that is not there",
      {},
      targets({ build: { partition: "standart" } }),
      ["on.standard.build.partition", "standart", `did you mean "standard"?, ${fact}`],
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
      "ask for 30 min, in software.targets.standard of polaris",
    ]);
  });

  test("sources that login nodes shall fetch, which reach nothing", () => {
    const site = withSoftware({ runs: [...edge, installing()] }, { internet: { login: false, compute: false } });
    expect(gather([site]).problems.map(({ fix }) => fix)).toContain('write sources: "brought" to software of polaris');
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

test("code for GPUs is built on their processors too, and nothing is built on others", () => {
  const { facts } = withSoftware({ runs: edge }).supercomputer;
  const built = (on: "zen3" | "zen2", partition: object) => {
    const partitions = {
      standard: { architecture: "zen3" as const, gpus: 0, cores: 64, ...partition },
      small: { architecture: on, cores: 64 },
    };
    const is = { ...software, ...targets({ build: { partition: "small" } }) };
    const site = withSoftware({ runs: [...edge, installing()] }, { ...facts, partitions, software: is });
    return gather([site]).problems.filter(({ path }) => path === `${because}.on.standard.build.partition`).length;
  };
  const gpus = { architecture: "gfx90a", gpus: 8 };
  expect([built("zen3", {}), built("zen2", {})]).toEqual([0, 1]);
  expect([
    built("zen3", { ...gpus, host: "zen3" }),
    built("zen2", { ...gpus, host: "zen3" }),
    built("zen3", gpus),
  ]).toEqual([0, 1, 1]);
});

test("recipes of others take the place of ours", () => {
  const own = {
    ecBuild: { ...recipes.waves, easyconfig: recipes.waves.easyconfig?.replace("'waves'", "'ecBuild'") ?? "" },
  };
  expect(problems({ software: { "49r3": { ecBuild: "3.7.1" } }, recipes: own })).toEqual([]);
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

test("a schedule that is none is told once", () =>
  expect(
    gather([withSoftware({ runs: [...edge, installing({ schedule: "hourly" })] })])
      .problems.map(({ path }) => path)
      .filter((path) => path.includes("schedule") || path.includes("workloads")),
  ).toEqual([`${because}.schedule`]));

test("two sites that build one version of two sources are told, since its checksum is that of one", () => {
  const elsewhere = {
    ...recipes,
    waves: { ...recipes.waves, source: { ...recipes.waves.source, url: "https://mirror.example.org/{version}" } },
  };
  const production = tenancy({ runs: [...edge, installing()] });
  const test_ = {
    ...tenancy({
      environment: "test",
      network: { cidr: "10.21.0.0/20" },
      runs: [...edge, installing({ recipes: elsewhere })],
    }),
  };
  const { supercomputer, ...site } = withSoftware({ runs: [] });
  const { problems } = gather([{ ...site, supercomputer, tenancies: { production, test: test_ } }]);
  expect(
    problems.filter(({ fix }) => fix.includes("name the package otherwise")).map(({ path, value }) => [path, value]),
  ).toEqual([
    ["north.test.runs.modules.software.48r3.waves", "https://mirror.example.org/2.0"],
    ["north.test.runs.modules.software.49r3.waves", "https://mirror.example.org/2.0"],
  ]);
});

test("a word of Slurm is no line of a script", () => {
  const { facts } = withSoftware({ runs: edge }).supercomputer;
  const accounts = {
    production: { kind: "service" as const, user: "svc", projects: ["project\ntouch /tmp/x"], work: "/scratch" },
  };
  expect(gather([withSoftware({ runs: edge }, { ...facts, accounts })]).problems.map(({ path }) => path)).toContain(
    "north.supercomputer.accounts.production.projects",
  );
});
