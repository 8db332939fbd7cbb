import type { StackStanding } from "../../engine/app";
import { readLocks } from "../../engine/world";
import { type LayoutEntry, layoutsOf } from "../../model/layouts";
import { forget, type LockChange, type Locks, lockChanges, readLocksOf } from "../../model/locks";
import { emptyLock, type Lock, withVersion } from "../../model/site/lock";
import { stacksOf } from "../../model/stacks";
import { didYouMean, listed, type Problem } from "../../model/words/problem";
import { isRecord } from "../../model/words/record";
import { changesText } from "../print/lock";
import { describe, tell, world } from "../project/description";
import { replaceLock } from "../project/locking";

interface Options {
  readonly check?: boolean;
  readonly dryRun?: boolean;
  readonly applied?: readonly string[];
  readonly forget?: readonly string[];
  readonly json?: boolean;
}

/** `databridge lock`. @returns the exit code */
export async function runLock({ json = false, ...options }: Options): Promise<number> {
  const { check = false, dryRun = false } = options;
  const result = await changed(options, !check && !dryRun);
  if ("problems" in result) {
    tell(result.problems, json);
    return 1;
  }
  const { changes, answered } = result;
  const written = !check && !dryRun;
  if (json) console.log(JSON.stringify({ changes, answered, written }, undefined, 2));
  else console.log(lockText(changes, answered, written));
  return check && changes.length > 0 ? 1 : 0;
}

/**
 * Writes to the locks what these stacks keep now that they were applied, and takes out what was destroyed by name. Of other
 * stacks nothing changes: what they describe may not be there yet.
 * @returns why it cannot be written
 */
export async function recordApplied(
  stacks: readonly string[],
  destroyed: readonly string[],
): Promise<readonly Problem[]> {
  const result = stacks.length > 0 ? await next({ applied: stacks }) : undefined;
  if (result && "problems" in result) return result.problems;
  const before = readLocksOf(readLocks(world)).locks;
  const sites = [...new Set([...before.keys(), ...(result?.after.keys() ?? [])])];
  for (const site of sites) {
    const was = before.get(site) ?? emptyLock;
    const applied = Object.entries(result?.after.get(site)?.stacks ?? {}).filter(([name]) => stacks.includes(name));
    const kept = Object.entries({ ...was.stacks, ...Object.fromEntries(applied) }).map(([name, stack]) => {
      const left = Object.entries(stack.stateful).filter(([address]) => !destroyed.includes(`${name}.${address}`));
      return [name, { ...stack, stateful: Object.fromEntries(left) }] as const;
    });
    const lock = withVersion({ ...was, stacks: Object.fromEntries(kept) });
    if (lockChanges(site, before.get(site), lock).length > 0) replaceLock(site, before.get(site), lock);
  }
  return [];
}

async function changed(options: Options, write: boolean) {
  const result = await next(options);
  if ("problems" in result) return result;
  const { before, after, answered } = result;
  const sites = [...new Set([...before.keys(), ...after.keys()])].sort();
  const entries = sites.flatMap((site) => lockChanges(site, before.get(site), after.get(site)));
  const versions = misstated(after).filter(({ path }) => !entries.some((entry) => entry.path === path));
  const changes = [...entries, ...versions];
  if (write)
    for (const site of sites)
      if (changes.some(({ path }) => path.startsWith(`${site}.lock.`)))
        replaceLock(site, before.get(site), after.get(site));
  return { changes, answered };
}

/** Versions in files that are others than what is in the file asks for: an older program goes by them. */
function misstated(locks: Locks): readonly LockChange[] {
  const written = readLocks(world);
  return [...locks].flatMap(([site, { version }]) => {
    const lock = written[site];
    const stated = isRecord(lock) ? lock.version : version;
    if (stated === version) return [];
    return [{ path: `${site}.lock.version`, before: String(stated), after: String(version) }];
  });
}

/** Locks as they are and as they are to be; or why not. */
async function next({
  applied = [],
  forget: what = [],
}: Options): Promise<
  | { readonly before: Locks; readonly after: Locks; readonly answered: readonly string[] }
  | { readonly problems: readonly Problem[] }
> {
  const before = readLocksOf(readLocks(world));
  if (before.problems.length > 0) return before;
  const { sites, places } = describe({}).registers;
  const states = new Map(places.flatMap(stacksOf).map(({ name, state }) => [name, state]));
  const forgotten = forget(before.locks, what, states);
  if (forgotten.problems.length > 0) return forgotten;
  const { registers, problems } = describe(
    Object.fromEntries(
      withoutEmpty(
        forgotten.locks,
        sites.map(({ name }) => name),
      ),
    ),
  );
  const unknown = applied.filter((name) => !states.has(name));
  const all = [...problems, ...unknown.map((name) => noStack(name, [...states.keys()]))];
  if (all.length > 0) return { problems: all };
  // Loaded late: learning needs no engine.
  const { standing } = await import("../../main.js");
  const { Refused } = await import("../../engine/refused.js");
  const { withoutTraces } = await import("../../engine/traces.js");
  try {
    const stacks = withoutTraces(() => standing(registers));
    const after = registers.sites.map(({ name }) => {
      const names = registers.places.filter(({ site }) => site.name === name).flatMap(stacksOf);
      const own = stacks.filter((stack) => names.some((each) => each.name === stack.name));
      const layouts = registers.places.filter(({ site }) => site.name === name).flatMap(layoutsOf);
      return [name, locked(registers.locks.get(name) ?? emptyLock, own, applied, layouts)] as const;
    });
    const answered = stacks
      .filter(({ name }) => !applied.includes(name))
      .flatMap(({ name, answered }) => answered.map((address) => `${name}.${address}`));
    return { before: before.locks, after: new Map(after), answered };
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
}

/** What is kept is added; what the description answers for stays until it was applied. */
const locked = (
  lock: Lock,
  stacks: readonly StackStanding[],
  applied: readonly string[],
  layouts: readonly LayoutEntry[],
): Lock =>
  withVersion({
    ...lock,
    stacks: Object.fromEntries(
      stacks.map(({ name, state, stateful, answered, arriving }) => {
        const waiting = applied.includes(name)
          ? []
          : answered.map((address) => [address, lock.stacks[name]?.stateful[address]]);
        const early = applied.includes(name) ? [] : arriving;
        const kept = stateful
          .filter(({ address }) => !early.includes(address))
          .map(({ address, what }) => [address, what]);
        const laid = layouts.filter(({ stack }) => stack === name).map(({ fdb, fingerprint }) => [fdb, fingerprint]);
        return [
          name,
          {
            state,
            stateful: Object.fromEntries([...kept, ...waiting]),
            ...(laid.length === 0 ? {} : { layouts: Object.fromEntries(laid) }),
          },
        ];
      }),
    ),
  });

/** The lock of a site that is gone ends with its last stack. */
const withoutEmpty = (locks: Locks, described: readonly string[]): Locks =>
  new Map([...locks].filter(([site, { stacks }]) => Object.keys(stacks).length > 0 || described.includes(site)));

const noStack = (name: string, known: readonly string[]): Problem => ({
  path: "--applied",
  value: name,
  allowed: listed(known),
  fix: didYouMean(name, known, "name one of them"),
});

const lockText = (changes: readonly LockChange[], answered: readonly string[], written: boolean): string =>
  [
    changesText(changes, written),
    ...(answered.length === 0
      ? []
      : [
          "",
          `${answered.length} kept until applied, then: databridge lock --applied <stack>`,
          ...answered.map((each) => `   ${each}`),
        ]),
  ].join("\n");
