import { type End, endsOf } from "../model/ends";
import type { Registers } from "../model/registers";
import type { Day } from "../model/words/calendar";
import type { Judgement } from "./rule";

/** Whether ends of a kind that the description states have passed. @param said what is unwise about one that has */
export const runOut = (
  kind: End["kind"],
  registers: Registers,
  today: Day,
  said: (end: End) => string,
): readonly Judgement[] =>
  endsOf(registers)
    .filter((end) => end.kind === kind)
    .map((end) => (end.until < today ? { target: end.target, unwise: said(end) } : { target: end.target }));
