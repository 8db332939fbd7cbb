import { TerraformResource, type TerraformStack } from "cdktf";
import { distance } from "fastest-levenshtein";
import type { Lock, LockedStack } from "../model/site/lock";
import type { Problem } from "../model/words/problem";
import { addressOf, partsOf } from "./address";
import type { Moves } from "./moves/moves";
import { isAt } from "./moves/standing";
import { PlatformStack, pathOfId } from "./stack";
import { statefulIn } from "./stateful";

/** What the lock of its site knows of a stack, and where it says so: `lumi.lock.stacks.lumi-test-tenancy`. */
export interface Locked extends LockedStack {
  readonly path: string;
}

/** What locks know, by stack. */
export type LockedStacks = ReadonlyMap<string, Locked>;

export const lockedStacks = (locks: ReadonlyMap<string, Lock>): LockedStacks =>
  new Map(
    [...locks].flatMap(([site, { stacks }]) =>
      Object.entries(stacks).map(([name, stack]) => [name, { ...stack, path: `${site}.lock.stacks.${name}` }] as const),
    ),
  );

/** What the lock holds and nothing answers for: it would be lost without a word. */
export function lossProblems(stack: TerraformStack, locked: Locked, moves: Moves): readonly Problem[] {
  const kept = new Set(statefulIn(stack).map(({ address }) => address));
  const answered = new Set(answeredIn(stack, locked, moves));
  const present = new Set(stack.node.findAll().filter(TerraformResource.isTerraformResource).map(addressOf));
  const added = [...kept].filter((address) => !Object.hasOwn(locked.stateful, address));
  return Object.entries(locked.stateful)
    .filter(([address]) => !kept.has(address) && !answered.has(address))
    .map(([address, what]) => ({
      path: `${locked.path}.stateful.${address}`,
      value: what,
      allowed: "something that is described and kept, or said to be formerly or retired",
      fix: present.has(address)
        ? `keep it; or, if it may be lost: databridge lock --forget ${stack.node.id}.${address}`
        : fixOf(stack, address, added),
    }));
}

/** Addresses of the lock that are no more, and of which the description says what became of them. */
export function answeredIn(stack: TerraformStack, { stateful }: LockedStack, { blocks }: Moves): readonly string[] {
  const kept = new Set(statefulIn(stack).map(({ address }) => address));
  const retired = stack instanceof PlatformStack ? Object.keys(stack.moves.retired) : [];
  const safe = new Set(
    blocks.moved.filter(({ to }) => kept.has(to) && !Object.hasOwn(stateful, to)).map(({ from }) => from),
  );
  return Object.keys(stateful).filter(
    (address) => !kept.has(address) && (safe.has(address) || retired.some((path) => isAt(address, path))),
  );
}

/** Addresses at which something arrives that the state still has elsewhere, or not at all: no lock holds them before. */
export const arrivingIn = ({ blocks }: Moves, { stateful }: LockedStack): readonly string[] => [
  ...blocks.moved.filter(({ from }) => Object.hasOwn(stateful, from)).map(({ to }) => to),
  ...blocks.import.map(({ to }) => to),
];

/** The words to paste. @param added what is kept and was not before: one of them may be the same thing */
function fixOf(stack: TerraformStack, address: string, added: readonly string[]): string {
  const { type, id } = partsOf(address);
  const path = pathOfId(id);
  const at = stack instanceof PlatformStack ? stack.at : stack.node.path;
  const alike = added.map(partsOf).filter((each) => each.type === type);
  const heirs = alike.map((each) => pathOfId(each.id));
  const [heir] = heirs.sort((a, b) => distance(a, path) - distance(b, path));
  const [to, from] = heir === undefined ? [`<path that it has now>`, path] : withoutCommonEnd(heir, path);
  return `put it back; or in ${at}, formerly: { "${to}": "${from}" }, or retired: { "${path}": destroyed("why") } or released("why")`;
}

/** What moved is rather the host than each of its volumes. */
function withoutCommonEnd(one: string, other: string): readonly [string, string] {
  const [a, b] = [one.split("/"), other.split("/")];
  while (a.length > 1 && b.length > 1 && a.at(-1) === b.at(-1)) {
    a.pop();
    b.pop();
  }
  return [a.join("/"), b.join("/")];
}
