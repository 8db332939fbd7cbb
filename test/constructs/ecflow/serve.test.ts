import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const program = join(__dirname, "..", "..", "..", "ansible", "roles", "ecflow", "files", "platform-ecflow");
const folder = mkdtempSync(join(tmpdir(), "databridge-serve-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (...names: readonly string[]) => join(folder, ...names);
const told = () => (existsSync(at("told")) ? readFileSync(at("told"), "utf8").trim().split("\n") : []);

beforeAll(() => {
  for (const name of ["bin", "run", "ecf", "state", "tls", "passwords"]) mkdirSync(at(name));
  const played = (name: string, script: string) =>
    writeFileSync(at("bin", name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  // Without children: those would be jobs that are being submitted, and waited for.
  const waits = `import os, time\nwhile not os.path.exists("${at("ended")}"): time.sleep(0.05)`;
  played("ecflow_server", `echo server >> ${at("told")}; exec python3 -c '${waits}'`);
  played(
    "ecflow_client",
    `case $1 in --terminate*) : > ${at("ended")};; --stats) echo 'Status RUNNING';; --restart) echo restart >> ${at("told")};; --migrate) cat ${at("known")};; --query) echo $3 >> ${at("told")};; esac`,
  );
  writeFileSync(
    at("known"),
    `defs_state MIGRATE
suite s # begun:1 state:active
  family f # state:active
    task waits # passwd:x try:1 state:submitted
      label node ""
    task runs # passwd:x rid:4 try:1 state:active
  endfamily
  task alone # passwd:x try:1 state:submitted flag:message
endsuite
# enddef
`,
  );
  played("hpc", `echo $1 >> ${at("told")}; [ $1 != pin ] || { echo 'shows none of the keys' >&2; exit 1; }`);
  const tls = { certificate: at("tls", "tls.crt"), key: at("tls", "tls.key"), issuers: at("tls", "ca.crt") };
  const self = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=it"];
  execFileSync("openssl", [...self, "-keyout", tls.key, "-out", tls.certificate], { stdio: "ignore" });
  writeFileSync(tls.issuers, readFileSync(tls.certificate));
  for (const user of ["ecflow", "probe"]) writeFileSync(at("passwords", user), "eightLetters");
  writeFileSync(at("lists"), "5.9.2\necflow\n");
  // It has one already: making another takes seconds.
  writeFileSync(at("state", "dh2048.pem"), "");
  const about = {
    ...{ account: "ecflow", version: "5.9.2", port: 3141, names: [], peers: [], starts: "RUNNING", kept: 3600 },
    ...{ certificate: tls, lists: at("lists"), run: at("run"), state: at("state") },
    ...{ check: at("ecf", "check"), checkOld: at("ecf", "check.b"), needed: ["ecflow", "probe"] },
    passwords: { ecflow: at("passwords", "ecflow"), probe: at("passwords", "probe") },
    beside: [
      ["hpc", "pin"],
      ["hpc", "trust"],
    ],
  };
  writeFileSync(at("server.json"), JSON.stringify(about));
});

test("in a pod, what jobs need is done while the server hears them, before it submits any; what fails is told, and keeps it from nothing", async () => {
  const env = { ...process.env, PATH: `${at("bin")}:${process.env.PATH}` };
  const pod = spawn("python3", [program, "serve", at("server.json")], { env });
  const ended = new Promise((resolve) => pod.on("exit", resolve));
  let said = "";
  pod.stderr.on("data", (data) => {
    said += data;
  });
  try {
    for (let tries = 0; !told().includes("restart") && tries < 100; tries += 1) await sleep(100);
  } finally {
    pod.kill("SIGTERM");
  }
  expect(await ended).toBe(0);
  expect(told().filter((each) => each !== "server")).toEqual([
    ...["pin", "trust"],
    // Names of files of jobs that have not begun yet, before they can.
    ...["/s/f/waits:ECF_JOB", "/s/alone:ECF_JOB"],
    "restart",
  ]);
  expect(told()).toContain("server");
  expect(said).toContain("shows none of the keys");
  expect(existsSync(at("ended"))).toBe(true);
});
