import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What is below the folder `hpc`: of the checkout, or of the package that this is part of. It is looked for when it is needed. */
function below(path: string, from = __dirname): string {
  const here = join(from, "hpc", "easyconfigs");
  if (existsSync(here)) return join(dirname(here), path);
  const up = dirname(from);
  if (up === from) throw new Error("hpc/easyconfigs is part of the package, and is not there: install it again");
  return below(path, up);
}

const read = new Map<string, string>();

/** A text of ours that runs at supercomputers, or is built there: `jobs/build.sh`. */
export function shipped(path: string): string {
  const known = read.get(path);
  if (known !== undefined) return known;
  const text = readFileSync(below(path), "utf8");
  read.set(path, text);
  return text;
}

/** Names of files in one of its folders, in order. @param ending such as `.py` */
export const shippedIn = (path: string, ending: string): readonly string[] =>
  readdirSync(below(path))
    .filter((name) => name.endsWith(ending))
    .sort();

/** The folder of the program that deploys, which a workstation begins where it lies. */
export const programFolder = (): string => below("program");
