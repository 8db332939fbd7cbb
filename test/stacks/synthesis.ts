import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../main";
import type { Registers } from "../../model/registers";

export type Block = Readonly<Record<string, unknown>>;
export interface Stack {
  readonly resource: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  readonly data: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  readonly terraform: Readonly<Record<string, Block>>;
  readonly provider: Readonly<Record<string, readonly Block[]>>;
}

/** All stacks as Terraform reads them, by name. */
export function synthesized(registers: Registers): Readonly<Record<string, Stack>> {
  const outdir = mkdtempSync(join(tmpdir(), "databridge-"));
  try {
    const outputs = main(registers, outdir);
    return Object.fromEntries(outputs.map(({ name, file }) => [name, JSON.parse(readFileSync(file, "utf8")) as Stack]));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** The resources of a type in a stack. */
export const all = (stack: Stack | undefined, type: string): readonly Block[] =>
  Object.values(stack?.resource[`openstack_${type}`] ?? {});
