import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Misused } from "../misused";

/**
 * Does some work while nobody else of this machine works in the same folder.
 * @throws Misused if somebody does; a process that is no more has left it
 */
export async function claimed<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const free = claimOf(folder);
  try {
    return await work();
  } finally {
    free();
  }
}

/** The same for work that ends at once. */
export function claimedAtOnce<T>(folder: string, work: () => T): T {
  const free = claimOf(folder);
  try {
    return work();
  } finally {
    free();
  }
}

/** @returns what gives it back */
function claimOf(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "claimed");
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, selfText(process.pid));
  try {
    claim(file, mine);
  } finally {
    rmSync(mine, { force: true });
  }
  return () => rmSync(file, { force: true });
}

/** A link appears with its content, and never over another. */
function claim(file: string, mine: string): void {
  for (let tries = 0; tries < 5; tries += 1)
    try {
      linkSync(mine, file);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const owner = existsSync(file) ? readFileSync(file, "utf8") : "";
      if (isAlive(owner)) throw new Misused(`process ${owner.split(" ")[0]} is at work in this folder; wait for it`);
      // Of two that find it left, one gets it out of the way, and the other finds it gone.
      const left = `${mine}.left`;
      try {
        renameSync(file, left);
        // Somebody may have claimed it meanwhile: then it goes back.
        if (readFileSync(left, "utf8") !== owner) linkSync(left, file);
      } catch {
        // It is gone already.
      }
      rmSync(left, { force: true });
    }
  throw new Misused("somebody else is at work in this folder");
}

/** A process, told from a later one of the same number by when it began, where the system tells. */
function selfText(pid: number): string {
  const file = `/proc/${pid}/stat`;
  return `${pid} ${
    existsSync(file)
      ? readFileSync(file, "utf8")
          .replace(/^.*\) /s, "")
          .split(" ")[19]
      : ""
  }`.trim();
}

function isAlive(owner: string): boolean {
  const pid = Number(owner.split(" ")[0]);
  try {
    return pid > 0 && process.kill(pid, 0) && selfText(pid) === owner;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
