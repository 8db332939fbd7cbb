import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Where output, and what is committed of it, has the files of hosts: a folder a host, in it the host's own paths. */
export const hostsFolder = "hosts";

/** Writes texts by their path below a folder. */
export function writeBelow(folder: string, files: ReadonlyMap<string, string>): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Paths of all files below a folder, in their order; none if it is not there. */
export const filesBelow = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((file) => file.isFile())
        .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
        .sort()
    : [];

/** Removes a file, and the folders that are empty then, up to one that stays. */
export function removeBelow(folder: string, path: string): void {
  rmSync(join(folder, path), { force: true });
  for (let up = dirname(path); up !== "." && isEmpty(join(folder, up)); up = dirname(up)) rmdirSync(join(folder, up));
}

const isEmpty = (folder: string): boolean => existsSync(folder) && readdirSync(folder).length === 0;
