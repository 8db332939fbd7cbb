import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bastion, cluster, proxy } from "../../constructs/specs";
import { PlatformApp } from "../../engine/app";
import type { Component } from "../../model/site/component";
import { type Service, tcp } from "../../model/site/need";
import type { Description } from "../../model/site/specs";
import type { WorkloadSpec } from "../../model/site/workload";
import { stacksOf } from "../../model/stacks";
import { gib, hours, mib, minutes, signedKey } from "../../model/vocabulary";
import { ClusterStack } from "../../stacks/cluster";
import { givingVolumes, learned, north, saying, south, tenancy } from "../model/platform";
import type { Stack } from "./synthesis";

const image = `registry.example.org/it:1.0.0@sha256:${"0".repeat(64)}`;
export const container = { name: "it", image, milliCpu: 100, memory: mib(128) };
export const workload = (name: string, namespace: string, is: Partial<WorkloadSpec> = {}): WorkloadSpec => ({
  workload: name,
  namespace,
  runs: { kind: "Deployment", replicas: 1 },
  containers: [container],
  why: name,
  ...is,
});
const quota = { milliCpu: 10_000, memory: gib(20), pods: 50, storage: gib(100) };
export const namespace = (name: string, environment: "production" | "experiments" = "production") => ({
  namespace: name,
  environment,
  quota,
  why: name,
});

/** Three workloads in two namespaces, a service of each, and one of hosts. */
export const pods: Description = {
  namespaces: [namespace("one"), namespace("two")],
  workloads: [workload("a", "one"), workload("b", "one"), workload("c", "two")],
};
export const services: readonly Service[] = [
  {
    service: "a",
    on: { workload: "a" },
    traffic: tcp(8001),
    auth: "none",
    nodePort: 30001,
    entrance: { relay: "proxy" },
  },
  {
    service: "b",
    on: { workload: "b" },
    traffic: tcp(8002),
    auth: "tls+token",
    ownTrust: true,
    nodePort: 30002,
    entrance: { relay: "proxy" },
  },
  { service: "c", on: { workload: "c" }, traffic: tcp(8003, 8005), auth: "none" },
  { service: "hosts", on: { role: "store" }, traffic: tcp(8010), auth: "none" },
];

export const stores = saying(
  { hosts: [{ name: "store", roles: ["store"], subnet: "data", slot: 20, flavor: "small" }] },
  "stores",
);

const identity = { people: { issuer: "https://login.example.org", audience: "platform" } };

/** Who logs in by what Vault signs reads no secret. */
const { supercomputer } = north({});
const signed = supercomputer && {
  supercomputer: {
    ...supercomputer,
    facts: { ...supercomputer.facts, auth: signedKey(hours(12)) } as typeof supercomputer.facts,
  },
};

const platform = (...more: readonly Component[]) =>
  learned([
    north(
      {
        production: tenancy({
          runs: [bastion(), proxy(), cluster({ servers: 3, workers: 2, cloud: true }), stores, ...more],
        }),
      },
      { identity, cloud: givingVolumes, ...signed },
    ),
    south({}),
  ]);

export const stackOf = (...more: readonly Component[]) => stackIn(platform(...more));

/** The stack of what stands on the cluster of `north.production`. */
export function stackIn(gathered: ReturnType<typeof learned>): {
  readonly stack: Stack;
  readonly gathered: ReturnType<typeof learned>;
} {
  expect(gathered.problems).toEqual([]);
  const entry = gathered.registers.places.flatMap(stacksOf).find(({ name }) => name === "north-production-services");
  if (!entry) throw new Error("there is no such stack");
  const folder = mkdtempSync(join(tmpdir(), "databridge-"));
  try {
    const app = new PlatformApp(folder);
    new ClusterStack(app, entry, gathered.registers);
    const [output] = app.synthesize();
    return { stack: JSON.parse(readFileSync(output?.file ?? "", "utf8")) as Stack, gathered };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// biome-ignore lint/suspicious/noExplicitAny: blocks of Terraform, of any form
export type Json = Readonly<Record<string, any>>;

/** One of each kind of workload, in two namespaces. */
export const every: Description = {
  namespaces: [namespace("one"), namespace("lab", "experiments")],
  workloads: [
    workload("web", "one", {
      runs: { kind: "Deployment", replicas: 2 },
      containers: [
        {
          ...container,
          scratch: ["/tmp"],
          files: { "/etc/web/a.conf": "a", "/etc/web/b_c": "b" },
          health: { http: "/", port: 8080 },
        },
      ],
    }),
    workload("store", "one", {
      runs: { kind: "StatefulSet", replicas: 1, volume: { path: "/data", size: gib(10), fate: "keep" } },
    }),
    workload("task", "lab", {
      runs: { kind: "Job", generation: 3, deadline: minutes(10) },
      api: [{ groups: [""], resources: ["pods"], verbs: ["get"] }],
    }),
    workload("nightly", "lab", {
      runs: { kind: "CronJob", schedule: "0 3 * * *", deadline: hours(1) },
      api: [{ groups: ["apps"], resources: ["deployments"], verbs: ["list", "patch"], everywhere: true }],
    }),
  ],
  services: [{ service: "web", on: { workload: "web" }, traffic: tcp(8080), auth: "none", nodePort: 30080 }],
};

/** The stack refers to the namespace by its address, which ends in its name. */
export const namespaceIn = (reference: string): string =>
  /\.namespace_([a-z0-9-]+)\./.exec(reference)?.[1] ?? reference;
