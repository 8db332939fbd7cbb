import { type Judged, judge } from "../../policy/judge";
import { rulesPage } from "../../policy/page";
import { problemLines, problemsJson } from "../print/problems";
import { table } from "../print/table";
import { isWanted, soundDescription } from "../project/description";
import { today } from "../project/today";

interface Options {
  readonly rules?: boolean;
  readonly json?: boolean;
}

/** `databridge policy [site…]`. @returns the exit code: 1 if something is unwise that nobody answers for */
export function runPolicy(sites: readonly string[], { rules = false, json = false }: Options): number {
  if (rules) {
    console.log(rulesPage().trimEnd());
    return 0;
  }
  const registers = soundDescription(sites, json);
  if (!registers) return 1;
  const judged = judge(registers, today());
  const mine = ({ target }: { readonly target: string }) => isWanted(target.split(".")[0] ?? "", sites);
  const problems = judged.problems.filter(({ path }) => mine({ target: path }) || path.startsWith("policy."));
  const shown = { ...judged, findings: judged.findings.filter(mine), problems };
  if (json) console.log(JSON.stringify({ ...shown, ...JSON.parse(problemsJson(problems)) }, undefined, 2));
  else console.log(policyText(shown));
  return problems.length === 0 ? 0 : 1;
}

function policyText({ verdicts, findings, problems }: Judged): string {
  const answered = findings.flatMap(({ acknowledged, ...is }) => (acknowledged ? [{ ...is, ...acknowledged }] : []));
  const count = (rule: string, which: boolean) =>
    findings.filter((each) => each.rule === rule && (each.acknowledged !== undefined) === which).length;
  return [
    table(
      ["rule", "looked at", "unwise", "acknowledged", ""],
      verdicts.map(({ rule, of, outcome }) => [
        rule,
        String(of),
        String(count(rule, false)),
        String(count(rule, true)),
        outcome === "failed" || outcome === "not applicable" ? outcome : "",
      ]),
      [1, 2, 3],
    ),
    ...(answered.length === 0
      ? []
      : [
          "",
          table(
            ["acknowledged", "by", "until", "because"],
            answered.map(({ rule, target, owner, until, reason }) => [`${rule} · ${target}`, owner, until, reason]),
          ),
        ]),
    ...(problems.length === 0 ? [] : ["", ...problemLines(problems)]),
  ].join("\n");
}
