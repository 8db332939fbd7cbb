#!/usr/bin/env node
// ruff reads the Python of the sandbox.
import { root } from "../../cli/prepare.mjs";
import { Gate, ofPython, run } from "./gate.mjs";

const gate = new Gate();
const ruff = (/** @type {string[]} */ ...args) =>
  run(ofPython("ruff", "0.14.6"), [...args, "--no-cache", "--line-length", "120", "sandbox"], { cwd: root });
gate.check("Python is formatted", () => ruff("format", "--check"));
gate.check("ruff finds nothing", () => ruff("check", "--select", "E,F,I,B,UP,SIM"));
gate.done();
