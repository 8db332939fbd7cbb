import { z } from "zod";
import { didYouMean, listed, type Problem } from "./problem";

/** The schemas of all fields of `T`, so that an interface and what reads it cannot differ in a name. */
export type Fields<T> = Readonly<Record<keyof T, z.ZodType>>;

/** What a schema made of some input. The value can always be worked with: what was wrong is replaced by a fallback. */
export interface Parsed<T> {
  readonly value: T;
  readonly problems: readonly Problem[];
}

/**
 * A schema for one word of the description.
 * @param read the value as its strong type, or `undefined` if it is not such a word
 * @param allowed what is allowed, as a noun phrase
 * @param fix what to write instead; may depend on the value
 */
export const word = <T>(
  read: (value: unknown) => T | undefined,
  allowed: string,
  fix: string | ((value: unknown) => string),
): z.ZodType<T> =>
  z.unknown().transform((value, context): T => {
    const result = read(value);
    if (result !== undefined) return result;
    const params = { allowed, fix: typeof fix === "string" ? fix : fix(value) };
    context.issues.push({ code: "custom", input: value, params });
    return z.NEVER;
  });

/** A schema for one of a few names; a near miss is told the nearest. */
export const oneOf = <const T extends string>(names: readonly T[], otherwise = "use one of these"): z.ZodType<T> =>
  word(
    (value) => names.find((name) => name === value),
    listed(names),
    (value) => didYouMean(value, names, otherwise),
  );

/** A schema for text that says something. */
export const text = (what: string, fix = `write ${what}`): z.ZodType<string> =>
  word((value) => (typeof value === "string" && value.trim() !== "" ? value : undefined), what, fix);

/** A schema for a whole number within limits. */
export const whole = (from: number, to: number, allowed: string, fix: string): z.ZodType<number> =>
  word((v) => (typeof v === "number" && Number.isInteger(v) && v >= from && v <= to ? v : undefined), allowed, fix);

/** A schema for true or false. */
export const flag: z.ZodType<boolean> = word(
  (value) => (typeof value === "boolean" ? value : undefined),
  "true or false",
  "write one of them, or leave it out",
);

/** What a schema made of some input: a value, or all that is wrong with it, and in which top-level keys. */
export type Read<T> =
  | { readonly value: T }
  | { readonly problems: readonly Problem[]; readonly wrong: ReadonlySet<string> };

/**
 * Reads input by a schema. Never throws; reports all problems at once.
 * @param path where the input stands, the start of every problem's path
 */
export function read<T>(schema: z.ZodType<T>, input: unknown, path: string): Read<T> {
  const problems: Problem[] = [];
  const wrong = new Set<string>();
  // zod asks for a message once for each issue, with the schema that found it; that is where a Problem is made.
  const error = (issue: z.core.$ZodRawIssue): string => {
    const [key] = issue.path ?? [];
    if (key !== undefined) wrong.add(String(key));
    else if (issue.code === "unrecognized_keys") for (const unknown of issue.keys) wrong.add(unknown);
    problems.push(...problemsOf(issue, path));
    return issue.code;
  };
  const result = schema.safeParse(input, { error });
  if (result.success) return { value: result.data };
  void result.error.issues; // made lazily, and with them the problems
  return { problems, wrong };
}

/**
 * As {@link read}, but always with a value that can be worked with: wrong keys are left out, or replaced.
 * @param fallback what stands in for required keys that are wrong, so that the rest can still be checked
 */
export function parse<T>(
  schema: z.ZodType<T>,
  input: unknown,
  path: string,
  fallback: Readonly<Record<string, unknown>> = {},
): Parsed<T> {
  const first = read(schema, input, path);
  if ("value" in first) return { value: first.value, problems: [] };
  const sound = isRecord(input) ? Object.entries(input).filter(([key]) => !first.wrong.has(key)) : [];
  const stand = Object.entries(fallback).filter(([key]) => !isRecord(input) || first.wrong.has(key));
  return { value: schema.parse(Object.fromEntries([...sound, ...stand])), problems: first.problems };
}

/** Input is what a site file wrote, so arrays, dates and the like are no records. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A path in a description, from parts of which some may be empty. */
export const pathOf = (...parts: readonly string[]): string => parts.filter((part) => part !== "").join(".");

function problemsOf(issue: z.core.$ZodRawIssue, path: string): readonly Problem[] {
  // The value tells which item of a list it is; its position would not survive the next edit.
  const at = pathOf(path, ...(issue.path ?? []).filter((key) => typeof key !== "number").map(String));
  if (issue.code === "custom" && issue.params) {
    const { allowed, fix } = issue.params as { allowed: string; fix: string };
    return [{ path: at, value: issue.input, allowed, fix }];
  }
  if (issue.code === "unrecognized_keys") {
    const known = keysOf(issue.inst);
    const input = isRecord(issue.input) ? issue.input : {};
    return issue.keys.map((key) => ({
      path: pathOf(at, key),
      value: input[key],
      allowed: listed(known),
      fix: didYouMean(key, known, "leave it out"),
    }));
  }
  if (issue.code === "invalid_union" && issue.discriminator !== undefined) {
    const kinds = kindsOf(issue.inst, issue.discriminator);
    const fix = didYouMean(
      isRecord(issue.input) ? issue.input[issue.discriminator] : undefined,
      kinds,
      "use one of these",
    );
    return [{ path: at, value: issue.input, allowed: listed(kinds), fix }];
  }
  const allowed = (issue.code === "invalid_type" && shapes[issue.expected]) || "another value";
  return [{ path: at, value: issue.input, allowed, fix: issue.input === undefined ? "add it" : "write it so" }];
}

const shapes: Readonly<Record<string, string>> = {
  object: "an object, { … }",
  record: "an object, { name: … }",
  array: "a list, [ … ]",
};

/** The values by which a union tells its members apart. */
const kindsOf = (schema: unknown, key: string): readonly string[] =>
  schema instanceof z.ZodDiscriminatedUnion
    ? schema.options.flatMap((option) => {
        const kind = option instanceof z.ZodObject ? option.shape[key] : undefined;
        return kind instanceof z.ZodLiteral ? [...kind.values].map(String) : [];
      })
    : [];

const keysOf = (schema: unknown): readonly string[] => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : []);
