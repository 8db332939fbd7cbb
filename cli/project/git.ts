import { spawnSync } from "node:child_process";
import { Misused } from "../misused";
import { root } from "./project";

/** Runs git in the project. @throws Misused with what git says */
function git(args: readonly string[], input?: string): Buffer {
  const { GIT_DIFF_OPTS: _, ...env } = process.env;
  const options = { cwd: root, env, maxBuffer: 1 << 30, ...(input !== undefined && { input }) };
  const { status, stdout, stderr, error } = spawnSync("git", args, options);
  if (error) throw new Misused(`git is needed, and cannot be run: ${error.message}`);
  if (status !== 0)
    throw new Misused(
      stderr
        .toString()
        .trim()
        .replace(/^fatal: /, ""),
    );
  return stdout;
}

/** The commit that a ref names. @throws Misused if it names none */
export function commitOf(ref: string): string {
  try {
    return git(["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`])
      .toString()
      .trim();
  } catch {
    throw new Misused(`there is no commit "${ref}": name a branch, a tag or a commit; perhaps git fetch brings it`);
  }
}

/** Files below some folders of the project that are otherwise than at HEAD, or not there; as git tells them. */
export const uncommittedIn = (folders: readonly string[]): readonly string[] =>
  git(["status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--", ...folders])
    .toString()
    .split("\0")
    .filter(Boolean)
    .map((line) => line.slice(3));

/** Files below some folders of the project that are otherwise than at a commit, or not there. */
export const changedSince = (commit: string, folders: readonly string[]): readonly string[] =>
  git(["diff", "--relative", "--name-only", "-z", "--no-renames", commit, "--", ...folders])
    .toString()
    .split("\0")
    .filter(Boolean);

/** The commit that last changed one of some paths, and its day; nothing if none did, or the clone does not reach back to it. */
export function lastChange(paths: readonly string[]): { readonly commit: string; readonly day: string } | undefined {
  const [commit, day, parents] = git(["log", "-1", "--format=%H%x09%cs%x09%P", "--", ...paths])
    .toString()
    .trim()
    .split("\t");
  if (!commit || !day) return undefined;
  // Where a clone is cut off, all seems to have come at once.
  const isCut = !parents && git(["rev-parse", "--is-shallow-repository"]).toString().trim() === "true";
  return isCut ? undefined : { commit, day };
}

/** The texts of all files below some folders of the project, as a commit has them, by path. */
export function filesAt(commit: string, folders: readonly string[]): ReadonlyMap<string, string> {
  // Paths are told from where git runs, and the project may be a folder of a repository.
  const listed = git(["ls-tree", "-r", "-z", commit, "--", ...folders])
    .toString()
    .split("\0")
    .filter(Boolean);
  const files = listed.flatMap((line) => {
    const [, id, path] = /^\d+ blob (\w+)\t(.*)$/s.exec(line) ?? [];
    return id !== undefined && path !== undefined ? [{ id, path }] : [];
  });
  if (files.length === 0) return new Map();
  const output = git(["cat-file", "--batch"], files.map(({ id }) => `${id}\n`).join(""));
  let at = 0;
  return new Map(
    files.map(({ path }) => {
      const end = output.indexOf(10, at);
      const size = Number(output.subarray(at, end).toString().split(" ")[2]);
      at = end + 1 + size + 1;
      return [path, output.subarray(end + 1, end + 1 + size).toString()];
    }),
  );
}

/** Lines of a file that a change took out and put in, one stretch. */
export interface Hunk {
  readonly file: string;
  /** The first line that went, from 1; where none went, the line after which others came. */
  readonly from: number;
  readonly gone: number;
  /** The same at the head. */
  readonly at: number;
  readonly lines: readonly string[];
}

/** What differs below some folders between two commits, or a commit and the working tree, stretch by stretch. */
export function hunksOf(base: string, head: string | undefined, folders: readonly string[]): readonly Hunk[] {
  // As nobody's own configuration would have it otherwise.
  const prefixes = ["--src-prefix=a/", "--dst-prefix=b/", "--inter-hunk-context=0"];
  const options = [
    "--relative",
    "--no-ext-diff",
    "--no-textconv",
    "--text",
    "--no-color",
    "--no-renames",
    "-U0",
    ...prefixes,
  ];
  const args = ["diff", ...options, base, ...(head === undefined ? [] : [head]), "--", ...folders];
  return readHunks(git(args).toString());
}

/** Reads what `git diff -U0` prints. */
export function readHunks(diff: string): readonly Hunk[] {
  const hunks: { file: string; from: number; gone: number; at: number; lines: string[] }[] = [];
  let file = "";
  // Lines of a file may look like a head of another: only between hunks is one read as that.
  let left = 0;
  for (const line of diff.split("\n")) {
    const hunk = hunks.at(-1);
    if (left > 0 && hunk) {
      if (/^[+ ]/.test(line)) hunk.lines.push(line.slice(1));
      // A line of context, which nobody asked for, stands on both sides.
      if (!line.startsWith("\\")) left -= line.startsWith(" ") ? 2 : 1;
      continue;
    }
    if (line.startsWith("diff ")) file = "";
    file = /^(?:\+\+\+ b|--- a)\/(.*)$/.exec(line)?.[1] ?? file;
    const [, from, gone = "1", at, come = "1"] = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line) ?? [];
    if (from === undefined) continue;
    hunks.push({ file, from: Number(from), gone: Number(gone), at: Number(at), lines: [] });
    left = Number(gone) + Number(come);
  }
  return hunks;
}

/** `sites/lumi.ts:35-37`: its lines at the head; where it only took out, the line before. */
export function placeOf({ file, at, lines }: Hunk): string {
  if (at === 0) return file;
  return lines.length > 1 ? `${file}:${at}-${at + lines.length - 1}` : `${file}:${at}`;
}

/** The text of a file with some of the stretches by which it changes, in their order. */
export function withHunks(text: string, hunks: readonly Hunk[]): string {
  const lines = text.split("\n");
  for (const { from, gone, lines: come } of [...hunks].reverse())
    lines.splice(gone === 0 ? from : from - 1, gone, ...come);
  return lines.join("\n");
}
