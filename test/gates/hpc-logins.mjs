#!/usr/bin/env node
// Troika, as hosts get it, reads what is rendered for logins to supercomputers, and submits, asks for and kills by it; a login
// node is played on this machine. ssh and sshd of OpenSSH hold keys against each other in a network of their own.
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { fetchedTroika } from "../../ansible/install.mjs";
import { root } from "../../cli/prepare.mjs";
import { Gate, isThere, run, Skipped } from "./gate.mjs";
import { readByPrograms } from "./hpc-logins/files.mjs";

const gate = new Gate();
const hosts = join(root, "synthesized", "hosts");
const role = join(root, "ansible", "roles", "hpc", "files");
const all = readdirSync(hosts).filter((host) => existsSync(join(hosts, host, "etc/platform/hpc/troika.yml")));
const at = (/** @type {string[]} */ ...names) => join(gate.folder, ...names);
const opt = at("troika");

/** @param {unknown} found @param {unknown} wanted */
function same(found, wanted) {
  const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`${a}\n  is not ${b}`);
}

/** The wrapper of the role, of Troika that lies here. @param {string[]} args */
function troika(...args) {
  const text = readFileSync(join(role, "troika"), "utf8");
  writeFileSync(at("wrapper"), text.replace('"/opt/troika"', JSON.stringify(opt)));
  return run("/usr/bin/python3", ["-I", at("wrapper"), ...args], {
    cwd: gate.folder,
    env: { PATH: `${at("bin")}:${process.env.PATH}` },
  });
}

