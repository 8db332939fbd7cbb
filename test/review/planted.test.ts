import { compare } from "../../review/compare";
import { judge } from "../../review/judge";
import { door, harmless, lumi, planted, volume } from "./plants";
import { committed, facts, judged, packet, treeOf } from "./trees";

test.each(Object.entries(planted))("%s", (_, [edit, level, said]) => {
  const worst = judged(edit);
  const found = worst.filter(({ reasons }) => reasons.some((reason) => said.test(reason)));
  expect([...new Set(found.map((each) => each.level))]).toEqual([level]);
});

test("what is adopted no more is to be looked at", () => {
  const [one, two] = [committed(), committed()].map((stacks) => stacks[lumi]);
  one.import = [{ to: `${volume}.host_fdb-store-1_volume-data`, id: "1f" }];
  const changes = compare(treeOf({ [lumi]: one }), treeOf({ [lumi]: two }), facts);
  expect(changes.map((change) => [change.address, judge(change, true).level])).toEqual([
    [`import.${volume}.host_fdb-store-1_volume-data`, "review"],
  ]);
});

test.each([
  ["10.0.0.0/8", "safe"],
  ["10.0.0.0/1", "review"],
  ["172.16.0.0/4", "review"],
  ["192.168.1.1", "safe"],
  ["193.1.1.1", "review"],
])("a door to %s: %s", (block, level) => {
  expect(judged((stacks) => door(stacks, { remote_ip_prefix: block })).map((each) => each.level)).toEqual([level]);
});

test.each(Object.entries(harmless))("%s is harmless", (_, edit) => {
  const { entries } = packet(edit);
  expect(entries.filter(({ level }) => !["safe", "moved", "noise"].includes(level))).toEqual([]);
});

test("a new stack opens doors, and does no harm", () => {
  const { verdict, entries } = packet((stacks) => {
    stacks["north-production-tenancy"] = JSON.parse(JSON.stringify(stacks[lumi]).replaceAll("lumi", "north"));
  });
  expect([verdict.irreversible, verdict.outage]).toEqual([0, 0]);
  expect(verdict.review).toBeGreaterThan(5);
  const reasons = entries.filter(({ level }) => level === "review").flatMap((entry) => entry.reasons);
  expect(reasons.filter((reason) => !reason.startsWith("opens "))).toEqual([]);
});
