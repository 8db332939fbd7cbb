import { upkeepOf } from "../../model/hours";
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
