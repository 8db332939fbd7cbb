import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

const program = join(__dirname, "..", "..", "..", "ansible", "roles", "ecflow", "files", "platform-ecflow");
const known = "#5.9.2\ndefs_state MIGRATE flag:message state:queued\nsuite forecast\nendsuite\n# enddef\n";
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "databridge-kept-"));
  for (const name of ["bin", "run", "ecf", "state"]) mkdirSync(at(name));
  writeFileSync(at("bin", "ecflow_client"), "#!/bin/sh\n", { mode: 0o755 });
  // The unit does not run.
  writeFileSync(at("bin", "systemctl"), "#!/bin/sh\nexit 3\n", { mode: 0o755 });
  const about = { run: at("run"), state: at("state"), check: at("ecf", "check"), checkOld: at("ecf", "check.b") };
  writeFileSync(at("server.json"), JSON.stringify({ ...about, unit: "ecflow-prod.service", kept: 3600 }));
  writeFileSync(at("ecf", "check"), known);
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (...names: readonly string[]) => join(folder, ...names);
const kept = () => readdirSync(at("state", "kept")).sort();
function asked(command: "keep" | "restore", ...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync("python3", [program, command, at("server.json"), ...words], {
    encoding: "utf8",
    env: { ...process.env, PATH: `${at("bin")}:${process.env.PATH}` },
  });
  return { status, told: `${stdout}${stderr}` };
}

test("a copy is kept compressed, under the time that it was made, and old ones go", () => {
  mkdirSync(at("state", "kept"));
  const old = at("state", "kept", "20260101T000000Z.check.gz");
  writeFileSync(old, "");
  const made = Date.now() / 1000 - 2 * 3600;
  utimesSync(old, made, made);
  expect(asked("keep").status).toBe(0);
  expect(kept()).toEqual([expect.stringMatching(/^\d{8}T\d{6}Z\.check\.gz$/)]);
  expect(gunzipSync(readFileSync(at("state", "kept", kept()[0] ?? ""))).toString()).toBe(known);
});
test("a copy brings back what it has, and what was there is kept beside", () => {
  asked("keep");
  writeFileSync(at("ecf", "check"), "of an empty server");
  expect(asked("restore", at("state", "kept", kept()[0] ?? "")).status).toBe(0);
  expect(readFileSync(at("ecf", "check"), "utf8")).toBe(known);
  const [before = ""] = readdirSync(at("state")).filter((name) => name.startsWith("check.before-"));
  expect(readFileSync(at("state", before), "utf8")).toBe("of an empty server");
});
test("so does a state as the server saves it", () => {
  writeFileSync(at("state", "check.before-20260101T000000Z"), known);
  rmSync(at("ecf", "check"));
  expect(asked("restore", at("state", "check.before-20260101T000000Z")).status).toBe(0);
  expect(readFileSync(at("ecf", "check"), "utf8")).toBe(known);
});
test("a copy that came in part, or is something else, is refused, and the state stays", () => {
  asked("keep");
  const copy = at("state", "kept", kept()[0] ?? "");
  truncateSync(copy, readFileSync(copy).length - 10);
  const other = at("state", "other.check.gz");
  writeFileSync(other, known);
  for (const path of [copy, other]) {
    const { status, told } = asked("restore", path);
    expect([status, told]).toEqual([1, expect.stringContaining(`${path} is not whole`)]);
  }
  expect(readFileSync(at("ecf", "check"), "utf8")).toBe(known);
});
