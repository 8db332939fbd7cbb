import type { App } from "cdktf";
import type { Problem } from "../../model/words/problem";
import { backendProblems } from "./backends";
import { collisionProblems } from "./collisions";
import { type StackTree, stackTreesIn } from "./elements";
import { idProblems } from "./ids";
import { importProblems } from "./imports";
import { keptProblems } from "./kept";
import { orphanProblems } from "./orphans";
import { overrideProblems } from "./overrides";
import { secretProblems } from "./secrets";
import { stateProblems } from "./states";

/** What cdktf would do silently inside of stacks, each a file of its own. */
const guards: readonly ((stacks: readonly StackTree[]) => readonly Problem[])[] = [
  idProblems,
  overrideProblems,
  collisionProblems,
  backendProblems,
  stateProblems,
  secretProblems,
  keptProblems,
];

/** Everything that is wrong with the tree. */
export function problemsOf(app: App): readonly Problem[] {
  const stacks = stackTreesIn(app);
  return [...orphanProblems(app), ...guards.flatMap((guard) => guard(stacks)), ...importProblems()];
}
