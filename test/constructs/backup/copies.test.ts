import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const program = join(__dirname, "..", "..", "..", "ansible", "roles", "copies", "files", "platform-copies");
const there = "copies:bucket/vault-1";
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "databridge-copies-"));
  for (const name of ["bin", "store", "snapshots"]) mkdirSync(at(name));
  // What it is called with, and by whom it is known.
  const said = `printf '%s\\n' "$*" >> ${at("words")}; printf '%s:%s\\n' "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" > ${at("key")}`;
  writeFileSync(at("bin", "rclone"), `#!/bin/sh\n${said}\n[ ! -e ${at("refuses")} ]\n`, { mode: 0o755 });
  writeFileSync(at("store", "access-key"), "AKIA1\n");
  writeFileSync(at("store", "secret-key"), "hush2\n");
  snapshot(1);
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (...names: readonly string[]) => join(folder, ...names);
function snapshot(hours: number, name = "20271126T001500Z.snap") {
  const made = Date.now() / 1000 - hours * 3600;
  writeFileSync(at("snapshots", name), "");
  utimesSync(at("snapshots", name), made, made);
}
function copied(which = "all") {
  const given = [at("store"), at("snapshots"), ".snap", which, there, "12", "30"];
  const { status, stderr, stdout } = spawnSync("sh", [program, ...given], {
    encoding: "utf8",
    env: { ...process.env, PATH: `${at("bin")}:${process.env.PATH}` },
  });
  const words = existsSync(at("words")) ? readFileSync(at("words"), "utf8").trim().split("\n") : [];
  return { status, told: `${stdout}${stderr}`, words };
}
const said = (words: readonly string[]) => words.map((line) => line.replace(/.*--stats 0 /, ""));

test("what is not there yet is brought, and then old ones are forgotten there", () => {
  const { status, words } = copied();
  expect([status, said(words)]).toEqual([
    0,
    [`--include *.snap --immutable copy ${at("snapshots")} ${there}`, `--include *.snap --min-age 30d delete ${there}`],
  ]);
});
test("where the newest says all that the others do, it alone is brought", () => {
  snapshot(2, "20271125T224500Z.snap");
  snapshot(0, "20271126T003000Z.snap.part");
  const { status, words } = copied("newest");
  expect([status, said(words)[0]]).toEqual([
    0,
    `--include 20271126T001500Z.snap --immutable copy ${at("snapshots")} ${there}`,
  ]);
});
test("what is meant is never guessed", () => expect(copied("some").status).toBe(1));
test("the key comes by the environment, on no command line and in no log", () => {
  const { words, told } = copied();
  expect(readFileSync(at("key"), "utf8")).toBe("AKIA1:hush2\n");
  expect(`${words}${told}`).not.toMatch(/AKIA1|hush2/);
});
test("where something could not be brought it fails, and nothing is forgotten", () => {
  writeFileSync(at("refuses"), "");
  const { status, words } = copied();
  expect([status === 0, words.length]).toEqual([false, 1]);
});
test("where nothing is made any more it fails, and nothing is forgotten", () => {
  snapshot(13);
  expect(copied()).toEqual({
    status: 1,
    told: `${at("snapshots")} has nothing of the last 12 hours\n`,
    words: [],
  });
});
test.each(["access-key", "secret-key"])("without %s it says who has not done what", (half) => {
  writeFileSync(at("store", half), "");
  const { status, told, words } = copied();
  expect([status, told.includes(`store/${half} is not there: nobody has written it`), words]).toEqual([1, true, []]);
});
