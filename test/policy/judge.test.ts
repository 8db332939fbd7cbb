import { ecflow } from "../../constructs/ecflow/spec";
import { bastion, proxy } from "../../constructs/edge/spec";
import { gather } from "../../model/gather";
import { acknowledge } from "../../model/vocabulary";
import type { Day } from "../../model/words/calendar";
import { judge } from "../../policy/judge";
import type { Rule } from "../../policy/rule";
import { north, tenancy } from "../model/platform";

const alone = "production-without-standby";
const until = "2027-06-30";
const answer = { reason: "it is small", owner: "team", until };
const target = "production.runs.ecflow-prod";
const at = (today: string, acknowledged: readonly unknown[], of?: readonly Rule[]) => {
  const runs = [bastion(), proxy(), ecflow("prod", { fate: "keep" })];
  const site = north({ production: tenancy({ runs, calendar: { forecast: "02:00-09:00" } }) }, {
    acknowledged,
  } as never);
  const { registers, problems } = gather([site]);
  return { read: problems, ...judge(registers, today as Day, of) };
};
const said = (acknowledged: readonly unknown[], today = "2026-11-24") =>
  at(today, acknowledged).problems.filter(({ path }) => !path.includes("backup"));

test("what nobody answers for is a problem, with the words to paste", () => {
  expect(said([]).filter(({ value }) => value === "ecflow-prod stands alone")).toEqual([
    {
      path: `north.${target}`,
      value: "ecflow-prod stands alone",
      allowed: "what can have a second host on another hypervisor has one in production",
      fix: `give it a standby, or more servers; or acknowledged: [acknowledge("${alone}", ["${target}"], { reason, owner, until })]`,
    },
  ]);
});

test("what a team answers for is told with its reason, and is no problem to the end of the day", () => {
  for (const today of ["2026-11-24", until]) {
    const { findings, problems } = at(today, [acknowledge(alone, [target], answer)]);
    expect(findings).toContainEqual(expect.objectContaining({ rule: alone, acknowledged: answer }));
    expect(problems.map(({ path }) => path)).not.toContain("north.acknowledged.production-without-standby");
    expect(problems.filter(({ value }) => value === "ecflow-prod stands alone")).toEqual([]);
  }
});

test("the day after it has run out, once, at the acknowledgement", () => {
  const { findings, problems } = at("2027-07-01", [acknowledge(alone, [target], answer)]);
  expect(findings.find(({ rule }) => rule === alone)).not.toHaveProperty("acknowledged");
  expect(problems.filter(({ path, value }) => path.includes(alone) || value === "ecflow-prod stands alone")).toEqual([
    {
      path: `north.acknowledged.${alone}`,
      value: `${until}, for ${target}`,
      allowed: "a day that has not passed; today is 2027-07-01",
      fix: "mend what it is about, or decide again",
    },
  ]);
});

test("of two the one that holds counts, wherever it stands, and they are told", () => {
  const [old, good] = [
    acknowledge(alone, [target], { ...answer, until: "2026-01-01" }),
    acknowledge(alone, [target], answer),
  ];
  for (const both of [
    [old, good],
    [good, old],
  ]) {
    const { findings, problems } = at("2026-11-24", both);
    expect(findings.find(({ rule }) => rule === alone)?.acknowledged?.until).toBe(until);
    expect(problems).toContainEqual(expect.objectContaining({ value: target, allowed: "each target once" }));
  }
});

test("one that lasts for years is none: whoever decides has to look again", () => {
  expect(said([acknowledge(alone, [target], { ...answer, until: "9999-12-31" })])).toContainEqual(
    expect.objectContaining({ value: `9999-12-31, for ${target}`, allowed: "a day up to 2027-12-29" }),
  );
});

test("one that finds nothing goes, and so does one of no rule", () => {
  expect(said([acknowledge(alone, [target, "production.runs.ecflow-test"], answer)])).toContainEqual({
    path: `north.acknowledged.${alone}`,
    value: "production.runs.ecflow-test",
    allowed: `what the rule finds here: ${target}`,
    fix: "leave it out",
  });
  expect(said([acknowledge("production-without-standbye", [target], answer)])).toContainEqual(
    expect.objectContaining({ value: "production-without-standbye", fix: `did you mean "${alone}"?` }),
  );
});

test("one without a target, a reason, an owner or a day is refused with the site file", () => {
  const { read } = at("2026-11-24", [{ rule: alone, targets: [], reason: " ", until: "soon" }]);
  expect(read.map(({ path }) => path).sort()).toEqual([
    "north.acknowledged.owner",
    "north.acknowledged.reason",
    "north.acknowledged.until",
  ]);
  for (const reason of ["a\nb", "a\u001b[2K", "x".repeat(201)])
    expect(
      at("2026-11-24", [acknowledge(alone, [target], { ...answer, reason })]).read.map(({ path }) => path),
    ).toEqual(["north.acknowledged.reason"]);
  expect(at("2026-11-24", [acknowledge(alone, [], answer)]).read).toEqual([
    expect.objectContaining({ allowed: "at least one target" }),
  ]);
});

test("a rule that throws is told, keeps nothing, and no other with it", () => {
  const broken: Rule = {
    name: alone,
    asks: "Nothing.",
    why: "",
    fix: "",
    judge: () => {
      throw new Error("no such thing");
    },
  };
  const { verdicts, findings, problems } = at("2026-11-24", [acknowledge(alone, [target], answer)], [broken]);
  expect([verdicts, findings]).toEqual([[{ rule: alone, outcome: "failed", of: 0 }], []]);
  expect(problems).toEqual([
    { path: `policy.${alone}`, value: "no such thing", allowed: "a rule that can be asked", fix: "mend the rule" },
  ]);
});
