import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isRecord } from "../model/words/parse";
import type { Problem } from "../model/words/problem";

/** The folder of the project: the nearest one upward that holds `cdktf.json`. */
export function projectRoot(from: string): string {
  if (existsSync(join(from, "cdktf.json"))) return from;
  const up = dirname(from);
  if (up === from) throw new Error("no cdktf.json in this folder or above it: run the command inside the project");
  return projectRoot(up);
}

/** Production and the sandbox are two worlds of one description: a world chooses the locks and where output goes. */
export interface World {
  readonly name: "production";
  /** Where `<site>.lock.json` stand. */
  readonly locks: string;
  /** Where normalized output is committed. */
  readonly synthesized: string;
}

export const production = (root: string): World => ({
  name: "production",
  locks: join(root, "sites"),
  synthesized: join(root, "synthesized"),
});

/** What site files export, and what is wrong with the files. */
export interface ReadSites {
  readonly sites: readonly unknown[];
  /** Files that could not be loaded, or bear another name than their site. */
  readonly problems: readonly Problem[];
}

/** Loads every site file of a folder, by the order of their names. @param folder of compiled files */
export function readSites(folder: string): ReadSites {
  const names = readdirSync(folder).flatMap((file) => /^([^.]+)\.[jt]s$/.exec(file)?.[1] ?? []);
  const loaded = names.sort().map((name) => loadSite(folder, name));
  return {
    sites: loaded.flatMap((each) => ("site" in each ? [each.site] : [])),
    problems: loaded.flatMap((each) => ("problem" in each ? [each.problem] : [])),
  };
}

function loadSite(folder: string, name: string): { readonly site: unknown } | { readonly problem: Problem } {
  try {
    const { default: site } = require(join(folder, name)) as { default?: unknown };
    const bears = isRecord(site) ? site.name : undefined;
    if (bears === name) return { site };
    const fix = site === undefined ? "export default site(…)" : "rename the site or the file";
    return { problem: { path: name, value: bears, allowed: `"${name}", as its file`, fix } };
  } catch (error) {
    const { message, stack = "" } = error instanceof Error ? error : new Error(String(error));
    const [line = `sites/${name}.ts`] = new RegExp(`sites/${name}\\.ts:\\d+`).exec(stack) ?? [];
    return { problem: { path: name, value: message, allowed: "a file that loads", fix: `mend ${line}` } };
  }
}

/** What every lock of a world holds. A file that is no JSON is told as such, by the name of its site. */
export function readLocks(world: World): Readonly<Record<string, unknown>> {
  const files = existsSync(world.locks) ? readdirSync(world.locks).filter((file) => file.endsWith(".lock.json")) : [];
  return Object.fromEntries(files.map((file) => [basename(file, ".lock.json"), parsed(join(world.locks, file))]));
}

function parsed(file: string): unknown {
  const text = readFileSync(file, "utf8");
  try {
    return JSON.parse(text);
  } catch (error) {
    return `not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
}
