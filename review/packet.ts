import { createHash } from "node:crypto";
import type { Registers } from "../model/registers";
import type { Day } from "../model/words/calendar";
import { grouped } from "../model/words/grouped";
import { alikeIn, together } from "./alike";
import { closedHours } from "./calendar";
import { canonical } from "./canonical";
import { type Cause, type Causes, causesOf, type Stage } from "./causes";
import { type Change, elementOf } from "./change";
import { type Door, doorsIn, shownDoor } from "./doors";
import { type Level, levels } from "./effects";
import { type Judged, judge } from "./judge";
import { needsFirst } from "./needs";
import { plain } from "./plain";
import { policyAt, type Unwise } from "./policy";
import { type Taking, takings } from "./quota";
import { newlyAllowed } from "./reads";
import type { Stack, Tree } from "./stack";
import { readStackName } from "./stack-name";

/** Changes of one construct that mean the same, in every stack where they do. */
export interface Entry {
  readonly level: Level;
  /** `host/bastion`; the address, where no construct is known. */
  readonly construct: string;
  readonly stacks: readonly string[];
  /** Addresses, in the first of the stacks. */
  readonly addresses: readonly string[];
  /** What is done to how many: `create 4`. */
  readonly actions: Readonly<Record<string, number>>;
  readonly reasons: readonly string[];
  readonly causes: readonly Cause[];
  /** Lines of files that brought it about, where they are known: `sites/lumi.ts:35`. */
  readonly at: readonly string[];
  /** Component of the site file that asks for it, where the output tells; of the first of the stacks. */
  readonly because: readonly string[];
}

/** What becomes of something that is kept. */
export interface Fate {
  readonly stack: string;
  readonly address: string;
  readonly fate: string;
}

/** One line of the matrix. */
export interface Row {
  readonly site: string;
  /** By tenancy and kind of stack: counts by level, the stack that it equals, or nothing that changes. */
  readonly cells: Readonly<Record<string, Readonly<Partial<Record<Level, number>>> | string>>;
}

/** What a change does to all sites: everything that a reviewer reads. */
export interface Packet {
  readonly version: 1;
  readonly base: Side;
  readonly head: Side;
  /** Changes by level; those that nothing explains; and what is newly unwise, for which nobody answers. */
  readonly verdict: Readonly<Record<Level | "unexplained" | "unwise", number>>;
  readonly entries: readonly Entry[];
  /** Stacks of which the head holds something else than its site files, locks and code give. */
  readonly stale: readonly string[];
  readonly matrix: readonly Row[];
  readonly opens: readonly string[];
  readonly closes: readonly string[];
  /** What somebody may do in Vault that they could not do before. */
  readonly reads: readonly string[];
  readonly fates: readonly Fate[];
  readonly quota: readonly Taking[];
  /** What the policy finds at the head; acknowledged or not. */
  readonly policy: readonly Unwise[];
  /** Rules that failed, and acknowledgements that are of nothing: each is counted as unwise. */
  readonly policyDefects: readonly string[];
  /** What operators have to do before. */
  readonly needs: readonly string[];
  /** When what interrupts must not be applied. */
  readonly calendar: readonly string[];
  /** Entries of locks that go or change; each is counted as a review. */
  readonly locks: readonly string[];
  /** Stacks in the order in which they can be applied. */
  readonly order: readonly string[];
  /** What could not be told, and why. */
  readonly notes: readonly string[];
}

export interface Side {
  /** A git ref, or what else names it. */
  readonly ref: string;
  readonly digest: string;
  /** Digests of what belongs to it, by name: locks, plans. */
  readonly parts?: Readonly<Record<string, string>>;
}

interface SideProps {
  readonly ref: string;
  readonly tree: Tree;
  readonly parts?: Readonly<Record<string, string>>;
}

export interface PacketProps {
  readonly base: SideProps;
  readonly head: SideProps;
  readonly changes: readonly Change[];
  /** See {@link causesOf}. @default - causes are not known, and not told */
  readonly stages?: readonly Stage[];
  /** @default - what only descriptions tell is not told: policy, grants, calendars, order */
  readonly described?: Described;
  /** See {@link looseEntries}. @default - none */
  readonly locks?: readonly string[];
  readonly notes?: readonly string[];
}

