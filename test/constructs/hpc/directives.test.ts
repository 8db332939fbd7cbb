import { join } from "node:path";
import fc from "fast-check";
import { type Directed, directivesOf, type JobNeeds } from "../../../constructs/hpc/directives";
import { readSites } from "../../../engine/world";
import { gather } from "../../../model/gather";
import type { Supercomputer } from "../../../model/site/supercomputer";
import { days, gib, hours, minutes, person, service, slurm } from "../../../model/vocabulary";
import { north, tenancy } from "../../model/platform";

const production = { environment: "production" } as const;
const all = gather(readSites(join(__dirname, "../../../sites")).sites).registers.sites;
const of = (name: string): Supercomputer => {
  const found = all.map(({ supercomputer }) => supercomputer).find((each) => each?.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
};
const said = (directed: Directed) =>
  "directives" in directed
    ? Object.entries(directed.directives)
        .map(([key, value]) => `${key}=${value}`)
        .join(" ")
    : directed.problems.map(({ path, value, allowed, fix }) => `${path} ${value} | ${allowed} | ${fix}`);

describe("a job gets what it needs", () => {
  test.each([
    [
      "lumi",
      { gpuNodes: 32, walltime: hours(2) },
      "partition=standard-g billing_account=project_465000001 total_nodes=32 gpus_per_node=8 walltime=02:00:00",
    ],
    [
      "lumi",
      { cpuNodes: 2, tasks: 256, walltime: hours(60) },
      "partition=small billing_account=project_465000001 total_nodes=2 total_tasks=256 walltime=60:00:00 exclusive=yes memory_per_node=0",
    ],
    [
      "leonardo",
      { gpuNodes: 32, walltime: hours(2) },
      "partition=boost_usr_prod billing_account=DestE_booster total_nodes=32 gpus_per_node=4 walltime=02:00:00",
    ],
    [
      "leonardo",
      { gpuNodes: 8, walltime: days(3) },
      "partition=boost_usr_prod queue=boost_qos_lprod billing_account=DestE_booster total_nodes=8 gpus_per_node=4 walltime=72:00:00",
    ],
    [
      "leonardo",
      { cpuNodes: 2, walltime: minutes(20), memory: gib(512) },
      "partition=dcgp_usr_prod billing_account=DestE_booster_0 total_nodes=2 walltime=00:20:00 memory_per_node=524288M",
    ],
    [
      "marenostrum5",
      { gpuNodes: 1, walltime: hours(72) },
      "partition=acc queue=acc_ehpc billing_account=ehpc01 total_nodes=1 gpus_per_node=4 walltime=72:00:00",
    ],
    [
      "atos",
      { cpuNodes: 1, walltime: hours(1) },
      "partition=par queue=np billing_account=dte total_nodes=1 walltime=01:00:00",
    ],
    [
      "lumi",
      { gpuNodes: 1, walltime: hours(1), partition: "dev-g" },
      "partition=dev-g billing_account=project_465000001 total_nodes=1 gpus_per_node=8 walltime=01:00:00 exclusive=yes memory_per_node=0",
    ],
  ] as const)("at %s: %j", (name, needs, directives) =>
    expect(said(directivesOf(needs, of(name), production))).toBe(directives));
  test("charged to the account that it runs as", () => {
    const polaris = readPolaris();
    expect(said(directivesOf({ gpuNodes: 1, walltime: hours(1) }, polaris, { environment: "test" }))).toContain(
      "billing_account=trial",
    );
    expect(
      said(directivesOf({ gpuNodes: 1, walltime: hours(1) }, polaris, { environment: "experiments", person: "jdoe" })),
    ).toContain("billing_account=own");
  });
});

test("limits that nobody has stated hold nothing back, and are told", () => {
  const unstated = (needs: JobNeeds, name: string) => {
    const directed = directivesOf(needs, of(name), production);
    return "unstated" in directed ? directed.unstated : [];
  };
  expect(unstated({ gpuNodes: 500, walltime: hours(1) }, "marenostrum5")).toEqual(["nodes of acc"]);
  expect(unstated({ gpuNodes: 500, walltime: hours(1) }, "lumi")).toEqual([]);
  expect(unstated({ gpuNodes: 5, walltime: hours(1), memory: gib(400) }, "lumi")).toEqual(["memory of standard-g"]);
});

describe("what cannot be had is told, with the nearest that can:", () => {
  test.each([
    [
      "lumi",
      { gpuNodes: 2000, walltime: hours(2) },
      ["lumi.job.gpuNodes 2000 nodes | 1024 nodes or less in standard-g | ask for 1024 nodes"],
    ],
    ["lumi", { gpuNodes: 32, walltime: days(4) }, ["lumi.job.walltime 4 d | 2 d or less in standard-g | ask for 2 d"]],
    [
      "leonardo",
      { gpuNodes: 16, walltime: days(3) },
      [
        "leonardo.job.gpuNodes 16 nodes | 8 nodes or less in boost_usr_prod with boost_qos_lprod | ask for 8 nodes",
        "leonardo.job.walltime 3 d | 1 d or less in boost_usr_prod | ask for 1 d",
      ],
    ],
    [
      "leonardo",
      { cpuNodes: 1, walltime: hours(1), memory: gib(1024), tasks: 200 },
      [
        "leonardo.job.memory 1 TiB | 512 GiB or less in dcgp_usr_prod | ask for 512 GiB",
        "leonardo.job.tasks 200 tasks | 112 tasks or less in dcgp_usr_prod | ask for 112 tasks",
      ],
    ],
    [
      "atos",
      { gpuNodes: 1, walltime: hours(1) },
      ["atos.job.gpuNodes 1 | nodes without GPUs alone: par | ask for cpuNodes"],
    ],
    [
      "lumi",
      { gpuNodes: 1, walltime: hours(1), partition: "standard" },
      [
        "lumi.job.partition standard | nodes with GPUs of lumi: standard-g, small-g, dev-g | name one of them, or leave it out",
      ],
    ],
    [
      "lumi",
      { gpuNodes: 1, walltime: hours(1), partition: "standrad-g" },
      [
        'lumi.job.partition standrad-g | a partition of lumi: standard, standard-g, small, small-g, debug, largemem, dev-g | did you mean "standard-g"?',
      ],
    ],
    [
      "marenostrum5",
      { gpuNodes: 1, walltime: hours(1), qos: "gp_ehpc" },
      [
        "marenostrum5.job.qos gp_ehpc | nodes with GPUs of marenostrum5: acc with acc_ehpc, acc with acc_debug | name one of them, or leave it out",
      ],
    ],
  ] as const)("at %s: %j", (name, needs, problems) =>
    expect(said(directivesOf(needs, of(name), production))).toEqual(problems));
  test.each([
    [{ walltime: hours(1) }, "lumi.job"],
    [{ gpuNodes: 1, cpuNodes: 1, walltime: hours(1) }, "lumi.job"],
    [{ gpuNodes: 0, walltime: hours(1) }, "lumi.job.gpuNodes"],
    [{ gpuNodes: 1.5, walltime: hours(1) }, "lumi.job.gpuNodes"],
    [{ gpuNodes: 1, walltime: 3600 }, "lumi.job.walltime"],
    [{ gpuNodes: 1, walltime: hours(1), gpus: 4 }, "lumi.job.gpus"],
  ])("%j, which is no need", (needs, path) => {
    const directed = directivesOf(needs as never, of("lumi"), production);
    expect("problems" in directed && directed.problems.map((each) => each.path)).toEqual([path]);
  });
  test("an account that is not there", () =>
    expect(said(directivesOf({ gpuNodes: 1, walltime: hours(1) }, of("lumi"), { environment: "experiments" }))).toEqual(
      ["lumi.job.account experiments | who computes at lumi: production, test | add it to the site file"],
    ));
});

/** Partitions and qualities of service of any kind, of which some limits are stated. */
const limited = {
  walltime: fc.option(fc.integer({ min: 1, max: 96 }).map(hours), { nil: undefined }),
  maxNodes: fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
};
const partition = fc.record({
  ...limited,
  gpus: fc.constantFrom(0, 0, 4, 8),
  cores: fc.integer({ min: 1, max: 8 }),
  memory: fc.option(fc.integer({ min: 1, max: 64 }).map(gib), { nil: undefined }),
  allocation: fc.constantFrom("node" as const, "resource" as const),
  needsQos: fc.boolean(),
});
const names = ["p1", "p2", "p3"] as const;
const qos = fc.record({
  ...limited,
  minNodes: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
  partitions: fc.option(fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 }), { nil: undefined }),
});
const machine = fc
  .record({
    partitions: fc.dictionary(fc.constantFrom(...names), partition, { minKeys: 1 }),
    qos: fc.dictionary(fc.constantFrom("q1", "q2"), qos),
  })
  .filter(({ qos }) => Object.values(qos).every(({ minNodes = 1, maxNodes = 1e6 }) => minNodes <= maxNodes));
