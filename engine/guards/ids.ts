import { type App, TerraformElement } from "cdktf";
import type { IConstruct } from "constructs";
import type { Problem } from "../../model/words/problem";
import { PlatformStack, pathIn } from "../stack";
import { stacksIn } from "./elements";

/** Ids become parts of addresses, joined by `_`: one that holds it could be two paths, and Terraform takes few others. */
export const idProblems = (app: App): readonly Problem[] =>
  stacksIn(app).flatMap((stack) =>
    stack instanceof PlatformStack
      ? stack.node.findAll().flatMap((construct): readonly Problem[] => {
          const path = pathIn(stack, construct.node);
          const id = path.at(-1);
          if (id === undefined || isAllowed(id, path.length === 1) || !leads(construct)) return [];
          const allowed = `letters, digits and dashes${path.length === 1 ? ", a letter first" : ""}`;
          return [{ path: construct.node.path, value: id, allowed, fix: "give it another id" }];
        })
      : [],
  );

const isAllowed = (id: string, first: boolean): boolean =>
  /^[A-Za-z0-9-]+$/.test(id) && (!first || /^[A-Za-z]/.test(id));

/** Whether it stands in an address: it is an element, or one stands below it. */
const leads = ({ node }: IConstruct): boolean => node.findAll().some(TerraformElement.isTerraformElement);
