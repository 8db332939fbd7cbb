import type { Registers } from "../model/registers";
import type { Acknowledgement } from "../model/site/acknowledgement";
import type { Day } from "../model/words/calendar";
import { grouped } from "../model/words/grouped";
import { didYouMean, listed, type Problem } from "../model/words/problem";
import type { Judgement, Rule } from "./rule";
import { rules as all } from "./rules";

/** Something unwise. */
export interface Finding {
  readonly rule: string;
  /** `lumi.production.runs.fdb`. */
  readonly target: string;
  /** All that is unwise about it, each in words. */
  readonly unwise: readonly string[];
  /** Who answers for it, why, and until when. @default - nobody does */
  readonly acknowledged?: Pick<Acknowledgement, "reason" | "owner" | "until">;
}

/** What a rule came to: kept where it applies, or findings; or it failed, which is a defect of the rule. */
export interface Verdict {
  readonly rule: string;
  readonly outcome: "kept" | "findings" | "not applicable" | "failed";
  /** How many things it looked at. */
  readonly of: number;
}

/** What all rules say of a description. */
export interface Judged {
  readonly verdicts: readonly Verdict[];
  /** Acknowledged ones too. */
  readonly findings: readonly Finding[];
  /** Rules that failed, and acknowledgements that have run out, last too long, find nothing, or are of no rule. */
  readonly defects: readonly Problem[];
  /** What nobody answers for, and the defects. */
  readonly problems: readonly Problem[];
}

/**
 * Holds a sound description against the rules. Never throws.
 * @param today UTC; acknowledgements hold to the end of their last day
 */
export function judge(registers: Registers, today: Day, rules: readonly Rule[] = all): Judged {
  const answers = registers.sites.flatMap(({ name, acknowledged }) => acknowledged.map((is) => ({ site: name, is })));
  const judged = rules.map((rule) => ({ rule, ...judgementsOf(rule, registers, today) }));
  /** Of several, the one that holds longest. */
  const answerTo = (rule: string, target: string): Acknowledgement | undefined =>
    answers
      .filter(({ site, is }) => is.rule === rule && is.targets.some((each) => `${site}.${each}` === target))
      .map(({ is }) => is)
      .sort((a, b) => (a.until < b.until ? 1 : -1))[0];
  const findings = judged.flatMap(({ rule, judgements }) =>
    [...grouped(judgements, ({ target }) => target)].flatMap(([target, of]): readonly Finding[] => {
      const unwise = [...new Set(of.flatMap((each) => each.unwise ?? []))];
      if (unwise.length === 0) return [];
      const answer = answerTo(rule.name, target);
      if (!answer || answer.until < today) return [{ rule: rule.name, target, unwise }];
      const { reason, owner, until } = answer;
      return [{ rule: rule.name, target, unwise, acknowledged: { reason, owner, until } }];
    }),
  );
  const told = new Map(
    judged.map(({ rule, judgements, failure }) => [rule.name, failure ? undefined : unwiseOf(judgements)]),
  );
  const defects = [
    ...judged.flatMap(({ failure }) => failure ?? []),
    ...answers.flatMap(({ site, is }) => answerProblems(site, is, told, today)),
    ...repeated(answers),
  ];
  return {
    verdicts: judged.map(({ rule, judgements, failure }) => ({
      rule: rule.name,
      outcome: failure ? "failed" : outcomeOf(judgements),
      of: new Set(judgements.map(({ target }) => target)).size,
    })),
    findings,
    defects,
    problems: [
      ...findings.filter(({ rule, target }) => !answerTo(rule, target)).map((each) => unanswered(each, rules)),
      ...defects,
    ],
  };
}

/** A rule that throws says nothing, and says that. */
function judgementsOf(
  rule: Rule,
  registers: Registers,
  today: Day,
): { readonly judgements: readonly Judgement[]; readonly failure?: Problem } {
  try {
    return { judgements: rule.judge(registers, today) };
  } catch (error) {
    const value = error instanceof Error ? error.message : String(error);
    const failure = { path: `policy.${rule.name}`, value, allowed: "a rule that can be asked", fix: "mend the rule" };
    return { judgements: [], failure };
  }
}

/** Targets at which something is unwise. */
const unwiseOf = (judgements: readonly Judgement[]): readonly string[] => [
  ...new Set(judgements.flatMap(({ target, unwise }) => (unwise === undefined ? [] : [target]))),
];

const outcomeOf = (judgements: readonly Judgement[]): Verdict["outcome"] =>
  judgements.length === 0 ? "not applicable" : unwiseOf(judgements).length > 0 ? "findings" : "kept";

function unanswered({ rule, target, unwise }: Finding, rules: readonly Rule[]): Problem {
  const { asks = "", fix = "" } = rules.find(({ name }) => name === rule) ?? {};
  const words = `acknowledge("${rule}", ["${target.replace(/^[^.]*\./, "")}"], { reason, owner, until })`;
  const allowed = asks.replace(/^./, (first) => first.toLowerCase()).replace(/\.$/, "");
  return { path: target, value: unwise.join("; "), allowed, fix: `${fix}; or acknowledged: [${words}]` };
}

function answerProblems(
  site: string,
  { rule, targets, until }: Acknowledgement,
  told: ReadonlyMap<string, readonly string[] | undefined>,
  today: Day,
): readonly Problem[] {
  const path = `${site}.acknowledged.${rule}`;
  const names = [...told.keys()];
  if (!names.includes(rule))
    return [{ path, value: rule, allowed: listed(names), fix: didYouMean(rule, names, "see databridge policy") }];
  const unwise = told.get(rule);
  if (!unwise) return [];
  const here = unwise.filter((target) => target.startsWith(`${site}.`)).map((target) => target.slice(site.length + 1));
  const idle = targets
    .filter((target) => !here.includes(target))
    .map((target) => ({
      path,
      value: target,
      allowed: `what the rule finds here: ${listed(here)}`,
      fix: didYouMean(
        target,
        here.filter((each) => !targets.includes(each)),
        "leave it out",
      ),
    }));
  const over = { path, value: `${until}, for ${listed(targets)}` };
  const last = dayAfter(today, longest);
  if (until < today)
    return [
      ...idle,
      {
        ...over,
        allowed: `a day that has not passed; today is ${today}`,
        fix: "mend what it is about, or decide again",
      },
    ];
  if (until > last) return [...idle, { ...over, allowed: `a day up to ${last}`, fix: "decide again by then" }];
  return idle;
}

/** Days for which somebody can answer: whoever decides must have to look again. */
const longest = 400;

const dayAfter = (day: Day, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** Of two answers to one finding nobody could say which was meant. */
function repeated(answers: readonly { readonly site: string; readonly is: Acknowledgement }[]): readonly Problem[] {
  const all = answers.flatMap(({ site, is: { rule, targets } }) =>
    targets.map((target) => ({ path: `${site}.acknowledged.${rule}`, target })),
  );
  return all
    .filter(({ path, target }, i) => all.findIndex((each) => each.path === path && each.target === target) < i)
    .map(({ path, target }) => ({ path, value: target, allowed: "each target once", fix: "leave one of them out" }));
}
