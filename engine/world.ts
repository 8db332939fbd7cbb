import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import { Unreadable } from "../model/site/lock";
import { isName, nameRule } from "../model/words/name";
import { didYouMean, type Problem } from "../model/words/problem";
import { isRecord } from "../model/words/record";

/** The folder of the project: the nearest one upward that holds `cdktf.json`. */
export function projectRoot(from: string): string {
  if (existsSync(join(from, "cdktf.json"))) return from;
  const up = dirname(from);
  if (up === from) throw new Error("no cdktf.json in this folder or above it: run the command inside the project");
  return projectRoot(up);
}

/**
 * Production and the sandbox are two worlds of one description. A world chooses locks and backends, where output goes, and
 * by its environment endpoints and credentials.
 */
export interface World {
  readonly name: "production" | "sandbox";
  /** Where `<site>.lock.json` stand. */
  readonly locks: string;
  /** Where normalized output is committed. */
  readonly synthesized: string;
  /** Where Terraform's files go. */
  readonly output: string;
  /** Where plans, logs and reports of deployments are. */
  readonly work: string;
}

export const production = (root: string): World => ({
  name: "production",
  locks: join(root, "sites"),
  synthesized: join(root, "synthesized"),
  output: join(root, "cdktf.out"),
  work: join(root, ".databridge"),
});

/** All of it in a folder of its own, so that nothing done there changes what is committed. */
export const sandbox = (folder: string): World => ({
  name: "sandbox",
  locks: join(folder, "locks"),
  synthesized: join(folder, "synthesized"),
  output: join(folder, "cdktf.out"),
  work: folder,
});

/** What site files export, and what is wrong with the files. */
export interface ReadSites {
  readonly sites: readonly unknown[];
  /** Files that could not be loaded, or bear another name than their site. */
  readonly problems: readonly Problem[];
}

/**
 * Loads every site file of a folder, by the order of their names.
 * @param folder of compiled files
 * @param root of the sources, by which places in them are named @default - the folder above
 * @param words that may have been meant by one that is not known @default - none is suggested
 */
export function readSites(folder: string, root = dirname(folder), words: readonly string[] = []): ReadSites {
  const names = readdirSync(folder).flatMap((file) => /^(.+)\.[jt]s$/.exec(file)?.[1] ?? []);
  const loaded = names.sort().map((name) => loadSite(folder, name, root, words));
  return {
    sites: loaded.flatMap((each) => ("site" in each ? [each.site] : [])),
    problems: loaded.flatMap((each) => ("problem" in each ? [each.problem] : [])),
  };
}

type Loaded = { readonly site: unknown } | { readonly problem: Problem };

function loadSite(folder: string, name: string, root: string, words: readonly string[]): Loaded {
  if (!isName(name)) return { problem: { path: name, value: name, allowed: nameRule, fix: "rename the file" } };
  try {
    const { default: site } = require(join(folder, name)) as { default?: unknown };
    const bears = isRecord(site) ? site.name : undefined;
    if (bears === name) return { site };
    const fix = site === undefined ? "export default site(…)" : "rename the site or the file";
    return { problem: { path: name, value: bears, allowed: `"${name}", as its file`, fix } };
  } catch (error) {
    const { message, stack = "" } = error instanceof Error ? error : new Error(String(error));
    const at = placeIn(stack, root) ?? `sites/${name}.ts`;
    // What the compiler makes of an import that is not there: (0, import_vocabulary.tibb) is not a function.
    const missing = /^\(0 ?, import_\w+\.(\w+)\) is not a function/.exec(message)?.[1];
    const undefinedWord = error instanceof ReferenceError ? /^(\w+) is not defined/.exec(message)?.[1] : undefined;
    const word = missing ?? undefinedWord;
    const value = missing === undefined ? (message.split("\n")[0] ?? "") : `${missing} is not a function`;
    const advice = words.includes(word ?? "") ? "import it" : didYouMean(word, words, "import it, or correct its name");
    const fix = word === undefined ? `mend ${at}` : `${advice}: ${lineOf(word, at, root)}`;
    return { problem: { path: name, value, allowed: "a file that loads", fix } };
  }
}

/** Where a word stands: compiled code tells the place of what is around it. */
function lineOf(word: string, at: string, root: string): string {
  const [, file = at, line = "1"] = /^(.*):(\d+)$/.exec(at) ?? [];
  const source = join(root, file);
  const lines = existsSync(source) ? readFileSync(source, "utf8").split("\n") : [];
  const near = [0, 1, -1, 2, -2, 3].map((distance) => Number(line) + distance);
  const found = near.find((n) => new RegExp(`\\b${word}\\b`).test(lines[n - 1] ?? ""));
  return found === undefined ? at : `${file}:${found}`;
}

/** The innermost place of a stack trace that is in our sources: `sites/lumi.ts:12`. */
function placeIn(stack: string, root: string): string | undefined {
  const places = stack.split("\n").flatMap((line) => /\(?([^()\s]+\.ts:\d+):\d+\)?$/.exec(line)?.[1] ?? []);
  const place = places.find((each) => each.startsWith(`${root}${sep}`) && !each.includes("node_modules"));
  return place && relative(root, place).replaceAll("\\", "/");
}

/** What every lock of a world holds. A file that is no JSON is told as such, by the name of its site. */
export const readLocks = (world: World): Readonly<Record<string, unknown>> => parsedLocks(lockFiles(world));

/** Texts of the locks of a world, by the name of their file. */
export const lockFiles = ({ locks }: World): ReadonlyMap<string, string> =>
  new Map(
    (existsSync(locks) ? readdirSync(locks) : [])
      .filter(isLock)
      .map((name) => [name, readFileSync(join(locks, name), "utf8")]),
  );

/** Those of some files that are locks. */
export const lockFilesIn = (files: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
  new Map([...files].filter(([name]) => isLock(name)));

const ending = ".lock.json";
const isLock = (name: string): boolean => name.endsWith(ending) && !name.includes("/");

/** What locks hold, by site. */
export const parsedLocks = (files: ReadonlyMap<string, string>): Readonly<Record<string, unknown>> =>
  Object.fromEntries([...files].map(([name, text]) => [basename(name, ending), parsed(text)]));

/** The JSON of a lock, or what is wrong with the file. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What the parser says repeats some of the text, which may be anything.
    const marker = text.split("\n").findIndex((line) => /^(<{7}|={7}|>{7})( |$)/.test(line)) + 1;
    return marker > 0
      ? new Unreadable(`merge conflict at line ${marker}`, "take the entries of both sides, then: databridge lock")
      : new Unreadable("no JSON", "take the last version from git, then: databridge lock");
  }
}
