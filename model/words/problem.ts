import { closest, distance } from "fastest-levenshtein";

/** What is wrong in a description, where, and how to go on. */
export interface Problem {
  /** Where, as the site file reads: `lumi.production.runs.ecflow-prod.port`. Never a list position. */
  readonly path: string;
  /** The value that was found; `undefined` where something is missing. */
  readonly value: unknown;
  /** What would be right, as a noun phrase. */
  readonly allowed: string;
  /** What to do, as an imperative. */
  readonly fix: string;
}

/**
 * The fix for a name that is not among the known ones: the nearest, if it is near enough to be a slip of the finger.
 * @param otherwise the fix if nothing is near
 */
export function didYouMean(name: unknown, known: readonly string[], otherwise: string): string {
  if (typeof name !== "string") return otherwise;
  const nearest = known.length > 0 ? closest(name, [...known]) : undefined;
  const near = nearest !== undefined && distance(name, nearest) <= Math.max(2, Math.ceil(name.length * 0.4));
  return near ? `did you mean "${nearest}"?` : otherwise;
}

/** `1 rule`, `2 rules`. */
export const counted = (n: number, one: string): string => `${n} ${n === 1 ? one : `${one}s`}`;

/** More names than anybody reads in an error. */
const many = 30;

/** A list for a sentence, in the order given: `a, b, c`, `a, b, … (500 in all)`; `nothing` when empty. */
export function listed(names: Iterable<string>): string {
  const all = [...names];
  const shown = all.slice(0, many).join(", ") || "nothing";
  return all.length > many ? `${shown}, … (${all.length} in all)` : shown;
}
