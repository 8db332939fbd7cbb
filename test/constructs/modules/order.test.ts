import { files } from "../../../constructs/hpc/places";
import { orderOf } from "../../../constructs/modules/order";
import { backups, bastion, cluster, proxy, sharedServices, vault, vaultAgent } from "../../../constructs/specs";
import { gather } from "../../../model/gather";
import { days, ofModule } from "../../../model/vocabulary";
import { installing, recipes, software, withSoftware } from "./software";

const runs = [bastion({ from: [] }), proxy(), cluster({ servers: 1, workers: 1 })];
const sources = { "tiles-1.0": "1".repeat(64), "waves-2.0": "2".repeat(64) };

/** What the program is told. */
function ordered(
  is: Parameters<typeof installing>[0] = {},
  facts: object = {},
  learned: Record<string, string> = sources,
) {
  const site = withSoftware({ runs: [...runs, installing(is)] }, facts);
  const { registers } = gather([site], { north: { version: 5, sources: learned } });
  const [place] = registers.places;
  const [said] = place?.modules ?? [];
  if (!place || !said) throw new Error("nothing is installed");
  const texts = orderOf({ said: said.said, place, places: files });
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, JSON.parse(text)]));
}

const digestOf = (order: ReturnType<typeof ordered>) => order["48r3-standard.json"].digest;

test("an order says where, as whom, and of what each installation is made", () => {
  const order = ordered();
  expect(order["order.json"]).toMatchObject({
    site: "polaris",
    place: "north-production",
    user: "svc",
    ssh: "/etc/platform/hpc/ssh_config",
    prefix: "/appl/ours/production",
    fetch: "login",
    keep: 3,
    usedSeconds: 604800,
    installations: ["48r3-standard.json", "49r3-standard.json"],
  });
  expect(order["48r3-standard.json"]).toMatchObject({
    cycle: "48r3",
    target: "standard",
    waits: [],
    sources: [
      { file: "tiles-1.0.tar.gz", sha256: "1".repeat(64), urls: ["https://example.org/tiles/1.0.tar.gz"] },
      { file: "waves-2.0.tar.gz", sha256: "2".repeat(64), urls: ["https://example.org/waves/2.0.tar.gz"] },
    ],
    modules: [
      { module: "tiles/1.0-foss-2024a", run: "tiles --version", finds: "(?<![\\d.])1\\.0(?!\\.?\\d)" },
      { module: "waves/2.0-foss-2024a", run: "waves --version", finds: "(?<![\\d.])2\\.0(?!\\.?\\d)" },
    ],
    toolchain: ["stack/24.03", "cmake/3.29"],
    build: { partition: "standard", account: "project", seconds: 6 * 3600 },
    test: { partition: "standard", account: "project", seconds: 1800 },
  });
});

test("what nobody has looked at is waited for, each source by itself", () => {
  const { waits } = ordered({}, {}, { "waves-2.0": "2".repeat(64) })["48r3-standard.json"];
  expect(waits).toEqual(["sources.tiles-1.0"]);
});

