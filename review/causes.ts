import { canonical } from "./canonical";
import type { Change } from "./change";
import type { Element, Tree } from "./stack";

/** Who or what brought a change about. */
export type Cause = "site file" | "code" | "provider" | "learned" | "drift" | "unexplained" | "site file or code";

/** The trees between base and head, each with one more thing as it is at the head. */
export interface Stage {
  readonly cause: Cause;
  readonly tree: Tree;
}

/**
 * The causes of a change: the stages at which its element becomes another. What the last stage does not give, though it
 * is all that the head has, is unexplained: somebody wrote it by hand, or forgot to synthesize.
 * @param address of the element that differs: of what is brought about by another, that of the other
 * @param stages in order; the last one is what the head's inputs give
 */
export function causesOf(
  change: Change,
  address: string,
  base: Tree,
  stages: readonly Stage[],
  head: Tree,
): readonly Cause[] {
  if (change.drift) return ["drift"];
  const isProvider = address.startsWith("terraform.required_providers.");
  /** Stages at which something becomes another. */
  const stagesOf = (at: (tree: Tree) => string): readonly Cause[] =>
    stages.flatMap(({ cause, tree }, i) => {
      const before = stages[i - 1]?.tree ?? base;
      return at(tree) === at(before) ? [] : [isProvider ? "provider" : cause];
    });
  // What moved was elsewhere before; by its new address it begins with nothing.
  const element = (tree: Tree): string => textOf(tree.get(change.stack)?.elements.get(address));
  const isByHand = element(head) !== element(stages.at(-1)?.tree ?? base);
  const causes = [...stagesOf(element), ...(isByHand ? (["unexplained"] as const) : [])];
  if (causes.length > 0) return [...new Set(causes)];
  // Nothing of it differs, as of something that is adopted where it stands: its blocks do.
  const said = stagesOf((tree) => {
    const stack = tree.get(change.stack);
    return canonical([stack?.moved, stack?.removed, stack?.imported]);
  });
  return said.length > 0 ? [...new Set(said)] : ["unexplained"];
}

const textOf = (element: Element | undefined): string => (element === undefined ? "" : canonical(element));
