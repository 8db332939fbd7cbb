import { z } from "zod";
import { clusterSchema, type VolumeClasses } from "../../model/site/cluster";
import { type Component, component } from "../../model/site/component";
import type { SnapshotCopies } from "../../model/site/copies";
import { type Need, type Service, tcp, udp } from "../../model/site/need";
import { type Fate, fate, flavor, type HostSpec } from "../../model/site/specs";
import { type Cidr, overlap } from "../../model/words/address";
import { type Fields, text, whole } from "../../model/words/parse";
import { gib } from "../../model/words/quantity";
import { classes, cloudOf } from "./cloud";
import { outwardOf } from "./outward";
import { etcdPanels } from "./panels";
import { readsOf, secretsOf } from "./secrets";
import { etcdMetrics, etcdMetricsPort, etcdWithoutLeader } from "./signals";

/** A cluster of RKE2 on hosts of a tenancy. */
export interface ClusterOptions {
  /** Servers of the control plane: 1 or 3. @default 3 */
  readonly servers?: 1 | 3;
  /** Nodes that carry workloads, 0 to 18; without any, the servers do. @default 3 */
  readonly workers?: number;
  /** What is installed; a higher one is an upgrade, one host after another. @default the newest that this library knows */
  readonly version?: string;
  /**
   * SHA-256 of `rke2.linux-amd64.tar.gz` of that version, as `sha256sum-amd64.txt` of the release has it. Nothing is installed
   * that is not held against it. @default - nobody has written it: hosts are prepared, and nothing is installed
   */
  readonly sha256?: string;
  /** Where copies of etcd's snapshots go. @default - there are none beside those on its volumes */
  readonly snapshots?: SnapshotCopies;
  /**
   * Whether the cloud says which nodes there are, and gives volumes to pods. It decides how nodes join: a cluster that has begun without
   * it takes it by each node leaving and joining anew. @default false
   */
  readonly cloud?: boolean;
  /** What becomes of etcd's volumes when the cluster leaves the description. @default "keep" */
  readonly fate?: Fate;
  /** Flavor of the servers. @default "medium" */
  readonly serverFlavor?: string;
  /** Flavor of the workers. @default "large" */
  readonly workerFlavor?: string;
}

/** @see https://github.com/rancher/rke2/releases/tag/v1.34.4%2Brke2r1 */
const newest = "v1.34.4+rke2r1";

const schema = z.strictObject({
  servers: whole(1, 3, "1 or 3 servers: etcd needs a majority", "write 1 or 3")
    .refine((n) => n !== 2, {
      params: { allowed: "1 or 3 servers: with two, the loss of either stops etcd", fix: "write 3" },
    })
    .default(3),
  workers: whole(0, 18, "0 to 18 workers", "write a number").default(3),
  version: clusterSchema.shape.version.default(newest),
  sha256: clusterSchema.shape.sha256,
  snapshots: clusterSchema.shape.snapshots,
  cloud: clusterSchema.shape.cloud,
  fate: fate.default("keep"),
  serverFlavor: flavor.default("medium"),
  workerFlavor: flavor.default("large"),
} satisfies Fields<ClusterOptions>);

/** Networks of pods and services. @see https://docs.rke2.io/reference/server_config, cluster-cidr and service-cidr */
const inside = { pods: "10.42.0.0/16" as Cidr, services: "10.43.0.0/16" as Cidr };

const server = { role: "cluster-server" };
const worker = { role: "cluster-worker" };
const node = { role: "cluster-node" };

/**
 * An RKE2 cluster of the tenancy. Its API stands behind a load balancer where the cloud has them, else on an address
 * that the servers share.
 */
