import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

/** Written beside what was generated, last. */
export const stampFile = join(here, "lib", ".stamp");

/** A digest of all that lib/ depends on: the schema, the generator and the versions of its tools. */
export function stamp() {
  const hash = createHash("sha256");
  for (const file of ["schema.json", "generate.mjs", "package.json"]) hash.update(readFileSync(join(here, file)));
  return hash.digest("hex");
}

/** Whether lib/ is what would be generated now. */
export const isCurrent = () => existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp();
