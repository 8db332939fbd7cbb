import type { Problem } from "../../model/words/problem";
import { PlatformStack } from "../stack";
import type { StackTree } from "./elements";

/** Ids become parts of addresses, joined by `_`: one that holds it could be two paths, and Terraform takes few others. */
export const idProblems = (stacks: readonly StackTree[]): readonly Problem[] =>
  stacks.flatMap(({ stack, elements }) => {
    if (!(stack instanceof PlatformStack)) return [];
    const inAddresses = new Set(elements.flatMap(({ node }) => node.scopes.slice(node.scopes.indexOf(stack) + 1)));
    return [...inAddresses].flatMap(({ node }): readonly Problem[] => {
      const first = node.scope === stack;
      if (isAllowed(node.id, first)) return [];
      const allowed = `letters, digits and dashes${first ? ", a letter first" : ""}`;
      return [{ path: node.path, value: node.id, allowed, fix: "give it another id" }];
    });
  });

const isAllowed = (id: string, first: boolean): boolean =>
  /^[A-Za-z0-9-]+$/.test(id) && (!first || /^[A-Za-z]/.test(id));