test("a job says to Slurm what it needs, and to the shell where everything is", () => {
  const { files: texts, digest } = ordered()["48r3-standard.json"];
  const folder = "/appl/ours/production/48r3/standard";
  expect(texts["build.job"].split("\n").slice(0, 21)).toEqual([
    "#!/bin/bash -l",
    "#SBATCH --no-requeue",
    "#SBATCH --dependency=singleton",
    `# troika name=modules-48r3-standard-${digest}-build`,
    "# troika join_output_error=yes",
    "# troika partition=standard",
    "# troika billing_account=project",
    "# troika total_nodes=1",
    "# troika gpus_per_node=8",
    "# troika walltime=06:00:00",
    "set -eo pipefail",
    `export DATABRIDGE_WORK=${folder}/work/${digest}`,
    `export DATABRIDGE_RELEASE=${folder}/releases/${digest}`,
    expect.stringMatching(/^export DATABRIDGE_TOOLS=\/appl\/ours\/production\/tools\/[0-9a-f]{12}$/),
    "export DATABRIDGE_SOURCES=/appl/ours/production/sources",
    "export DATABRIDGE_UMASK=0022",
    '[ "$(type -t module)" = function ] || . /etc/profile',
    "module load stack/24.03",
    "",
    expect.stringMatching(/^# Builds a release/),
    expect.anything(),
  ]);
  expect(Object.keys(texts).sort()).toEqual([
    "build.job",
    "easyconfigs/tiles-1.0-foss-2024a.eb",
    "easyconfigs/waves-2.0-foss-2024a.eb",
    "easystack.yaml",
    "reframe/modules.py",
    "reframe/settings.py",
    "release.json",
    "test.job",
  ]);
});

describe("the digest", () => {
  const other = { "50r1": { waves: "2.0" }, "48r3": { waves: "2.0", tiles: "1.0" } };
  const standard = software.targets.standard ?? { toolchain: "" };
  const targets = (is: object) => ({ software: { ...software, targets: { standard: { ...standard, ...is } } } });
  const elsewhere = {
    ...recipes,
    tiles: { ...recipes.tiles, source: { ...recipes.tiles.source, url: "https://mirror.example.org/{version}" } },
  };
  const tested = { ...recipes, tiles: { ...recipes.tiles, test: { run: "tiles", finds: "1" } } };

  test.each<[string, Parameters<typeof ordered>]>([
    ["nothing", []],
    ["other cycles, or packages in another order", [{ software: other }]],
    ["what is kept, and how often it is tested", [{ kept: { last: 5, used: days(30) }, tested: days(7) }]],
    ["the walltime of a job", [{}, targets({ build: { walltime: days(1) } })]],
    ["where a source is fetched", [{ recipes: elsewhere }]],
    ["how a package is tested", [{ recipes: tested }]],
    ["Python of the tools", [{}, { software: { ...software, python: { program: "python3.12" } } }]],
  ])("is the same with %s", (_, [is, facts, learned]) =>
    expect(digestOf(ordered(is, facts, learned))).toBe(digestOf(ordered())));

  test.each<[string, Parameters<typeof ordered>]>([
    ["a version", [{ software: { "48r3": { tiles: "1.0", waves: "2.1" } } }]],
    ["a checksum", [{}, {}, { ...sources, "waves-2.0": "3".repeat(64) }]],
    ["a module of the operator", [{}, targets({ modules: ["stack/25.03"] })]],
    ["who gives what it needs", [{}, targets({ given: { CMake: ofModule("cmake/4.0") } })]],
    ["options", [{}, targets({ options: { tiles: ["-DB=ON"] } })]],
    ["a generation", [{}, targets({ generation: 2 })]],
    ["the prefix", [{}, { software: { ...software, prefix: "/appl/theirs" } }]],
  ])("is another with %s", (_, [is, facts, learned]) =>
    expect(digestOf(ordered(is, facts, learned))).not.toBe(digestOf(ordered())));
});

test("what a target gives and nothing needs is not counted on", () => {
  const { toolchain } = ordered({ software: { "48r3": { waves: "2.0" } } })["48r3-standard.json"];
  expect(toolchain).toEqual(["stack/24.03", "cmake/3.29"]);
});

test("a pod reads the key of the environment's account, and no other host does", () => {
  const place = { site: "north", tenancy: "production" };
  const all = [...runs, vault(), vaultAgent({ at: place }), sharedServices({ vault: place }), backups(), installing()];
  const { registers } = gather([withSoftware({ runs: all })]);
  expect(
    registers.secrets
      .filter(({ id }) => id.endsWith("hpc/polaris"))
      .map(({ readers, pods }) => [readers.length, pods.map(({ workload, file }) => [workload, file])]),
  ).toEqual([[0, [["modules", "/run/secrets/hpc/polaris"]]]]);
});
