import { createHash } from "node:crypto";
import type { Layout, LayoutKey, LayoutKeys, LayoutRule } from "./site/layout";

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
