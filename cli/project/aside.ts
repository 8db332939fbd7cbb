import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Refused } from "../../engine/refused";
import { withoutTraces } from "../../engine/traces";
import type { World } from "../../engine/world";
import { main } from "../../main";
import type { Registers } from "../../model/registers";
import type { Problem } from "../../model/words/problem";

/** What a description gives, as text by stack, by path of a file beside each, and by path of a host's file, or why it is refused. Nothing of the project is written. */
export function synthesizedAside(
  registers: Registers,
  world?: World["name"],
):
  | {
      readonly stacks: ReadonlyMap<string, string>;
      readonly files: ReadonlyMap<string, ReadonlyMap<string, string>>;
      readonly hosts: ReadonlyMap<string, string>;
    }
  | { readonly problems: readonly Problem[] } {
  const folder = mkdtempSync(join(tmpdir(), "databridge-"));
  try {
    const outputs = withoutTraces(() => main(registers, join(folder, "out"), world));
    return {
      stacks: new Map(outputs.map(({ name, file }) => [name, readFileSync(file, "utf8")])),
      files: new Map(outputs.map(({ name, files }) => [name, files])),
      hosts: new Map(outputs.flatMap(({ hostFiles }) => [...hostFiles])),
    };
  } catch (error) {
    if (error instanceof Refused) return { problems: error.problems };
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
