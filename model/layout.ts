import { createHash } from "node:crypto";
import type { Layout, LayoutKey, LayoutKeys, LayoutRule } from "./site/layout";
import { didYouMean, listed, type Problem } from "./words/problem";
import { own, pathOf } from "./words/record";

/** A layout in FDB's own language, as `fdb-schema` reads it. @see fdb, src/fdb5/rules/SchemaParser.cc */
export const schemaText = ({ types = {}, rules }: Layout): string =>
  [
    ...Object.entries(types).map(([key, type]) => `${key}: ${type};`),
    ...rules.map(({ dataset, collocation, element }) =>
      ["", `[ ${keysText(dataset)}`, `    [ ${keysText(collocation)}`, `        [ ${keysText(element)} ]]]`].join("\n"),
    ),
    "",
  ].join("\n");

/** All keys of a rule, wherever it has them. */
export const keysOf = ({ dataset, collocation, element }: LayoutRule): LayoutKeys => ({
  ...dataset,
  ...collocation,
  ...element,
});

/** Keywords of MARS that none of these has. @param layout what they are of, as a problem names it */
export function unknownKeys(
  keys: readonly string[],
  rules: readonly LayoutKeys[],
  path: string,
  layout: string,
): readonly Problem[] {
  const known = [...new Set(rules.flatMap((rule) => Object.keys(rule)))];
  return keys
    .filter((key) => !known.includes(key))
    .map((key) => ({
      path: pathOf(path, key),
      value: key,
      allowed: `a key of ${layout}: ${listed(known)}`,
      fix: "leave it out, or lay fields out by it in a new FDB",
    }));
}

/** Values of a key that none of these takes; where one takes any, none is wrong. */
export function unknownValues(
  key: string,
  values: readonly string[],
  rules: readonly LayoutKeys[],
  path: string,
  layout: string,
): readonly Problem[] {
  const said = rules.flatMap((rule) => own(rule, key) ?? []);
  if (said.length === 0 || said.some(({ is }) => is === undefined)) return [];
  const known = [...new Set(said.flatMap(({ is = [] }) => is))];
  return values
    .filter((value) => !known.includes(value))
    .map((value) => ({
      path,
      value,
      allowed: `a value that ${layout} has of it: ${listed(known)}`,
      fix: didYouMean(value, known, "leave it out"),
    }));
}

/** What tells it from every other: how it is written does not matter, the order of keys and rules does. SHA-256 in hex. */
export const fingerprintOf = (layout: Layout): string => {
  const types = Object.entries(layout.types ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(schemaText({ ...layout, types: Object.fromEntries(types) }))
    .digest("hex");
};

const keysText = (keys: LayoutKeys): string =>
  Object.entries(keys)
    .map(([key, is]) => keyText(key, is))
    .join(", ");

const keyText = (key: string, { is, optional = false, type }: LayoutKey): string =>
  `${key}${type === undefined ? "" : `: ${type}`}${optional ? "?" : ""}${is ? `=${is.join("/")}` : ""}`;
