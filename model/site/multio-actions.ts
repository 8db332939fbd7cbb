import { z } from "zod";
import { type Fields, flag, oneOf, whole, word } from "../words/parse";
import { type FieldsWith, fieldsWithSchema, type SaidOfFields, saidOfFieldsSchema } from "./multio-fields";

/** What a plan does with a field, in MultIO's own words: those that 2.8 knows, and 2.12 still does. */
export type Action =
  | Select
  | Print
  | Statistics
  | StatisticsMtg2
  | MetadataMapping
  | Aggregate
  | Mask
  | Encode
  | EncodeMtg2
  | Transport
  | Sink;

/** Lets through what `match` says of fields, any of its items, and not what `ignore` says. @see multio, src/multio/action/select */
interface Select {
  readonly type: "select";
  readonly match?: readonly FieldsWith[];
  readonly ignore?: readonly FieldsWith[];
}

/** Says what is known of each field. @see multio, src/multio/action/print */
interface Print {
  readonly type: "print";
  /** @default "info" */
  readonly stream?: (typeof streams)[number];
  readonly prefix?: string;
  /** Nothing of what is no field. @default false */
  readonly "only-fields"?: boolean;
}
const streams = ["info", "error", "cout"] as const;

/** Computes over a time, for `encode`. @see multio, src/multio/action/statistics */
interface Statistics {
  readonly type: "statistics";
  /** How long each time is: `6h`, `1d`, `1m` for a month. */
  readonly "output-frequency": string;
  readonly operations: readonly (typeof operations.statistics)[number][];
  readonly options?: StatisticsOptions & {
    /** The steps from one field to the next. @default 1, or what the model says */
    readonly "step-frequency"?: number;
    /** Seconds of a step. @default 3600, or what the model says */
    readonly "time-step"?: number;
    /** Whether `date` and `time` are when a forecast begins, rather than `startDate` and `startTime`. @default false */
    readonly "use-current-time"?: boolean;
    /** After how long the model begins to accumulate anew. @default "month" */
    readonly "solver-reset-accumulate-fields-every"?: (typeof resets)[number];
  };
}

/** Computes over a time, for `encode-mtg2`. @see multio, src/multio/action/statistics-mtg2 */
interface StatisticsMtg2 {
  readonly type: "statistics-mtg2";
  readonly "output-frequency": string;
  readonly operations: readonly (typeof operations.mtg2)[number][];
  readonly options?: StatisticsOptions & {
    /** Whether a parameter may have no number for what is computed of it. @default false */
    readonly "disable-strict-mapping"?: boolean;
  };
}

/** What both take. */
interface StatisticsOptions {
  /** Whether the model sends step 0, as IFS does. @default false */
  readonly "initial-condition-present"?: boolean;
  /** @default "forward-offset" */
  readonly "window-type"?: (typeof windows)[number];
  /** @default false */
  readonly "read-restart"?: boolean;
  /** @default false */
  readonly "write-restart"?: boolean;
  /** A folder that is there. @default - where the model runs */
  readonly "restart-path"?: string;
  readonly "restart-prefix"?: string;
  /** `20261127-000000`. @default "latest" */
  readonly "restart-time"?: string;
  /** Values that a point needs at least. @default - all */
  readonly "value-count-threshold"?: number;
}

const both = ["instant", "average", "minimum", "maximum", "accumulate", "difference", "inverse-difference"] as const;
const operations = {
  statistics: [...both, "de-accumulate", "flux-average", "fixed-window-flux-average"],
  mtg2: [...both, "stddev"],
} as const;
const resets = ["hour", "day", "month", "year", "never"] as const;
const windows = ["forward-offset", "backward-offset"] as const;

/** Says more of fields, by a table on the supercomputer. @see multio, src/multio/action/metadata-mapping */
interface MetadataMapping {
  readonly type: "metadata-mapping";
  readonly mapping: string;
  /** Whether a field that the table has not ends the model. @default true */
  readonly "enforce-match"?: boolean;
  /** @default false */
  readonly "overwrite-existing"?: boolean;
}

