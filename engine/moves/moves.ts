import type { TerraformStack } from "cdktf";
import type { LockedStack } from "../../model/site/lock";
import type { Problem } from "../../model/words/problem";
import { partsOf } from "../address";
import { adopted } from "./adopted";
import { moved } from "./formerly";
import { removed } from "./retired";
import { type Answered, standingOf } from "./standing";

/** What Terraform is told of things that changed their place. */
export interface Moves {
  /** Blocks by their kind. */
  readonly blocks: {
    readonly moved: ReturnType<typeof moved>["blocks"];
    readonly removed: ReturnType<typeof removed>["blocks"];
    readonly import: ReturnType<typeof adopted>["blocks"];
  };
  /** Where the description says so. */
  readonly at: string;
  readonly problems: Answered["problems"];
  /** Paths of answers that are no longer needed. */
  readonly over: readonly string[];
}

/**
 * What the description and the constructs of a stack say became of things.
 * @param locked what must not be lost in this stack, by address
 */
export function movesOf(stack: TerraformStack, locked: LockedStack["stateful"]): Moves {
  const standing = standingOf(stack, locked);
  const all = { moved: moved(standing), removed: removed(standing), import: adopted(standing) };
  return {
    at: standing.at,
    blocks: { moved: all.moved.blocks, removed: all.removed.blocks, import: all.import.blocks },
    problems: Object.values(all).flatMap(({ problems }) => problems),
    over: Object.values(all).flatMap(({ over }) => over),
  };
}

/** One thing cannot be two stacks': Terraform would let both have it, and one destroy it. */
export const adoptedTwice = (all: readonly Moves[]): readonly Problem[] => {
  const seen = new Map<string, string>();
  return all.flatMap(({ blocks, at }) =>
    blocks.import.flatMap(({ to, id }): readonly Problem[] => {
      const thing = `${partsOf(to).type} ${id}`;
      const other = seen.get(thing);
      if (other === undefined) seen.set(thing, `${at}: ${to}`);
      const path = `${at}.adopted`;
      return other === undefined
        ? []
        : [{ path, value: id, allowed: `an id once; ${other} has it`, fix: "leave one of them out" }];
    }),
  );
};

/** Writes the blocks. cdktf has its own ways to, of which some run `terraform version`. */
export function addBlocks(stack: TerraformStack, { blocks }: Moves): void {
  for (const [kind, of] of Object.entries(blocks)) if (of.length > 0) stack.addOverride(kind, of);
}
