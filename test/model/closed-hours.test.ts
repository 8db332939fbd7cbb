import { bastion, proxy } from "../../constructs/edge/spec";
import { interruptionsAt, interruptionText } from "../../model/closed-hours";
import { gather } from "../../model/gather";
import { north, tenancy } from "./platform";

const calendar = { forecast: "02:00-09:00", freezes: [{ from: "2027-01-01", to: "2027-01-03", why: "holidays" }] };
const { registers } = gather([
  north({
    production: tenancy({ calendar, runs: [bastion(), proxy()] }),
    test: tenancy({ network: { cidr: "10.52.0.0/20" }, environment: "test", runs: [bastion(), proxy()] }),
  }),
]);
const closed = new Date("2027-02-01T03:00Z");
const stack = "north-production-tenancy";

test("a stack is refused that interrupts something while its own tenancy is closed, and no other", () => {
  const interrupts = ["host/proxy: the server stops and is resized"];
  const refused = (what: string, now: Date) => interruptionsAt(registers, { stack: what, interrupts }, now);
  expect(refused(stack, closed)).toEqual([
    {
      site: "north",
      target: stack,
      interrupts,
      why: "the forecast runs, 02:00-09:00 UTC",
      opens: new Date("2027-02-01T09:00Z"),
    },
  ]);
  expect(refused(stack, new Date("2027-02-01T09:00Z"))).toEqual([]);
  expect(refused("north-test-tenancy", closed)).toEqual([]);
  expect(refused(stack, new Date("2027-01-03T12:00Z"))).toMatchObject([
    { why: "holidays, 2027-01-01 to 2027-01-03", opens: new Date("2027-01-04T00:00Z") },
  ]);
});

test("what interrupts nothing goes through", () =>
  expect(interruptionsAt(registers, { stack, interrupts: [] }, closed)).toEqual([]));

test("hosts are refused by their tenancy", () => {
  const hosts = new Map(
    ["north-production-proxy", "north-production-bastion", "north-test-proxy"].map((id) => [id, ["squid.service"]]),
  );
  expect(interruptionsAt(registers, { hosts }, closed)).toMatchObject([
    {
      target: "2 hosts of north-production",
      interrupts: expect.arrayContaining(["north-production-proxy: squid.service"]),
    },
  ]);
  expect(interruptionsAt(registers, { hosts: new Map([["north-test-proxy", ["x"]]]) }, closed)).toEqual([]);
});

test("a refusal tells what, why not now, and when", () => {
  const interrupts = Array.from({ length: 22 }, (_, i) => `host ${i}`);
  const [found] = interruptionsAt(registers, { stack, interrupts }, closed);
  const lines = found ? interruptionText(found).split("\n") : [];
  expect([lines[0], lines[1], ...lines.slice(-2)]).toEqual([
    `${stack}: must not be interrupted now: the forecast runs, 02:00-09:00 UTC`,
    "  host 0",
    "  and 3 more",
    "opens 2027-02-01 09:00 UTC",
  ]);
});
