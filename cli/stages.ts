import { normalized } from "../engine/normalize";
import { lockFilesIn, parsedLocks, readLocks } from "../engine/world";
import { gather } from "../model/gather";
import type { Problem } from "../model/words/problem";
import { isRecord } from "../model/words/record";
import type { Stage } from "../review/causes";
import { readStack, type Tree } from "../review/stack";
import { synthesizedAside } from "./aside";
import { world } from "./description";
import { readOwnSites, readSitesOf } from "./project";

/** Trees between a base and what is here, each with one more thing as it is here. */
export interface Stages {
  readonly stages: readonly Stage[];
  /** Why some could not be made. */
  readonly notes: readonly string[];
  /** Why what is here gives nothing. */
  readonly problems: readonly Problem[];
}

/**
 * What the sites and locks of a base give with the code that is here; then with what was learned since; then all that is
 * here. So each change shows at the stage that brings it about.
 * @param files of the base's `sites/`, by name
 */
export function stagesSince(files: ReadonlyMap<string, string>): Stages {
  const old = readSitesOf(new Map([...files].filter(([name]) => !name.endsWith(".json"))));
  const locks = parsedLocks(lockFilesIn(files));
  const now = readLocks(world);
  const learned = Object.fromEntries(
    Object.entries(locks).map(([site, lock]) => [site, { ...asRecord(now[site]), stacks: asRecord(lock).stacks }]),
  );
  const byCode = old.problems.length === 0 ? treeOf(old.sites, locks).tree : undefined;
  const byLearning = byCode && treeOf(old.sites, learned).tree;
  const own = readOwnSites();
  if (own.problems.length > 0) return { stages: [], notes: [], problems: own.problems };
  const { tree: here, problems = [] } = treeOf(own.sites, now);
  if (!here) return { stages: [], notes: [], problems };
  if (!byCode)
    return {
      stages: [{ cause: "site file or code", tree: here }],
      notes: [
        "site files of the base do not fit the code that is here: what is the site files' is not told from what is the code's",
      ],
      problems: [],
    };
  return {
    stages: [
      { cause: "code", tree: byCode },
      ...(byLearning ? [{ cause: "learned" as const, tree: byLearning }] : []),
      { cause: "site file", tree: here },
    ],
    notes: [],
    problems: [],
  };
}

const asRecord = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {});

/** What sites and locks give with the code that is here, or why they are refused. */
function treeOf(
  sites: readonly unknown[],
  locks: Readonly<Record<string, unknown>>,
): { readonly tree?: Tree; readonly problems?: readonly Problem[] } {
  const { registers, problems } = gather(sites, locks);
  if (problems.length > 0) return { problems };
  const result = synthesizedAside(registers);
  if ("problems" in result) return result;
  return { tree: new Map([...result.stacks].map(([name, text]) => [name, readStack(JSON.parse(normalized(text)))])) };
}
