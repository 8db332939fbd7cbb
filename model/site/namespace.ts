import { z } from "zod";
import { type Environment, environments } from "../words/environment";
import { nameOf } from "../words/name";
import { type Fields, oneOf, text, whole } from "../words/parse";
import { memory, mib, type Size, size } from "../words/quantity";

/** How little of its node a pod may see. @see Kubernetes, Pod Security Standards */
export const podSecurities = ["restricted", "baseline", "privileged"] as const;

/** Stacks of what stands on a cluster, in the order in which they are applied. */
export const clusterStacks = ["control-plane", "services", "modules"] as const;

/** What a team has of the cluster of its tenancy. Nothing in it is reached, or reaches anything, but by flows. */
export interface NamespaceSpec {
  /** Unique in its cluster. */
  readonly namespace: string;
  /** The team that answers for it. @default - the owner of the tenancy */
  readonly owner?: string;
  /** Experiments may stand on the cluster of production, in a namespace of their own. @default - that of the tenancy */
  readonly environment?: Environment;
  readonly quota: NamespaceQuota;
  /** Memory of a container that says nothing, which is the most that it gets. @default 256 MiB */
  readonly container?: Size;
  /** The stack in which it stands, with all that is in it: `control-plane` is what serves all sites. @default "services" */
  readonly stack?: (typeof clusterStacks)[number];
  /** @default "restricted" */
  readonly security?: (typeof podSecurities)[number];
  readonly why: string;
}

/** What all pods of a namespace may ask for together. */
export interface NamespaceQuota {
  /** Thousandths of a core: 1500 are one and a half. */
  readonly milliCpu: number;
  readonly memory: Size;
  readonly pods: number;
  /** Of all volumes. @default - none */
  readonly storage?: Size;
}

export const milliCpu = whole(1, 10_000_000, "thousandths of a core, 250", "write a whole number");

/** Reads a {@link NamespaceSpec}. */
export const namespaceSchema = z.strictObject({
  namespace: nameOf("rename it"),
  owner: text("the team that answers for it").exactOptional(),
  environment: oneOf(environments).exactOptional(),
  quota: z.strictObject({
    milliCpu,
    memory,
    pods: whole(1, 1000, "1 to 1000 pods", "write a number"),
    storage: size.exactOptional(),
  } satisfies Fields<NamespaceQuota>),
  container: memory.default(mib(256)),
  stack: oneOf(clusterStacks).default("services"),
  security: oneOf(podSecurities).default("restricted"),
  why: text("what it is for"),
} satisfies Fields<NamespaceSpec>);
/** A namespace, read. */
export type StatedNamespace = z.output<typeof namespaceSchema>;