/** Joins the parts of a field that many processes have, at an I/O server. @see multio, src/multio/action/aggregate */
interface Aggregate {
  readonly type: "aggregate";
}

/** Leaves out points, land of an ocean for example, of whole fields. @see multio, src/multio/action/mask */
interface Mask {
  readonly type: "mask";
  /** @default true */
  readonly "apply-bitmap"?: boolean;
  /** @default the largest number of single precision */
  readonly "missing-value"?: number;
  /** Fields, by name, to whose values `offset-value` is added. @default - none */
  readonly "offset-fields"?: readonly string[];
  /** @default 273.15 */
  readonly "offset-value"?: number;
}

/** GRIB by a template. @see multio, src/multio/action/encode */
interface Encode {
  readonly type: "encode";
  readonly format: "grib";
  /** A message of GRIB on the supercomputer. */
  readonly template: string;
  /** A grid that is written over that of the template: `O1280`. @default - none */
  readonly "atlas-named-grid"?: string;
  /** @default - fields are what the model says of them, and else as the template */
  readonly "additional-metadata"?: SaidOfFields;
}

/** GRIB by the rules of metkit, of what the model says of a field in words of MARS. @see multio, src/multio/action/encode-mtg2 */
interface EncodeMtg2 {
  readonly type: "encode-mtg2";
  /** Whether what is equal in fields is made once. @default true in MultIO 2.8, false in 2.12 */
  readonly cached?: boolean;
}

/** Sends what is there to the I/O servers. @see multio, src/multio/action/transport */
interface Transport {
  readonly type: "transport";
  readonly target: "server";
}

/** Where fields end: in each of these. @see multio, src/multio/action/sink, src/multio/sink */
interface Sink {
  readonly type: "sink";
  readonly sinks: readonly (FileSink | FdbSink)[];
}

/** A file. */
export interface FileSink {
  readonly type: "file";
  readonly path: string;
  /** Whether it goes on with what is there. @default false */
  readonly append?: boolean;
  /** Whether each process has one of its own, by its host and number. @default false */
  readonly "per-server"?: boolean;
}

/** The FDB that the component names. */
interface FdbSink {
  readonly type: "fdb5";
}

/** MultIO takes `{NAME}` in it from the environment. @see multio, src/multio/config/MultioConfiguration.cc */
const place = (what: string) =>
  word(
    (v) => (typeof v === "string" && /^(\{\w+\}|[\w.-])?(\/|[\w.+-]|\{\w+\})*$/.test(v) && v !== "" ? v : undefined),
    `${what} on the supercomputer, /appl/local/dte/x or {NAME}/x`,
    "write it in letters, digits, dots and dashes",
  );

