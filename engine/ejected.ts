import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { isRecord } from "../model/words/record";
import type { StackOutput } from "./app";
import { encryptionFile, encryptionText } from "./encryption";

/** The oldest release of either engine that reads what stacks say: `moved`, `removed`, locks of S3. OpenTofu's own says more, by itself. */
const requiredVersion = ">= 1.11.0";

/**
 * A stack as files that an engine reads, and nobody else has to: without the comments of cdktf, with its backend and providers apart.
 * @param stateFolder where a state in a file is found, which its stack names by a path of its own folder @default - beside the stack's output
 * @returns texts by name
 */
export function ejectedStack(output: StackOutput, stateFolder = dirname(output.file)): ReadonlyMap<string, string> {
  const { terraform = {}, ...blocks } = JSON.parse(readFileSync(output.file, "utf8")) as Record<string, unknown>;
  const settings = { required_version: requiredVersion, ...(isRecord(terraform) ? terraform : {}) };
  return new Map([
    ["versions.tf.json", text({ terraform: withStateIn(settings, stateFolder) })],
    ["main.tf.json", text(withoutComments(blocks))],
    [encryptionFile, encryptionText],
    ...output.files,
  ]);
}

/** cdktf says in comments of which construct a block was made. */
const withoutComments = ({
  "//": _,
  ...blocks
}: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(blocks).map(([kind, of]) => [
      kind,
      ["data", "resource"].includes(kind) ? eachOf(of, uncommented) : of,
    ]),
  );

const uncommented = (blocks: unknown): unknown =>
  eachOf(blocks, (block) => {
    if (!isRecord(block)) return block;
    const { "//": _, ...said } = block;
    return said;
  });

const eachOf = (record: unknown, change: (value: unknown) => unknown): unknown =>
  isRecord(record) ? Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)])) : record;

/** The state stays where it is: a path is that of another folder now. */
function withStateIn(terraform: Readonly<Record<string, unknown>>, folder: string): Readonly<Record<string, unknown>> {
  const { backend } = terraform;
  const local = isRecord(backend) && isRecord(backend.local) ? backend.local : undefined;
  if (typeof local?.path !== "string") return terraform;
  return { ...terraform, backend: { local: { ...local, path: resolve(folder, local.path) } } };
}

const text = (json: unknown): string => `${JSON.stringify(json, undefined, 2)}\n`;
