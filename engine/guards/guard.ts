import type { App } from "cdktf";
import type { Problem } from "../../model/words/problem";
import { backendProblems } from "./backends";
import { collisionProblems } from "./collisions";
import { importProblems } from "./imports";
import { orphanProblems } from "./orphans";
import { overrideProblems } from "./overrides";
import { secretProblems } from "./secrets";

/** Thrown instead of writing output that would lose or reveal something; nothing has been written. */
export class Refused extends Error {
  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(({ path, allowed, fix }) => `${path}: allowed: ${allowed}; fix: ${fix}`).join("\n"));
  }
}

/** What cdktf would do silently, each a file of its own. */
const guards: readonly ((app: App) => readonly Problem[])[] = [
  orphanProblems,
  overrideProblems,
  collisionProblems,
  backendProblems,
  secretProblems,
  importProblems,
];

/** @throws {@link Refused} with everything that is wrong with the tree, before any file is written */
export function guard(app: App): void {
  const problems = guards.flatMap((problemsOf) => problemsOf(app));
  if (problems.length > 0) throw new Refused(problems);
}
