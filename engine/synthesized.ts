import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { StackOutput } from "./app";
import { normalized } from "./normalize";
import type { World } from "./world";

/** The normalized output of every stack, by the path at which it is committed. */
export const synthesizedFiles = (outputs: readonly StackOutput[]): ReadonlyMap<string, string> =>
  new Map(outputs.map(({ name, file }) => [join("stacks", `${name}.json`), normalized(readFileSync(file, "utf8"))]));

/**
 * Writes the normalized output, for the diff that reviewers read.
 * @param complete whether these are all stacks, so that files of others can go
 */
export function writeSynthesized(
  { synthesized }: World,
  outputs: readonly StackOutput[],
  { complete }: { readonly complete: boolean },
): void {
  const folder = join(synthesized, "stacks");
  mkdirSync(folder, { recursive: true });
  const files = synthesizedFiles(outputs);
  for (const [path, text] of files) replace(join(synthesized, path), text);
  const names = new Set([...files.keys()].map((path) => basename(path)));
  if (complete) for (const file of readdirSync(folder)) if (!names.has(file)) rmSync(join(folder, file));
}

/** Leaves a file as it is, or as it should be, and never between. */
function replace(file: string, text: string): void {
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, text);
  renameSync(temporary, file);
}
