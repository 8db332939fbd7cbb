import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { readHunks, withHunks } from "../../cli/project/git";

const folder = mkdtempSync(join(tmpdir(), "databridge-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What git says differs between two texts of a file. */
function diff(before: string, after: string): string {
  for (const [name, text] of Object.entries({ a: before, b: after })) writeFileSync(join(folder, name), text);
  const { stdout } = spawnSync("git", ["diff", "--no-index", "--no-color", "-U0", "a", "b"], {
    cwd: folder,
    encoding: "utf8",
  });
  return stdout;
}

const line = fc.constantFrom("", "a", "b", "+++ b/x", "--- a/x", "@@ -1 +1 @@", "-", "\\ No newline at end of file");
const text = fc.array(line, { maxLength: 12 }).map((lines) => lines.map((each) => `${each}\n`).join(""));

test("all stretches that git tells make the one text of the other", () =>
  fc.assert(
    fc.property(text, text, (before, after) => {
      expect(withHunks(before, readHunks(diff(before, after)))).toBe(after);
    }),
    { numRuns: 60 },
  ));

test("a stretch tells its file, and its lines at both sides", () => {
  expect(readHunks(diff("1\n2\n3\n4\n", "1\ntwo\n3\n3b\n4\n"))).toEqual([
    { file: "b", from: 2, gone: 1, at: 2, lines: ["two"] },
    { file: "b", from: 3, gone: 0, at: 4, lines: ["3b"] },
  ]);
});

test("some of them make what stands between", () => {
  const [first] = readHunks(diff("1\n2\n3\n4\n", "one\n2\n3\nfour\n"));
  expect(first && withHunks("1\n2\n3\n4\n", [first])).toBe("one\n2\n3\n4\n");
});
