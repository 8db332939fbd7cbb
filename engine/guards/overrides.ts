import type { TerraformElement } from "cdktf";
import type { Problem } from "../../model/words/problem";
import type { StackTree } from "./elements";

/** An overridden id hides where an element stands, so neither a move nor a loss could be seen. */
export const overrideProblems = (stacks: readonly StackTree[]): readonly Problem[] =>
  stacks
    .flatMap(({ elements }) => elements)
    .filter((element) => overrideOf(element) !== undefined)
    .map((element) => ({
      path: element.node.path,
      value: overrideOf(element),
      allowed: "an address that follows from the path",
      fix: "leave overrideLogicalId out; if an old address is meant to stay, say formerly(…)",
    }));

/** Private in cdktf, which offers no way to ask. */
const overrideOf = (element: TerraformElement): unknown => Reflect.get(element, "_logicalIdOverride");
