import { z } from "zod";
import { metricName } from "../words/metric";
import { nameOf } from "../words/name";
import { type Fields, flag, oneOf, text, word } from "../words/parse";
import { type Duration, minutes, time } from "../words/quantity";
import type { Hosts } from "./need";
import { filePath } from "./secret";

/** A series that something exposes: dashboards and alerts may ask for these, and for no others. */
export interface MetricSpec {
  /** Its name in Prometheus, `ecflow_tasks`. */
  readonly metric: string;
  readonly what: string;
  /** What tells its series apart, beside the labels of their target. @default - nothing */
  readonly labels?: readonly string[];
}

/** What is asked again and again for its metrics, in the text format of Prometheus. Where, follows from the service. */
export interface ScrapeSpec {
  /** Its job: unique in its tenancy. */
  readonly scrape: string;
  /** A service on hosts of the tenancy, or on pods of its cluster, of which each is asked. */
  readonly service: string;
  /** Of hosts that do not wait to be promoted alone. @default false */
  readonly active?: boolean;
  /** @default "/metrics" */
  readonly path?: string;
  /** @default 1 minute */
  readonly every?: Duration;
  readonly metrics: readonly MetricSpec[];
}

/** Metrics that pods bring to the collector of their tenancy by OTLP, since it reaches no pod. They bear its host as theirs, as all of pods do. */
export interface BroughtSpec {
  /** Unique in its tenancy. */
  readonly brought: string;
  readonly by: { readonly workload: string };
  readonly metrics: readonly MetricSpec[];
}

/** How a line becomes fields. */
export const parsers = ["text", "json", "ecflow", "container"] as const;
/**
 * As it is, without more than its time; an object of JSON; a line of an ecFlow server's log, `MSG:[10:20:30 26.11.2026] chd:init …`, whose
 * kind and time are read; a line of a container, as the kubelet keeps it.
 */
export type Parser = (typeof parsers)[number];

/** A file of lines on hosts. What units write to the journal is gathered of every host without a word. */
export interface LogSpec {
  /** What it is the log of: unique in its tenancy. */
  readonly log: string;
  readonly by: Hosts;
  /** An absolute path, or files by a star. */
  readonly files: string;
  /** @default "text" */
  readonly parser?: Parser;
  readonly why: string;
}

/** A series that home computes of others, for all sites at once: what a threshold is of, or several panels show. */
export interface RecordingSpec {
  /** Its name in Prometheus. */
  readonly recording: string;
  /** In PromQL, without a label that names a site. */
  readonly expr: string;
  readonly what: string;
  /** What it makes of what: series as promtool writes them, `up{host="a"}`, each with a number; and the series that follow. */
  readonly example: {
    readonly given: Readonly<Record<string, number>>;
    readonly gives: Readonly<Record<string, number>>;
  };
}

/** Dashboards that panels stand on. */
export const dashboards = ["platform", "site", "ecflow", "forecast", "hpc", "data", "expiry", "collector"] as const;
/**
 * All sites at a glance; one site and its hosts; a server of ecFlow; the day of the forecast; queues and budgets of supercomputers; who
 * gets data; certificates and secrets; what gathers all this.
 */
export type Dashboard = (typeof dashboards)[number];

export const shapes = ["timeseries", "stat", "table", "state-timeline", "bar-gauge"] as const;
export const units = [
  "none",
  "percentunit",
  "seconds",
  "bytes",
  "bytes-per-second",
  "per-second",
  "time",
  "bool",
  "faults",
  "warnings",
] as const;
/** What values are: as they are; a share of 1; a time as the second since 1970; 1 where something is well; how many are not, at once or soon, of which none is to be. */
export type Unit = (typeof units)[number];

/** What of a series is shown: that of the sites and tenancies which somebody has chosen on the dashboard. */
export const chosen = 'site=~"$site",tenancy=~"$tenancy"';

/** What is shown of it. Components of one kind say the same, and are shown once. */
export interface PanelSpec {
  /** Its title, unique on its dashboard. */
  readonly panel: string;
  readonly on: Dashboard;
  readonly as: (typeof shapes)[number];
  /** What its values are. @default "none" */
  readonly unit?: Unit;
  /** The signal that its values are of: they have colours of its thresholds. @default - colours are by the unit */
  readonly signal?: string;
  /**
   * In PromQL. All dashboards but that of the platform have `$site` and `$tenancy` as variables, that of ecFlow `$server`, that of queues
   * `$supercomputer`: each may be several, so `site=~"$site"`.
   */
  readonly queries: readonly QuerySpec[];
  /** What one sees there, and what to do about it. */
  readonly what: string;
}

