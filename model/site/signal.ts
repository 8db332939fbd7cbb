import { z } from "zod";
import { type Clock, day, readClock, secondsOf } from "../words/calendar";
import { metricName } from "../words/metric";
import { type Fields, flag, oneOf, text, word } from "../words/parse";
import { didYouMean } from "../words/problem";
import { type Duration, days, minutes, time, trusted } from "../words/quantity";
import { isRecord } from "../words/record";
import { filePath } from "./secret";

/** How loud somebody is rung: read within days, done in working hours, woken. */
export const severities = ["info", "warning", "critical"] as const;
/** How loud: `info` can wait for days, `warning` for the next working day, `critical` wakes somebody. */
export type Severity = (typeof severities)[number];

/** From where on it rings. */
export type Threshold =
  /** The value is a time at which something ends: less than this is left. */
  | { readonly left: Duration }
  /** The value is a time at which something was done: that is longer ago. */
  | { readonly age: Duration }
  /** The value itself is less. */
  | { readonly below: number }
  /** The value itself is more. */
  | { readonly above: number }
  /** The value is a time at which something was done that is to be done each day by this time, UTC: `06:30`. */
  | { readonly by: Clock };
/** From where on a signal rings, by how loud; one at least. */
export type Thresholds = Readonly<Partial<Record<Severity, Threshold>>>;

/** How a host tells a time from a file: the program `platform-expiry` reads it. */
export const fileKinds = ["x509", "x509-issuers", "ssh-certificate", "age-of-file"] as const;
/**
 * The end of the first certificate of a file as PEM; the first end of all others in it; the end of a certificate of SSH; when the newest
 * of the files was written, of which a path may name many, `/srv/raft/snapshots/*.snap`.
 */
export type FileKind = (typeof fileKinds)[number];

/** Who exposes a value. */
export type Exposed =
  /** Hosts of a role; only those that do not wait to be promoted, if it says `active`. Without a file, what runs there exposes it by itself. */
  | { readonly role: string; readonly active?: boolean; readonly file?: ReadFile }
  | { readonly every: "host"; readonly file?: ReadFile }
  /** The description knows it: the last day of something. */
  | { readonly stated: string };

/** A file of a host, of which is told when it ends. */
export interface ReadFile {
  readonly kind: FileKind;
  readonly path: string;
}

/** Something that is measured, or known beforehand, and rings somebody before it is too late. */
export interface SignalNeed {
  readonly need: "signal";
  /** Its name in Prometheus, `platform_certificate_expiry_timestamp_seconds`. Of all that have one name, alerts have one too. */
  readonly signal: string;
  readonly by: Exposed;
  /** What its alerts are called, if not as it is. */
  readonly alert?: string;
  /** What tells it from others of its name in the tenancy. @default - nothing has to */
  readonly labels?: Readonly<Record<string, string>>;
  /** @default 30 days, 14 days and 3 days left */
  readonly thresholds?: Thresholds;
  /** Labels by which one is told which of several series of it rings: `mountpoint`. @default - there is one for each host */
  readonly each?: readonly string[];
  /** How long it has to be so before it rings. @default 15 minutes */
  readonly for?: Duration;
  /** What it is about, for whoever is rung: `the certificate of its server`. */
  readonly what: string;
  /** What happens if nobody does anything. */
  readonly why: string;
  /** What to do: a page of `docs/runbooks` and its anchor, or an URL. */
  readonly runbook: string;
}

/** When something that people have to renew rings. */
export const renewedByPeople: Thresholds = {
  info: { left: days(30) },
  warning: { left: days(14) },
  critical: { left: days(3) },
};

/** Labels that every series and alert has, or that a label of its own would be taken for. */
const taken = ["site", "tenancy", "environment", "host", "severity", "owner", "alertname", "instance"];

const label = word(
  (v) => (typeof v === "string" && /^[a-z][a-z0-9_]*$/.test(v) && !taken.includes(v) ? v : undefined),
  `a label in lower case, none of ${taken.join(", ")}`,
  "name it otherwise",
);

/** Pages of `docs/runbooks`. */
export const runbooks = [
  "aviso",
  "backup",
  "cluster",
  "ecflow",
  "ecpds",
  "edge",
  "expiry",
  "fdb",
  "gitops",
  "hpc",
  "modules",
  "monitoring",
  "polytope",
  "vault",
] as const;

const runbook = word(
  (v) => (typeof v === "string" && (isPage(v) || /^https:\/\/\S+$/.test(v)) ? v : undefined),
  `a page of docs/runbooks with an anchor, ${runbooks.map((name) => `${name}.md`).join(", ")}, or an URL`,
  (v) => didYouMean(pageOf(v), runbooks, "write docs/runbooks/expiry.md#certificates"),
);
const pageOf = (value: unknown): string | undefined =>
  typeof value === "string" ? /^docs\/runbooks\/([\w-]+)\.md#[a-z0-9-]+$/.exec(value)?.[1] : undefined;
const isPage = (value: string): boolean => runbooks.some((name) => name === pageOf(value));

