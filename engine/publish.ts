import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { isRecord } from "../model/words/record";
import type { StackOutput } from "./app";
import { filesBelow, hostsFolder, removeBelow } from "./host-files";

/** Read first by whoever reads output, so written last. */
const manifest = "manifest.json";

/**
 * Lets output be written aside and then puts it in place, file by file, each old or new and never between: terraform may
 * work in these folders, and keeps files of its own there, which stay.
 * @param outdir where output goes
 * @param write writes all of it into a folder
 */
export function published(outdir: string, write: (folder: string) => readonly StackOutput[]): readonly StackOutput[] {
  const aside = `${outdir}.${process.pid}`;
  try {
    const outputs = write(aside);
    const before = stacksOf(outdir);
    const files = [...filesBelow(aside)].sort((a, b) => Number(a === manifest) - Number(b === manifest));
    for (const file of files) {
      mkdirSync(dirname(join(outdir, file)), { recursive: true });
      renameSync(join(aside, file), join(outdir, file));
    }
    const stacks = stacksOf(outdir);
    const isOfHost = (file: string): boolean => file.startsWith(join(hostsFolder, sep));
    // Below the folder of a stack.
    const within = (file: string): string => file.split(sep).slice(2).join(sep);
    const ours = [...new Set(files.filter((file) => file !== manifest && !isOfHost(file)).map(within))];
    for (const old of filesBelow(join(outdir, hostsFolder)))
      if (!files.includes(join(hostsFolder, old))) removeBelow(join(outdir, hostsFolder), old);
    for (const old of before.filter((folder) => !stacks.includes(folder))) withdraw(join(outdir, old), ours);
    return outputs.map((output) => ({ ...output, file: join(outdir, output.file.slice(aside.length)) }));
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** Takes away what we wrote for a stack that is no more, so that nobody applies it; what terraform keeps there stays. */
function withdraw(folder: string, ours: readonly string[]): void {
  for (const file of ours) removeBelow(folder, file);
  if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
}

/** The folders of the stacks that a manifest lists, inside its own folder alone; none without one. */
function stacksOf(outdir: string): readonly string[] {
  const file = join(outdir, manifest);
  if (!existsSync(file)) return [];
  const { stacks } = JSON.parse(readFileSync(file, "utf8")) as { stacks?: unknown };
  return Object.values(isRecord(stacks) ? stacks : {}).flatMap((stack) => {
    const path = isRecord(stack) ? stack.synthesizedStackPath : undefined;
    return typeof path === "string" && /^stacks\/[\w-]+\/[^/]+$/.test(path) ? [dirname(path)] : [];
  });
}
