import { z } from "zod";
import { type Fields, flag, names, oneOf, whole, word } from "../words/parse";
import { type Duration, type Size, size, time } from "../words/quantity";

/** Processors that we build for, by the names that compilers give them. */
export const architectures = ["zen2", "zen3", "icelake", "sapphirerapids", "gfx90a", "sm_80", "sm_90"] as const;
export type Architecture = (typeof architectures)[number];

/** A Slurm partition. */
export interface PartitionFacts {
  /** What we build for: of the GPUs where it has them. */
  readonly architecture: Architecture;
  /** GPUs of a node, as Slurm counts them. @default 0 */
  readonly gpus?: number;
  /** The processor beside the GPUs. @default - not known */
  readonly host?: Architecture;
  /** Cores of a node. */
  readonly cores: number;
  /** RAM that each of its nodes has. @default - not known */
  readonly memory?: Size;
  /** The longest job. @default - not known */
  readonly walltime?: Duration;
  /** The most nodes that a job can have. @default - not known */
  readonly maxNodes?: number;
  /** Whether jobs get whole nodes, or share them. @default "node" */
  readonly allocation?: "node" | "resource";
  /** Whether jobs have to name a quality of service. @default false */
  readonly needsQos?: boolean;
  /** What jobs here are charged to. @default - the first project of their account */
  readonly project?: string;
}

/** A Slurm quality of service. */
export interface QosFacts {
  /** Partitions in which it can be had. @default - all */
  readonly partitions?: readonly string[];
  /** @default - that of the partition */
  readonly walltime?: Duration;
  /** @default 1 */
  readonly minNodes?: number;
  /** @default - that of the partition */
  readonly maxNodes?: number;
  /** The most jobs of a user at a time. @default - no limit known */
  readonly maxJobs?: number;
}

/** A partition of CPU nodes. */
export const cpu = (
  architecture: Architecture,
  facts: Omit<PartitionFacts, "architecture" | "gpus">,
): PartitionFacts => ({
  architecture,
  ...facts,
});
/** A partition of nodes with so many GPUs. */
export const gpu = (
  architecture: Architecture,
  gpus: number,
  facts: Omit<PartitionFacts, "architecture" | "gpus">,
): PartitionFacts => ({
  architecture,
  gpus,
  ...facts,
});

/** A schema for a word of Slurm: it stands in scripts and in names of files. */
export const slurmName = (what: string) =>
  word(
    (v) => (typeof v === "string" && /^[A-Za-z0-9_][\w.-]{0,63}$/.test(v) ? v : undefined),
    `${what}, of letters, digits, dots, dashes and underscores`,
    "write it as the operator does",
  );

const count = (what: string) => whole(1, 1e6, what, "see the operator's documentation");

export const partitionSchema = z.strictObject({
  architecture: oneOf(architectures),
  host: oneOf(architectures).exactOptional(),
  gpus: whole(0, 64, "GPUs of a node, 0 to 64", "count as Slurm does").default(0),
  cores: count("cores of a node"),
  memory: size.optional(),
  walltime: time.optional(),
  maxNodes: count("a number of nodes").optional(),
  allocation: oneOf(["node", "resource"]).default("node"),
  needsQos: flag.default(false),
  project: slurmName("a project at the site").exactOptional(),
} satisfies Fields<PartitionFacts>);
export type Partition = z.output<typeof partitionSchema>;

export const qosSchema = z.strictObject({
  partitions: names("a partition").exactOptional(),
  walltime: time.optional(),
  minNodes: count("a number of nodes").optional(),
  maxNodes: count("a number of nodes").optional(),
  maxJobs: count("a number of jobs").optional(),
} satisfies Fields<QosFacts>);
export type Qos = z.output<typeof qosSchema>;
