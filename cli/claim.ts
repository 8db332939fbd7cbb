import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Misused } from "./misused";

/**
 * Does some work while nobody else of this machine works in the same folder.
 * @throws Misused if somebody does; a process that is no more has left it
 */
export async function claimed<T>(folder: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "claimed");
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    claim(file, mine);
    try {
      return await work();
    } finally {
      rmSync(file, { force: true });
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** A link appears with its content, and never over another. */
function claim(file: string, mine: string): void {
  for (let tries = 0; ; tries += 1)
    try {
      linkSync(mine, file);
      return;
    } catch (error) {
      const owner = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
      if (tries > 3 || isAlive(owner)) throw new Misused(`process ${owner} is at work here; wait for it, or end it`);
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      rmSync(file, { force: true });
    }
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
