import type { Lock } from "./site/lock";
import { isRecord } from "./words/parse";

/** One entry of a lock that changed. */
export interface LockChange {
  /** Where: `lumi.lock.learned.production.router`. */
  readonly path: string;
  /** @default - it was not there */
  readonly before?: string;
  /** @default - it is there no more */
  readonly after?: string;
}

/** What differs between two locks of a site, in the order of their files. */
export function lockChanges(site: string, before: Lock | undefined, after: Lock | undefined): readonly LockChange[] {
  const [old, now] = [entries(before), entries(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((path) => old.get(path) !== now.get(path))
    .sort()
    .map((path) => {
      const [was, is] = [old.get(path), now.get(path)];
      const changed = { ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) };
      return { path: `${site}.lock.${path}`, ...changed };
    });
}

/** Every value of a lock by its path. */
function entries(value: unknown, path = ""): ReadonlyMap<string, string> {
  if (!isRecord(value)) return new Map(value === undefined ? [] : [[path, String(value)]]);
  return new Map(
    Object.entries(value).flatMap(([key, item]) => [...entries(item, path === "" ? key : `${path}.${key}`)]),
  );
}
