#!/usr/bin/env node
// ruff reads the Python of the sandbox, and what Ansible brings to hosts.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../cli/prepare.mjs";
import { Gate, ofPython, run } from "./gate.mjs";

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
gate.done();
