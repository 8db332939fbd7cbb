import { z } from "zod";
import { didYouMean, listed, type Problem } from "./problem";
import { isRecord, pathOf } from "./record";

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

/** A schema for text that says something. @param what for whom is unsure, e.g. `the team that answers for it` */
export const text = (what: string, fix = "write it as text, in quotes"): z.ZodType<string> =>
  word((value) => (typeof value === "string" && value.trim() !== "" ? value : undefined), what, fix);

/** A schema for text that is printed where others read it. @param what it says */
export const line = (what: string): z.ZodType<string> =>
  word(
    (v) =>
      typeof v === "string" && v.trim() !== "" && v.length <= 200 && /^[^\p{C}\p{Zl}\p{Zp}]*$/u.test(v) ? v : undefined,
    `${what}, on one line of at most 200 characters`,
    "write it so",
  );

/** A schema for a whole number within limits. */
export const whole = (from: number, to: number, allowed: string, fix: string): z.ZodType<number> =>
  word(
    (v) => (typeof v === "number" && Number.isInteger(v) && v >= from && v <= to ? v : undefined),
    allowed,
    (v) => (typeof v === "string" && /^\d+$/.test(v) ? "leave out the quotes" : fix),
  );

/** A schema for the address of a service that answers by TLS, or on this machine. */
export const url = (of: string): z.ZodType<string> =>
  word(
    (value) => (typeof value === "string" && isUrl(value) ? value : undefined),
    `the URL of ${of}, https://…`,
    "write it in full",
  );

function isUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === "https:" || (protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(hostname));
}

/** A schema for a list of names, each once. */
export const names = (what: string): z.ZodType<readonly string[]> =>
  z.array(text(what)).superRefine((list, context) => {
    for (const name of new Set(list.filter((each, i) => list.indexOf(each) < i)))
      context.issues.push({
        code: "custom",
        input: name,
        params: { allowed: `${what}, each once`, fix: "leave it out" },
      });
  });

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
  try {
    return readBy(schema, input, path);
  } catch (error) {
    // Somebody else's schema or object may throw whatever it likes.
    const value = error instanceof Error ? error.message : "something that is no error";
    const thrown = { path, value, allowed: "plain data, whose reading throws nothing", fix: "write it as plain data" };
    return { problems: [thrown], wrong: new Set() };
  }
}

function readBy<T>(schema: z.ZodType<T>, input: unknown, path: string): Read<T> {
  const problems: Problem[] = [];
  const wrong = new Set<string>();
  // zod asks for a message once for each issue, with the schema that found it; that is where a Problem is made.
  const error = (issue: z.core.$ZodRawIssue): string => {
    const [key] = issue.path ?? [];
    if (key !== undefined) wrong.add(String(key));
    else if (issue.code === "unrecognized_keys") for (const unknown of issue.keys) wrong.add(unknown);
    // What is wrong with a name was asked for just before, as if it stood alone.
    if (issue.code === "invalid_key")
      problems.push(
        ...problems.splice(-issue.issues.length).map((told) => ({ ...told, path: pathOf(path, ...named(issue)) })),
      );
    else problems.push(...problemsOf(issue, path));
    return issue.code;
  };
  // Each schema reads a few files: to compile it, as zod does, takes longer than it saves.
  const result = schema.safeParse(input, { error, jitless: true });
  if (result.success) return { value: result.data };
  void result.error.issues; // made lazily, and with them the problems
  return { problems, wrong };
}

/** What stands in for keys that are wrong. */
export type Fallback = Readonly<Record<string, unknown>>;

/**
 * As {@link read}, but with a value that can be worked with where there is one: wrong keys are left out, or replaced.
 * @param fallback what stands in for required keys that are wrong, so that the rest can still be checked
 */
export function repaired<T>(
  schema: z.ZodType<T>,
  input: unknown,
  path: string,
  fallback: Fallback = {},
): { readonly value: T | undefined; readonly problems: readonly Problem[] } {
  const first = read(schema, input, path);
  if ("value" in first) return { value: first.value, problems: [] };
  const sound = isRecord(input) ? Object.entries(input).filter(([key]) => !first.wrong.has(key)) : [];
  const stand = Object.entries(fallback).filter(([key]) => !isRecord(input) || first.wrong.has(key));
  // A rule over several keys blames none of them.
  for (const attempt of [[...sound, ...stand], Object.entries(fallback)]) {
    const again = read(schema, Object.fromEntries(attempt), path);
    if ("value" in again) return { value: again.value, problems: first.problems };
  }
  return { value: undefined, problems: first.problems };
}

