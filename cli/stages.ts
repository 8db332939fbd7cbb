import { basename } from "node:path";
import { normalized } from "../engine/normalize";
import { lockFilesIn, parsedLocks, readLocks } from "../engine/world";
import { gather } from "../model/gather";
import type { Registers } from "../model/registers";
import { grouped } from "../model/words/grouped";
import type { Problem } from "../model/words/problem";
import { isRecord } from "../model/words/record";
import type { Stage } from "../review/causes";
import { readStack, type Tree } from "../review/stack";
import { synthesizedAside } from "./aside";
import { world } from "./description";
import { type Hunk, withHunks } from "./git";
import { readOwnSites, readSitesOf } from "./project";

/** Trees between a base and what is here, each with one more thing as it is here. */
export interface Stages {
  readonly stages: readonly Stage[];
  /** What the sites of the base say, read by the code that is here. @default - they do not fit it */
  readonly base?: Registers;
  /** What is described here. @default - it is refused */
  readonly head?: Registers;
  /** Why some could not be made. */
  readonly notes: readonly string[];
  /** Why what is here gives nothing. */
  readonly problems: readonly Problem[];
}

/**
 * What the sites and locks of a base give with the code that is here; then with what was learned since; then with each
 * edit of a site file; then all that is here. So each change shows at the stage that brings it about.
 * @param files of the base's `sites/`, by name
 * @param hunks by which they became what is here
 */
export function stagesSince(files: ReadonlyMap<string, string>, hunks: readonly Hunk[]): Stages {
  const locks = parsedLocks(lockFilesIn(files));
  const now = readLocks(world);
  const learned = Object.fromEntries(
    Object.entries(locks).map(([site, lock]) => [site, { ...asRecord(now[site]), stacks: asRecord(lock).stacks }]),
  );
  const own = readOwnSites();
  if (own.problems.length > 0) return { stages: [], notes: [], problems: own.problems };
  const { tree: here, registers: head, problems = [] } = treeOf(own.sites, now);
  if (!here) return { stages: [], notes: [], problems, head };

  const texts = new Map([...files].filter(([name]) => name.endsWith(".ts")));
  const old = readSitesOf(texts);
  const byCode = old.problems.length === 0 ? treeOf(old.sites, locks) : undefined;
  if (!byCode?.tree)
    return {
      stages: [{ cause: "site file or code", tree: here }],
      head,
      notes: [
        "site files of the base do not fit the code that is here: what is the site files' is not told from what is the code's",
      ],
      problems: [],
    };
  const byLearning = treeOf(old.sites, learned).tree;
  const edits = editsOf(texts, hunks, learned);
  return {
    stages: [
      { cause: "code", tree: byCode.tree },
      ...(byLearning ? [{ cause: "learned" as const, tree: byLearning }] : []),
      ...edits.stages,
      { cause: "site file", at: edits.rest.map(placeOf), tree: here },
    ],
    base: byCode.registers,
    head,
    notes: [],
    problems: [],
  };
}

/** More edits than this are told apart by their files alone: each costs a synthesis. */
const most = 12;

/** A stage for each edit of a site file; what gives nothing by itself goes with the next. */
function editsOf(
  texts: ReadonlyMap<string, string>,
  hunks: readonly Hunk[],
  locks: Readonly<Record<string, unknown>>,
): { readonly stages: readonly Stage[]; readonly rest: readonly Hunk[] } {
  const edits = hunks.length <= most ? hunks.map((hunk) => [hunk]) : grouped(hunks, ({ file }) => file).values();
  const stages: Stage[] = [];
  const applied: Hunk[] = [];
  let rest: Hunk[] = [];
  for (const edit of edits) {
    applied.push(...edit);
    rest.push(...edit);
    const names = new Set([...texts.keys(), ...applied.map(({ file }) => basename(file))]);
    const next = [...names].flatMap((name): readonly (readonly [string, string])[] => {
      const own = applied.filter(({ file }) => basename(file) === name);
      const text = withHunks(texts.get(name) ?? "", own);
      return text === "" ? [] : [[name, text]];
    });
    const { sites, problems } = readSitesOf(new Map(next));
    const tree = problems.length === 0 ? treeOf(sites, locks).tree : undefined;
    if (!tree) continue;
    stages.push({ cause: "site file", at: rest.map(placeOf), tree });
    rest = [];
  }
  return { stages, rest };
}

/** `sites/lumi.ts:35`. */
const placeOf = ({ file, at }: Hunk): string => `${file}:${at}`;

const asRecord = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {});

/** What sites and locks give with the code that is here, or why they are refused. */
function treeOf(
  sites: readonly unknown[],
  locks: Readonly<Record<string, unknown>>,
): { readonly registers: Registers; readonly tree?: Tree; readonly problems?: readonly Problem[] } {
  const { registers, problems } = gather(sites, locks);
  if (problems.length > 0) return { registers, problems };
  const result = synthesizedAside(registers);
  if ("problems" in result) return { registers, ...result };
  const read = [...result.stacks].map(([name, text]) => [name, readStack(JSON.parse(normalized(text)))] as const);
  return { registers, tree: new Map(read) };
}
