type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * A synthesized stack as it is committed and compared: keys in order, without what depends on the version of the engine,
 * each element with the path of its construct alone.
 */
export function normalized(stack: string): string {
  const json: Json = JSON.parse(stack);
  return `${JSON.stringify(ordered(json), undefined, 2)}\n`;
}

function ordered(value: Json, key = "", isBlock = false): Json {
  if (key === "//") return pathIn(value);
  if (Array.isArray(value)) return value.map((item) => ordered(item, "", isBlock));
  if (!isObject(value)) return value;
  const inside = isBlock || key === "resource";
  const entries = Object.entries(value).map(([name, item]) => [name, ordered(item, name, inside)] as const);
  return Object.fromEntries(entries.filter(([, item]) => !isNone(item, inside)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Of cdktf's comments only the path tells something that the file does not. */
function pathIn(comment: Json): Json {
  const metadata = isObject(comment) ? comment.metadata : undefined;
  return isObject(metadata) && typeof metadata.path === "string" ? metadata.path : null;
}

const isObject = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Engines differ in whether they write empty lists and objects; for Terraform they are the same as none, but for an empty block. */
const isNone = (value: Json, isBlock: boolean): boolean =>
  value === null || (typeof value === "object" && Object.keys(value).length === 0 && !(isBlock && isObject(value)));
