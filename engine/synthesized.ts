import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { StackOutput } from "./app";
import { normalized } from "./normalize";
import type { World } from "./world";

/** The normalized output of every stack, by the path at which it is committed. */
export const synthesizedFiles = (outputs: readonly StackOutput[]): ReadonlyMap<string, string> =>
  new Map(outputs.map(({ name, file }) => [join("stacks", `${name}.json`), normalized(readFileSync(file, "utf8"))]));

/** Paths at which what is committed is not what would be. */
export function outdated({ synthesized }: World, outputs: readonly StackOutput[]): readonly string[] {
  const files = synthesizedFiles(outputs);
  const changed = [...files].filter(([path, text]) => read(join(synthesized, path)) !== text).map(([path]) => path);
  return [...changed, ...committed(synthesized).filter((path) => !files.has(path))].sort();
}

/** Writes the normalized output of all stacks, for the diff that reviewers read. @returns the paths that changed */
export function writeSynthesized(world: World, outputs: readonly StackOutput[]): readonly string[] {
  const paths = outdated(world, outputs);
  const files = synthesizedFiles(outputs);
  for (const path of paths) {
    const text = files.get(path);
    if (text === undefined) rmSync(join(world.synthesized, path));
    else replace(join(world.synthesized, path), text);
  }
  return paths;
}

const committed = (folder: string): readonly string[] =>
  existsSync(join(folder, "stacks"))
    ? readdirSync(join(folder, "stacks"))
        .filter((name) => name.endsWith(".json"))
        .map((name) => join("stacks", name))
    : [];

const read = (file: string): string | undefined => (existsSync(file) ? readFileSync(file, "utf8") : undefined);

/** Leaves a file as it was, or as it should be, and never between. */
function replace(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, text);
  renameSync(temporary, file);
}
