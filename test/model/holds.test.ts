import { bastion, proxy } from "../../constructs/edge/spec";
import { vault } from "../../constructs/vault/spec";
import { gather } from "../../model/gather";
import { heldText, holdAgainstDestroying, holdAt, holdOf, holdsOf, isOver, overText } from "../../model/holds";
import { readDay } from "../../model/words/calendar";
import { north, tenancy } from "./platform";

const hold = { reason: "the operator looks at it", until: "2027-01-31", by: "Ada", since: "2027-01-01" };
const gathered = (...stacks: readonly string[]) =>
  gather(
    [
      north({
        production: tenancy({ runs: [bastion(), proxy(), vault({ from: [] })] }),
        test: tenancy({ environment: "test", network: { cidr: "10.52.0.0/20" }, runs: [bastion(), proxy()] }),
      }),
    ],
    { north: { version: 6, holds: Object.fromEntries(stacks.map((stack) => [stack, hold])) } },
  );
const [under, over, other] = ["north-production-tenancy", "north-production-vault", "north-test-tenancy"];

test("a hold is of a stack, and of what stands on the stack of a tenancy", () => {
  const { registers } = gathered(under);
  expect([under, over, other, "nothing"].map((stack) => holdOf(registers, stack)?.stack)).toEqual([
    under,
    under,
    undefined,
    undefined,
  ]);
  expect(registers.places.map((place) => holdAt(registers, place)?.stack)).toEqual([under, undefined]);
  expect(gathered(over).registers.places.map((place) => holdAt(registers, place)?.by)).toEqual(["Ada", undefined]);
  const both = gathered(under, over).registers;
  expect([holdOf(both, over)?.stack, holdsOf(both).map(({ stack }) => stack)]).toEqual([over, [under, over]]);
});

test("what stands on a stack keeps it from being destroyed", () => {
  const { registers } = gathered(over);
  expect([under, over, other].map((stack) => holdAgainstDestroying(registers, stack)?.stack)).toEqual([
    over,
    over,
    undefined,
  ]);
  expect(holdOf(registers, under)).toBeUndefined();
});

test("it goes on past its last day, and then says so", () => {
  const { registers } = gathered(under);
  const [found] = holdsOf(registers);
  const days = ["2027-01-31", "2027-02-01"].flatMap((day) => readDay(day) ?? []);
  expect(found && days.map((day) => isOver(found, day))).toEqual([false, true]);
  expect(found && [heldText(found), heldText(found, over), overText(found)]).toEqual([
    "held until 2027-01-31 by Ada: the operator looks at it",
    `${under} is held until 2027-01-31 by Ada: the operator looks at it`,
    expect.stringContaining(`goes on · databridge release ${under}`),
  ]);
});

test("its last day rings who owns the tenancy", () => {
  const signals = (...stacks: readonly string[]) =>
    gathered(...stacks).registers.signals.filter(({ signal }) => signal.startsWith("platform_hold_"));
  expect(signals(over)).toMatchObject([
    { owner: "team", by: { ends: Date.parse("2027-02-01T00:00Z") / 1000 }, labels: { tenancy: "production" } },
  ]);
  expect(signals()).toEqual([]);
});

test.each([
  ["north-test-tenansy", 'did you mean "north-test-tenancy"?'],
  ["gone-long-ago-services", "databridge release gone-long-ago-services"],
])("a hold of nothing is refused: %s", (stack, fix) =>
  expect(gathered(stack).problems).toEqual([
    expect.objectContaining({ path: `north.lock.holds.${stack}`, value: stack, fix }),
  ]));

test.each([
  ["until", "2027-02-30"],
  ["until", "2026-12-31"],
  ["reason", ""],
  ["by", "Ada\nLovelace"],
])("%s is not %p", (key, value) => {
  const wrong = gather([north({})], { north: { version: 6, holds: { [under]: { ...hold, [key]: value } } } });
  expect(wrong.problems.map(({ path }) => path)).toContainEqual(
    expect.stringMatching(new RegExp(`^north\\.lock\\.holds\\.${under}`)),
  );
});
