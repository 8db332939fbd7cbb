#!/usr/bin/env node
// ruff reads the Python of the sandbox, and what is brought to hosts, pods and supercomputers; mypy reads exporters, and with
// ShellCheck what acts at supercomputers.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../cli/prepare.mjs";
import { libraries, unpacked } from "./debian.mjs";
import { Gate, ofPython, run } from "./gate.mjs";

const gate = new Gate();
/** @param {readonly string[]} folders */
const pythonIn = (...folders) =>
  run("git", ["ls-files", ...folders])
    .split("\n")
    .filter(
      (file) => file !== "" && /^(#!\/usr\/bin\/python3|"""|import )/.test(readFileSync(join(root, file), "utf8")),
    );
const exporters = pythonIn("exporters");
const files = [...pythonIn("ansible", "constructs/ecpds/image"), ...exporters];
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
for (const exporter of exporters)
  gate.check(`types of ${exporter} hold`, () =>
    // What they import is installed on hosts alone.
    run(ofPython("mypy", "1.18.2"), [
      ...["--strict", "--ignore-missing-imports", "--scripts-are-modules"],
      ...["--python-version", "3.11", "--cache-dir", "/dev/null", exporter],
    ]),
  );

/** @param {string} folder */
const scripts = (folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith(".sh"))
    .map((name) => readFileSync(join(root, folder, name), "utf8"));
const shellcheck = (/** @type {string} */ script, shell = "bash") => {
  const folder = unpacked("shellcheck", ["shellcheck", "libffi8", "libgmp10"]);
  // Verbs are called by their names, and traps by signals: not unreachable.
  const file = join(gate.folder, "script.sh");
  writeFileSync(file, script);
  const program = join(folder, "usr", "bin", "shellcheck");
  run(program, [`--shell=${shell}`, "--exclude=SC2317", file], { env: libraries(folder) });
};
gate.check("ShellCheck finds nothing in what login nodes run, in one piece as it is sent", () =>
  shellcheck(`${scripts("hpc/site").join("")}main "$@"; exit\n`),
);
gate.check("ShellCheck finds nothing in jobs", () => {
  for (const script of scripts("hpc/jobs")) shellcheck(script);
});
gate.check("nor in what an exporter asks there, of whatever shell", () => {
  for (const script of scripts("exporters/hpc")) shellcheck(script, "sh");
});
gate.done();
