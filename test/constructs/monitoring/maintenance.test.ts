import fc from "fast-check";
import { type MonthDays, monthsOf } from "../../../constructs/monitoring/maintenance";

const day = 86_400_000;
const named = (time: number): string => new Date(time).toISOString().slice(0, 10);
/** Whether Alertmanager takes a day for one of these: it looks at year, month and day one by one. */
const isIn = ({ years: [year], months: [month], days_of_month: [days] }: MonthDays, time: number): boolean => {
  const [first = 0, last = 0] = days.split(":").map(Number);
  const date = new Date(time);
  return (
    `${date.getUTCFullYear()}` === year &&
    `${date.getUTCMonth() + 1}` === month &&
    first <= date.getUTCDate() &&
    date.getUTCDate() <= last
  );
};

test("days of a period over some months are those of its months, and of each day one", () =>
  expect(monthsOf({ from: "2027-12-30", to: "2028-02-29" })).toEqual([
    { years: ["2027"], months: ["12"], days_of_month: ["30:31"] },
    { years: ["2028"], months: ["1"], days_of_month: ["1:31"] },
    { years: ["2028"], months: ["2"], days_of_month: ["1:29"] },
  ]));

test("of any period they are all of its days, and no other", () =>
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4000 }), fc.integer({ min: 0, max: 500 }), (begins, lasts) => {
      const from = Date.UTC(2026, 0, 1) + begins * day;
      const to = from + lasts * day;
      const months = monthsOf({ from: named(from), to: named(to) });
      for (let time = from - 40 * day; time <= to + 40 * day; time += day)
        expect([named(time), months.filter((each) => isIn(each, time)).length]).toEqual([
          named(time),
          from <= time && time <= to ? 1 : 0,
        ]);
    }),
    { numRuns: 50 },
  ));
