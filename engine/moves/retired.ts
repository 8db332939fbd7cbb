import type { Problem } from "../../model/words/problem";
import { partsOf } from "../address";
import { pathOfId } from "../stack";
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
    problems: answers.flatMap(({ path, fate, said, there, gone }): readonly Problem[] => {
      if (there) {
        const allowed = `what is gone; ${there.node.path} is described`;
        return [{ path: said, value: path, allowed, fix: "leave one of them out" }];
      }
      return fate === "released" ? unreleased(said, path, gone) : [];
    }),
    over: answers
      .filter(({ fate, there, gone }) => fate === "destroyed" && !there && gone.length === 0)
      .map(({ said }) => said),
  };
}

/** What is released and has no block would be destroyed instead. */
function unreleased(path: string, value: string, gone: readonly string[]): readonly Problem[] {
  if (gone.length === 0) {
    const fix = "leave it out if it was applied; else put it back, keep it, databridge lock, and then release it";
    return [
      { path, value, allowed: "what the lock holds; it holds nothing there, and the plan would destroy it", fix },
    ];
  }
  const below = gone.filter((address) => !isExactly(address, value)).map(pathOfAddress);
  return below.length === 0
    ? []
    : [
        {
          path,
          value,
          allowed: `a path for each thing: ${below.join(", ")}`,
          fix: "what else stands below is destroyed",
        },
      ];
}

const isExactly = (address: string, path: string): boolean => pathOfAddress(address) === path;
const pathOfAddress = (address: string): string => pathOfId(partsOf(address).id);
