import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const exclusive = pathToFileURL(join(__dirname, "../../cli/exclusive.mjs")).href;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "databridge-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A program that says when it goes in and out. */
const program = () => `
  import { appendFileSync } from "node:fs";
  import { exclusively } from ${JSON.stringify(exclusive)};
  const say = (what) => appendFileSync(${JSON.stringify(join(folder, "said"))}, what);
  await exclusively(${JSON.stringify(join(folder, "lock"))}, async () => {
    say("(");
    await new Promise((resolve) => setTimeout(resolve, 50));
    say(")");
    if (process.env.FAIL) throw new Error("failed inside");
  });
`;
const node = (env = {}) =>
  ["node", ["--input-type=module", "--eval", program()], { env: { ...process.env, ...env } }] as const;
const said = () => readFileSync(join(folder, "said"), "utf8");

test("of several processes one is in at a time, and all come in", async () => {
  await Promise.all(Array.from({ length: 4 }, () => new Promise((done) => spawn(...node()).on("exit", done))));
  expect(said()).toBe("()()()()");
  expect(existsSync(join(folder, "lock"))).toBe(false);
});

test("whoever fails inside leaves", () => {
  expect(spawnSync(...node({ FAIL: "1" })).status).toBe(1);
  expect(spawnSync(...node()).status).toBe(0);
  expect(said()).toBe("()()");
});

test("the lock of a process that is no more is taken over", () => {
  const { pid } = spawnSync("node", ["--version"]);
  writeFileSync(join(folder, "lock"), String(pid));
  expect(spawnSync(...node()).status).toBe(0);
  expect(said()).toBe("()");
});
