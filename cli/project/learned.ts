import { readLocks } from "../../engine/world";
import type { AwaitedValue } from "../../model/awaited";
import type { PlaceEntry } from "../../model/entries";
import { type LockChange, learn, lockChanges, readLocksOf } from "../../model/locks";
import type { Registers } from "../../model/registers";
import { emptyLock, readLock } from "../../model/site/lock";
import type { Problem } from "../../model/words/problem";
import { type Given, givenBy, keysOf } from "../../operate/learning";
import { inventoryOf } from "../../operate/openstack/inventory";
import { areBooted, consoleOf } from "../sandbox/hosts";
import { sessionAt } from "./cloud";
import { describe, world } from "./description";
import { replaceLock } from "./locking";

/** What a cloud gave and a lock took, and what is awaited still. */
export interface Learned {
  readonly changes: readonly LockChange[];
  readonly missing: readonly AwaitedValue[];
}

/**
 * Asks the clouds of a site, and writes to its lock what they gave.
 * @param onlyNew whether a value that is another than the lock has is refused, for somebody to look at
 * @throws if one does not answer, or gives what is refused
 */
export async function recordLearned(
  registers: Registers,
  site: string,
  { dryRun = false, onlyNew = false }: { readonly dryRun?: boolean; readonly onlyNew?: boolean } = {},
): Promise<Learned> {
  const places = registers.places.filter((place) => place.site.name === site);
  const given = await Promise.all(places.map(givenAt));
  const values = given.flat().flatMap(({ key, value }) => (value === undefined ? [] : [[key, value] as const]));
  const others = recordValues(site, Object.fromEntries(values), true);
  const changed = "changes" in others ? others.changes.filter(({ before }) => before !== undefined) : [];
  if (onlyNew && changed.length > 0)
    throw new Error(
      `the cloud gives another value than was learned; look at it, then: databridge learn ${site}\n${changed.map(({ path, before, after }) => `${path}: ${before} → ${after}`).join("\n")}`,
    );
  const result = recordValues(site, Object.fromEntries(values), dryRun);
  if ("problems" in result)
    throw new Error(result.problems.map(({ path, allowed, fix }) => `${path}: ${allowed}; ${fix}`).join("\n"));
  const reasons = given.flat().flatMap(({ key, why }) => (why === undefined ? [] : [{ key, find: why }]));
  const keys = reasons.filter(({ key }) => key.includes(".hostKeys."));
  const missing = reasons.filter((reason) => !keys.includes(reason));
  const [first] = keys;
  const summed = first ? [{ key: `host keys of ${keys.length}`, find: first.find }] : [];
  return { changes: result.changes, missing: [...missing, ...summed] };
}

async function givenAt(place: PlaceEntry): Promise<readonly Given[]> {
  const session = await sessionAt(place);
  const inventory = await inventoryOf(session);
  const keys = await keysOf(inventory, place, async ({ id }, host) =>
    areBooted(place) ? consoleOf(host.name, place) : session.console(id),
  );
  return [...givenBy(inventory, place), ...keys];
}

/** Writes values to the lock of a site, unless something would be wrong then. */
export function recordValues(
  site: string,
  values: Readonly<Record<string, string>>,
  dryRun = false,
): { readonly changes: readonly LockChange[] } | { readonly problems: readonly Problem[] } {
  const locks = readLocksOf(readLocks(world));
  if (locks.problems.length > 0) return locks;
  const before = locks.locks.get(site);
  const { value: after, problems } = readLock(learn(before ?? emptyLock, values), site);
  if (problems.length > 0) return { problems };
  const described = describe(Object.fromEntries([...locks.locks, [site, after]])).problems;
  if (described.length > 0) return { problems: described };
  const changes = lockChanges(site, before ?? emptyLock, after);
  if (!dryRun && changes.length > 0) replaceLock(site, before, after);
  return { changes };
}
