// One process at a time, by a file that bears the id of the one that is in. Plain JavaScript on Node alone.
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Does some work while nobody else does, waiting for whoever does.
 * @template T
 * @param {string} lock the file; one of a process that is no more is taken over
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function exclusively(lock, work) {
  mkdirSync(dirname(lock), { recursive: true });
  const mine = `${lock}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    // A link appears with its content, and never over another.
    for (let told = false; !linked(mine, lock); ) {
      const other = ownerOf(lock);
      if (!isAlive(other)) {
        rmSync(lock, { force: true });
        continue;
      }
      if (!told) process.stderr.write(`waiting for process ${other}\n`);
      told = true;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  } finally {
    rmSync(mine, { force: true });
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** @param {string} from @param {string} to */
function linked(from, to) {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    return false;
  }
}

/** @param {string} lock @returns the process that is in; 0 for none */
function ownerOf(lock) {
  try {
    return Number(readFileSync(lock, "utf8"));
  } catch {
    return 0;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

/** @param {unknown} error */
const codeOf = (error) => /** @type {NodeJS.ErrnoException} */ (error).code;
