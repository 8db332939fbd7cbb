import type { Problem } from "../../model/words/problem";
import { addressOf } from "../address";
import { pathIn } from "../stack";
import type { Answered, Standing } from "./standing";

/** An `import` block: what exists already becomes ours. */
export interface Import {
  readonly to: string;
  readonly id: string;
}

export function adopted({ stack, moves, at, present, locked }: Standing): Answered<Import> {
  const resources = [...present.values()].map((resource) => ({
    resource,
    path: pathIn(stack, resource.node).join("/"),
  }));
  const answers = Object.entries(moves.adopted).map(([path, id]) => ({
    path,
    id,
    found: resources.find((each) => [path, `${path}/Resource`, `${path}/Default`].includes(each.path))?.resource,
  }));
  return {
    blocks: answers.flatMap(({ found, id }) => (found ? [{ to: addressOf(found), id }] : [])),
    problems: answers.flatMap(({ found, path: value, id }): readonly Problem[] => {
      const path = `${at}.adopted.${value}`;
      const allowed = "the path of a resource that is described";
      if (!found) return [{ path, value, allowed, fix: "take it from the comments of synthesized/" }];
      const isOurs = locked.includes(addressOf(found));
      // Terraform takes no notice of it then: what is meant would be nobody's.
      return isOurs
        ? [{ path, value: id, allowed: "a place where nothing is yet; the lock has it", fix: "leave it out" }]
        : [];
    }),
    over: [],
  };
}
