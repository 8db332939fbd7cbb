import { canonical } from "./canonical";
import type { Change } from "./change";
import type { Element, Tree } from "./stack";

/** Who or what brought a change about. */
export const causes = [
  "site file",
  "code",
  "provider",
  "learned",
  "drift",
  "earlier",
  "unexplained",
  "site file or code",
] as const;
export type Cause = (typeof causes)[number];

/** The trees between base and head, each with one more thing as it is at the head. */
export interface Stage {
  readonly cause: Cause;
  /** Which lines of which files came with it: `sites/lumi.ts:35`. @default - not known */
  readonly at?: readonly string[];
  readonly tree: Tree;
}

/** The causes of a change, and where they stand. */
export interface Causes {
  readonly causes: readonly Cause[];
  readonly at: readonly string[];
}

/**
 * The causes of a change: the stages at which its element becomes another. What the last stage does not give, though it
 * is all that the head has, is unexplained: somebody wrote it by hand, or forgot to synthesize. What a plan does to something that is
 * the same all along is of an earlier change, which was not applied, or undone by somebody.
 * @param address of the element that differs: of what is brought about by another, that of the other
 * @param stages in order; the last one is what the head's inputs give
 */
export function causesOf(change: Change, address: string, base: Tree, stages: readonly Stage[], head: Tree): Causes {
  if (change.drift) return { causes: ["drift"], at: [] };
  const isProvider = address.startsWith("terraform.required_providers.");
  /** Stages at which something becomes another. */
  const stagesOf = (text: (tree: Tree) => string): readonly Stage[] =>
    stages.filter(({ tree }, i) => text(tree) !== text(stages[i - 1]?.tree ?? base));
  const told = (found: readonly Stage[], more: readonly Cause[]): Causes => ({
    causes: [...new Set([...found.map(({ cause }) => (isProvider ? "provider" : cause)), ...more])],
    at: [...new Set(found.flatMap(({ at = [] }) => at))],
  });
  // What moved was elsewhere before; by its new address it begins with nothing.
  const element = (tree: Tree): string => textOf(tree.get(change.stack)?.elements.get(address));
  const isByHand = element(head) !== element(stages.at(-1)?.tree ?? base);
  const found = stagesOf(element);
  if (found.length > 0 || isByHand) return told(found, isByHand ? ["unexplained"] : []);
  // Nothing of it differs, as of something that is adopted where it stands: its blocks do.
  const blocks = (tree: Tree): string => {
    const stack = tree.get(change.stack);
    return canonical([stack?.moved, stack?.removed, stack?.imported]);
  };
  const said = stagesOf(blocks);
  if (said.length > 0) return told(said, []);
  return told([], [blocks(head) === blocks(stages.at(-1)?.tree ?? base) ? "earlier" : "unexplained"]);
}

const textOf = (element: Element | undefined): string => (element === undefined ? "" : canonical(element));
