import { isRecord } from "../model/words/record";
import type { Change, ProviderFacts } from "./change";
import type { Element, Stack } from "./stack";

/**
 * Adds what a change brings about elsewhere: whoever refers to something that is made anew, in an argument that cannot
 * change, is made anew too, and so on; as is whoever says so by `replace_triggered_by`.
 */
export function withConsequences(
  changes: readonly Change[],
  stack: string,
  base: Stack,
  head: Stack,
  facts: ProviderFacts,
): Change[] {
  const all = new Map(changes.map((change) => [change.address, change]));
  const waiting = [...all.values()].filter(({ action }) => action === "replace" || action === "update");
  for (let change = waiting.shift(); change; change = waiting.shift())
    for (const after of head.elements.values()) {
      const before = all.get(after.address)?.before ?? base.elements.get(after.address);
      const known = all.get(after.address);
      if (after.kind !== "resource" || !before || known?.action === "replace" || after.address === change.address)
        continue;
      if (!isTriggered(after, change) && !(change.action === "replace" && isRenewed(after, change, facts))) continue;
      const next: Change = {
        ...(known ?? { stack, address: after.address, before, after, differences: [] }),
        action: "replace",
        through: change.address,
      };
      all.set(after.address, next);
      waiting.push(next);
    }
  return [...all.values()];
}

function isTriggered({ lifecycle }: Element, { address, action, differences }: Change): boolean {
  const by = lifecycle.replace_triggered_by;
  const real = action === "replace" || differences.some(({ effect }) => effect === "changes");
  return real && Array.isArray(by) && by.some((each) => each === address || String(each).startsWith(`${address}.`));
}

/** Whether an argument that cannot change takes what will be another: an id, or whatever else the cloud gives. */
function isRenewed(element: Element, { address, after }: Change, facts: ProviderFacts): boolean {
  const ignore = element.lifecycle.ignore_changes;
  if (ignore === "all") return false;
  return Object.entries(element.args).some(
    ([name, value]) =>
      !(Array.isArray(ignore) && ignore.includes(name)) &&
      placesOf(value, name).some(
        ([path, text]) => facts.replaces(element.type, path) && refersTo(text, address, after?.args ?? {}),
      ),
  );
}

/** Text of an argument, by path without positions. */
function placesOf(value: unknown, path: string): readonly (readonly [string, string])[] {
  if (typeof value === "string") return [[path, value]];
  if (Array.isArray(value)) return value.flatMap((item) => placesOf(item, path));
  return isRecord(value) ? Object.entries(value).flatMap(([key, item]) => placesOf(item, `${path}.${key}`)) : [];
}

/** What the description itself says of an element stays when it is made anew. */
function refersTo(text: string, address: string, args: Readonly<Record<string, unknown>>): boolean {
  const at = text.indexOf(`${address}.`);
  const attribute = /^\w+/.exec(text.slice(at + address.length + 1))?.[0] ?? "";
  return at >= 0 && !/[\w-]/.test(text[at - 1] ?? "") && args[attribute] === undefined;
}
