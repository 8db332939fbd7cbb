import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder `hpc`: of the checkout, or of the package that this is part of. */
const folder = upward(__dirname);

function upward(from: string): string {
  const here = join(from, "hpc", "easyconfigs");
  if (existsSync(here)) return dirname(here);
  const up = dirname(from);
  if (up === from) throw new Error("hpc/easyconfigs is part of the package, and is not there: install it again");
  return upward(up);
}

const read = new Map<string, string>();

/** A text of ours that runs at supercomputers, or is built there: `jobs/build.sh`. */
export function shipped(path: string): string {
  const known = read.get(path);
  if (known !== undefined) return known;
  const text = readFileSync(join(folder, path), "utf8");
  read.set(path, text);
  return text;
}

/** Names of files in one of its folders, in order. @param ending such as `.py` */
export const shippedIn = (path: string, ending: string): readonly string[] =>
  readdirSync(join(folder, path))
    .filter((name) => name.endsWith(ending))
    .sort();

/** The program that deploys, which a workstation begins where it lies. */
export const programFolder = join(folder, "program");