const printed = word(
  (v) => (typeof v === "string" && /^[^"\\{}\p{C}]*$/u.test(v) && v.length <= 200 ? v : undefined),
  "a line without quotes and braces, 200 characters at most",
  "shorten it",
);

const frequency = word(
  (v) => (typeof v === "string" && /^[1-9]\d*(h|hour|d|day|m|month)$/.test(v) ? v : undefined),
  "a time: 6h, 1d, 1m for a month",
  "write a number and h, d or m",
);
const count = whole(1, 1e6, "a whole number from 1", "write it as a number");
const measure = z.number();

const commonOptions = {
  "initial-condition-present": flag.exactOptional(),
  "window-type": oneOf(windows).exactOptional(),
  "read-restart": flag.exactOptional(),
  "write-restart": flag.exactOptional(),
  "restart-path": place("a folder").exactOptional(),
  "restart-prefix": place("the beginning of a name").exactOptional(),
  "restart-time": word(
    (v) => (typeof v === "string" && /^(latest|\d{8}-\d{6})$/.test(v) ? v : undefined),
    'a time, 20261127-000000, or "latest"',
    "write it so",
  ).exactOptional(),
  "value-count-threshold": count.exactOptional(),
} satisfies Fields<StatisticsOptions>;

const sinkSchema = z
  .discriminatedUnion("type", [
    z.strictObject({
      type: z.literal("file"),
      path: place("a file"),
      append: flag.exactOptional(),
      "per-server": flag.exactOptional(),
    } satisfies Fields<FileSink>),
    z.strictObject({ type: z.literal("fdb5") } satisfies Fields<FdbSink>),
  ])
  .meta({ written: '{ type: "fdb5" } or { type: "file", path: "…" }' });

export const actionSchema = z.discriminatedUnion("type", [
  z
    .strictObject({
      type: z.literal("select"),
      match: z.array(fieldsWithSchema).min(1).exactOptional(),
      ignore: z.array(fieldsWithSchema).min(1).exactOptional(),
    } satisfies Fields<Select>)
    .refine(({ match, ignore }) => match !== undefined || ignore !== undefined, {
      params: { allowed: "match, ignore, or both", fix: "write match: [{ … }]" },
    }),
  z.strictObject({
    type: z.literal("print"),
    stream: oneOf(streams).exactOptional(),
    prefix: printed.exactOptional(),
    "only-fields": flag.exactOptional(),
  } satisfies Fields<Print>),
  z.strictObject({
    type: z.literal("statistics"),
    "output-frequency": frequency,
    operations: z.array(oneOf(operations.statistics)).min(1),
    options: z
      .strictObject({
        ...commonOptions,
        "step-frequency": count.exactOptional(),
        "time-step": count.exactOptional(),
        "use-current-time": flag.exactOptional(),
        "solver-reset-accumulate-fields-every": oneOf(resets).exactOptional(),
      } satisfies Fields<NonNullable<Statistics["options"]>>)
      .exactOptional(),
  } satisfies Fields<Statistics>),
  z.strictObject({
    type: z.literal("statistics-mtg2"),
    "output-frequency": frequency,
    operations: z.array(oneOf(operations.mtg2)).min(1),
    options: z
      .strictObject({
        ...commonOptions,
        "disable-strict-mapping": flag.exactOptional(),
      } satisfies Fields<NonNullable<StatisticsMtg2["options"]>>)
      .exactOptional(),
  } satisfies Fields<StatisticsMtg2>),
  z.strictObject({
    type: z.literal("metadata-mapping"),
    mapping: place("a table"),
    "enforce-match": flag.exactOptional(),
    "overwrite-existing": flag.exactOptional(),
  } satisfies Fields<MetadataMapping>),
  z.strictObject({ type: z.literal("aggregate") } satisfies Fields<Aggregate>),
  z.strictObject({
    type: z.literal("mask"),
    "apply-bitmap": flag.exactOptional(),
    "missing-value": measure.exactOptional(),
    "offset-fields": z.array(printed).min(1).exactOptional(),
    "offset-value": measure.exactOptional(),
  } satisfies Fields<Mask>),
  z.strictObject({
    type: z.literal("encode"),
    format: oneOf(["grib"]),
    template: place("a message of GRIB"),
    "atlas-named-grid": word(
      (v) => (typeof v === "string" && /^([FON]\d+|L\d+x\d+)$/.test(v) ? v : undefined),
      "a grid, O1280, N320, F400 or L1440x721",
      "write one of these",
    ).exactOptional(),
    "additional-metadata": saidOfFieldsSchema.exactOptional(),
  } satisfies Fields<Encode>),
  z.strictObject({ type: z.literal("encode-mtg2"), cached: flag.exactOptional() } satisfies Fields<EncodeMtg2>),
  z.strictObject({ type: z.literal("transport"), target: oneOf(["server"]) } satisfies Fields<Transport>),
  z.strictObject({ type: z.literal("sink"), sinks: z.array(sinkSchema).min(1) } satisfies Fields<Sink>),
]);
