import { bastion, proxy } from "../../constructs/edge/spec";
import { gather } from "../../model/gather";
import { readDay } from "../../model/words/calendar";
import { standingsOf } from "../../operate/status";
import { north, south, tenancy } from "../model/platform";

const hold = { reason: "why", until: "2027-01-31", by: "Ada", since: "2027-01-01" };
const acknowledged = (until: string) => [
  { rule: "r", targets: ["production.public"], reason: "why", owner: "team", until },
];
const standings = (day: string, holds: object = {}) => {
  const { registers } = gather(
    [
      north(
        { production: tenancy({ calendar: { forecast: "02:00-09:00" }, runs: [bastion(), proxy()] }) },
        { acknowledged: acknowledged("2027-03-01") },
      ),
      south({ production: tenancy({ network: { cidr: "10.36.0.0/20" }, runs: [bastion(), proxy()] }) }),
    ],
    { north: { version: 6, holds } },
  );
  return standingsOf(registers, readDay(day) ?? ("" as never), new Date(`${day}T03:00Z`));
};

test("what the description knows of each stack", () => {
  expect(standings("2027-01-15")).toEqual([
    {
      stack: "north-production-tenancy",
      site: "north",
      closed: { why: "the forecast runs, 02:00-09:00 UTC", opens: "2027-01-15T09:00:00.000Z" },
      ends: { kind: "acknowledgement", target: "north.acknowledged.r", until: "2027-03-01" },
      grants: [],
    },
    { stack: "south-production-tenancy", site: "south", grants: [] },
  ]);
});

test("a hold, whether its day is past, and that it is what ends next", () => {
  const [first] = standings("2027-02-01", { "north-production-tenancy": hold });
  expect(first).toMatchObject({ held: { by: "Ada", over: true }, ends: { kind: "hold", until: "2027-01-31" } });
});
