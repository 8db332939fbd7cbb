import { join, resolve } from "node:path";
import { production, readLocks, sandbox, type World } from "../../engine/world";
import { type Gathered, gather } from "../../model/gather";
import type { Registers } from "../../model/registers";
import { didYouMean, listed, type Problem } from "../../model/words/problem";
import { answered } from "../../sandbox/answers";
import { withSmallDisks } from "../../sandbox/small-disks";
import { Misused } from "../misused";
import { problemsJson, problemsText } from "../print/problems";
import { readOwnSites, root } from "./project";
import { shownKeys } from "./shown-keys";

/** The world that the call names by `--world`. */
export const world: World =
  process.env.DATABRIDGE_WORLD === "sandbox"
    ? sandbox(resolve(process.env.DATABRIDGE_SANDBOX || join(root, ".sandbox")))
    : production(root);
/** Where Terraform's files go; cdktf's CLI may want them elsewhere. */
export const outdir = process.env.CDKTF_OUTDIR ?? world.output;

/** Reads sites and locks of this project. */
export function describe(locks: Readonly<Record<string, unknown>> = readLocks(world)): Gathered {
  const { sites: written, problems } = readOwnSites();
  // Nobody in the sandbox can be asked.
  const sites = world.name === "sandbox" ? answered(written, shownKeys(world.work)).sites : written;
  const { registers: all, problems: others } = gather(sites, locks, { partial: problems.length > 0 });
  const registers = world.name === "sandbox" ? withSmallDisks(all) : all;
  return { registers, problems: [...problems, ...others] };
}

/**
 * The description, or nothing once its problems have been told.
 * @param sites that were asked for
 * @throws Misused if there is no such site
 */
export function soundDescription(sites: readonly string[], json: boolean): Registers | undefined {
  const { registers, problems } = describe();
  if (problems.length > 0) {
    tell(problems, json);
    return undefined;
  }
  const names = registers.sites.map(({ name }) => name);
  const unknown = sites.find((site) => !names.includes(site));
  if (unknown !== undefined)
    throw new Misused(`there is no site "${unknown}"; ${didYouMean(unknown, names, `there are ${listed(names)}`)}`);
  return registers;
}

/** Tells what is wrong: for people, or as JSON on standard output. */
export function tell(problems: readonly Problem[], json: boolean): void {
  if (json) console.log(problemsJson(problems));
  else console.error(problemsText(problems));
}

/** Whether a site was asked for; without a word, all are. */
export const isWanted = (site: string, wanted: readonly string[]): boolean =>
  wanted.length === 0 || wanted.includes(site);
