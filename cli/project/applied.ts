import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { normalized } from "../../engine/normalize";
import type { StackFiles } from "../../operate/deployment";
import { world } from "./description";
import { reviewed } from "./reviewed";

const appliedSchema = z.object({
  /** ISO 8601, UTC. */
  at: z.string(),
  /** Of what was applied, as `synthesized/` would have it. */
  digest: z.string(),
  /** What was committed then. @default - something was not */
  commit: z.string().exactOptional(),
});
/** When a stack was applied last, and what. */
export type Applied = z.output<typeof appliedSchema>;

const driftedSchema = z.object({
  at: z.string(),
  /** Why nothing was seen. @default - it was looked at */
  unseen: z.string().exactOptional(),
  /** How much was otherwise than described. */
  count: z.number(),
});
/** When somebody looked at a cloud last, and what was otherwise. */
export type Drifted = z.output<typeof driftedSchema>;

/** Notes of this folder, by stack. Whoever applies elsewhere leaves none here. */
class Notes<T> {
  constructor(
    private readonly name: string,
    private readonly schema: z.ZodType<T>,
  ) {}

  read(): Readonly<Record<string, T>> {
    if (!existsSync(this.file)) return {};
    try {
      return z.record(z.string(), this.schema).parse(JSON.parse(readFileSync(this.file, "utf8")));
    } catch {
      // What cannot be read is not known.
      return {};
    }
  }

  write(notes: Readonly<Record<string, T>>): void {
    this.replace({ ...this.read(), ...notes });
  }

  /** Takes out what was noted of stacks that are no more. */
  forget(isGone: (stack: string) => boolean): void {
    if (existsSync(this.file))
      this.replace(Object.fromEntries(Object.entries(this.read()).filter(([stack]) => !isGone(stack))));
  }

  get file(): string {
    return join(world.work, this.name);
  }

  private replace(notes: Readonly<Record<string, T>>): void {
    mkdirSync(dirname(this.file), { recursive: true });
    const temporary = `${this.file}.${process.pid}`;
    writeFileSync(temporary, `${JSON.stringify(notes, undefined, 2)}\n`);
    renameSync(temporary, this.file);
  }
}

export const appliedHere = new Notes("applied.json", appliedSchema);
export const driftedHere = new Notes("drifted.json", driftedSchema);

/** The digest of a stack's normalized text. */
export const digestOf = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16);

/** Notes that a stack has been applied. */
export function noteApplied(stack: string, files: StackFiles): void {
  const { commit } = reviewed();
  appliedHere.write({
    [stack]: {
      at: new Date().toISOString(),
      digest: digestOf(normalized(files.get("cdk.tf.json") ?? "{}")),
      ...(commit === undefined ? {} : { commit }),
    },
  });
}
