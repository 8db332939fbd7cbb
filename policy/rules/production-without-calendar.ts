import { pathTo } from "../../model/entries";
import { inProduction } from "../places";
import type { Rule } from "../rule";

export const productionWithoutCalendar: Rule = {
  name: "production-without-calendar",
  asks: "Production says when its forecast runs.",
  why: "What restarts is kept out of the hours of the forecast; without a word of them, any hour is as good as another.",
  fix: 'write calendar: { forecast: "02:00-09:00" }, in UTC',
  judge: (registers) =>
    inProduction(registers).map((place) => {
      const target = `${pathTo(place)}.calendar`;
      return place.tenancy.calendar.forecast === undefined ? { target, unwise: "it names no forecast" } : { target };
    }),
};
