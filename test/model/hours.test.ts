import { closedAt, closesNext, upkeepOf } from "../../model/hours";
import { calendarSchema } from "../../model/words/calendar";

const upkeep = (forecast?: string) =>
  upkeepOf({ calendar: calendarSchema.parse(forecast === undefined ? {} : { forecast }) });

test("upkeep comes right after the forecast, and at noon where there is none", () => {
  expect(upkeep("02:00-09:00")).toEqual({ lists: "09:00", upgrades: "10:00", minutes: 60 });
  expect(upkeep()).toEqual({ lists: "12:00", upgrades: "13:00", minutes: 60 });
});

test("a forecast may pass midnight, or leave little time: a third of it is left for coming to an end", () => {
  expect(upkeep("16:30-23:30")).toEqual({ lists: "23:30", upgrades: "00:30", minutes: 60 });
  expect(upkeep("03:00-01:30")).toEqual({ lists: "01:30", upgrades: "02:00", minutes: 30 });
});

describe("closed hours", () => {
  const holidays = { from: "2026-12-20", to: "2027-01-06", why: "holidays" };
  const closed = (calendar: object, now: string) => {
    const found = closedAt({ calendar: calendarSchema.parse(calendar) }, new Date(`${now}Z`));
    return found && [found.why, found.opens.toISOString().slice(0, 16)];
  };
  const runs = (window: string) => `the forecast runs, ${window} UTC`;

  test.each([
    ["02:00-09:00", "2027-03-28T01:59:59", undefined],
    ["02:00-09:00", "2027-03-28T02:00", "2027-03-28T09:00"],
    ["02:00-09:00", "2027-03-28T08:59:59", "2027-03-28T09:00"],
    ["02:00-09:00", "2027-03-28T09:00", undefined],
    ["22:00-03:00", "2027-03-28T21:59", undefined],
    ["22:00-03:00", "2027-03-28T22:00", "2027-03-29T03:00"],
    ["22:00-03:00", "2027-03-28T02:59", "2027-03-28T03:00"],
    ["22:00-03:00", "2027-03-28T03:00", undefined],
    ["22:00-00:00", "2027-12-31T23:59", "2028-01-01T00:00"],
  ])("a window begins with its first minute and ends before its last: %s at %s", (forecast, now, opens) =>
    expect(closed({ forecast }, now)).toEqual(opens && [runs(forecast), opens]));

  test.each([
    ["2026-12-19T23:59", undefined],
    ["2026-12-20T00:00", "2027-01-07T00:00"],
    ["2027-01-06T23:59", "2027-01-07T00:00"],
    ["2027-01-07T00:00", undefined],
  ])("days hold from the first to the last, in UTC: at %s", (now, opens) =>
    expect(closed({ freezes: [holidays] }, now)).toEqual(opens && ["holidays, 2026-12-20 to 2027-01-06", opens]));

  test("it opens once nothing closes it any more: what overlaps, and what begins before another is over", () => {
    const power = { from: "2027-01-07", to: "2027-01-08", why: "power" };
    const calendar = { forecast: "23:00-04:00", freezes: [holidays], maintenance: [power] };
    expect(closed(calendar, "2027-01-06T12:00")).toEqual(["holidays, 2026-12-20 to 2027-01-06", "2027-01-09T04:00"]);
    expect(closed(calendar, "2027-01-06T23:30")).toEqual([
      `${runs("23:00-04:00")}; holidays, 2026-12-20 to 2027-01-06`,
      "2027-01-09T04:00",
    ]);
    expect(closed(calendar, "2027-01-09T04:00")).toBeUndefined();
  });

  test("what closes it next is what begins first, from that moment on", () => {
    const next = (calendar: object, now: string) => {
      const found = closesNext({ calendar: calendarSchema.parse(calendar) }, new Date(`${now}Z`));
      return found && [found.from, found.opens].map((each) => each.toISOString().slice(0, 16));
    };
    const calendar = { forecast: "22:00-03:00", freezes: [holidays] };
    expect(next(calendar, "2026-12-18T21:59")).toEqual(["2026-12-18T22:00", "2026-12-19T03:00"]);
    expect(next(calendar, "2026-12-19T22:01")).toEqual(["2026-12-20T00:00", "2027-01-07T03:00"]);
    expect(next({ freezes: [holidays] }, "2026-12-21T00:00")).toBeUndefined();
    expect(next({}, "2026-12-21T00:00")).toBeUndefined();
  });
});
