/** A path as a key of a ConfigMap or a Secret, which take no slashes; no two paths give the same. */
export const keyOf = (path: string): string => path.slice(1).replaceAll("_", "__").replaceAll("/", "_.");
