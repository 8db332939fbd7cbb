import type { Registers } from "../model/registers";
import type { Day } from "../model/words/calendar";
import type { Problem } from "../model/words/problem";
import { type Finding, judge } from "../policy/judge";
import { plain } from "./plain";

/** Something unwise at the head, and whether the change brings any of it. */
export interface Unwise extends Finding {
  readonly isNew: boolean;
  /** What of it the change brings. @default - all, if it is new */
  readonly added?: readonly string[];
}

/** What the policy says of the head, and what of it the change brings. */
export interface PolicyAt {
  readonly unwise: readonly Unwise[];
  /** Rules that failed, and acknowledgements that are of nothing, which the base has not. */
  readonly defects: readonly string[];
}

/** What is unwise at the head. @param base what its sites say, read by the rules of the head; without it nothing is new */
export function policyAt(head: Registers, base: Registers | undefined, today: Day): PolicyAt {
  const [is, was] = [judge(head, today), base && judge(base, today)];
  const known = new Set(was?.findings.flatMap(keysOf));
  const old = new Set(was?.defects.map(defectText));
  return {
    unwise: is.findings.map((finding) => {
      const keys = keysOf(finding);
      const added = was ? finding.unwise.filter((_, i) => !known.has(keys[i] ?? "")) : [];
      return added.length === 0 ? { ...finding, isNew: false } : { ...finding, isNew: true, added };
    }),
    defects: is.defects.map(defectText).filter((defect) => was === undefined || !old.has(defect)),
  };
}

const defectText = ({ path, value, allowed, fix }: Problem): string =>
  plain(`${path}: ${value} · allowed: ${allowed} · ${fix}`, 400);

/** Each thing that is unwise, and who answers for it: of somebody else, it is new. */
const keysOf = ({ rule, target, unwise, acknowledged }: Finding): readonly string[] =>
  unwise.map((each) => JSON.stringify([rule, target, each, acknowledged]));
