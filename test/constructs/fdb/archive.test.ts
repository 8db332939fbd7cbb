import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const program = join(__dirname, "..", "..", "..", "ansible", "roles", "fdb", "files", "platform-fdb-archive");
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "databridge-"));
  for (const name of ["bin", "staging"]) mkdirSync(join(folder, name));
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (...path: readonly string[]) => join(folder, ...path);
const script = (name: string, text: string) => writeFileSync(at("bin", name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
const staged = (name: string, second: number) => {
  writeFileSync(at("staging", name), name);
  utimesSync(at("staging", name), second, second);
};

/** With programs that note how they are called. @param rsync what it does besides @param write the same of fdb-write */
function run({ rsync = "", write = "" } = {}) {
  script("rsync", `echo "$@" > ${at("rsync.said")}\n${rsync}`);
  script("fdb-write", `echo "$1 $FDB_CONFIG_FILE" >> ${at("write.said")}\n${write}`);
  const about = {
    ssh: "/etc/platform/hpc/ssh_config",
    connection: "polaris",
    outbox: "/scratch/outbox",
    staging: at("staging"),
    write: at("bin", "fdb-write"),
    client: "/etc/platform/fdb/client.yaml",
  };
  writeFileSync(at("archive.json"), JSON.stringify(about));
  const env = { ...process.env, PATH: `${at("bin")}:${process.env.PATH}`, PLATFORM_FDB_ARCHIVE: at("archive.json") };
  return spawnSync("python3", [program], { env, encoding: "utf8" });
}
const said = (name: string) => (existsSync(at(name)) ? readFileSync(at(name), "utf8").trim().split("\n") : []);

test("what is whole is fetched, archived in the order in which it came, and taken away", () => {
  staged("b.grib", 1);
  staged("a.grib", 2);
  staged(".c.grib.part", 1);
  const done = run({ rsync: `echo new > ${at("staging", "new.grib")}` });
  expect([done.status, done.stderr]).toEqual([0, ""]);
  const client = "/etc/platform/fdb/client.yaml";
  expect(said("write.said")).toEqual(["b", "a", "new"].map((name) => `${at("staging", `${name}.grib`)} ${client}`));
  expect(readdirSync(at("staging"))).toEqual([".c.grib.part"]);
  const [rsync = ""] = said("rsync.said");
  expect(rsync).toContain("--remove-source-files --fsync");
  expect(rsync).toContain("polaris:/scratch/outbox/ ");
});

test("a file that is not archived stays, others go on, and it is told", () => {
  staged("bad.grib", 1);
  staged("good.grib", 2);
  const done = run({ write: 'case "$1" in *bad*) echo "no message" >&2; exit 1 ;; esac' });
  expect(done.status).toBe(1);
  expect(done.stderr).toContain("bad.grib: not archived: no message");
  expect(readdirSync(at("staging"))).toEqual(["bad.grib"]);
});

test("while the supercomputer does not answer, what is here is archived", () => {
  staged("a.grib", 1);
  const done = run({ rsync: 'echo "connection refused" >&2; exit 12' });
  expect(done.status).toBe(1);
  expect(done.stderr).toContain("not fetched: connection refused");
  expect(readdirSync(at("staging"))).toEqual([]);
});
