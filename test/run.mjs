#!/usr/bin/env node
// `npm test`: types, linter, dependency rules, dead code, tests. Everything runs, whatever fails before; the last line counts.
//   npm test                     all of it
//   npm test -- test/model       only tests below a path, without the other checks
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepare, root, Unprepared } from "../cli/prepare.mjs";

const rooms = [
  "main.ts",
  "model",
  "policy",
  "sites",
  "stacks",
  "constructs",
  "engine",
  "operate",
  "review",
  "sandbox",
  "ansible",
];
const cruised = [...rooms, "cli", "library", "test"];
const checks = [
  ["types", "tsc", "--project", "."],
  ["linter", "biome", "check", "--error-on-warnings", "."],
  ["dependency rules", "depcruise", "--config", ".dependency-cruiser.cjs", ...cruised],
  ["dead code", "knip", "--no-progress"],
];
const total = { passed: 0, failed: 0, skipped: 0 };

/**
 * Runs a program of node_modules.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {"pipe" | "inherit"} told where what it says of its progress goes
 */
const tool = (program, args, told = "pipe") =>
  spawnSync(process.execPath, [join(root, "node_modules", ".bin", program), ...args], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", told],
  });

/** @param {readonly string[]} check */
function run([name = "", program = "", ...args]) {
  const start = Date.now();
  const { status, stdout, stderr } = tool(program, args);
  total[status === 0 ? "passed" : "failed"] += 1;
  console.log(`${status === 0 ? "✓" : "✗"} ${name.padEnd(18)} ${((Date.now() - start) / 1000).toFixed(1)} s`);
  if (status !== 0) console.log(`${stdout}${stderr}`.trimEnd());
}

/** Somebody sees suites as they end; in a log only what fails stands. */
const isWatched = process.stderr.isTTY === true;

/** @param {readonly string[]} paths */
function jest(paths) {
  const folder = mkdtempSync(join(tmpdir(), "databridge-"));
  const report = join(folder, "jest.json");
  const { stderr } = tool("jest", ["--json", "--outputFile", report, ...paths], isWatched ? "inherit" : "pipe");
  try {
    const result = JSON.parse(readFileSync(report, "utf8"));
    total.passed += result.numPassedTests;
    // A suite that cannot even run has no tests to count.
    total.failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
    total.skipped += result.numPendingTests + result.numTodoTests;
    if (!result.success && !isWatched) console.log(stderr);
    for (const { assertionResults } of result.testResults)
      for (const { status, fullName } of assertionResults)
        if (status === "pending" || status === "todo") console.log(`skipped: ${fullName}`);
  } catch {
    total.failed += 1;
    if (!isWatched) console.log(stderr);
  }
  rmSync(folder, { recursive: true });
}

const paths = process.argv.slice(2);
try {
  await prepare();
  if (paths.length === 0) for (const check of checks) run(check);
  jest(paths);
} catch (error) {
  if (!(error instanceof Unprepared)) throw error;
  total.failed += 1;
  console.log(error.message);
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;
