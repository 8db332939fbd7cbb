import { addressOf } from "../address";
import { pathIn } from "../stack";
import type { Answered, Standing } from "./standing";

/** An `import` block: what exists already becomes ours. */
export interface Import {
  readonly to: string;
  readonly id: string;
}

export function adopted({ stack, moves, at, present }: Standing): Answered<Import> {
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
    problems: answers.flatMap(({ found, path }) =>
      found
        ? []
        : [
            {
              path: `${at}.adopted.${path}`,
              value: path,
              allowed: "the path of a resource that is described",
              fix: "take it from the comments of synthesized/",
            },
          ],
    ),
    over: [],
  };
}
