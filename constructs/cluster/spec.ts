import { z } from "zod";
import { clusterSchema } from "../../model/site/cluster";
import { type Component, component } from "../../model/site/component";
import { type Need, type Service, tcp, udp } from "../../model/site/need";
import { type Fate, fate, flavor, type HostSpec } from "../../model/site/specs";
import { type Cidr, overlap } from "../../model/words/address";
import { type Fields, whole } from "../../model/words/parse";
import { gib } from "../../model/words/quantity";

export interface ClusterOptions {
  /** Servers of the control plane: 1 or 3. @default 3 */
  readonly servers?: 1 | 3;
  /** Nodes that carry workloads, 0 to 18; without any, the servers do. @default 3 */
  readonly workers?: number;
  /** What is installed; a higher one is an upgrade, one host after another. @default the newest that this library knows */
  readonly version?: string;
  /** What becomes of etcd's volumes when the cluster leaves the description. @default "keep" */
  readonly fate?: Fate;
  /** Flavor of the servers. @default "medium" */
  readonly serverFlavor?: string;
  /** Flavor of the workers. @default "large" */
  readonly workerFlavor?: string;
}

/** @see RKE2, releases */
const newest = "v1.34.4+rke2r1";

const schema = z.strictObject({
  servers: whole(1, 3, "1 or 3 servers: etcd needs a majority", "write 1 or 3")
    .refine((n) => n !== 2, {
      params: { allowed: "1 or 3 servers: with two, the loss of either stops etcd", fix: "write 3" },
    })
    .default(3),
  workers: whole(0, 18, "0 to 18 workers", "write a number").default(3),
  version: clusterSchema.shape.version.default(newest),
  fate: fate.default("keep"),
  serverFlavor: flavor.default("medium"),
  workerFlavor: flavor.default("large"),
} satisfies Fields<ClusterOptions>);

/** Networks of pods and services. @see RKE2, server configuration reference: cluster-cidr and service-cidr */
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
    ];
    const flow = (from: { role: string }, service: string, why: string): Need => ({
      need: "flow",
      from,
      to: { service },
      why,
    });
    return {
      problems: Object.values(inside)
        .filter((network) => overlap(network, at.network))
        .map((network) => ({
          path: "",
          value: at.network,
          allowed: `a network of the tenancy apart from ${network}, which the cluster uses inside`,
          fix: "give the tenancy another network",
        })),
      clusters: [
        {
          product: "rke2",
          version: is.version,
          servers: server.role,
          nodes: is.workers > 0 ? worker.role : server.role,
          ...inside,
        },
      ],
      hosts: [
        ...hosts(server.role, is.servers, 31, {
          flavor: is.serverFlavor,
          flavorOption: "serverFlavor",
          volumes: [{ name: "etcd", size: gib(40), fate: is.fate }],
        }),
        ...hosts(worker.role, is.workers, 41, { flavor: is.workerFlavor, flavorOption: "workerFlavor" }),
      ],
      ...(balanced
        ? { balancers: [{ name: "cluster-api", slot: 10 }] }
        : { sharedAddresses: [{ name: "cluster-api", role: server.role, subnet: "services", slot: 30 }] }),
      services,
      needs: [
        flow(node, "cluster-api", "nodes and pods speak to the API"),
        flow(node, "cluster-join", "nodes join"),
        flow(server, "cluster-etcd", "etcd replicates"),
        flow(node, "cluster-kubelet", "the API reads logs and metrics of nodes"),
        flow(node, "cluster-pods", "pods of different nodes meet in VXLAN"),
        flow({ role: "bastion" }, "cluster-api", "kubectl works through the bastion"),
      ],
    };
  });