/** A line of a panel: what is asked of Prometheus, and what it is called. */
export interface QuerySpec {
  readonly query: string;
  /** Of each series: `{{host}}`. In a table, what is above its values. */
  readonly legend: string;
}

const labels = z.array(
  word(
    (v) => (typeof v === "string" && /^[a-z][a-z0-9_]*$/.test(v) ? v : undefined),
    "a label in lower case",
    "name it otherwise",
  ),
);

export const metricSchema = z.strictObject({
  metric: metricName,
  what: text("what it counts or measures"),
  labels: labels.default([]),
} satisfies Fields<MetricSpec>);
/** A metric that somebody may ask for, read. */
export type Metric = Required<MetricSpec>;

const job = nameOf("rename it");
const isHosts = (v: unknown): v is Hosts =>
  typeof v === "object" &&
  v !== null &&
  Object.keys(v).length === 1 &&
  ("every" in v ? v.every === "host" : "role" in v && typeof v.role === "string");

export const scrapeSchema: z.ZodType<StatedScrape> = z.strictObject({
  scrape: job,
  service: text("a service of the tenancy"),
  active: flag.default(false),
  path: word(
    (v) => (typeof v === "string" && /^\/[\w./?=&%+-]*$/.test(v) ? v : undefined),
    "a path of an URL, /metrics",
    "write it from the first slash on",
  ).default("/metrics"),
  every: time.default(minutes(1)),
  metrics: z.array(metricSchema).min(1),
} satisfies Fields<ScrapeSpec>);
/** A scrape, read. */
export type StatedScrape = Required<Omit<ScrapeSpec, "metrics">> & { readonly metrics: readonly Metric[] };

/** Reads a {@link BroughtSpec}. */
export const broughtSchema = z.strictObject({
  brought: job,
  by: z.strictObject({ workload: text("a workload of the tenancy") } satisfies Fields<BroughtSpec["by"]>),
  metrics: z.array(metricSchema).min(1),
} satisfies Fields<BroughtSpec>);
/** What pods bring, read. */
export type StatedBrought = z.output<typeof broughtSchema>;

/** Reads a {@link LogSpec}. */
export const logSchema = z.strictObject({
  log: job,
  by: word((v) => (isHosts(v) ? v : undefined), '{ role: "…" } or { every: "host" }', "write one of them"),
  files: word(
    (v) => (typeof v === "string" && filePath.safeParse(v.replace(/\*/g, "x")).success ? v : undefined),
    "an absolute path of a file, or of files by a star",
    "write it as /var/log/thing/thing.log",
  ),
  parser: oneOf(parsers).default("text"),
  why: text("what one looks for in it"),
} satisfies Fields<LogSpec>);
/** A log, read. */
export type StatedLog = z.output<typeof logSchema>;

const promQl = text("an expression in PromQL");
const sampled = z.record(z.string(), z.number()).refine((all) => Object.keys(all).length > 0, {
  params: { allowed: "one series or more, each with a number", fix: "write { 'up{host=\"a\"}': 1 }" },
});

export const recordingSchema = z.strictObject({
  recording: metricName,
  expr: promQl,
  what: text("what it tells"),
  example: z.strictObject({ given: sampled, gives: sampled } satisfies Fields<RecordingSpec["example"]>),
} satisfies Fields<RecordingSpec>);
export type Recording = z.output<typeof recordingSchema>;

export const panelSchema = z.strictObject({
  panel: text("a title"),
  on: oneOf(dashboards),
  as: oneOf(shapes),
  unit: oneOf(units).default("none"),
  signal: metricName.exactOptional(),
  queries: z
    .array(z.strictObject({ query: promQl, legend: text("what a series is called") } satisfies Fields<QuerySpec>))
    .min(1),
  what: text("what one sees there"),
} satisfies Fields<PanelSpec>);
export type Panel = z.output<typeof panelSchema>;
