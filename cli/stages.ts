import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { normalized } from "../engine/normalize";
import { Refused } from "../engine/refused";
import { withoutTraces } from "../engine/traces";
import { parsedLock, readLocks } from "../engine/world";
import { main } from "../main";
import { gather } from "../model/gather";
import type { Problem } from "../model/words/problem";
import { isRecord } from "../model/words/record";
import type { Stage } from "../review/causes";
import { readStack, type Tree } from "../review/stack";
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
  const locks = locksIn(files);
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

/** Locks of a commit, each as JSON gave it. */
const locksIn = (files: ReadonlyMap<string, string>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    [...files].flatMap(([name, text]) => {
      const site = /^([^.]+)\.lock\.json$/.exec(name)?.[1];
      return site === undefined ? [] : [[site, parsedLock(text)]];
    }),
  );

const asRecord = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {});

/** What sites and locks give with the code that is here; nothing if it is refused. Nothing of the project is written. */
function treeOf(
  sites: readonly unknown[],
  locks: Readonly<Record<string, unknown>>,
): { readonly tree?: Tree; readonly problems?: readonly Problem[] } {
  const { registers, problems } = gather(sites, locks);
  if (problems.length > 0) return { problems };
  const folder = mkdtempSync(join(tmpdir(), "databridge-"));
  try {
    const outputs = withoutTraces(() => main(registers, join(folder, "out")));
    const tree = new Map(
      outputs.map(({ name, file }) => [name, readStack(JSON.parse(normalized(readFileSync(file, "utf8"))))]),
    );
    return { tree };
  } catch (error) {
    if (error instanceof Refused) return { problems: error.problems };
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
