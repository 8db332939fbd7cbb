import type { Registers } from "../model/registers";
import type { Day } from "../model/words/calendar";
import { type Finding, judge } from "../policy/judge";

/** Something unwise at the head, and whether the change brings it. */
export interface Unwise extends Finding {
  readonly isNew: boolean;
}

/** What is unwise at the head. @param base what its sites say, read by the rules of the head; none if they do not fit */
export function unwiseAt(head: Registers, base: Registers | undefined, today: Day): readonly Unwise[] {
  const known = new Set(base ? judge(base, today).findings.flatMap(keysOf) : []);
  return judge(head, today).findings.map((finding) => ({
    ...finding,
    isNew: keysOf(finding).some((key) => !known.has(key)),
  }));
}

/** Each thing that is unwise, and who answers for it: of somebody else, it is new. */
const keysOf = ({ rule, target, unwise, acknowledged }: Finding): readonly string[] =>
  unwise.map((each) => JSON.stringify([rule, target, each, acknowledged]));
