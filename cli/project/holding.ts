import { readLocks } from "../../engine/world";
import { type LockChange, lockChanges, readLocksOf } from "../../model/locks";
import { emptyLock, type LockedHold } from "../../model/site/lock";
import type { Problem } from "../../model/words/problem";
import { world } from "./description";
import { replaceLock } from "./locking";

/** What came of it. */
export type Held = { readonly changes: readonly LockChange[] } | { readonly problems: readonly Problem[] };

/**
 * Writes a hold of a stack to the lock of its site, or takes it out.
 * @param hold `undefined`: it is released
 */
export function recordHold(site: string, stack: string, hold: LockedHold | undefined): Held {
  const { locks, problems } = readLocksOf(readLocks(world));
  if (problems.length > 0) return { problems };
  const before = locks.get(site) ?? emptyLock;
  const { [stack]: _, ...others } = before.holds ?? {};
  const holds = hold === undefined ? others : { ...others, [stack]: hold };
  const { holds: __, ...rest } = before;
  // Read once more, it has the version that its content asks for.
  const read = readLocksOf({ [site]: Object.keys(holds).length === 0 ? rest : { ...rest, holds } });
  const after = read.locks.get(site);
  if (read.problems.length > 0 || !after) return { problems: read.problems };
  const changes = lockChanges(site, before, after);
  if (changes.length > 0) replaceLock(site, locks.get(site), after);
  return { changes };
}

/** Stacks that locks hold, described or not, with the site of each; and locks of which nobody can tell. */
export function heldStacks(): { readonly held: ReadonlyMap<string, string>; readonly problems: readonly Problem[] } {
  const { locks, problems } = readLocksOf(readLocks(world));
  const held = [...locks].flatMap(([site, { holds = {} }]) => Object.keys(holds).map((name) => [name, site] as const));
  return { held: new Map(held), problems };
}
