import { outcomeOf, type RoleOutcome, RoleOutcomes, readResult, type TaskResult } from "../../operate/configure";

const result = (host: string, role: string, status: TaskResult["status"], task = "Do it"): TaskResult => ({
  host,
  role,
  task,
  status,
  seconds: 0.5,
});

test("a line of ours is read; Ansible's own warnings are none", () => {
  expect(readResult(JSON.stringify(result("a", "base", "ok")))).toEqual(result("a", "base", "ok"));
  expect(readResult("[WARNING]: something")).toBeUndefined();
  expect(readResult("{ broken")).toBeUndefined();
  expect(readResult('{"host":"a"}')).toBeUndefined();
});

test("results of a role at a host are counted; what is skipped is not", () => {
  const { ok, changed, failed, seconds, changes } = outcomeOf([
    result("a", "base", "ok"),
    { ...result("a", "base", "changed", "Copy it"), diff: "+ line" },
    result("a", "base", "skipped"),
  ]);
  expect([ok, changed, failed, seconds, changes]).toEqual([1, 1, 0, 1.5, [{ task: "Copy it", diff: "+ line" }]]);
});

test("a host that does not answer has failed, and says why", () => {
  const { failed, failures } = outcomeOf([{ ...result("a", "base", "unreachable"), message: "timed out" }]);
  expect([failed, failures]).toEqual([1, ["Do it: timed out"]]);
});

test("a role is told once it is done at a host, whatever others do meanwhile", () => {
  const told: RoleOutcome[] = [];
  const outcomes = new RoleOutcomes((outcome) => told.push(outcome));
  for (const [host, role] of [
    ["a", "base"],
    ["b", "base"],
    ["a", "base"],
    ["a", "proxy"],
  ] as const)
    outcomes.add(result(host, role, "ok"));
  expect(told.map(({ host, role, ok }) => [host, role, ok])).toEqual([["a", "base", 2]]);
  outcomes.end();
  expect(told.map(({ host, role }) => `${host} ${role}`)).toEqual(["a base", "a proxy", "b base"]);
});
