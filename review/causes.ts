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
  const at = (tree: Tree): string => textOf(tree.get(change.stack)?.elements.get(address));
  const causes: Cause[] = [];
  // What moved was elsewhere before; by its new address it begins with nothing.
  let last = at(base);
  for (const { cause, tree } of stages) {
    const now = at(tree);
    if (now !== last) causes.push(address.startsWith("terraform.required_providers.") ? "provider" : cause);
    last = now;
  }
  if (at(head) !== last) causes.push("unexplained");
  if (causes.length > 0) return [...new Set(causes)];
  // Nothing of it differs: its blocks do, as that of a move.
  const blocks = (tree: Tree): string => {
    const stack = tree.get(change.stack);
    return canonical([stack?.moved, stack?.removed, stack?.imported]);
  };
  let before = blocks(base);
  for (const { cause, tree } of stages) {
    if (blocks(tree) !== before) causes.push(cause);
    before = blocks(tree);
  }
  return causes.length > 0 ? [...new Set(causes)] : ["unexplained"];
}

const textOf = (element: Element | undefined): string => (element === undefined ? "" : canonical(element));
