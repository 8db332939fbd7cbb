import { join } from "node:path";
import { production, projectRoot, readLocks, readSites } from "../engine/world";
import { type Gathered, gather } from "../model/gather";
import type { Registers } from "../model/registers";
import { didYouMean, listed, type Problem } from "../model/words/problem";
import { problemsJson, problemsText } from "./print";

/** The folder of the project, wherever this file was compiled to. */
export const root = projectRoot(__dirname);
export const world = production(root);
/** Where Terraform's files go; cdktf's CLI may want them elsewhere. */
export const outdir = process.env.CDKTF_OUTDIR ?? join(root, "cdktf.out");

/** Reads sites and locks of this project. */
export function describe(): Gathered {
  const { sites, problems } = readSites(join(__dirname, "..", "sites"));
  const { registers, problems: others } = gather(sites, readLocks(world), { partial: problems.length > 0 });
  return { registers, problems: [...problems, ...others] };
}

/** The description, or nothing once its problems have been told. @param json tells them as JSON, on standard output */
export function soundDescription(sites: readonly string[], json: boolean): Registers | undefined {
  const { registers, problems } = describe();
  const all = [...problems, ...unknownSites(sites, registers)];
  if (all.length === 0) return registers;
  if (json) console.log(problemsJson(all));
  else console.error(problemsText(all));
  return undefined;
}

/** Whether a site was asked for; without a word, all are. */
export const isWanted = (site: string, wanted: readonly string[]): boolean =>
  wanted.length === 0 || wanted.includes(site);

function unknownSites(wanted: readonly string[], { sites }: Registers): readonly Problem[] {
  const names = sites.map(({ name }) => name);
  return wanted
    .filter((name) => !names.includes(name))
    .map((name) => ({
      path: name,
      value: name,
      allowed: listed(names),
      fix: didYouMean(name, names, "name one of them"),
    }));
}
