import type { Problem } from "../../model/words/problem";
import { addressIn, type StackTree } from "./elements";

/** Of two elements with one address cdktf keeps the last, silently. */
export const collisionProblems = (stacks: readonly StackTree[]): readonly Problem[] =>
  stacks.flatMap(({ elements }) => {
    const first = new Map<string, string>();
    return elements.flatMap((element): readonly Problem[] => {
      const address = addressIn(element);
      if (address === undefined) return [];
      const other = first.get(address);
      if (other === undefined) first.set(address, element.node.path);
      const allowed = `an address of its own; ${other} has this one`;
      return other === undefined
        ? []
        : [{ path: element.node.path, value: address, allowed, fix: "give one of them another id" }];
    });
  });
