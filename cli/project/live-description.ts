import { encryptionFile, encryptionText } from "../../engine/encryption";
import type { Registers } from "../../model/registers";
import type { Problem } from "../../model/words/problem";
import type { StackFiles } from "../../operate/deployment";
import { synthesizedAside } from "./aside";
import { describe, world } from "./description";

/** What is described, and the files of its stacks, as they are at the moment: what is learned changes both. */
export class LiveDescription {
  static of(registers: Registers): LiveDescription | readonly Problem[] {
    const result = synthesizedAside(registers, world.name);
    return "problems" in result ? result.problems : new LiveDescription(registers, result.stacks, result.files);
  }

  private constructor(
    public registers: Registers,
    private texts: ReadonlyMap<string, string>,
    private beside: ReadonlyMap<string, StackFiles>,
  ) {}

  files(stack: string): StackFiles {
    const text = this.texts.get(stack);
    if (text === undefined) throw new Error(`there is no stack ${stack}`);
    return new Map([["cdk.tf.json", text], [encryptionFile, encryptionText], ...(this.beside.get(stack) ?? [])]);
  }

  /** Reads all once more. @throws with what is wrong now */
  refresh(): void {
    const { registers, problems } = describe();
    const next = problems.length > 0 ? problems : LiveDescription.of(registers);
    if (!(next instanceof LiveDescription))
      throw new Error(next.map(({ path, allowed }) => `${path}: ${allowed}`).join("\n"));
    this.registers = next.registers;
    this.texts = next.texts;
    this.beside = next.beside;
  }
}
