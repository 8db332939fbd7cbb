import { type Lock, readLock } from "./site/lock";
import type { Problem } from "./words/problem";
import { isRecord, own } from "./words/record";

/** Locks by site. */
export type Locks = ReadonlyMap<string, Lock>;

/** What came of changing locks. */
export interface ChangedLocks {
  readonly locks: Locks;
  readonly problems: readonly Problem[];
}

/** Reads the locks of a world, as JSON gave them. One that cannot be read must not be written either. */
export function readLocksOf(written: Readonly<Record<string, unknown>>): ChangedLocks {
  const read = Object.entries(written).map(([site, lock]) => ({ site, ...readLock(lock, site) }));
  return {
    locks: new Map(read.map(({ site, value }) => [site, value])),
    problems: read.flatMap(({ problems }) => problems),
  };
}

/**
 * Takes from locks what may be lost: `<stack>`, `<stack>.state` (the state stands where it is described),
 * `<stack>.layouts.<fdb>` (its data is gone, or nobody will look for it), or `<stack>.<address>`.
 * @param states what tells the state of each stack that is described
 */
export function forget(locks: Locks, what: readonly string[], states: ReadonlyMap<string, string>): ChangedLocks {
  let changed: Locks = locks;
  const problems: Problem[] = [];
  for (const each of what) {
    const without = [...changed].flatMap(([site, lock]) => {
      const next = withoutEntry(lock, each, states);
      return next ? [[site, next] as const] : [];
    });
    if (without.length === 0) problems.push(unknown(each, locks));
    changed = new Map([...changed, ...without]);
  }
  return { locks: changed, problems };
}

function withoutEntry(lock: Lock, what: string, states: ReadonlyMap<string, string>): Lock | undefined {
  const dot = what.indexOf(".");
  const [name, entry] = dot < 0 ? [what, undefined] : [what.slice(0, dot), what.slice(dot + 1)];
  const stack = own(lock.stacks, name);
  if (!stack) return undefined;
  const { [name]: _, ...others } = lock.stacks;
  if (entry === undefined) return states.has(name) ? undefined : { ...lock, stacks: others };
  if (entry === "state") {
    const state = states.get(name);
    return state === undefined ? undefined : { ...lock, stacks: { ...others, [name]: { ...stack, state } } };
  }
  const { layouts = {} } = stack;
  const fdb = entry.startsWith("layouts.") ? entry.slice("layouts.".length) : undefined;
  if (fdb !== undefined) {
    const { [fdb]: layout, ...left } = layouts;
    return layout === undefined ? undefined : { ...lock, stacks: { ...others, [name]: { ...stack, layouts: left } } };
  }
  const { [entry]: what_, ...stateful } = stack.stateful;
  return what_ === undefined ? undefined : { ...lock, stacks: { ...others, [name]: { ...stack, stateful } } };
}

function unknown(what: string, locks: Locks): Problem {
  const known = [...locks.values()].flatMap(({ stacks }) =>
    Object.entries(stacks).flatMap(([name, { stateful, layouts = {} }]) => [
      name,
      `${name}.state`,
      ...Object.keys(layouts).map((fdb) => `${name}.layouts.${fdb}`),
      ...Object.keys(stateful).map((address) => `${name}.${address}`),
    ]),
  );
  return {
    path: "--forget",
    value: what,
    allowed:
      "a stack of the locks that is described no more, <stack>.state, <stack>.layouts.<fdb>, or <stack>.<address>",
    fix: known.includes(what) ? "take it out of the description first" : "take the name from the lock's file",
  };
}

/**
 * Writes learned values into the lock of a site: `production.router`, `production.public.bastion`, `trust.sshUserCa`, `sources.eckit-1.32.4`.
 * An empty value is forgotten, with all that stands below.
 */
export function learn(lock: Lock, values: Readonly<Record<string, string>>): unknown {
  let { learned, trust, sources }: { learned: unknown; trust: unknown; sources?: unknown } = lock;
  for (const [key, value] of Object.entries(values)) {
    const path = key.split(".");
    if (path[0] === "trust") trust = placed(trust, path.slice(1), value);
    // Versions have dots.
    else if (path[0] === "sources") sources = placed(sources, [path.slice(1).join(".")], value);
    else learned = placed(learned, path, value);
  }
  return { ...lock, learned, trust, ...(sources === undefined ? {} : { sources }) };
}

function placed(into: unknown, [key, ...rest]: readonly string[], value: string): unknown {
  if (key === undefined) return value;
  const { [key]: before, ...others } = isRecord(into) ? into : {};
  return value === "" && rest.length === 0 ? others : { ...others, [key]: placed(before, rest, value) };
}

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