const job = fc.record({
  nodes: fc.integer({ min: 1, max: 60 }),
  isGpu: fc.boolean(),
  walltime: fc.integer({ min: 1, max: 120 }),
  tasks: fc.option(fc.integer({ min: 1, max: 400 }), { nil: undefined }),
  memory: fc.option(fc.integer({ min: 1, max: 80 }), { nil: undefined }),
});
type Machine = typeof machine extends fc.Arbitrary<infer T> ? T : never;
type Job = typeof job extends fc.Arbitrary<infer T> ? T : never;

const needsOf = ({ nodes, isGpu, walltime, tasks, memory }: Job): JobNeeds => ({
  ...(isGpu ? { gpuNodes: nodes } : { cpuNodes: nodes }),
  walltime: hours(walltime),
  ...(tasks === undefined ? {} : { tasks }),
  ...(memory === undefined ? {} : { memory: gib(memory) }),
});

/** Told by hand: whether a job may run in a partition by a quality of service. */
function may(is: Job, { partitions, qos }: Machine, p: string, q: string | undefined): boolean {
  const at = partitions[p as never] as Machine["partitions"][string] | undefined;
  const by = q === undefined ? undefined : qos[q];
  if (!at || (q !== undefined && !by) || (q === undefined && at.needsQos)) return false;
  if (by?.partitions && !(by.partitions as readonly string[]).includes(p)) return false;
  const walltime = by?.walltime ?? at.walltime;
  const maxNodes = by?.maxNodes ?? at.maxNodes;
  return (
    at.gpus > 0 === is.isGpu &&
    is.nodes >= (by?.minNodes ?? 1) &&
    (maxNodes === undefined || is.nodes <= maxNodes) &&
    (walltime === undefined || is.walltime * 3600 <= walltime.seconds) &&
    (at.memory === undefined || (is.memory ?? 0) <= at.memory.gib) &&
    (is.tasks ?? 0) <= is.nodes * at.cores
  );
}
const ways = ({ partitions, qos }: Machine) =>
  Object.keys(partitions).flatMap((p) => [undefined, ...Object.keys(qos)].map((q) => [p, q] as const));

