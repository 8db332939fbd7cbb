import { relative } from "node:path";
import type { LockChange } from "../../model/locks";
import { world } from "../project/description";
import { root } from "../project/project";

/** What changes in locks, by file, as a diff. */
export function changesText(changes: readonly LockChange[], written: boolean): string {
  if (changes.length === 0) return "locks are current, nothing was written";
  const folder = relative(root, world.locks);
  const files = new Map<string, string[]>();
  for (const { path, before, after } of changes) {
    const [site = ""] = path.split(".");
    const entry = path.slice(`${site}.lock.`.length);
    const lines = [
      ...(before === undefined ? [] : [` - ${entry} ${before}`]),
      ...(after === undefined ? [] : [` + ${entry} ${after}`]),
    ];
    files.set(site, [...(files.get(site) ?? []), ...lines]);
  }
  return [...files]
    .map(([site, lines]) => [`${folder}/${site}.lock.json${written ? "" : ", not written"}`, ...lines].join("\n"))
    .join("\n\n");
}
