import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endText } from "../../cli/commands/configure";
import {
  configure,
  outcomeOf,
  type RoleOutcome,
  RoleOutcomes,
  readResult,
  type TaskResult,
} from "../../operate/configure";

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

test("a role that is for other hosts is not told", () => {
  const told: RoleOutcome[] = [];
  const outcomes = new RoleOutcomes((outcome) => told.push(outcome));
  outcomes.add(result("a", "proxy", "skipped"));
  outcomes.add(result("a", "base", "ok"));
  outcomes.end();
  expect(told.map(({ role }) => role)).toEqual(["base"]);
});

describe("a run of the playbook", () => {
  let work: string;
  beforeEach(() => {
    work = mkdtempSync(join(tmpdir(), "databridge-"));
  });
  afterEach(() => rmSync(work, { recursive: true }));

  /** What Ansible prints, and its exit code. */
  const run = async (says: readonly TaskResult[], code: number, through: readonly string[] = []) => {
    const lines = says.map((each) => JSON.stringify(each)).join("\n");
    const script = `#!/bin/sh\ncat <<'E'\n${lines}\nE\necho "no inventory was parsed" >&2\nexit ${code}\n`;
    writeFileSync(join(work, "ansible-playbook"), script, { mode: 0o755 });
    const props = { programs: work, ansible: work, inventory: "/inventory", check: false, work, env: process.env };
    return configure({ ...props, hosts: ["a", "b"], through, onDone: () => undefined });
  };

  test("is done if it came to every host", async () =>
    expect(await run([result("a", "base", "ok"), result("b", "base", "changed")], 0)).toEqual({
      log: join(work, "configure.log"),
    }));

  test("that found no hosts is a failure, though Ansible says that all is well", async () =>
    expect((await run([], 0)).error).toBe("Ansible did nothing at a, b"));

  test("names the hosts to which it did not come, beside what failed elsewhere", async () =>
    expect((await run([result("a", "base", "failed")], 2)).error).toBe("Ansible did nothing at b"));

  test("tells what Ansible said where no task did", async () =>
    expect((await run([], 4)).error).toBe("no inventory was parsed\nAnsible did nothing at a, b"));

  test("takes bastions along, for their passing on alone", async () => {
    await run([], 0, ["way", "other"]);
    const [command] = readFileSync(join(work, "configure.log"), "utf8").split("\n");
    expect(command).toContain("--inventory /inventory --limit a,b,way,other");
    expect(command).toContain('--extra-vars {"databridge_besides":":!way:!other"}');
  });
});

test("what was not reached is counted where it ends", () => {
  expect(endText([], 22, true, "report.json")).toBe(
    "\n 0 hosts · 0 to change · 0 failed · 22 not reached · report.json",
  );
  expect(endText([], 0, false, "report.json")).toBe("\n 0 hosts · 0 changed · 0 failed · report.json");
});
