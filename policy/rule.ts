import type { Registers } from "../model/registers";
import type { Day } from "../model/words/calendar";

/** One thing that a rule looked at; a target may have several. */
export interface Judgement {
  /** Its path in the description: `lumi.production.runs.fdb`. */
  readonly target: string;
  /** What is unwise about it, in words. @default - it is well so */
  readonly unwise?: string;
}

/**
 * Something that is possible, and unwise; what is impossible is refused by `model/check`. A rule that looks at nothing does
 * not apply; one that finds nothing unwise in what it looks at is kept.
 */
export interface Rule {
  /** What its file is called, and how an acknowledgement names it. */
  readonly name: string;
  /** What it asks for, in one sentence. */
  readonly asks: string;
  /** What happens to those who do otherwise. */
  readonly why: string;
  /** What to do, as an imperative. */
  readonly fix: string;
  /** @param today for what runs out */
  judge(registers: Registers, today: Day): readonly Judgement[];
}
