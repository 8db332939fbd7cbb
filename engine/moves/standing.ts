import { TerraformResource, type TerraformStack } from "cdktf";
import type { LockedStack } from "../../model/site/lock";
import { type Moves, noMoves } from "../../model/site/moves";
import type { Problem } from "../../model/words/problem";
import { addressOf, partsOf } from "../address";
import { PlatformStack } from "../stack";

/** A stack, what is said to have become of its things, and what the lock knows of it. */
export interface Standing {
  readonly stack: TerraformStack;
  readonly moves: Moves;
  /** Where the description says so. */
  readonly at: string;
  /** Managed resources by address. */
  readonly present: ReadonlyMap<string, TerraformResource>;
  /** Addresses that must not be lost. */
  readonly locked: readonly string[];
}

/** What came of one kind of answer. */
export interface Answered<Block = unknown> {
  readonly blocks: readonly Block[];
  readonly problems: readonly Problem[];
  /** Paths of answers that are no longer needed. */
  readonly over: readonly string[];
}

export function standingOf(stack: TerraformStack, locked: LockedStack["stateful"]): Standing {
  const resources = stack.node.findAll().filter(TerraformResource.isTerraformResource);
  const said = stack instanceof PlatformStack ? stack : { moves: noMoves, at: stack.node.path };
  return {
    stack,
    moves: said.moves,
    at: said.at,
    present: new Map(resources.map((resource) => [addressOf(resource), resource])),
    locked: Object.keys(locked),
  };
}

/** Whether an address, `type.host_x_volume`, is of a construct at a path, `host/x`, or below. */
export function isAt(address: string, path: string): boolean {
  const { id } = partsOf(address);
  const at = path.replaceAll("/", "_");
  return id === at || id.startsWith(`${at}_`);
}