/** As {@link repaired}, of a schema that takes the fallback alone. */
export function parse<T>(schema: z.ZodType<T>, input: unknown, path: string, fallback: Fallback): Parsed<T> {
  const { value, problems } = repaired(schema, input, path, fallback);
  if (value === undefined) throw new Error(`what stands in at ${path} is not sound`);
  return { value, problems };
}

/** The value tells which item of a list it is; its position would not survive the next edit. */
const named = ({ path }: z.core.$ZodRawIssue): readonly string[] =>
  (path ?? []).filter((key) => typeof key !== "number").map(String);

function problemsOf(issue: z.core.$ZodRawIssue, path: string): readonly Problem[] {
  const at = pathOf(path, ...named(issue));
  const { input: value } = issue;
  if (issue.code === "custom" && issue.params) {
    const { allowed, fix } = issue.params as { allowed: string; fix: string };
    return [{ path: at, value, allowed, fix: value === undefined ? missing(fix) : fix }];
  }
  if (issue.code === "unrecognized_keys") {
    const known = keysOf(issue.inst);
    const given = isRecord(value) ? value : {};
    // What is meant is rather a key that is not there yet.
    const absent = known.filter((key) => !Object.hasOwn(given, key));
    const allowed = listed(known);
    return issue.keys.map((key) => ({
      path: pathOf(at, key),
      value: isUnshown(issue.inst) ? `${typeof given[key]}, not shown` : given[key],
      allowed,
      fix: didYouMean(key, absent, "leave it out"),
    }));
  }
  if (issue.code === "invalid_union" && issue.discriminator !== undefined) {
    const kinds = kindsOf(issue.inst, issue.discriminator);
    const kind = isRecord(value) ? value[issue.discriminator] : undefined;
    return [
      {
        path: at,
        value,
        allowed: listed(kinds),
        fix: didYouMean(kind, kinds, hintOf(issue.inst) ?? "use one of these"),
      },
    ];
  }
  if (issue.code === "too_small" && issue.origin === "array")
    return [{ path: at, value, allowed: `a list of ${issue.minimum} or more`, fix: "add what is missing" }];
  const { allowed, fix } = expected(issue);
  return [{ path: at, value, allowed, fix: value === undefined ? missing(fix) : fix }];
}

const missing = (fix: string): string => (fix.startsWith("add") ? fix : `add it: ${fix}`);

/** What a schema wanted instead of something of another shape. */
function expected(issue: z.core.$ZodRawIssue): { readonly allowed: string; readonly fix: string } {
  const hint = hintOf(issue.inst);
  const keys = keysOf(issue.inst);
  const shape = (issue.code === "invalid_type" && shapes[issue.expected]) || inWords(issue);
  const allowed =
    issue.code === "invalid_value" ? listed(issue.values.map(String)) : keys.length > 0 ? `{ ${listed(keys)} }` : shape;
  return { allowed: hint ?? allowed, fix: hint === undefined ? "write it so" : `write ${hint}` };
}

/** What schemas that are not ours want, in their own words. */
function inWords(issue: z.core.$ZodRawIssue): string {
  const message = z.locales.en().localeError(issue as Parameters<ReturnType<typeof z.locales.en>["localeError"]>[0]);
  return (typeof message === "string" ? message : message?.message) ?? "another value";
}

const shapes: Readonly<Record<string, string>> = { record: "{ name: … }", array: "a list, [ … ]" };

/** How a site file writes what a schema reads, where a word of the vocabulary makes it. */
const hintOf = (schema: unknown): string | undefined => {
  const written = schema instanceof z.ZodType ? z.globalRegistry.get(schema)?.written : undefined;
  return typeof written === "string" ? written : undefined;
};

/** Whether what does not belong there may be something secret, so that no problem repeats it. */
const isUnshown = (schema: unknown): boolean =>
  schema instanceof z.ZodType && z.globalRegistry.get(schema)?.unshown === true;

/** The values by which a union tells its members apart. */
const kindsOf = (schema: unknown, key: string): readonly string[] =>
  schema instanceof z.ZodDiscriminatedUnion
    ? schema.options.flatMap((option) => {
        const kind = option instanceof z.ZodObject ? option.shape[key] : undefined;
        return kind instanceof z.ZodLiteral ? [...kind.values].map(String) : [];
      })
    : [];

const keysOf = (schema: unknown): readonly string[] => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : []);
