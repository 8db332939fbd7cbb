import { spawnSync } from "node:child_process";
import { Misused } from "./misused";
import { root } from "./project";

/** Runs git in the project. @throws Misused with what git says */
function git(args: readonly string[], input?: string): Buffer {
  const options = { cwd: root, maxBuffer: 1 << 30, ...(input !== undefined && { input }) };
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

/** Lines of the head that a change wrote or stands at, by file; of the working tree, if no head is given. */
export function changedLines(
  base: string,
  head: string | undefined,
  folders: readonly string[],
): ReadonlyMap<string, readonly number[]> {
  const args = [
    "diff",
    "--relative",
    "--no-ext-diff",
    "--no-color",
    "-U0",
    base,
    ...(head === undefined ? [] : [head]),
    "--",
    ...folders,
  ];
  const lines = new Map<string, number[]>();
  let file = "";
  for (const line of git(args).toString().split("\n")) {
    file = /^(?:\+\+\+ b|--- a)\/(.*)$/.exec(line)?.[1] ?? file;
    const [, start] = /^@@ -\S+ \+(\d+)/.exec(line) ?? [];
    if (start !== undefined) lines.set(file, [...(lines.get(file) ?? []), Number(start)]);
  }
  return lines;
}
