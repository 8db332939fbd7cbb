import { z } from "zod";
import { type Fields, oneOf, text, word } from "../words/parse";
import { type Duration, hours, time } from "../words/quantity";
import { type ChartPods, podsSchema } from "./release";

/** A controller that plans and applies stacks, and where it finds them. */
export interface GitopsSpec {
  /** The namespace of its objects and of what runs for them. */
  readonly namespace: string;
  /** Pods in which engines run, one for each stack that is planned; the controller makes them, and no chart. */
  readonly runner: ChartPods;
  /** Below it the output of each site is an artifact of its own: `oci://registry.example.org/platform`. */
  readonly artifacts: string;
  /** What becomes of plans, by environment. @default production is approved, all else is applied at once */
  readonly applies?: Applies;
  /** How often it looks whether a stack is as described. @default 4 hours */
  readonly interval?: Duration;
}

/** What becomes of a plan: it is applied, waits until somebody approves it, or only tells. Where hours are closed, it waits at least. */
export const applyings = ["at once", "approved", "never"] as const;

/** What becomes of plans, by the environment of their tenancies. */
export interface Applies {
  /** @default "approved" */
  readonly production?: (typeof applyings)[number];
  /** @default "at once" */
  readonly test?: (typeof applyings)[number];
  /** @default "at once" */
  readonly experiments?: (typeof applyings)[number];
}

export const artifacts = word(
  (v) => (typeof v === "string" && /^oci:\/\/[a-z0-9-]+(\.[a-z0-9-]+)+(\/[a-z0-9._-]+)+$/.test(v) ? v : undefined),
  "where artifacts are pushed, oci://registry.example.org/platform",
  "write it without a tag",
);

export const appliesSchema = z.strictObject({
  production: oneOf(applyings).default("approved"),
  test: oneOf(applyings).default("at once"),
  experiments: oneOf(applyings).default("at once"),
} satisfies Fields<Applies>);

export const interval = time.default(hours(4));

export const gitopsSchema = z.strictObject({
  namespace: text("a namespace of the cluster"),
  runner: podsSchema,
  artifacts,
  applies: appliesSchema.prefault({}),
  interval,
} satisfies Fields<GitopsSpec>);
export type StatedGitops = z.output<typeof gitopsSchema>;
