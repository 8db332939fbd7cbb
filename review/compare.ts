import { isDeepStrictEqual } from "node:util";
import { isRecord } from "../model/words/record";
import type { Change, Difference, ProviderFacts } from "./change";
import { withConsequences } from "./consequences";
import type { Element, Stack, Tree } from "./stack";

/** Everything that differs between two trees, and what comes of it. */
export const compare = (base: Tree, head: Tree, facts: ProviderFacts): readonly Change[] =>
  [...new Set([...base.keys(), ...head.keys()])]
    .sort()
    .flatMap((name) => compareStacks(name, base.get(name) ?? none, head.get(name) ?? none, facts));

const none: Stack = { elements: new Map(), moved: [], removed: [], imported: [] };

function compareStacks(stack: string, base: Stack, head: Stack, facts: ProviderFacts): readonly Change[] {
  const moves = movesIn(base, head);
  const origin = new Map([...moves].map(([from, to]) => [to, from]));
  const forgotten = new Set(head.removed.filter(({ destroy }) => !destroy).map(({ from }) => from));
  const adopted = new Set(head.imported.map(({ to }) => to));
  const gone = [...base.elements.values()].filter(({ address }) => !head.elements.has(address) && !moves.has(address));
  const changes = [
    ...gone.map((before): Change => {
      const action = forgotten.has(before.address) ? "forget" : "delete";
      return { stack, address: before.address, action, before, after: undefined, differences: [] };
    }),
    ...[...head.elements.values()].flatMap((after): readonly Change[] => {
      const { address } = after;
      const from = origin.get(address);
      const before = base.elements.get(from ?? address);
      if (!before) {
        const action = adopted.has(address) ? "adopt" : "create";
        return [{ stack, address, action, before, after, differences: [] }];
      }
      const differences = differencesOf(renamed(before, moves), after, facts);
      if (from === undefined && differences.length === 0) return [];
      return [
        { stack, address, action: actionOf(differences, from), before, after, differences, ...(from && { from }) },
      ];
    }),
  ];
  return withConsequences(changes, stack, base, head, facts).sort((a, b) => (a.address < b.address ? -1 : 1));
}

function actionOf(differences: readonly Difference[], from: string | undefined): Change["action"] {
  if (differences.some(({ effect }) => effect === "replaces")) return "replace";
  if (differences.some(({ effect }) => effect === "changes")) return "update";
  return from === undefined ? "none" : "move";
}

/** From where to where things move. Nothing moves that is not there, or onto what is. */
const movesIn = (base: Stack, head: Stack): ReadonlyMap<string, string> =>
  new Map(
    head.moved
      .filter(
        ({ from, to }) =>
          base.elements.has(from) && !base.elements.has(to) && !head.elements.has(from) && head.elements.has(to),
      )
      .map(({ from, to }) => [from, to]),
  );

/** An element whose references follow what moved, so that following is no difference. */
function renamed(element: Element, moves: ReadonlyMap<string, string>): Element {
  if (moves.size === 0) return element;
  const follow = (value: unknown): unknown => {
    if (typeof value === "string")
      return value.replace(/(?:data\.)?[A-Za-z]\w*\.[A-Za-z_][\w-]*/g, (address) => moves.get(address) ?? address);
    if (Array.isArray(value)) return value.map(follow);
    return isRecord(value)
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, follow(item)]))
      : value;
  };
  return {
    ...element,
    ...(follow({ args: element.args, lifecycle: element.lifecycle, dependsOn: element.dependsOn }) as Pick<
      Element,
      "args" | "lifecycle" | "dependsOn"
    >),
  };
}

/** What differs between an element and itself. */
export function differencesOf(before: Element, after: Element, facts: ProviderFacts): readonly Difference[] {
  const { ignore_changes: ignore, ...lifecycle } = after.lifecycle;
  const { ignore_changes: ignored, ...was } = before.lifecycle;
  const isIgnored = (name: string): boolean => ignore === "all" || (Array.isArray(ignore) && ignore.includes(name));
  const isResource = after.kind === "resource";
  const inArgs = differences(before.args, after.args, "", (path) => facts.isSet(after.type, path)).map(
    ({ plain, order, ...difference }): Difference => ({
      ...difference,
      effect: order
        ? "order"
        : isResource && isIgnored(plain.split(".")[0] ?? "")
          ? "ignored"
          : isResource && facts.replaces(after.type, plain)
            ? "replaces"
            : "changes",
    }),
  );
  const inLifecycle = differences(
    { ...was, ignore_changes: ignored },
    { ...lifecycle, ignore_changes: ignore },
    "",
    () => true,
  ).map(
    ({ path, before: old, after: now, order }): Difference => ({
      path: `lifecycle.${path}`,
      before: old,
      after: now,
      effect: order ? "order" : "changes",
    }),
  );
  const inOrder: readonly Difference[] = isDeepStrictEqual(before.dependsOn, after.dependsOn)
    ? []
    : [{ path: "depends_on", before: before.dependsOn, after: after.dependsOn, effect: "order" }];
  const elsewhere: readonly Difference[] =
    before.path === after.path ? [] : [{ path: "//", before: before.path, after: after.path, effect: "order" }];
  return [...inArgs, ...inLifecycle, ...inOrder, ...elsewhere];
}

interface Found {
  readonly path: string;
  /** The path without positions. */
  readonly plain: string;
  readonly before: unknown;
  readonly after: unknown;
  /** It is a set, and only its order differs. */
  readonly order: boolean;
}

function differences(
  before: unknown,
  after: unknown,
  path: string,
  isSet: (plain: string) => boolean,
  plain = path,
): readonly Found[] {
  if (isDeepStrictEqual(before, after)) return [];
  const found = { path, plain, before, after };
  if (isRecord(before) && isRecord(after))
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .sort()
      .flatMap((key) =>
        differences(
          before[key],
          after[key],
          path === "" ? key : `${path}.${key}`,
          isSet,
          plain === "" ? key : `${plain}.${key}`,
        ),
      );
  if (Array.isArray(before) && Array.isArray(after)) {
    if (isSet(plain)) return [{ ...found, order: isDeepStrictEqual(sorted(before), sorted(after)) }];
    if (before.length === after.length)
      return before.flatMap((item, i) => differences(item, after[i], `${path}.${i}`, isSet, plain));
  }
  return [{ ...found, order: false }];
}

const sorted = (items: readonly unknown[]): readonly string[] => items.map((item) => JSON.stringify(item) ?? "").sort();
