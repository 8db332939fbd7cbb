import { z } from "zod";
import { nameOf } from "../words/name";
import { type Fields, flag, text, word } from "../words/parse";
import { type Duration, minutes, time } from "../words/quantity";

/**
 * A Helm chart of somebody else on the cluster of a tenancy. Its values are no place for secrets: Helm keeps them in the cluster,
 * whatever Terraform does with them.
 */
export interface ReleaseSpec {
  /** Unique in its cluster. */
  readonly release: string;
  readonly namespace: string;
  readonly chart: ChartSpec;
  /** What differs from what the chart says by itself; typed by whoever states it. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Registries of the images that its pods are made of: `quay.io`. */
  readonly images: readonly string[];
  /** Objects of kinds that it brings, made once it is there; nothing secret. @default - none */
  readonly resources?: readonly Readonly<Record<string, unknown>>[];
  /**
   * Its pods, by the workload that they are: needs and services speak of them. Those of its hooks too: nobody else opens the API for them.
   */
  readonly pods: readonly ChartPods[];
  /** Where its values take variables of pods that go out by the forward proxy: `controller.extraEnv`. @default - none does */
  readonly proxyEnv?: readonly string[];
  /** Where its values take names of hosts that its pods meet straight: `hostAliases`. @default - none does */
  readonly hostAliases?: readonly string[];
  /** Where its values take Traefik's routes to services that are entered by its pods: `providers.file.content.tcp`. @default - nowhere */
  readonly routes?: string;
  /** Whether kinds in its folder `crds` are installed, which Helm never changes again, and never removes. @default true */
  readonly definitions?: boolean;
  /** Releases that have to be there before, as those that bring definitions of what this one makes. @default - none */
  readonly after?: readonly string[];
  /** How long all of it may take to be ready. @default 10 minutes */
  readonly timeout?: Duration;
  readonly why: string;
}

/** A chart, and which version of it. */
export interface ChartSpec {
  /** `oci://…` without the chart; or `https://…`, of charts that no registry has. */
  readonly repository: string;
  readonly name: string;
  readonly version: string;
  /**
   * Of the manifest in the registry. Without it, whoever can write there can exchange it; a repository by HTTPS has none.
   * @default - not known yet
   */
  readonly digest?: string;
}

/** Whether a registry of images has a chart. */
export const isOfRegistry = ({ repository }: Pick<ChartSpec, "repository">): boolean => repository.startsWith("oci:");

/** Pods that somebody else's program makes, and the labels by which they are told from others of their namespace. */
export interface ChartPods {
  /** Unique in the cluster. */
  readonly workload: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The role of the hosts on which alone they are. @default - those that carry workloads */
  readonly on?: string;
}

const repository = word(
  (v) => (typeof v === "string" && /^(oci|https):\/\/[a-z0-9.-]+(\/[\w.-]+)*$/.test(v) ? v : undefined),
  "a repository of charts, oci://ghcr.io/example/charts or https://example.org/charts",
  "write it without the chart's name",
);
const digest = word(
  (v) => (typeof v === "string" && /^sha256:[0-9a-f]{64}$/.test(v) ? v : undefined),
  "a digest, sha256:…",
  "crane digest tells it",
);
const version = word(
  (v) => (typeof v === "string" && /^v?\d+\.\d+\.\d+(-[\w.]+)?$/.test(v) ? v : undefined),
  "one version in full, 1.2.3",
  "write no range",
);

const registry = word(
  (v) => (typeof v === "string" && /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(v) ? v : undefined),
  "the host of a registry of images, ghcr.io",
  "write it without a path",
);

export const podsSchema = z.strictObject({
  workload: nameOf("rename it"),
  labels: z.record(z.string(), z.string()),
  on: nameOf("rename the role").exactOptional(),
} satisfies Fields<ChartPods>);

export const releaseSchema = z.strictObject({
  release: nameOf("rename it"),
  namespace: text("a namespace of the cluster"),
  chart: z
    .strictObject({
      repository,
      name: text("the name of the chart"),
      version,
      digest: digest.exactOptional(),
    } satisfies Fields<ChartSpec>)
    .refine((chart) => chart.digest === undefined || isOfRegistry(chart), {
      params: {
        allowed: "a digest of a chart in a registry, oci://…: nothing else is asked for by one",
        fix: "leave digest out",
      },
    }),
  values: z.record(z.string(), z.unknown()),
  pods: z.array(podsSchema),
  images: z.array(registry).min(1),
  resources: z.array(z.record(z.string(), z.unknown())).default([]),
  proxyEnv: z.array(text("a path of the chart's values")).default([]),
  hostAliases: z.array(text("a path of the chart's values")).default([]),
  routes: text("a path of the chart's values").exactOptional(),
  definitions: flag.default(true),
  after: z.array(text("a release")).default([]),
  timeout: time.default(minutes(10)),
  why: text("what it is for"),
} satisfies Fields<ReleaseSpec>);
export type StatedRelease = z.output<typeof releaseSchema>;
