import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bastion, cluster, proxy, sharedServices, vault, vaultAgent } from "../../constructs/specs";
import { PlatformApp } from "../../engine/app";
import { gather } from "../../model/gather";
import { stacksOf } from "../../model/stacks";
import { ClusterStack } from "../../stacks/cluster";
import { installing, withSoftware } from "../constructs/modules/software";
import type { Stack } from "./synthesis";

type Blocks = Stack["resource"];
interface CronJob {
  readonly spec: {
    readonly concurrency_policy: string;
    readonly suspend?: boolean;
    readonly job_template: {
      readonly spec: { readonly template: { readonly spec: Readonly<Record<string, unknown>> } };
    };
  };
}
interface Policy {
  readonly spec: {
    readonly ingress?: readonly unknown[];
    readonly egress?: readonly {
      readonly ports: readonly { readonly port: string }[];
      readonly to: readonly { readonly ip_block?: { readonly cidr: string } }[];
    }[];
  };
}

const here = { site: "north", tenancy: "production" };
const runs = [
  bastion({ from: [] }),
  proxy(),
  cluster({ servers: 1, workers: 1 }),
  vault(),
  vaultAgent({ at: here }),
  sharedServices({ vault: here }),
];

/** What stands in the stack of software. */
function stackOf(
  is: Parameters<typeof installing>[0] = {},
  facts: object = {},
): { readonly blocks: Blocks; readonly names: readonly string[] } {
  const { registers } = gather([withSoftware({ runs: [...runs, installing(is)] }, facts)], {
    north: { version: 5, sources: {} },
  });
  const stacks = registers.places.flatMap(stacksOf);
  const entry = stacks.find(({ kind }) => kind === "modules");
  if (!entry) throw new Error("there is no such stack");
  const folder = mkdtempSync(join(tmpdir(), "databridge-"));
  try {
    const app = new PlatformApp(folder);
    new ClusterStack(app, entry, registers);
    const [output] = app.synthesize();
    const { resource } = JSON.parse(readFileSync(output?.file ?? "", "utf8")) as { resource: Blocks };
    return { blocks: resource, names: stacks.map(({ name }) => name) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
const cronJob = (blocks: Blocks) => Object.values(blocks.kubernetes_cron_job_v1 ?? {})[0] as unknown as CronJob;

test("software has a stack of its own, with a job that cron begins and none that Terraform keeps", () => {
  const { blocks, names } = stackOf();
  expect(names).toEqual([
    "north-production-tenancy",
    "north-production-vault",
    "north-production-services",
    "north-production-modules",
  ]);
  expect(Object.keys(blocks).filter((type) => /job/.test(type))).toEqual(["kubernetes_cron_job_v1"]);
  const { spec } = cronJob(blocks);
  expect([spec.concurrency_policy, spec.suspend]).toEqual(["Forbid", undefined]);
  const pod = spec.job_template.spec.template.spec;
  expect(pod).toMatchObject({
    automount_service_account_token: false,
    security_context: { run_as_non_root: true, run_as_user: "1000" },
    restart_policy: "Never",
  });
});

test("another version changes the order and the digest in it, and no resource is another", () => {
  const [before, after] = [
    stackOf().blocks,
    stackOf({ software: { "48r3": { waves: "2.1" }, "49r3": { waves: "2.0" } } }).blocks,
  ];
  const addresses = (blocks: Blocks) =>
    Object.entries(blocks).flatMap(([type, all]) => Object.keys(all).map((name) => `${type}.${name}`));
  expect(addresses(after)).toEqual(addresses(before));
  const changed = addresses(before).filter((address) => {
    const [type = "", name = ""] = address.split(".");
    return JSON.stringify(before[type]?.[name]) !== JSON.stringify(after[type]?.[name]);
  });
  expect(changed).toEqual([
    "kubernetes_config_map_v1.modules_workload_modules_files-modules",
    "kubernetes_cron_job_v1.modules_workload_modules",
  ]);
});

test("its pods reach names and login nodes, and are reached by nobody", () => {
  const all = Object.values(stackOf().blocks.kubernetes_network_policy_v1 ?? {}) as unknown as readonly Policy[];
  const policies = all.map(({ spec }) => spec);
  const peers = policies
    .flatMap(({ egress = [] }) => egress)
    .map(({ ports, to }) => ({
      ports: ports.map(({ port }) => port),
      to: to.flatMap(({ ip_block }) => ip_block?.cidr ?? []),
    }));
  expect(peers).toEqual([
    { ports: ["53", "53"], to: [] },
    { ports: ["22"], to: ["198.51.100.1/32", "198.51.100.2/32"] },
  ]);
  expect(policies.flatMap(({ ingress = [] }) => ingress)).toEqual([]);
});

test("nothing in it is secret: the key comes from Vault, by what the cluster fetches", () => {
  const { blocks } = stackOf();
  const text = JSON.stringify(blocks);
  expect(text).toContain("ExternalSecret");
  expect(text).not.toMatch(/PRIVATE KEY/);
  const { volume } = cronJob(blocks).spec.job_template.spec.template.spec;
  expect(JSON.stringify(volume)).toContain('"path":"polaris"');
});
