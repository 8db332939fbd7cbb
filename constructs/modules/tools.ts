import { createHash } from "node:crypto";
import type { Software } from "../../model/site/software";
import { shipped } from "./shipped";

/** By what software is built and tested, in an environment of Python's. */
export function toolsOf({ python }: Pick<Software, "python">) {
  const is = {
    python: python.program,
    init: python.modules.map((module) => `module load ${module}`),
    requirements: shipped("tools/requirements.txt"),
  };
  return { digest: createHash("sha256").update(JSON.stringify(is)).digest("hex").slice(0, 12), ...is };
}
