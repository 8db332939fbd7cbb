import { createHash } from "node:crypto";
import type { Software } from "../../model/site/software";
import { shipped } from "./shipped";

const requirements = (): string => shipped("tools/requirements.txt");

/** By what software is built and tested, in an environment of Python's. */
export function toolsOf({ python }: Pick<Software, "python">) {
  const is = {
    python: python.program,
    init: python.modules.map((module) => `module load ${module}`),
    requirements: requirements(),
  };
  return { digest: createHash("sha256").update(JSON.stringify(is)).digest("hex").slice(0, 12), ...is };
}

/** What of it decides what is built. */
export const builderOf = (): readonly string[] => requirements().match(/^easybuild[^\s]*/gm) ?? [];
