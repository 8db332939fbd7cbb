import type { Problem } from "../../model/words/problem";
import { isRecord } from "../../model/words/record";
import { isKept } from "../stateful";
import { argumentsOf, type StackTree } from "./elements";

/** What is kept stays kept, whatever was said of it later: by another lifecycle, an override, or that there be none. */
export const keptProblems = (stacks: readonly StackTree[]): readonly Problem[] =>
  stacks.flatMap(({ elements }) =>
    elements.filter(isKept).flatMap((element): readonly Problem[] => {
      const { path } = element.node;
      const { lifecycle, count, for_each: each } = argumentsOf(element);
      const refuses = isRecord(lifecycle) && lifecycle.prevent_destroy === true;
      const allowed = "as keep(…) left it: what is kept is one, and Terraform refuses to destroy it";
      return [
        ...(refuses
          ? []
          : [{ path: `${path}.lifecycle`, value: lifecycle, allowed, fix: "spread the lifecycle that it has" }]),
        ...(count === undefined && each === undefined
          ? []
          : [{ path, value: count ?? each, allowed, fix: "leave count and for_each out" }]),
      ];
    }),
  );
