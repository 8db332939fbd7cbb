import { z } from "zod";
import { nameOf } from "../words/name";
import { type Fields, flag, oneOf, text, whole, word } from "../words/parse";
import { type Duration, memory, type Size, size, time } from "../words/quantity";
import { type Fate, fate } from "./fate";
import { milliCpu } from "./namespace";
import { variable } from "./secret";

/**
 * A program on the cluster of a tenancy, in pods that are nobody's but its own: not root, nothing to write to, no more of a node
 * than it asks for, no account of the API unless it says what for. What it reaches, and who reaches it, are needs and services.
 */
export interface WorkloadSpec {
  /** Unique in its cluster: needs and services speak of it. */
  readonly workload: string;
  readonly namespace: string;
  readonly runs: Runs;
  /** The first is what it is; others help it. */
  readonly containers: readonly ContainerSpec[];
  /** What it may ask of the Kubernetes API. @default - it has no token, and may ask nothing */
  readonly api?: readonly ApiRule[];
  /** The account on whose behalf it acts, of this user id. @default 65532, nobody's */
  readonly user?: number;
  readonly why: string;
}

/** How its pods come and go, in the words of Kubernetes. */
export type Runs =
  /** Equal pods, which are replaced one after another. */
  | { readonly kind: "Deployment"; readonly replicas: number }
  /** Pods that each have a name and a volume that stays. */
  | { readonly kind: "StatefulSet"; readonly replicas: number; readonly volume: ClaimSpec }
  /** Once for each `generation`, and no longer than its deadline. */
  | { readonly kind: "Job"; readonly generation: number; readonly deadline: Duration }
  /** By cron, in UTC: `0 3 * * *`. One at a time. While it is `suspended`, people begin it, or nobody. */
  | {
      readonly kind: "CronJob";
      readonly schedule: string;
      readonly deadline: Duration;
      /** Why it is not begun by itself. @default - it is */
      readonly suspended?: string;
    };

/** A volume of the cluster, at a path of the first container, and of others that say so. */
export interface ClaimSpec {
  readonly path: string;
  readonly size: Size;
  readonly fate: Fate;
}

/** A container of a workload. */
export interface ContainerSpec {
  readonly name: string;
  /** With its digest, so that it is the same everywhere and always: `ghcr.io/…/it:1.2.3@sha256:…`. */
  readonly image: string;
  /** @default - as the image says */
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  /** Nothing secret. @default - empty */
  readonly env?: Readonly<Record<string, string>>;
  /** What it is sure to have; it may take more of cores that idle. */
  readonly milliCpu: number;
  /** What it is sure to have, and the most it may take. */
  readonly memory: Size;
  /** The variable that has the address of its pod. @default - none has */
  readonly address?: string;
  /** Folders that it may write to, empty at each start. @default - none */
  readonly scratch?: readonly string[];
  /** How much each of them may hold, on a disk of its node. @default 256 MiB */
  readonly scratchSize?: Size;
  /** Files that it reads, by their path. Nothing secret. @default - none */
  readonly files?: Readonly<Record<string, string>>;
  /** It has the volume of a StatefulSet too, where the first has it. @default - the first alone has */
  readonly volume?: true;
  /** Folders of what the workload has of Vault that it has instead of the first: `/run/keys`. @default - none */
  readonly kept?: readonly string[];
  /** What tells that it works. @default - that it runs */
  readonly health?: HealthSpec;
}

/** What a container is asked: whoever does not answer `http` is made anew; whoever does not answer `ready` gets no traffic meanwhile. */
export type HealthSpec =
  | {
      readonly http: string;
      /** @default - as `http` */
      readonly ready?: string;
      readonly port: number;
    }
  | { readonly tcp: number };

/** @see Kubernetes, RBAC: a rule of a role */
export interface ApiRule {
  readonly groups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly (typeof verbs)[number][];
  /** In all namespaces. @default false */
  readonly everywhere?: boolean;
}

const verbs = ["get", "list", "watch", "create", "update", "patch", "delete"] as const;

const path = word(
  (v) => (typeof v === "string" && /^(\/[\w.-]+)+$/.test(v) && !v.includes("..") ? v : undefined),
  "an absolute path",
  "write it as /var/lib/it",
);

