import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ShownKeys } from "../../sandbox/answers";

/** What supercomputers of a sandbox that are booted, or were, show who logs in. @param work folder of the world */
export function shownKeys(work: string): ShownKeys {
  const folder = join(work, "hpc");
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return Object.fromEntries(
    names.flatMap((name) => {
      const file = join(folder, name, "hpc.json");
      // One that has not come up yet shows nothing.
      return existsSync(file)
        ? [[name, (JSON.parse(readFileSync(file, "utf8")) as { fingerprint: string }).fingerprint]]
        : [];
    }),
  );
}