/** What site files and locks say at both sides, read by the code of the head. */
export interface Described {
  /** `undefined` if those of the base do not fit that code. */
  readonly base: Registers | undefined;
  readonly head: Registers;
  /** Stacks in the order in which they can be applied. */
  readonly order: readonly string[];
  readonly today: Day;
}

/** Puts the packet together. */
export function packetOf({ base, head, changes, stages, described, locks = [], notes = [] }: PacketProps): Packet {
  const originOf = originsIn(changes);
  const judged = changes.map((change) => ({
    ...judge(change, readStackName(change.stack).isProduction),
    ...(stages ? causesOf(change, originOf(change), base.tree, stages, head.tree) : { causes: [], at: [] }),
  }));
  const stale = staleIn(stages?.at(-1)?.tree, head.tree);
  const isUnexplained = ({ causes }: Caused) => causes.includes("unexplained");
  const unexplained = judged.filter(isUnexplained).length;
  const forgotten = stale.filter((stack) => !judged.some((each) => each.change.stack === stack && isUnexplained(each)));
  const touched = new Set(changes.map(({ stack }) => stack));
  const interrupted = new Set(
    judged.filter(({ interrupts }) => interrupts.length > 0).map(({ change }) => change.stack),
  );
  const { unwise, defects } = described
    ? policyAt(described.head, described.base, described.today)
    : { unwise: [], defects: [] };
  const both = described?.base && { base: described.base, head: described.head };
  const quota = takings(base.tree, head.tree, both);
  const doors = changes.map((change) => ({ stack: change.stack, ...doorsIn(change) }));
  const shown = (which: "opens" | "closes") =>
    together(
      doors.flatMap((each) => each[which].filter(isTold).map((door) => [each.stack, plain(shownDoor(door))] as const)),
    );
  return {
    version: 1,
    base: { ref: base.ref, digest: digestOf(base.tree), ...(base.parts && { parts: base.parts }) },
    head: { ref: head.ref, digest: digestOf(head.tree), ...(head.parts && { parts: head.parts }) },
    verdict: {
      ...(Object.fromEntries(
        levels.map((level) => [level, judged.filter((each) => each.level === level).length]),
      ) as Record<Level, number>),
      review: judged.filter(({ level }) => level === "review").length + locks.length,
      unexplained: unexplained + forgotten.length,
      unwise: unwise.filter(({ isNew, acknowledged }) => isNew && !acknowledged).length + defects.length,
    },
    entries: entriesOf(judged, base.tree, head.tree),
    stale,
    matrix: matrixOf(judged, base.tree, head.tree),
    opens: shown("opens"),
    closes: shown("closes"),
    reads: changes.flatMap(newlyAllowed),
    fates: fatesOf(changes),
    quota,
    policy: unwise,
    policyDefects: defects,
    needs: described?.base ? needsFirst(changes, described.base, described.head) : [],
    calendar: described ? closedHours(described.base, described.head, interrupted, described.today) : [],
    locks,
    order: (described?.order ?? []).filter((name) => touched.has(name)),
    notes: [
      ...notes,
      ...(quota.length > 0 && !both
        ? ["quota counts resources of these stacks alone: volumes of pods and ports of routers are not in it"]
        : []),
    ],
  };
}

function staleIn(given: Tree | undefined, head: Tree): readonly string[] {
  if (!given) return [];
  const only = (tree: Tree, name: string): string => digestOf(new Map([...tree].filter(([each]) => each === name)));
  return [...new Set([...given.keys(), ...head.keys()])]
    .filter((name) => only(given, name) !== only(head, name))
    .sort();
}

/** The address with which each began: what is brought about by another may bring about a third. */
function originsIn(changes: readonly Change[]): (change: Change) => string {
  const known = new Map(changes.map((change) => [`${change.stack} ${change.address}`, change]));
  return (change) => {
    const seen = new Set<string>();
    let at = change;
    while (at.through !== undefined && !seen.has(at.address)) {
      seen.add(at.address);
      const next = known.get(`${at.stack} ${at.through}`);
      if (!next) return at.through;
      at = next;
    }
    return at.address;
  };
}

/** Doors between roles of one tenancy are listed with their construct. */
const isTold = ({ isOutside }: Door): boolean => isOutside;

type Caused = Judged & Causes;

