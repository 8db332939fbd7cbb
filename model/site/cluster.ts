import { z } from "zod";
import { type Cidr, readCidr } from "../words/address";
import { nameOf } from "../words/name";
import { type Fields, flag, oneOf, text, word } from "../words/parse";
import { copiesSchema, type SnapshotCopies } from "./copies";
import type { Fate } from "./fate";

/** The Kubernetes cluster of a tenancy, on hosts of ours or somebody else's. */
export interface ClusterSpec {
  /** Whose distribution it is; nothing of ours installs one that exists. */
  readonly product: "rke2" | "existing";
  /** The role of the hosts that carry workloads. @default - somebody else's hosts, `outside` */
  readonly nodes?: string;
  /** The outside network that others see of its pods, where its hosts are not ours. @default - its hosts are ours */
  readonly outside?: string;
  /** The role of the hosts on which its API runs. @default - somebody else runs it */
  readonly servers?: string;
  /** Kubernetes and what the distribution makes of it: `v1.34.4+rke2r1`. */
  readonly version: string;
  /** SHA-256 of what is installed. @default - nobody has written it, or nothing is installed */
  readonly sha256?: string;
  /** Where copies of its state go. @default - to no other place */
  readonly snapshots?: SnapshotCopies;
  /** Networks of pods and of services; nobody outside the cluster sees them. */
  readonly pods: Cidr;
  readonly services: Cidr;
  /** The entry of the kubeconfig by which it is configured. @default - the tenancy's id, `lumi-production` */
  readonly context?: string;
  /** Whether the cloud says which nodes there are, and its own controller takes them in. @default false */
  readonly cloud?: boolean;
  /** The classes of its volumes. @default - it has none for pods */
  readonly volumes?: VolumeClasses;
}

/** Names of StorageClasses, by what becomes of a volume whose claim is gone: kept, or destroyed with it. */
export type VolumeClasses = Readonly<Record<Fate, string>>;

const cidr = word(readCidr, "a network, 10.42.0.0/16", "write it so");
const role = nameOf("rename the role");

const className = text("the name of a StorageClass");
const volumesSchema = z.strictObject({ keep: className, disposable: className } satisfies Fields<VolumeClasses>);

export const clusterSchema = z.strictObject({
  product: oneOf(["rke2", "existing"]),
  nodes: role.exactOptional(),
  outside: text("the name of an outside network").exactOptional(),
  servers: role.exactOptional(),
  version: word(
    (v) => (typeof v === "string" && /^v1\.\d{1,2}\.\d{1,2}(\+[a-z0-9.]+)?$/.test(v) ? v : undefined),
    "a version in full, v1.34.4+rke2r1",
    "write it so",
  ),
  sha256: word(
    (v) => (typeof v === "string" && /^[0-9a-f]{64}$/.test(v) ? v : undefined),
    "a SHA-256, 64 digits of it",
    "take it from sha256sum-amd64.txt of the release",
  ).exactOptional(),
  snapshots: copiesSchema.exactOptional(),
  pods: cidr,
  services: cidr,
  context: text("a context of the kubeconfig").exactOptional(),
  cloud: flag.default(false),
  volumes: volumesSchema.exactOptional(),
} satisfies Fields<ClusterSpec>);
export type StatedCluster = z.output<typeof clusterSchema>;
