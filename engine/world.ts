import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

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

/** What every site file in a folder exports, by the order of their names. @param folder of compiled files */
export function readSites(folder: string): readonly unknown[] {
  return readdirSync(folder)
    .filter((file) => /^[^.]+\.[jt]s$/.test(file))
    .sort()
    .map((file) => (require(join(folder, file)) as { default?: unknown }).default);
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
