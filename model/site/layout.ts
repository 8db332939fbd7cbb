import { z } from "zod";
import { type Fields, flag, oneOf, word } from "../words/parse";

/** Keys of MARS that fields have, as ecCodes tells them. @see metkit, share/metkit/language.yaml */
const marsKeys = [
  "class",
  "dataset",
  "expver",
  "stream",
  "type",
  "levtype",
  "date",
  "time",
  "step",
  "levelist",
  "param",
  "number",
  "domain",
  "resolution",
  "activity",
  "experiment",
  "generation",
  "model",
  "realization",
  "georef",
  "direction",
  "frequency",
  "hdate",
  "refdate",
  "fcmonth",
  "fcperiod",
  "quantile",
  "origin",
  "product",
  "section",
  "method",
  "system",
  "iteration",
  "diagnostic",
  "ident",
  "instrument",
  "channel",
  "timespan",
  "chem",
  "wavelength",
  "anoffset",
] as const;
/** A keyword of MARS by which fields are kept and found: `class`, `param`. */
export type MarsKey = (typeof marsKeys)[number];

/**
 * How values of a key are told apart; of a key without one, as text. FDB takes any other word without a complaint.
 * @see fdb, src/fdb5/types
 */
const keyTypes = [
  "Param",
  "Step",
  "Date",
  "Time",
  "Expver",
  "Double",
  "Integer",
  "Grid",
  "Year",
  "Month",
  "YearMonth",
  "MonthOfDate",
  "First3",
  "ClimateDaily",
  "ClimateMonthly",
  "Ignore",
] as const;
export type KeyType = (typeof keyTypes)[number];

/** What a rule of a layout says of one key. */
export interface LayoutKey {
  /** The values for which the rule is. @default - all */
  readonly is?: readonly string[];
  /** Whether fields may lack it; then `is` is not said. @default false */
  readonly optional?: boolean;
  /** Its type in this place, where it has another than elsewhere. @default - as `types` says */
  readonly type?: KeyType;
}
/** Keys in their order: folders, files and requests follow it. */
export type LayoutKeys = Readonly<Partial<Record<MarsKey, LayoutKey>>>;

/** What a field is found by, from the outside in: a folder of a catalogue; a file in it; a place in that. */
export interface LayoutRule {
  readonly dataset: LayoutKeys;
  readonly collocation: LayoutKeys;
  readonly element: LayoutKeys;
}

/**
 * How an FDB lays its fields out, its schema. The first rule that fits a field is taken. What was archived by one is not found by another.
 * @see fdb, docs/fdb/content/schema
 */
export interface Layout {
  /** Types of keys, by key. @default - all are text */
  readonly types?: Readonly<Partial<Record<MarsKey, KeyType>>>;
  readonly rules: readonly LayoutRule[];
}

const value = word(
  (v) => (typeof v === "string" && /^[A-Za-z0-9_.-]+$/.test(v) ? v : undefined),
  "a value of the key, in letters, digits, dots and dashes",
  "write it as fields have it",
);

const layoutKeySchema = z
  .strictObject({
    is: z.array(value).min(1).exactOptional(),
    optional: flag.exactOptional(),
    type: oneOf(keyTypes).exactOptional(),
  } satisfies Fields<LayoutKey>)
  .refine(({ is, optional }) => is === undefined || optional !== true, {
    params: { allowed: "a key with certain values, or one that may be lacking", fix: "leave one of them out" },
  });

/** A schema for a key of fields. */
export const marsKey: z.ZodType<string> = oneOf(marsKeys, "use a key of MARS");

/** What is said of fields: the values that a key may have, by key. */
export type MarsFields = Readonly<Partial<Record<MarsKey, readonly string[]>>>;
/** A schema for {@link MarsFields}, `{ stream: ["oper"] }`. */
export const marsFields = z
  .record(marsKey, z.array(value).min(1))
  .refine((all) => Object.keys(all).length > 0, { params: { allowed: "one key or more", fix: "leave it out" } });

const keys = z.record(marsKey, layoutKeySchema).refine((all) => Object.keys(all).length > 0, {
  params: { allowed: "one key or more", fix: "write { class: {} }" },
});

export const layoutSchema = z.strictObject({
  types: z.record(marsKey, oneOf(keyTypes)).default({}),
  rules: z
    .array(z.strictObject({ dataset: keys, collocation: keys, element: keys } satisfies Fields<LayoutRule>))
    .min(1),
} satisfies Fields<Layout>);