function entriesOf(judged: readonly Caused[], base: Tree, head: Tree): readonly Entry[] {
  const groups = grouped(judged, ({ change, level, causes, at }) =>
    JSON.stringify([change.stack, level, constructOf(change), causes, at]),
  );
  const entries = new Map<string, Entry>();
  for (const group of groups.values()) {
    const [first] = group;
    if (!first) continue;
    const { stack } = first.change;
    const alike = alikeIn(head.has(stack) ? head : base, stack, readStackName(stack));
    const entry: Entry = {
      level: first.level,
      construct: plain(constructOf(first.change)),
      stacks: [stack],
      addresses: group.map(({ change }) => plain(change.address)),
      actions: counted(group.map(({ change }) => change.action)),
      reasons: [...new Set(group.flatMap(({ reasons }) => reasons.map((reason) => plain(reason))))],
      causes: first.causes,
      at: [...new Set(group.flatMap(({ at }) => at))],
      because: becauseOf(first.change, base.get(stack), head.get(stack)),
    };
    const key = alike(JSON.stringify({ ...entry, stacks: [], at: [], because: [] }));
    const same = entries.get(key);
    const at = [...new Set([...(same?.at ?? []), ...entry.at])];
    entries.set(key, same ? { ...same, stacks: [...same.stacks, stack], at } : entry);
  }
  return [...entries.values()].sort((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level));
}

const counted = (names: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries([...new Set(names)].map((name) => [name, names.filter((each) => each === name).length]));

/** What stands directly in the stack, or in a collection of it: `router`, `host/bastion`. */
export function constructOf(change: Change): string {
  const { path, address } = elementOf(change);
  return path === "" ? address : path.split("/").slice(0, 2).join("/");
}

/** The server of a host bears the components that asked for it. */
function becauseOf(change: Change, base: Stack | undefined, head: Stack | undefined): readonly string[] {
  const construct = constructOf(change);
  const found = [...(head?.elements.values() ?? []), ...(base?.elements.values() ?? [])].flatMap(({ path, args }) => {
    const metadata = path.startsWith(`${construct}/`)
      ? (args.metadata as { because?: unknown } | undefined)
      : undefined;
    return typeof metadata?.because === "string" ? [plain(metadata.because)] : [];
  });
  return [...new Set(found)];
}

function matrixOf(judged: readonly Judged[], base: Tree, head: Tree): readonly Row[] {
  const byStack = grouped(judged, ({ change }) => change.stack);
  const seen = new Map<string, string>();
  const rows = new Map<string, Record<string, Partial<Record<Level, number>> | string>>();
  for (const stack of [...new Set([...base.keys(), ...head.keys()])].sort()) {
    const name = readStackName(stack);
    const own = byStack.get(stack) ?? [];
    const alike = alikeIn(head.has(stack) ? head : base, stack, name);
    const column = [name.tenancy, name.kind].filter(Boolean).join(" ");
    const key = alike(
      JSON.stringify([
        column,
        own.map(({ change, level, reasons }) => [change.address, change.action, level, reasons, change.differences]),
      ]),
    );
    const equal = own.length > 0 ? seen.get(key) : undefined;
    const levelsOf = counted(own.map(({ level }) => level)) as Partial<Record<Level, number>>;
    rows.set(name.site, { ...rows.get(name.site), [column]: equal ? `= ${equal}` : levelsOf });
    if (own.length > 0 && !equal) seen.set(key, name.site);
  }
  return [...rows].map(([site, cells]) => ({ site, cells }));
}

function fatesOf(changes: readonly Change[]): readonly Fate[] {
  return changes.flatMap(({ stack, address, action, before, from }): readonly Fate[] => {
    if (before?.lifecycle.prevent_destroy !== true) return [];
    const is = { stack, address: plain(address) };
    if (action === "replace") return [{ ...is, fate: "destroyed and made anew" }];
    if (from !== undefined) return [{ ...is, fate: `stays, was ${plain(from)}` }];
    if (action === "delete") return [{ ...is, fate: "destroyed" }];
    return action === "forget" ? [{ ...is, fate: "left in the cloud, no longer managed" }] : [];
  });
}

/** Says whether two trees are the same, whatever the order of their keys. */
export function digestOf(tree: Tree): string {
  const hash = createHash("sha256");
  for (const [name, stack] of [...tree].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${name}\n`);
    for (const element of [...stack.elements.values()].sort((a, b) => (a.address < b.address ? -1 : 1)))
      hash.update(`${canonical(element)}\n`);
    hash.update(`${JSON.stringify([stack.moved, stack.removed, stack.imported])}\n`);
  }
  return hash.digest("hex").slice(0, 16);
}
