import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { StackOutput } from "./app";
import { filesBelow, hostsFolder, removeBelow } from "./host-files";
import { normalized } from "./normalize";
import type { World } from "./world";

/** The normalized output of every stack, and the files of its hosts, by the path at which it is committed. */
export const synthesizedFiles = (outputs: readonly StackOutput[]): ReadonlyMap<string, string> =>
  new Map(
    outputs.flatMap(({ name, file, hostFiles }) => [
      [join("stacks", `${name}.json`), normalized(readFileSync(file, "utf8"))] as const,
      ...[...hostFiles].map(([path, text]) => [join(hostsFolder, path), text] as const),
    ]),
  );

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
    if (text === undefined) removeBelow(world.synthesized, path);
    else replace(join(world.synthesized, path), text);
  }
  return paths;
}

const committed = (folder: string): readonly string[] => [
  ...filesBelow(join(folder, "stacks"))
    .filter((path) => path.endsWith(".json"))
    .map((path) => join("stacks", path)),
  ...filesBelow(join(folder, hostsFolder)).map((path) => join(hostsFolder, path)),
];

const read = (file: string): string | undefined => (existsSync(file) ? readFileSync(file, "utf8") : undefined);

/** Leaves a file as it was, or as it should be, and never between. */
function replace(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, text);
  renameSync(temporary, file);
}
