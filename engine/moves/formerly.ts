import type { TerraformResource, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import type { Problem } from "../../model/words/problem";
import { addressOf } from "../address";
import { idOfPath, PlatformStack, pathIn } from "../stack";
import { type Answered, isAt, type Standing } from "./standing";

const mark = "formerly";

/**
 * Says under which path of its stack a construct stood before: its state follows it, with all that stands below.
 * For constructs of a library; a site file says it in its tenancy.
 */
export const formerly = (construct: IConstruct, path: string): void => construct.node.addMetadata(mark, path);

/** A `moved` block. */
export interface Moved {
  readonly from: string;
  readonly to: string;
}

/** Every resource that stands below a path which was another one. Data sources have no state to follow them. */
export function moved(standing: Standing): Answered<Moved> {
  const formers = formersOf(standing);
  const moves = [...standing.present.values()].flatMap((resource) => {
    const former = innermost(formers, pathIn(standing.stack, resource.node));
    const from = former && addressBefore(standing.stack, resource, former);
    return former && from !== undefined && from !== addressOf(resource)
      ? [{ former, from, to: addressOf(resource) }]
      : [];
  });
  const told = formers.filter(({ said }) => said === "description");
  return {
    blocks: moves.map(({ from, to }) => ({ from, to })),
    problems: [
      ...formers.flatMap((former) => unsound(former, standing)),
      ...moves.flatMap(({ former, from }) => occupied(former, standing.present.get(from))),
      ...moves.flatMap(({ former, from, to }) => taken(former, from, to, standing)),
      ...moves.flatMap(({ former, from }, i) => {
        const other = moves.slice(0, i).find((each) => each.from === from);
        return other ? [twice(former, other.former)] : [];
      }),
    ],
    over: told.filter(({ from }) => !standing.locked.some((each) => isAt(each, from))).map(({ path }) => path),
  };
}

/** An answer: what stands at `to` stood at `from`. */
interface Former {
  readonly to: string;
  readonly from: string;
  /** Where it is said. */
  readonly path: string;
  readonly said: "description" | "construct";
}

function formersOf({ stack, moves, at }: Standing): readonly Former[] {
  const described = Object.entries(moves.formerly).map(
    ([to, from]): Former => ({ to, from, path: `${at}.formerly.${to}`, said: "description" }),
  );
  const marked = stack.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === mark)
      .map(
        ({ data }): Former => ({
          to: pathIn(stack, node).join("/"),
          from: String(data),
          path: node.path,
          said: "construct",
        }),
      ),
  );
  return [...described, ...marked];
}

/** The innermost answer that speaks of a path. */
const innermost = (formers: readonly Former[], path: readonly string[]): Former | undefined =>
  formers
    .filter(({ to }) => to.split("/").every((id, i) => path[i] === id))
    .sort((a, b) => b.to.split("/").length - a.to.split("/").length)[0];

function addressBefore(stack: TerraformStack, resource: TerraformResource, { to, from }: Former): string {
  const below = pathIn(stack, resource.node).slice(to.split("/").length);
  return `${resource.terraformResourceType}.${idOfPath([...from.split("/"), ...below])}`;
}

function unsound({ to, path, said }: Former, { stack }: Standing): readonly Problem[] {
  if (!(stack instanceof PlatformStack))
    return [{ path, value: to, allowed: "a construct in a PlatformStack", fix: "leave formerly(…) out" }];
  const there = to.split("/").reduce<IConstruct | undefined>((at, id) => at?.node.tryFindChild(id), stack);
  const fix = "write the path that it has now before the colon";
  return said === "construct" || there
    ? []
    : [{ path, value: to, allowed: "the path of a construct that is described", fix }];
}

/** Terraform cannot move to two places what still stands at one. */
const occupied = ({ path, from }: Former, there: TerraformResource | undefined): readonly Problem[] =>
  there === undefined
    ? []
    : [{ path, value: from, allowed: `a path that is free; ${there.node.path} has it`, fix: "name what has gone" }];

/** Terraform does not move onto what it has: it would leave that one, and destroy the other. */
const taken = ({ path }: Former, from: string, to: string, { locked }: Standing): readonly Problem[] =>
  locked.includes(from) && locked.includes(to)
    ? [
        {
          path,
          value: to,
          allowed: `an address that is new; the lock holds it, and ${from}`,
          fix: "move it to what is new",
        },
      ]
    : [];

const twice = ({ path, from }: Former, other: Former): Problem => ({
  path,
  value: from,
  allowed: `one place that it went to; ${other.path} names another`,
  fix: "leave one of them out",
});
