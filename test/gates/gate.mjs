// What every gate has in common: one line a check, a count at the end.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../cli/prepare.mjs";
import { cache } from "../../sandbox/cache.mjs";

export { cache };

/** Thrown where something cannot be tried on this machine. */
export class Skipped extends Error {}

/** A gate: real programs read or run what we made. */
export class Gate {
  passed = 0;
  failed = 0;
  skipped = 0;
  /** A folder that goes with the gate. */
  folder = mkdtempSync(join(tmpdir(), "gate-"));

  /**
   * One check; whatever it throws is told.
   * @param {string} name
   * @param {() => void} what
   */
  check(name, what) {
    const start = Date.now();
    try {
      what();
      this.pass(name, start);
    } catch (error) {
      this.fail(name, error);
    }
  }

  /**
   * The same for what takes its time.
   * @param {string} name
   * @param {() => unknown} what
   */
  async checked(name, what) {
    const start = Date.now();
    try {
      await what();
      this.pass(name, start);
    } catch (error) {
      this.fail(name, error);
    }
  }

  /** @param {string} name @param {number} start */
  pass(name, start) {
    this.passed += 1;
    console.log(`✓ ${name} · ${((Date.now() - start) / 1000).toFixed(1)} s`);
  }

  /** @param {string} name @param {unknown} error */
  fail(name, error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof Skipped) this.skipped += 1;
    else this.failed += 1;
    console.log(`${error instanceof Skipped ? "- skipped" : "✗"} ${name}: ${message}`);
  }

  done() {
    rmSync(this.folder, { recursive: true, force: true });
    console.log(`${this.passed} passed, ${this.failed} failed, ${this.skipped} skipped`);
    process.exitCode = this.failed === 0 ? 0 : 1;
  }
}

/**
 * Runs a program to its end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string> }} options
 * @returns {string} what it printed; throws the end of it if it failed
 */
export function run(command, args, { cwd = root, env = {} } = {}) {
  const options = { cwd, env: { ...process.env, ...env }, encoding: /** @type {const} */ ("utf8"), maxBuffer: 1 << 28 };
  const { status, stdout, stderr, error } = spawnSync(command, args, options);
  if (status !== 0)
    throw new Error(`${command} ${args.join(" ")}\n${error?.message ?? `${stdout}${stderr}`.slice(-4000)}`);
  return stdout;
}

/** @param {string} command */
export const isThere = (command) => spawnSync("sh", ["-c", `command -v ${command}`]).status === 0;

/**
 * A program of PyPI, installed once into a folder of its own: a machine's Python may be managed, and not to be written to.
 * @param {string} name of package
 * @param {string} version
 * @param {string} [pinned] a file of requirements with the digests of all that comes with it
 * @param {string} [called] the program, where it is called otherwise
 * @returns {string} where it is
 */
export function ofPython(name, version, pinned, called = name) {
  const digest = pinned && createHash("sha256").update(readFileSync(pinned)).digest("hex").slice(0, 12);
  const folder = join(cache, [name, version, ...(digest ? [digest] : [])].join("-"));
  const program = join(folder, "bin", called);
  if (existsSync(program)) return program;
  if (!isThere("python3")) throw new Skipped("no python3");
  mkdirSync(cache, { recursive: true });
  run("python3", ["-m", "venv", folder]);
  const what = pinned ? ["--require-hashes", "--requirement", pinned] : [`${name}==${version}`];
  run(join(folder, "bin", "pip"), ["install", "--quiet", "--disable-pip-version-check", ...what]);
  return program;
}