/** Named, so that people can read it, and by digest, so that it cannot change. */
export const image = word(
  (v) =>
    typeof v === "string" && /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)+:[\w.-]+@sha256:[0-9a-f]{64}$/.test(v)
      ? v
      : undefined,
  "registry, name, tag and digest of an image, ghcr.io/example/it:1.2.3@sha256:…",
  "write it in full; crane digest tells the digest",
);

const port = whole(1, 65535, "a port, 1 to 65535", "correct the port");
const count = whole(1, 100, "1 to 100 pods", "write a number");

/** @see crontab(5); CronJob takes no more */
export const cron = word(
  (v) => (typeof v === "string" && /^(\S+ ){4}\S+$/.test(v) && /^[\d*/, -]+$/.test(v) ? v : undefined),
  "five fields of cron, in digits: 0 3 * * *",
  "write minute, hour, day, month and day of the week",
);

const claimSchema = z.strictObject({ path, size, fate } satisfies Fields<ClaimSpec>);

const asked = z.string().startsWith("/");

const containerSchema = z.strictObject({
  name: nameOf("rename it"),
  image,
  command: z.array(z.string()).exactOptional(),
  args: z.array(z.string()).exactOptional(),
  env: z.record(z.string().regex(/^[A-Za-z_]\w*$/), z.string()).default({}),
  milliCpu,
  memory,
  address: variable.exactOptional(),
  scratch: z.array(path).default([]),
  scratchSize: size.exactOptional(),
  files: z.record(path, z.string()).default({}),
  volume: z.literal(true).exactOptional(),
  kept: z.array(path).default([]),
  health: z
    .union([z.strictObject({ http: asked, ready: asked.exactOptional(), port }), z.strictObject({ tcp: port })])
    .exactOptional(),
} satisfies Fields<ContainerSpec>);
export type StatedContainer = z.output<typeof containerSchema>;

/** The container of a workload that has a folder of what comes from Vault: one that says so, or the first. */
export const keeperOf = <T extends { readonly containers: readonly Pick<StatedContainer, "kept">[] }>(
  { containers }: T,
  folder: string,
): T["containers"][number] | undefined => containers.find(({ kept }) => kept.includes(folder)) ?? containers[0];

const runsSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("Deployment"), replicas: count }),
    z.strictObject({ kind: z.literal("StatefulSet"), replicas: count, volume: claimSchema }),
    z.strictObject({
      kind: z.literal("Job"),
      generation: whole(1, 9999, "a generation, from 1", "count up from 1"),
      deadline: time,
    }),
    z.strictObject({
      kind: z.literal("CronJob"),
      schedule: cron,
      deadline: time,
      suspended: text("why it is not begun by itself").exactOptional(),
    }),
  ])
  .meta({ written: 'a kind: "Deployment", "StatefulSet", "Job" or "CronJob"' });

/** `*` would be all that anybody ever adds. */
const named = (pattern: RegExp, allowed: string) =>
  word((v) => (typeof v === "string" && pattern.test(v) ? v : undefined), allowed, "name each");

const ruleSchema = z.strictObject({
  groups: z.array(named(/^([a-z][a-z0-9.-]*)?$/, 'the group of an API by name, "" for its core')).min(1),
  resources: z
    .array(named(/^[a-z][a-z0-9.-]*(\/[a-z]+)?$/, "a resource by name, in the plural: pods, pods/log"))
    .min(1),
  verbs: z.array(oneOf(verbs)).min(1),
  everywhere: flag.default(false),
} satisfies Fields<ApiRule>);
export type StatedRule = z.output<typeof ruleSchema>;

export const workloadSchema = z.strictObject({
  workload: nameOf("rename it"),
  namespace: text("a namespace of the cluster"),
  runs: runsSchema,
  containers: z.array(containerSchema).min(1),
  api: z.array(ruleSchema).default([]),
  user: whole(1, 2 ** 31 - 1, "a user id that is not root's, from 1", "write one").default(65532),
  why: text("what it is for"),
} satisfies Fields<WorkloadSpec>);
export type StatedWorkload = z.output<typeof workloadSchema>;
