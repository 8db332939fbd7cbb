// What every bench has in common: programs run alternately, medians, a table.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { compile, prepare, root } from "../../cli/prepare.mjs";
import { cache, run } from "../gates/gate.mjs";

export { cache, run };

await prepare();
/** The compiled program. */
export const compiled = compile();

/** A folder that goes with the bench; in the checkout, so that packages are found from it. */
mkdirSync(join(root, ".build"), { recursive: true });
export const folder = mkdtempSync(join(root, ".build", "bench-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/**
 * Runs things in turn, so that what else the machine does meets all of them alike.
 * @template {string} K
 * @param {number} times each; a first round is not counted
 * @param {Record<K, () => number>} things each returns what it measured
 * @returns {Record<K, number>} medians
 */
export function interleaved(times, things) {
  const entries = /** @type {[K, () => number][]} */ (Object.entries(things));
  const values = entries.map(() => /** @type {number[]} */ ([]));
  for (let round = 0; round <= times; round += 1)
    for (const [i, [, measure]] of entries.entries()) {
      const value = measure();
      if (round > 0) values[i]?.push(value);
    }
  return /** @type {Record<K, number>} */ (
    Object.fromEntries(entries.map(([name], i) => [name, median(values[i] ?? [])]))
  );
}

/**
 * Bundles a program, as somebody would who wants it to start fast.
 * @param {string} entry
 * @param {string} name
 */
export function bundle(entry, name) {
  const outfile = join(folder, `${name}.js`);
  const options = /** @type {const} */ ({ bundle: true, platform: "node", format: "cjs", target: "node20" });
  buildSync({ entryPoints: [entry], outfile, ...options, absWorkingDir: root, logLevel: "error" });
  return outfile;
}

/** How long a program takes from start to end, in ms. @param {Parameters<typeof run>} args */
export function timed(...args) {
  const start = performance.now();
  run(...args);
  return performance.now() - start;
}

/** Milliseconds, or what else is measured, as a table shows them. @param {number} n */
export const shown = (n) => (n >= 100 ? n.toFixed(0) : n.toFixed(n >= 10 ? 1 : 2));

/**
 * Prints a table, columns aligned.
 * @param {string} title
 * @param {readonly (readonly string[])[]} rows the first is the head
 */
export function table(title, rows) {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => (row[i] ?? "").length)));
  console.log(`\n${title}\n`);
  const cell = (/** @type {string} */ text, /** @type {number} */ i, last = i === widths.length - 1) =>
    i === 0 ? text.padEnd(widths[i] ?? 0) : last ? text : text.padStart(widths[i] ?? 0);
  for (const row of rows) console.log(`  ${row.map((text, i) => cell(text, i)).join("   ")}`.trimEnd());
}

/** Whether a target is met, in words. @param {boolean} holds @param {string} target */
export const verdict = (holds, target) => `${target}: ${holds ? "met" : "missed"}`;
