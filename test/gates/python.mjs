#!/usr/bin/env node
// ruff reads the Python of the sandbox, and what is brought to hosts and supercomputers; mypy and ShellCheck read what acts at the latter.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../cli/prepare.mjs";
import { Gate, isThere, ofPython, run, Skipped } from "./gate.mjs";

const gate = new Gate();
const files = run("git", ["ls-files", "ansible"])
  .split("\n")
  .filter((file) => file !== "" && /^(#!\/usr\/bin\/python3|"""|import )/.test(readFileSync(join(root, file), "utf8")));
const ruff = (/** @type {string[]} */ ...args) =>
  run(ofPython("ruff", "0.14.6"), [...args, "--no-cache", "--line-length", "120", "sandbox", ...files], { cwd: root });
gate.check("there is Python of hosts to be read", () => {
  if (files.length < 5) throw new Error(files.join(", "));
});
gate.check("Python is formatted", () => ruff("format", "--check"));
// Docstrings are as long as sentences are.
gate.check("ruff finds nothing", () => ruff("check", "--select", "E,F,I,B,UP,SIM", "--ignore", "E501"));
// Of login nodes and pods, whose Python may be old; it has its own words for types.
const modules = (/** @type {string[]} */ ...args) =>
  run(ofPython("ruff", "0.14.6"), [...args, "--no-cache", "--line-length", "120", "hpc"], { cwd: root });
gate.check("Python of supercomputers is formatted", () => modules("format", "--check"));
gate.check("ruff finds nothing in it", () =>
  modules("check", "--target-version", "py39", "--select", "E,F,I,B,UP,SIM", "--ignore", "E501"),
);
gate.check("its types hold", () =>
  run(ofPython("mypy", "1.18.2"), ["--strict", "--python-version", "3.9", "--cache-dir", "/dev/null", "hpc/program"]),
);

/** @param {string} folder */
const scripts = (folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith(".sh"))
    .map((name) => readFileSync(join(root, folder, name), "utf8"));
const shellcheck = (/** @type {string} */ script) => {
  if (!isThere("shellcheck")) throw new Skipped("no shellcheck");
  // Verbs are called by their names, and traps by signals: not unreachable.
  const file = join(gate.folder, "script.sh");
  writeFileSync(file, script);
  run("shellcheck", ["--shell=bash", "--exclude=SC2317", file]);
};
gate.check("ShellCheck finds nothing in what login nodes run, in one piece as it is sent", () =>
  shellcheck(`${scripts("hpc/site").join("")}main "$@"; exit\n`),
);
gate.check("ShellCheck finds nothing in jobs", () => scripts("hpc/jobs").map(shellcheck));
gate.done();
