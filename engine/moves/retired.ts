import { type Answered, isAt, type Standing } from "./standing";

/** A `removed` block: Terraform forgets the thing, and leaves it standing. */
export interface Removed {
  readonly from: string;
  readonly lifecycle: readonly [{ readonly destroy: false }];
}

/** What is described no more. Only what the lock knows is released: anything else can be made again. */
export function removed({ moves, at, present, locked }: Standing): Answered<Removed> {
  const answers = Object.entries(moves.retired).map(([path, { fate }]) => ({
    path,
    fate,
    said: `${at}.retired.${path}`,
    there: [...present].find(([address]) => isAt(address, path))?.[1],
    gone: locked.filter((address) => isAt(address, path) && !present.has(address)),
  }));
  const released = answers.filter(({ fate }) => fate === "released").flatMap(({ gone }) => gone);
  return {
    blocks: [...new Set(released)].map((from) => ({ from, lifecycle: [{ destroy: false }] })),
    problems: answers.flatMap(({ path, said, there }) =>
      there
        ? [
            {
              path: said,
              value: path,
              allowed: `what is gone; ${there.node.path} is described`,
              fix: "leave one of them out",
            },
          ]
        : [],
    ),
    over: answers.filter(({ there, gone }) => !there && gone.length === 0).map(({ said }) => said),
  };
}
