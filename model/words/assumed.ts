import type { Problem } from "./problem";
import type { Quantity } from "./quantity";
import { isRecord, pathOf } from "./record";

/** A fact that nobody has published or confirmed. It works like the value; every one is listed with its path. */
export class Assumed<T> {
  constructor(
    readonly value: T,
    readonly why: string,
  ) {}
}

/**
 * Marks a fact of a site file as assumed.
 * @param why what is known, and who can confirm it
 */
export const assumed = <T>(value: T, why: string): Assumed<T> => new Assumed(value, why);

/** Any fact of a description may be marked as assumed, at any depth. */
export type Described<T> =
  | Assumed<T>
  | (T extends string | number | boolean | undefined | Quantity | ((...args: never[]) => unknown)
      ? T
      : DescribedFields<T>);

/** An object whose facts may be marked, but not the object itself. */
export type DescribedFields<T> = { readonly [K in keyof T]: Described<T[K]> };

/** An assumed fact and where it stands. */
export interface Assumption {
  readonly path: string;
  readonly value: unknown;
  readonly why: string;
}

/** Takes the marks off, wherever they stand, and lists them. */
export function withoutMarks(
  input: unknown,
  path: string,
): { readonly input: unknown; readonly assumptions: readonly Assumption[] } {
  const assumptions: Assumption[] = [];
  const strip = (value: unknown, at: string, above: readonly unknown[]): unknown => {
    if (above.includes(value)) return undefined; // an object that holds itself
    const inside = [...above, value];
    if (value instanceof Assumed) {
      const inner = strip(value.value, at, inside);
      assumptions.push({ path: at, value: inner, why: value.why });
      return inner;
    }
    if (Array.isArray(value)) return value.map((item) => strip(item, at, inside));
    if (isRecord(value) && Object.getPrototypeOf(value) === Object.prototype)
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, strip(item, pathOf(at, key), inside)]),
      );
    return value;
  };
  return { input: strip(input, path, []), assumptions };
}

/** An assumption that nobody can confirm would stay one. */
export const unreasoned = ({ path, value, why }: Assumption): readonly Problem[] =>
  typeof why === "string" && why.trim() !== ""
    ? []
    : [{ path, value, allowed: "an assumed fact with who can confirm it", fix: 'write assumed(value, "…")' }];