export const cluster = (options: ClusterOptions = {}): Component =>
  component("cluster", "cluster", { schema, input: options }, (is, at) => {
    const balanced = at.cloud.has.includes("octavia");
    const hosts = (
      role: string,
      count: number,
      slot: number,
      rest: Pick<HostSpec, "flavor" | "flavorOption" | "volumes">,
    ): readonly HostSpec[] =>
      Array.from({ length: count }, (_, i) => ({
        name: `${role}-${i + 1}`,
        roles: [role, node.role],
        subnet: "services",
        slot: slot + i,
        apart: { group: role, policy: "soft-anti-affinity" },
        ...rest,
      }));
    const front = balanced ? { balancer: "cluster-api" } : {};
    // @see RKE2, Requirements, "Networking": inbound rules for servers and agents
    const ownTrust = true;
    const services: readonly Service[] = [
      { service: "cluster-api", on: server, traffic: tcp(6443), auth: "mtls", ownTrust, ...front },
      { service: "cluster-join", on: server, traffic: tcp(9345), auth: "tls+token", ownTrust, ...front },
      { service: "cluster-etcd", on: server, traffic: tcp(2379, 2380), auth: "mtls", ownTrust },
      { service: "cluster-kubelet", on: node, traffic: tcp(10250), auth: "mtls", ownTrust },
      { service: "cluster-pods", on: node, traffic: udp(8472), auth: "none" },
      { service: "etcd-metrics", on: server, traffic: tcp(etcdMetricsPort), auth: "none" },
    ];
    const flow = (from: { role: string }, service: string, why: string): Need => ({
      need: "flow",
      from,
      to: { service },
      why,
    });
    const { sha256, snapshots, cloud } = is;
    const servers = { ...server, count: is.servers };
    const nodes = is.workers > 0 ? { ...worker, count: is.workers } : servers;
    const ofCloud = cloud ? cloudOf(at, { servers, nodes }) : {};
    return {
      ...ofCloud,
      scrapes: [{ scrape: "etcd", service: "etcd-metrics", metrics: etcdMetrics }],
      panels: etcdPanels,
      logs: [
        {
          log: "pods",
          by: node,
          files: "/var/log/pods/*/*/*.log",
          parser: "container",
          why: "what containers say, whoever looks after them",
        },
      ],
      problems: [
        ...(ofCloud.problems ?? []),
        ...Object.values(inside)
          .filter((network) => overlap(network, at.network))
          .map((network) => ({
            path: "",
            value: at.network,
            allowed: `a network of the tenancy apart from ${network}, which the cluster uses inside`,
            fix: "give the tenancy another network",
          })),
      ],
      clusters: [
        {
          product: "rke2",
          version: is.version,
          ...(sha256 === undefined ? {} : { sha256 }),
          ...(snapshots === undefined ? {} : { snapshots }),
          servers: server.role,
          nodes: nodes.role,
          ...(cloud ? { cloud, volumes: classes } : {}),
          ...inside,
        },
      ],
      hosts: [
        ...hosts(server.role, is.servers, 31, {
          flavor: is.serverFlavor,
          flavorOption: "serverFlavor",
          volumes: [
            {
              name: "etcd",
              size: gib(40),
              fate: is.fate,
              ...(snapshots === undefined ? {} : { backup: snapshots.at, backupOption: "snapshots.at" }),
            },
          ],
        }),
        ...hosts(worker.role, is.workers, 41, { flavor: is.workerFlavor, flavorOption: "workerFlavor" }),
      ],
      ...(balanced
        ? { balancers: [{ name: "cluster-api", slot: 10 }] }
        : { sharedAddresses: [{ name: "cluster-api", role: server.role, subnet: "services", slot: 30 }] }),
      services,
      secrets: secretsOf({ copies: snapshots !== undefined, cloud }),
      needs: [
        ...readsOf({ server, worker: is.workers > 0 ? worker : undefined, copies: snapshots !== undefined, cloud }),
        ...outwardOf(at, { node, server, snapshots, shared: !balanced }),
        flow(node, "cluster-api", "nodes and pods speak to the API"),
        flow(node, "cluster-join", "nodes join"),
        // Once they have joined. @see RKE2, High Availability: rke2 agent as a client-side load balancer; Kubernetes' own service
        ...(balanced ? ["cluster-api", "cluster-join"] : []).map((service) => ({
          ...flow(node, service, "nodes and pods go on to each server by its own address"),
          direct: true,
        })),
        flow(server, "cluster-etcd", "etcd replicates"),
        flow(node, "cluster-kubelet", "the API reads logs and metrics of nodes"),
        flow(node, "cluster-pods", "pods of different nodes meet in VXLAN"),
        flow({ role: "bastion" }, "cluster-api", "kubectl works through the bastion"),
        ...(ofCloud.needs ?? []),
        etcdWithoutLeader(server.role),
      ],
    };
  });

/** A cluster that somebody else runs. */
export interface ExistingClusterOptions {
  /** The outside network of the site behind which its nodes are. */
  readonly outside: string;
  /** Its Kubernetes: `v1.34.4`, and what its distribution adds. */
  readonly version: string;
  /** Its networks of pods and of services: `10.244.0.0/16`. */
  readonly pods: string;
  readonly services: string;
  /** The entry of the kubeconfig by which it is configured. @default - the tenancy's id, `lumi-production` */
  readonly context?: string;
  /** Its StorageClasses: of volumes that are kept, and of those that go with their claim. @default - it has none for pods */
  readonly volumes?: VolumeClasses;
}

const existingSchema = z.strictObject({
  outside: text("the name of the outside network of its nodes"),
  version: clusterSchema.shape.version,
  pods: clusterSchema.shape.pods,
  services: clusterSchema.shape.services,
  context: clusterSchema.shape.context,
  volumes: clusterSchema.shape.volumes,
} satisfies Fields<ExistingClusterOptions>);

/**
 * A cluster that somebody else runs: nothing of ours installs it, and what runs in it is described like what runs in one of
 * ours. Its nodes are met behind an outside network of the site.
 */
export const existingCluster = (options: ExistingClusterOptions): Component =>
  component(
    "cluster",
    "cluster",
    { schema: existingSchema, input: options, fallback: { outside: "internet", version: newest, ...inside } },
    (is) => ({ clusters: [{ product: "existing", ...is }] }),
  );
