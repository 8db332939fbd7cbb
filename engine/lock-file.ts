import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Lock, lockText } from "../model/site/lock";
import type { World } from "./world";

/** Writes the lock of a site, or takes it away: the file is as it was, or as it should be, and never between. */
export function writeLock(world: World, site: string, lock: Lock | undefined): void {
  const file = join(world.locks, `${site}.lock.json`);
  if (!lock) {
    if (existsSync(file)) rmSync(file);
    return;
  }
  mkdirSync(world.locks, { recursive: true });
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, lockText(lock));
  renameSync(temporary, file);
}
