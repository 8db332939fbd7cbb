import type { App } from "cdktf";
import type { Problem } from "../../model/words/problem";
import { backendProblems } from "./backends";
import { collisionProblems } from "./collisions";
import { idProblems } from "./ids";
import { importProblems } from "./imports";
import { orphanProblems } from "./orphans";
import { overrideProblems } from "./overrides";
import { secretProblems } from "./secrets";
import { stateProblems } from "./states";

/** What cdktf would do silently, each a file of its own. */
const guards: readonly ((app: App) => readonly Problem[])[] = [
  orphanProblems,
  idProblems,
  overrideProblems,
  collisionProblems,
  backendProblems,
  stateProblems,
  secretProblems,
  importProblems,
];

/** Everything that is wrong with the tree. */
export const problemsOf = (app: App): readonly Problem[] => guards.flatMap((guard) => guard(app));