/** Keys that its sites are asked for, in its source. */
function knownKeys() {
  const files = [
    "sites/base.py",
    "sites/direct.py",
    "sites/slurm.py",
    "connections/ssh.py",
    "connections/local.py",
    "controllers/base.py",
    "site.py",
    "hook.py",
    "translators/common.py",
  ];
  const source = files.map((file) => readFileSync(join(opt, "troika", file), "utf8")).join("\n");
  const asked = [...source.matchAll(/config(?:\.get\(\s*|\[)"(\w+)"/g)].map(([, key]) => key);
  const hooks = [...readFileSync(join(opt, "troika/hooks/base.py"), "utf8").matchAll(/^@Hook\.declare\ndef (\w+)/gm)];
  return new Set([...asked, ...hooks.map(([, hook]) => hook)]);
}

/** @param {string} text of troika.yml @returns {string[]} keys that it does not know */
const strangers = (text) => {
  const known = knownKeys();
  return Object.values(parse(text).sites).flatMap((site) => Object.keys(site).filter((key) => !known.has(key)));
};

/** @param {string} name @param {string} text */
const program = (name, text) => writeFileSync(at("bin", name), `#!/bin/bash\n${text}\n`, { mode: 0o755 });

function prepare() {
  if (!isThere("/usr/bin/python3")) throw new Skipped("no /usr/bin/python3");
  if (spawnSync("/usr/bin/python3", ["-c", "import yaml"]).status !== 0) throw new Skipped("no python3-yaml");
  run("/usr/bin/python3", ["-m", "zipfile", "-e", fetchedTroika(), opt]);
  mkdirSync(at("bin"));
}

/** Logins that end on this machine, and a Slurm with one job. */
function played() {
  const text = readFileSync(join(hosts, "lumi-production-ecflow-prod/etc/platform/hpc/troika.yml"), "utf8");
  writeFileSync(at("troika.yml"), text.replaceAll("/usr/bin/", `${at("bin")}/`));
  program(
    "ssh",
    `echo "ssh $*" >> ${at("asked")}; while [ "$1" != ecmwf-dte@lumi ]; do shift; done; shift; exec bash -c "$*"`,
  );
  program("scp", `cp "\${@: -2:1}" "\${@: -1}" 2>/dev/null || cp "\${@: -2:1}" "$(echo "\${@: -1}" | sed "s/.*://")"`);
  program("sbatch", `cat > ${at("submitted")}; echo PENDING > ${at("state")}; echo "Submitted batch job 42"`);
  program("squeue", `echo "squeue $*" >> ${at("asked")}; cat ${at("state")} 2>/dev/null; true`);
  program("scancel", `rm -f ${at("state")}`);
  program("ecflow_client", `echo "$ECF_NAME $ECF_PASS $*" > ${at("told")}`);
  const include = join(hosts, "lumi-production-ecflow-prod/etc/platform/hpc/include/head.h");
  const job = readFileSync(include, "utf8")
    .replace(/^%include.*\n/m, "")
    .replaceAll("%ECF_NAME%", "/s/t")
    .replaceAll("%ECF_PASS%", "word")
    .replaceAll(/%\w+%/g, "t");
  writeFileSync(
    at("t.job1"),
    `${job}# troika partition=standard-g\n# troika total_nodes=2\n# troika exclusive=yes\necho work\n`,
  );
}

const call = (/** @type {string} */ action, site = "lumi") =>
  troika("-c", at("troika.yml"), action, "-o", at("out", "t.1"), site, at("t.job1"));

function ssh() {
  if (process.getuid?.() !== 0 || !existsSync("/usr/sbin/sshd") || !isThere("unshare"))
    throw new Skipped("needs root, sshd and unshare");
  cpSync(join(root, "test/gates/hpc-logins/logins.sh"), at("logins.sh"));
  const config = join(hosts, "lumi-production-ecflow-prod/etc/platform/hpc/ssh_config");
  const out = run("unshare", [
    "--net",
    "--mount",
    "--pid",
    "--fork",
    "--kill-child",
    "bash",
    at("logins.sh"),
    at("ssh"),
    config,
    join(role, "platform-hpc"),
  ]);
  same(out.trim().split("\n"), [
    "before: no host key of lumi is known",
    "pinned: 1",
    "registered not yet: does not let us in",
    "registered: logs in",
    "one login for three: 1",
    "another key: shows another host key than is known",
    "not published: SHOWS NONE OF THE KEYS THAT ARE PUBLISHED",
    "published: logs in",
  ]);
}

try {
  prepare();
  gate.check("Troika lists the sites of every host that logs in", () => {
    if (all.length < 4) throw new Error(`only ${all.length} hosts log in`);
    for (const host of all) {
      const file = join(hosts, host, "etc/platform/hpc/troika.yml");
      const said = troika("-c", file, "list-sites")
        .split("\n")
        .slice(3, -1)
        .map((line) => line.split(/\s+/).slice(0, 3));
      same(
        said,
        Object.keys(parse(readFileSync(file, "utf8")).sites).map((name) =>
          name === "localhost" ? [name, "direct", "local"] : [name, "slurm", "ssh"],
        ),
      );
    }
  });
  gate.check("it knows every key of them, and one that it does not is found", () => {
    for (const host of all) same(strangers(readFileSync(join(hosts, host, "etc/platform/hpc/troika.yml"), "utf8")), []);
    same(strangers("sites: { a: { type: slurm, sshverbose: true } }"), ["sshverbose"]);
  });
  gate.check("a dry run logs in by our configuration alone", () => {
    played();
    const said = run(
      "bash",
      [
        "-c",
        `/usr/bin/python3 -I ${at("wrapper")} -v -n -c ${at("troika.yml")} submit -o ${at("out", "t.1")} lumi ${at("t.job1")} 2>&1`,
      ],
      { env: { PATH: `${at("bin")}:${process.env.PATH}` } },
    );
    if (
      !/'-F' '\/etc\/platform\/hpc\/ssh_config' '-oStrictHostKeyChecking=yes' '-oConnectTimeout=15' 'ecmwf-dte@lumi' 'sbatch'/.test(
        said,
      )
    )
      throw new Error(said);
    rmSync(at("asked"), { force: true });
  });
  gate.check("a job is submitted with what it says of Slurm, and nothing that is for ecFlow", () => {
    played();
    call("submit");
    const lines = readFileSync(at("submitted"), "utf8")
      .split("\n")
      .filter((line) => line.startsWith("#SBATCH"));
    same(lines, [
      "#SBATCH --job-name=t",
      "#SBATCH --partition=standard-g",
      "#SBATCH --nodes=2",
      "#SBATCH --exclusive",
      `#SBATCH --output=${at("out", "t.1")}`,
      "#SBATCH --no-requeue",
    ]);
    same(readFileSync(at("t.job1.jid"), "utf8"), "42\n");
  });
  gate.check("it is asked for as its user's", () => {
    rmSync(at("asked"));
    call("monitor");
    same(readFileSync(at("asked"), "utf8").includes("squeue -u ecmwf-dte -j 42"), true);
  });
  gate.check("killed while it waits, its server is told, by the name and the word of the job", () => {
    call("kill");
    same(readFileSync(at("told"), "utf8").trim(), "/s/t word --abort=Cancelled before starting");
  });
  gate.check("a task beside its server runs as it is; it is asked for, and killed, of which its server is told", () => {
    played();
    const job = readFileSync(at("t.job1"), "utf8").replace("echo work", "echo work $0; exec > /dev/null; sleep 100");
    writeFileSync(at("t.job1"), job);
    // As ecFlow has it.
    chmodSync(at("t.job1"), 0o755);
    rmSync(at("t.job1.orig"), { force: true });
    call("submit", "localhost");
    const until = (/** @type {string} */ file, /** @type {string} */ has) =>
      run("bash", ["-c", `for i in {1..50}; do grep -qsF ${has} ${file} && exit; sleep 0.1; done; exit 1`]);
    until(at("out", "t.1"), "work");
    same(readFileSync(at("told"), "utf8").startsWith("/s/t word --init="), true);
    call("monitor", "localhost");
    // Troika does not wait for what it asks.
    until(at("t.job1.stat"), at("t.job1"));
    call("kill", "localhost");
    same(readFileSync(at("told"), "utf8").trim(), "/s/t word --abort=Killed forcefully");
  });
  gate.check("with a directive that nobody knows it is refused, not submitted without it", () => {
    played();
    rmSync(at("submitted"), { force: true });
    writeFileSync(at("t.job1"), `${readFileSync(at("t.job1"), "utf8")}# troika gpus=4\n`);
    let failed = false;
    try {
      call("submit");
    } catch {
      failed = true;
    }
    same([failed, existsSync(at("submitted"))], [true, false]);
  });
  gate.check("every other file of every site is read by the program that it is for, which refuses a wrong one", () => {
    if (!isThere("systemd-analyze")) throw new Skipped("no systemd");
    same(readByPrograms(at("read")), []);
  });
  gate.check("ssh logs in where the key that is published is shown, and is registered; and nowhere else", ssh);
} catch (error) {
  gate.fail("Troika", error);
}
gate.done();
