#!/usr/bin/env node
// Installs Ansible, or what checks it, from PyPI into a folder of its own, once, and prints the folder of its programs:
// a machine's own Python may be managed, and not to be written to.
//   node ansible/install.mjs          ansible-core, which `databridge configure` runs
//   node ansible/install.mjs ansible-lint    ansible-lint and yamllint, for the gate
//   node ansible/install.mjs troika   the package of Troika, which is copied to hosts; prints where it is
//   node ansible/install.mjs troika-program   Troika itself, for a workstation
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argv, pid } from "node:process";
import { fileURLToPath } from "node:url";
import { cache } from "../sandbox/cache.mjs";

const core = "ansible-core==2.19.14"; // the last for Python 3.11, which Debian 12 has
const kits = {
  ansible: [core],
  "ansible-lint": [core, "ansible-lint==26.10.1", "yamllint==1.38.0"],
};

/**
 * @param {keyof typeof kits} kit
 * @returns {string} the folder of its programs
 */
export function installed(kit) {
  const folder = join(cache, `${kit}-${kits[kit].map((each) => each.split("==")[1]).join("-")}`);
  const programs = join(folder, "bin");
  const done = join(folder, "installed");
  if (existsSync(done)) return programs;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  run("python3", ["-m", "venv", folder]);
  run(join(programs, "pip"), ["install", "--quiet", "--disable-pip-version-check", ...kits[kit]]);
  writeFileSync(done, "");
  return programs;
}

const troika = {
  name: "troika-0.2.7-py3-none-any.whl",
  requirement: "troika==0.2.7 --hash=sha256:1587dc77425fd0797f44c2a20e1490b14a64f66749590c239b39356fb1e64ce7",
};

/** @returns {string} the package of Troika, held against its checksum when it was fetched */
export function fetchedTroika() {
  const folder = join(cache, "troika");
  const wheel = join(folder, troika.name);
  if (existsSync(wheel)) return wheel;
  const part = `${folder}.${pid}`;
  mkdirSync(part, { recursive: true });
  try {
    writeFileSync(join(part, "requirements.txt"), `${troika.requirement}\n`);
    const what = ["--no-deps", "--require-hashes", "--requirement", join(part, "requirements.txt"), "--dest", part];
    run(join(installed("ansible"), "pip"), ["download", "--quiet", "--disable-pip-version-check", ...what]);
    mkdirSync(folder, { recursive: true });
    renameSync(join(part, troika.name), wheel);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
  return wheel;
}

/** @returns {string} the folder of its program */
export function installedTroika() {
  const folder = join(cache, "troika-program-0.2.7");
  const programs = join(folder, "bin");
  const done = join(folder, "installed");
  if (existsSync(done)) return programs;
  rmSync(folder, { recursive: true, force: true });
  const wheel = fetchedTroika();
  run("python3", ["-m", "venv", folder]);
  run(join(programs, "pip"), ["install", "--quiet", "--disable-pip-version-check", wheel]);
  writeFileSync(done, "");
  return programs;
}

/** @param {string} program @param {readonly string[]} args */
function run(program, args) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0)
    throw new Error(`${program} ${args.join(" ")}\n${error?.message ?? `${stdout}${stderr}`.slice(-2000)}`);
}

if (argv[1] === fileURLToPath(import.meta.url))
  try {
    console.log(
      argv[2] === "troika"
        ? fetchedTroika()
        : argv[2] === "troika-program"
          ? installedTroika()
          : installed(argv[2] === "ansible-lint" ? "ansible-lint" : "ansible"),
    );
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
