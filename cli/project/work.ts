import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { lockFiles, lockFilesIn, parsedLocks } from "../../engine/world";
import { readLocksOf } from "../../model/locks";
import type { Registers } from "../../model/registers";
import { stacksOf } from "../../model/stacks";
import { didYouMean, type Problem } from "../../model/words/problem";
import { plannedIn, readManifest } from "../../operate/deployment";
import type { Work } from "../../operate/gitlab/apply-pipeline";
import { Misused } from "../misused";
import { world } from "./description";
import { changedSince, commitOf, filesAt } from "./git";

/**
 * What a change leaves to do, by plans that were kept of it and by what differs from a commit.
 * @returns or what of the folder is no such plan
 * @throws Misused if it has none, or there is no such commit
 */
export function workSince(ref: string, folder: string, registers: Registers): Work | readonly Problem[] {
  const planned = existsSync(folder) ? plannedIn(readdirSync(folder)) : [];
  if (planned.length === 0)
    throw new Misused(`there are no plans in ${folder}: databridge deploy <site> --plan-only --folder ${folder}`);
  const stacks = registers.places.flatMap(stacksOf).map(({ name }) => name);
  const problems = planned.flatMap((stack): readonly Problem[] => {
    const isKnown = stacks.includes(stack);
    if (isKnown && readManifest(folder, stack)) return [];
    const [value, fix] = isKnown
      ? ["a plan of which nothing is noted, or what cannot be read", "plan it once more"]
      : ["of no stack", didYouMean(stack, stacks, "name the folder in which plans alone are")];
    return [
      { path: join(folder, `${stack}.json`), value, allowed: "a plan that databridge deploy --plan-only kept", fix },
    ];
  });
  if (problems.length > 0) return problems;
  const base = commitOf(ref);
  const changed = changedSince(base, ["synthesized", "ansible", "exporters"]);
  const learned = learnedSince(base);
  // Whatever Ansible brings, it may bring to all.
  const everywhere = changed.some((path) => /^(ansible|exporters)\//.test(path) && !path.endsWith(".md"));
  return {
    hasWork: (stack) => planned.includes(stack) && readManifest(folder, stack)?.isEmpty !== true,
    differs: (stack) => changed.includes(`synthesized/stacks/${stack}.json`),
    hostsDiffer: (site) => {
      const hosts = registers.places.filter((place) => place.site.name === site).flatMap((place) => place.hosts);
      const isOfHosts = (path: string) => hosts.some(({ id }) => path.startsWith(`synthesized/hosts/${id}/`));
      return everywhere || learned.has(site) || changed.some(isOfHosts);
    },
  };
}

/** Sites of which something else is learned than at a commit, as the key of a host that was made anew. */
function learnedSince(commit: string): ReadonlySet<string> {
  const sites = [...filesAt(commit, ["sites"])].map(([path, text]) => [path.replace(/^sites\//, ""), text] as const);
  const [was, is] = [lockFilesIn(new Map(sites)), lockFiles(world)].map(
    (files) => readLocksOf(parsedLocks(files)).locks,
  );
  const learnedAt = (locks: typeof was, site: string) => JSON.stringify(locks?.get(site)?.learned ?? {});
  return new Set([...(is?.keys() ?? [])].filter((site) => learnedAt(was, site) !== learnedAt(is, site)));
}
