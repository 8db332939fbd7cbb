import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { normalized } from "../../engine/normalize";
import { lockFiles, lockFilesIn, parsedLocks } from "../../engine/world";
import { gather } from "../../model/gather";
import { readLocksOf } from "../../model/locks";
import type { Registers } from "../../model/registers";
import { grouped } from "../../model/words/grouped";
import { listed, type Problem } from "../../model/words/problem";
import { isRecord } from "../../model/words/record";
import type { Stage } from "../../review/causes";
import { withHostFiles } from "../../review/host-files";
import { readStack, type Tree } from "../../review/stack";
import { synthesizedAside } from "./aside";
import { world } from "./description";
import { type Hunk, placeOf, withHunks } from "./git";
import { readOwnSites, readSitesOf, root } from "./project";

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

/** Texts of files below a folder of sites, by their path there. */
export type SiteFiles = ReadonlyMap<string, string>;

/**
 * What the sites and locks of a base give with the code that is here; then with what was learned since; then with each
 * edit of a site file; then all that is here. So each change shows at the stage that brings it about.
 * @param files of the base
 * @param hunks by which they became what is here
 */
export function stagesSince(files: SiteFiles, hunks: readonly Hunk[]): Stages {
  const own = readOwnSites();
  if (own.problems.length > 0) return { stages: [], notes: [], problems: own.problems };
  const now = parsedLocks(lockFiles(world));
  const { tree: here, registers: head, problems = [] } = treeOf(own.sites, now);
  if (!here) return { stages: [], notes: [], problems, head };

  // Nothing but code can have changed: one synthesis tells it all.
  if (isHere(files)) return { stages: [{ cause: "code", tree: here }], base: head, head, notes: [], problems: [] };
  const locks = parsedLocks(lockFilesIn(files));
  const unreadable = readLocksOf(locks).problems;
  const texts = new Map([...files].filter(([path]) => /\.[jt]s$/.test(path)));
  const old = unreadable.length > 0 ? { sites: [], problems: unreadable } : readSitesOf(texts);
  const byCode = old.problems.length === 0 ? treeOf(old.sites, locks) : { problems: old.problems };
  if (!("tree" in byCode) || !byCode.tree) {
    const why = listed((byCode.problems ?? []).slice(0, 3).map(({ path }) => path));
    return {
      stages: [{ cause: "site file or code", tree: here }],
      head,
      notes: [
        `what the base describes does not fit the code that is here (${why}): causes are not told apart, nor what is newly unwise, or needed first`,
      ],
      problems: [],
    };
  }
  const learned = withLearned(locks, now);
  const isLearned = JSON.stringify(learned) !== JSON.stringify(locks);
  const byLearning = isLearned ? treeOf(old.sites, learned).tree : undefined;
  const edits = editsOf(texts, hunks, learned, byCode.registers.places.length);
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

/** Whether the folder of sites holds just these files. */
function isHere(files: SiteFiles): boolean {
  const folder = join(root, "sites");
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const same = (file: string) => files.get(relative(folder, file).replaceAll("\\", "/")) === readFileSync(file, "utf8");
  return found.length === files.size && found.every(same);
}

/** What stood in the locks of the base, with all that was learned since. */
function withLearned(
  base: Readonly<Record<string, unknown>>,
  head: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const sites = [...new Set([...Object.keys(base), ...Object.keys(head)])].sort();
  return Object.fromEntries(
    sites.map((site) => {
      const { stacks = {} } = asRecord(base[site]);
      return [site, { ...asRecord(base[site]), ...asRecord(head[site]), stacks }];
    }),
  );
}

/** Syntheses of tenancies that a review takes its time for. */
const patience = 60;

/**
 * A stage for each edit of a site file. One that gives nothing by itself is put aside, and tried again after each that does.
 * @param places how many tenancies a synthesis makes: of many sites only a few edits are told apart
 */
function editsOf(
  texts: SiteFiles,
  hunks: readonly Hunk[],
  locks: Readonly<Record<string, unknown>>,
  places: number,
): { readonly stages: readonly Stage[]; readonly rest: readonly Hunk[] } {
  const most = Math.min(12, Math.max(1, Math.floor(patience / Math.max(1, places))));
  const byFile = [...grouped(hunks, ({ file }) => file).values()];
  const edits = hunks.length <= most ? hunks.map((hunk) => [hunk]) : byFile.length <= most ? byFile : [];
  const stages: Stage[] = [];
  let applied: readonly Hunk[] = [];
  let aside: (readonly Hunk[])[] = [];
  let tries = 2 * most;
  const attempt = (edit: readonly Hunk[]): boolean => {
    if (tries-- <= 0) return false;
    // In the order of the file, wherever an edit stands in the order of trying.
    const next = hunks.filter((hunk) => applied.includes(hunk) || edit.includes(hunk));
    const { sites, problems } = readSitesOf(withEdits(texts, next));
    const tree = problems.length === 0 ? treeOf(sites, locks).tree : undefined;
    if (!tree) return false;
    applied = next;
    stages.push({ cause: "site file", at: edit.map(placeOf), tree });
    return true;
  };
  for (const edit of edits) {
    if (!attempt(edit)) aside.push(edit);
    else aside = aside.filter((each) => !attempt(each));
  }
  return { stages, rest: hunks.filter((hunk) => !applied.includes(hunk)) };
}

/** The files of a base with some edits. */
function withEdits(texts: SiteFiles, hunks: readonly Hunk[]): SiteFiles {
  const pathOf = ({ file }: Hunk): string => file.replace(/^sites\//, "");
  const paths = new Set([...texts.keys(), ...hunks.map(pathOf)]);
  const edited = [...paths].map((path): readonly [string, string] => [
    path,
    withHunks(
      texts.get(path) ?? "",
      hunks.filter((hunk) => pathOf(hunk) === path),
    ),
  ]);
  return new Map(edited.filter(([, text]) => text !== ""));
}

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
  return { registers, tree: withHostFiles(new Map(read), result.hosts) };
}