const threshold = word(
  readThreshold,
  '{ left: … }, { age: … }, { below: … }, { above: … } or { by: "06:30" }',
  "write { left: days(n) }, or age, or a number, or a time of day",
);

function readThreshold(value: unknown): Threshold | undefined {
  if (!isRecord(value) || Object.keys(value).length !== 1) return undefined;
  const { left, age, below, above, by } = value;
  if (typeof below === "number" && Number.isFinite(below)) return { below };
  if (typeof above === "number" && Number.isFinite(above)) return { above };
  const clock = readClock(by);
  if (clock !== undefined) return { by: clock };
  const { data } = trusted.safeParse(left ?? age);
  return data && (left === undefined ? { age: data } : { left: data });
}

/** The word by which a threshold is said. */
export function sortOf(threshold: Threshold): Sort {
  if ("left" in threshold) return "left";
  if ("age" in threshold) return "age";
  if ("by" in threshold) return "by";
  return "below" in threshold ? "below" : "above";
}
export type Sort = "left" | "age" | "below" | "above" | "by";

/** The number that it is held against: seconds, those of a day, or as it is. */
export function numberOf(threshold: Threshold): number {
  if ("left" in threshold) return threshold.left.seconds;
  if ("age" in threshold) return threshold.age.seconds;
  if ("by" in threshold) return secondsOf(threshold.by);
  return "below" in threshold ? threshold.below : threshold.above;
}

const thresholdsSchema = z
  .strictObject({
    info: threshold.exactOptional(),
    warning: threshold.exactOptional(),
    critical: threshold.exactOptional(),
  } satisfies Fields<Required<Thresholds>>)
  .refine((all) => new Set(Object.values(all).map(sortOf)).size === 1, {
    params: { allowed: "one or more thresholds, all of one sort", fix: "write the same word in each" },
  })
  .refine(isInOrder, {
    params: { allowed: "thresholds of which a louder one is passed later", fix: "exchange them" },
  });

function isInOrder(all: Thresholds): boolean {
  const said = severities.flatMap((severity) => all[severity] ?? []);
  if (new Set(said.map(sortOf)).size > 1) return true;
  return said.slice(1).every((louder, i) => {
    const before = said[i];
    if (!before) return true;
    const [a, b] = [numberOf(before), numberOf(louder)];
    return sortOf(louder) === "left" || sortOf(louder) === "below" ? a > b : a < b;
  });
}

const readFileSchema = z.strictObject({
  kind: oneOf(fileKinds),
  path: word(
    (v) => (typeof v === "string" && filePath.safeParse(v.replace(/\*/g, "x")).success ? v : undefined),
    "an absolute path of a file, or of files by a star",
    "write it as /etc/thing/tls.crt",
  ),
} satisfies Fields<ReadFile>);

/** One object, so that what is wrong in it is told once. */
const exposedSchema = z
  .strictObject({
    role: text("a role of hosts").exactOptional(),
    active: flag.exactOptional(),
    every: oneOf(["host"]).exactOptional(),
    file: readFileSchema.exactOptional(),
    stated: day.exactOptional(),
  })
  .refine(
    ({ role, active, every, file, stated }) =>
      [role, every, stated].filter((each) => each !== undefined).length === 1 &&
      !(stated && file) &&
      (role !== undefined || active === undefined),
    {
      params: {
        allowed: '{ role: "…", file: { kind, path } }, { every: "host" } or { stated: "2027-06-30" }',
        fix: "write one of them",
      },
    },
  );

/** What a threshold is of: what ends, what was done, or any number. */
const sortsOf = (by: z.output<typeof exposedSchema>): readonly Sort[] => {
  if (by.stated !== undefined) return ["left"];
  if (by.file === undefined) return ["left", "age", "below", "above", "by"];
  return by.file.kind === "age-of-file" ? ["age"] : ["left"];
};

export const signalSchema = z
  .strictObject({
    need: z.literal("signal"),
    signal: metricName,
    by: exposedSchema,
    alert: word(
      (v) => (typeof v === "string" && /^([A-Z][a-z0-9]+)+$/.test(v) ? v : undefined),
      "a name of an alert, HpcUnreachable",
      "write its words together, each with a capital",
    ).exactOptional(),
    labels: z.record(label, text("a value")).default({}),
    each: z.array(label).default([]),
    thresholds: thresholdsSchema.default(renewedByPeople),
    for: time.default(minutes(15)),
    what: text("what it is about"),
    why: text("what happens if nobody does anything"),
    runbook,
  } satisfies Fields<SignalNeed>)
  .refine(({ by, thresholds }) => Object.values(thresholds).every((each) => sortsOf(by).includes(sortOf(each))), {
    path: ["thresholds"],
    params: { allowed: "left of what ends, age of what was done", fix: "write the one that its value is" },
  })
  .refine(
    ({ signal, thresholds }) =>
      signal.endsWith("_timestamp_seconds") ||
      Object.values(thresholds).every((each) => sortOf(each) === "below" || sortOf(each) === "above"),
    {
      path: ["signal"],
      params: { allowed: "a name that ends in _timestamp_seconds, where it is a time", fix: "rename it" },
    },
  );
export type StatedSignal = z.output<typeof signalSchema>;
