import { join } from "node:path";
import { writeLock } from "../../engine/lock-file";
import { readLocks } from "../../engine/world";
import { readLocksOf } from "../../model/locks";
import { emptyLock, type Lock, lockText } from "../../model/site/lock";
import { Misused } from "../misused";
import { claimedAtOnce } from "./claim";
import { world } from "./description";

/**
 * Writes the lock of a site, or takes it away.
 * @param before as it was read: what somebody else has written since must not be lost
 * @throws Misused if somebody has
 */
export function replaceLock(site: string, before: Lock | undefined, after: Lock | undefined): void {
  claimedAtOnce(join(world.work, "locks"), () => {
    const now = readLocksOf(readLocks(world)).locks.get(site);
    if (lockText(now ?? emptyLock) !== lockText(before ?? emptyLock))
      throw new Misused(`the lock of ${site} was written by somebody else meanwhile: once more`);
    writeLock(world, site, after);
  });
}
