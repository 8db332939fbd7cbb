import type { Registers } from "../registers";
import { builtAt } from "../sources";
import type { Problem } from "../words/problem";

/** Two sites that build one version of something from two places: its checksum is that of one. */
export function sourceProblems({ places }: Registers): readonly Problem[] {
  const all = places.flatMap(builtAt);
  return all.flatMap(({ source, path }, i) => {
    const other = all.slice(0, i).find((each) => each.source.key === source.key && each.source.url !== source.url);
    if (!other) return [];
    const allowed = `the source of ${other.path}, ${other.source.url}: one version has one checksum`;
    return [{ path, value: source.url, allowed, fix: "take it from there, or name the package otherwise" }];
  });
}