const withThis = (is: Machine): Supercomputer => ({ ...readPolaris(), ...(is as object) }) as Supercomputer;

describe("whatever the partitions, and whatever the job", () => {
  test("a quality of service that asks for more nodes than its partition has is had by nobody", () => {
    const partitions = { p1: { gpus: 0, cores: 1, maxNodes: 12, allocation: "node" as const, needsQos: true } };
    const never = withThis({ partitions, qos: { q1: { minNodes: 13 } } } as never);
    for (const cpuNodes of [12, 13])
      expect(said(directivesOf({ cpuNodes, walltime: hours(1) }, never, production))).toEqual([
        `polaris.job.cpuNodes ${cpuNodes} | nodes without GPUs of polaris: nothing | correct its partitions in the site file`,
      ]);
  });
  test("what it is given fits, and what is refused fits nowhere", () => {
    let given = 0;
    fc.assert(
      fc.property(machine, job, (is, wanted) => {
        const directed = directivesOf(needsOf(wanted), withThis(is), production);
        const could = ways(is).filter(([p, q]) => may(wanted, is, p, q));
        if ("problems" in directed) {
          expect(could).toEqual([]);
          expect(directed.problems.length).toBeGreaterThan(0);
          return;
        }
        given += 1;
        const { partition, queue, total_nodes, walltime } = directed.directives;
        expect(could).toContainEqual([partition, queue]);
        const [h = 0] = (walltime ?? "").split(":").map(Number);
        expect([Number(total_nodes), h]).toEqual([wanted.nodes, wanted.walltime]);
      }),
      { numRuns: 1000 },
    );
    expect(given).toBeGreaterThan(50);
  });
  test("whoever asks for what is told gets it", () => {
    let followed = 0;
    fc.assert(
      fc.property(machine, job, (is, wanted) => {
        const directed = directivesOf(needsOf(wanted), withThis(is), production);
        if (!("problems" in directed)) return;
        const keys: Readonly<Record<string, keyof Job>> = {
          gpuNodes: "nodes",
          cpuNodes: "nodes",
          walltime: "walltime",
          tasks: "tasks",
          memory: "memory",
        };
        const fixes = directed.problems.flatMap(({ path, fix }) => {
          const key = keys[path.split(".").at(-1) ?? ""];
          const [, amount, unit] = /^ask for ([\d.]+) (\S+)$/.exec(fix) ?? [];
          if (!key || amount === undefined) return [];
          const scale = unit === "d" ? 24 : unit === "min" ? 1 / 60 : 1;
          return [{ [key]: Number(amount) * scale } as Partial<Job>];
        });
        if (fixes.length === 0) return;
        followed += 1;
        const again = (more: Partial<Job>) =>
          "directives" in directivesOf(needsOf({ ...wanted, ...more }), withThis(is), production);
        const together = Object.assign({}, ...fixes);
        expect(fixes.every(again) || again(together)).toBe(true);
      }),
      { numRuns: 1000 },
    );
    expect(followed).toBeGreaterThan(50);
  });
});

function readPolaris(): Supercomputer {
  const { supercomputer, ...rest } = north({ production: tenancy() });
  if (!supercomputer) throw new Error("north has a supercomputer");
  const people = { jdoe: person("doejohn", "own") };
  const accounts = { production: service("svc", "project"), test: service("svc-test", "trial") };
  const site = { ...rest, supercomputer: slurm("polaris", { ...supercomputer.facts, accounts, people } as never) };
  const found = gather([site]).registers.sites[0]?.supercomputer;
  if (!found) throw new Error("north has a supercomputer");
  return found;
}
