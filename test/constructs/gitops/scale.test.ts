import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cluster } from "../../../constructs/cluster/spec";
import { bastion, proxy } from "../../../constructs/edge/spec";
import { concurrency, gitops, quota } from "../../../constructs/gitops/spec";
import { deploymentsFrom, runnerSize } from "../../../constructs/gitops/terraform";
import { sharedServices } from "../../../constructs/services/spec";
import { vault, vaultAgent } from "../../../constructs/vault/spec";
import { gather } from "../../../model/gather";
import { gib } from "../../../model/vocabulary";
import { givingVolumes, north, saying, south, tenancy } from "../../model/platform";
import { type CustomResource, ours } from "./platform";

const readme = readFileSync(join(__dirname, "../../../constructs/gitops/README.md"), "utf8");

const at = { site: "south", tenancy: "production" };
const runs = [bastion({ from: [] }), proxy(), vaultAgent({ at }), cluster(), sharedServices({ vault: at })];
/** What makes the third stack of a bridge. */
const software = saying({
  namespaces: [
    { namespace: "software", stack: "modules", quota: { milliCpu: 1000, memory: gib(1), pods: 1 }, why: "tests" },
  ],
});

/** Bridges as they are, each of three stacks, and home. */
const bridges = (count: number) =>
  Array.from({ length: count }, (_, i) => {
    const {
      supercomputer: _polaris,
      outside: _named,
      ...bridge
    } = north(
      {
        production: tenancy({
          network: { cidr: `10.${128 + (i >> 6)}.${(i & 63) * 4}.0/22` },
          runs: [...runs, software],
        }),
      },
      { cloud: givingVolumes, dns: `bridge-${i}.example.org` },
    );
    return { ...bridge, name: `bridge-${i}` };
  });
const synthetic = (sites: number) =>
  gather([
    ...bridges(sites - 1),
    south({
      production: tenancy({
        network: { cidr: "10.36.0.0/20" },
        runs: [vault({ from: [] }), ...runs, gitops({ artifacts: "oci://registry.example.org/platform" })],
      }),
    }),
  ]).registers;

/** Of which nobody has measured any. */
const secondsOfPlan = 90;

function loadOf(registers: ReturnType<typeof synthetic>) {
  const all = registers.places.flatMap((place) => deploymentsFrom(place, registers));
  const objects = all.flatMap((each) => each.objects as unknown as readonly CustomResource[]);
  const stacks = objects.filter(({ kind }) => kind === "Terraform");
  return {
    sites: registers.sites.length,
    stacks: stacks.length,
    accounts: all.length,
    after: stacks.reduce((sum, { spec }) => sum + (spec.dependsOn ?? []).length, 0),
    ...lasting(stacks.length),
    largest: Math.max(...all.map((each) => JSON.stringify(each.objects).length)),
  };
}
const lasting = (stacks: number) => ({
  atOnce: Math.min(stacks, concurrency),
  minutes: (Math.ceil(stacks / concurrency) * secondsOfPlan) / 60,
});
const row = ({ sites, stacks, accounts, after, atOnce, minutes }: ReturnType<typeof at200>): string =>
  `| ${[sites, stacks, accounts, after, atOnce, `${minutes} min`].join(" | ")} |`;

/** What one bridge more brings is the same for each, so that 200 sites follow from a few. */
function at200(): Omit<ReturnType<typeof loadOf>, "largest"> {
  const [few, many] = [loadOf(synthetic(3)), loadOf(synthetic(6))];
  const grown = (what: "stacks" | "accounts" | "after") => few[what] + ((many[what] - few[what]) / 3) * 197;
  const stacks = grown("stacks");
  return { sites: 200, stacks, accounts: grown("accounts"), after: grown("after"), ...lasting(stacks) };
}

test("a bridge more brings its stacks, and no site waits for another", () => {
  const told = [3, 4, 6].map((sites) => loadOf(synthetic(sites)));
  expect(told.map(({ stacks, accounts, after }) => [stacks, accounts, after])).toEqual([
    [7, 3, 4],
    [10, 4, 6],
    [16, 6, 10],
  ]);
  // Helm keeps a release, one for each tenancy, in a Secret of 1 MiB at most.
  expect(Math.max(...told.map(({ largest }) => largest))).toBeLessThan(100_000);
});

test("what it does at 4 and at 200 sites stands in the README", () =>
  expect(readme.split("\n")).toEqual(expect.arrayContaining([row(loadOf(ours().registers)), row(at200())])));

test("as many runners as work at once fit into the quota, with the controllers", () => {
  const controllers = gib(4).gib;
  expect(runnerSize.limits.memory).toBe("1Gi");
  expect(concurrency + controllers).toBeLessThanOrEqual(quota.memory.gib);
  // What ends is still counted while others begin.
  expect(2 * concurrency + 5).toBeLessThanOrEqual(quota.pods);
  expect(runnerSize.requests.cpu).toBe("100m");
  expect(concurrency * 100 + 500).toBeLessThanOrEqual(quota.milliCpu);
});
