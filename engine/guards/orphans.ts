import { type App, TerraformElement, TerraformStack } from "cdktf";
import type { Problem } from "../../model/words/problem";

/** An element that stands outside of every stack is written nowhere, silently. */
export const orphanProblems = (app: App): readonly Problem[] =>
  app.node
    .findAll()
    .filter((node) => TerraformElement.isTerraformElement(node) && !node.node.scopes.some(TerraformStack.isStack))
    .map(({ node }) => ({
      path: node.path,
      value: node.id,
      allowed: "an element inside a stack",
      fix: "give it a stack as scope",
    }));
