#!/usr/bin/env node
// Installs Ansible, or what checks it, from PyPI into a folder of its own, once, and prints the folder of its programs:
// a machine's own Python may be managed, and not to be written to.
//   node ansible/install.mjs          ansible-core, which `databridge configure` runs
//   node ansible/install.mjs ansible-lint    ansible-lint and yamllint, for the gate
//   node ansible/install.mjs troika   the package of Troika, which is copied to hosts; prints where it is
//   node ansible/install.mjs fdb      the packages of FDB, likewise; prints the folder in which they are
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
export const fetchedTroika = () => join(fetched("troika", [troika.requirement], []), troika.name);

/** FDB and the libraries of ECMWF that it needs, as Debian 12 runs them. */
const fdb = {
  folder: "fdb-5.25.0.33",
  requirements: [
    "fdb5lib==5.25.0.33 --hash=sha256:21101b0bad40ae8c7b154953c317372cf4faadcb313d24584407faacc965a468",
    "eckitlib==2.5.0.33 --hash=sha256:492b96f09cd644f844152d8bdae23dcff0b2daf2c20b33c16f0f3b9311cdf413",
    "metkitlib==1.22.0.33 --hash=sha256:34413561a42bc90992ea72439022072905d6a6be990060f68658d871d7fb3036",
    "eccodeslib==2.50.0.33 --hash=sha256:885fab767bbfde0158c22dfb704d9a9a94f3655eab31ff5d60caf6e59f76b824",
  ],
  platform: ["--only-binary", ":all:", "--platform", "manylinux_2_28_x86_64", "--python-version", "3.11"],
};

/** @returns {string} the folder that has the packages of FDB alone, held against their checksums when they were fetched */
const fetchedFdb = () => fetched(fdb.folder, fdb.requirements, fdb.platform);

/**
 * @param {string} name of the folder
 * @param {readonly string[]} requirements each with its checksum
 * @param {readonly string[]} platform for which
 * @returns {string} the folder
 */
function fetched(name, requirements, platform) {
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  const part = `${folder}.${pid}`;
  const list = `${part}.txt`;
  mkdirSync(part, { recursive: true });
  try {
    writeFileSync(list, `${requirements.join("\n")}\n`);
    const what = ["--no-deps", "--require-hashes", "--requirement", list, "--dest", part, ...platform];
    run(join(installed("ansible"), "pip"), ["download", "--quiet", "--disable-pip-version-check", ...what]);
    renameSync(part, folder);
  } finally {
    rmSync(part, { recursive: true, force: true });
    rmSync(list, { force: true });
  }
  return folder;
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
    const others = { fdb: fetchedFdb, troika: fetchedTroika, "troika-program": installedTroika };
    const other = Object.entries(others).find(([name]) => name === argv[2])?.[1];
    console.log(other ? other() : installed(argv[2] === "ansible-lint" ? "ansible-lint" : "ansible"));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
