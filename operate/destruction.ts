import { isRecord } from "../model/words/record";

/**
 * What is left of a stack when all goes but what is kept: to apply it destroys the rest, and what stays keeps its state and
 * its protection. A `destroy` would be refused as a whole by the first thing that is kept.
 * @param stack what Terraform reads, as JSON
 * @param lost addresses that go although they are kept
 */
export function withoutAllBut(stack: unknown, lost: readonly string[]): Readonly<Record<string, unknown>> {
  if (!isRecord(stack)) throw new Error("a stack is an object");
  const { resource, data, output: _, moved, import: adopted, ...rest } = stack;
  const kept = blocksOf(resource).filter(({ address, block }) => isKept(block) && !lost.includes(address));
  const known = new Map([...blocksOf(resource), ...blocksOf(data, "data.")].map((each) => [each.address, each]));
  const needed = new Map(kept.map((each) => [each.address, each]));
  const waiting = [...kept];
  for (let next = waiting.shift(); next; next = waiting.shift())
    for (const address of referencesIn(next.block)) {
      const found = known.get(address);
      if (!found || needed.has(address)) continue;
      needed.set(address, found);
      waiting.push(found);
    }
  const of = (from: unknown, prefix = ""): Readonly<Record<string, Record<string, unknown>>> => {
    const types: Record<string, Record<string, unknown>> = {};
    for (const { address, type, name, block } of blocksOf(from, prefix))
      if (needed.has(address)) types[type] = { ...types[type], [name]: block };
    return types;
  };
  // Engines take no block without a label.
  const left = Object.entries({ data: of(data, "data."), resource: of(resource) });
  // What is still on its way keeps its words: without them the state would have it elsewhere, and what is kept be destroyed.
  const words = Object.entries({ moved, import: adopted }).map(
    ([name, blocks]) => [name, listOf(blocks).filter(({ to }) => needed.has(String(to)))] as const,
  );
  return {
    ...rest,
    ...Object.fromEntries(left.filter(([, types]) => Object.keys(types).length > 0)),
    ...Object.fromEntries(words.filter(([, blocks]) => blocks.length > 0)),
  };
}

const listOf = (blocks: unknown): readonly Readonly<Record<string, unknown>>[] =>
  (Array.isArray(blocks) ? blocks : [blocks]).filter(isRecord);

/** Addresses of a stack that are kept. */
export const keptIn = (stack: unknown): readonly string[] =>
  isRecord(stack) ? blocksOf(stack.resource).flatMap(({ address, block }) => (isKept(block) ? [address] : [])) : [];

interface Block {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly block: Readonly<Record<string, unknown>>;
}

const blocksOf = (types: unknown, prefix = ""): readonly Block[] =>
  Object.entries(isRecord(types) ? types : {}).flatMap(([type, names]) =>
    Object.entries(isRecord(names) ? names : {}).flatMap(([name, block]) =>
      isRecord(block) ? [{ address: `${prefix}${type}.${name}`, type, name, block }] : [],
    ),
  );

const isKept = ({ lifecycle }: Readonly<Record<string, unknown>>): boolean =>
  isRecord(lifecycle) && lifecycle.prevent_destroy === true;

/** Addresses that a block refers to, or waits for. */
function referencesIn(value: unknown): readonly string[] {
  if (typeof value === "string")
    return [...value.matchAll(/(?:data\.)?\b[a-z]\w*_\w+\.[A-Za-z_][\w-]*/g)].map(([address]) => address);
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  return isRecord(value) ? Object.values(value).flatMap(referencesIn) : [];
}
