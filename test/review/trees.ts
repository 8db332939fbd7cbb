import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { providerFacts } from "../../cli/project/provider-facts";
import type { Change } from "../../review/change";
import { compare } from "../../review/compare";
import { type Judged, judge } from "../../review/judge";
import { type Packet, packetOf } from "../../review/packet";
import { readStack, type Tree } from "../../review/stack";
import { readStackName } from "../../review/stack-name";

// biome-ignore lint/suspicious/noExplicitAny: tests edit stacks as JSON
export type Json = any;
/** Stacks as JSON, by name. */
export type Stacks = Record<string, Json>;

export const facts = providerFacts();

const folder = join(__dirname, "..", "..", "synthesized", "stacks");

/** A fresh copy of what is committed. */
export const committed = (): Stacks =>
  Object.fromEntries(
    readdirSync(folder).map((file) => [
      file.replace(".json", ""),
      JSON.parse(readFileSync(join(folder, file), "utf8")),
    ]),
  );

export const treeOf = (stacks: Stacks): Tree =>
  new Map(Object.entries(stacks).map(([name, json]) => [name, readStack(json)]));

/** What is committed, edited, against itself. */
export function changed(edit: (stacks: Stacks) => void): { base: Tree; head: Tree; changes: readonly Change[] } {
  const head = committed();
  edit(head);
  const [before, after] = [treeOf(committed()), treeOf(head)];
  return { base: before, head: after, changes: compare(before, after, facts) };
}

export const judged = (edit: (stacks: Stacks) => void): readonly Judged[] =>
  changed(edit).changes.map((change) => judge(change, readStackName(change.stack).isProduction));

export function packet(edit: (stacks: Stacks) => void): Packet {
  const { base, head, changes } = changed(edit);
  return packetOf({ base: { ref: "base", tree: base }, head: { ref: "head", tree: head }, changes });
}
