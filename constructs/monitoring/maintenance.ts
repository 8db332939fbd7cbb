import type { PlaceEntry } from "../../model/entries";

/** Days as Alertmanager counts them, of one month each, in UTC. @see Alertmanager, "time_interval" */
export interface MonthDays {
  readonly years: readonly [string];
  readonly months: readonly [string];
  /** First and last, both included. */
  readonly days_of_month: readonly [string];
}

/** Days from the first to the last, cut into months: years, months and days of one interval are looked at one by one. */
export function monthsOf({ from, to }: { readonly from: string; readonly to: string }): readonly MonthDays[] {
  const [year = 0, month = 0, first = 0] = from.split("-").map(Number);
  const end = new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
  const last = to < end ? to : end;
  const here: MonthDays = {
    years: [`${year}`],
    months: [`${month}`],
    days_of_month: [`${first}:${Number(last.slice(8))}`],
  };
  if (last === to) return [here];
  return [here, ...monthsOf({ from: new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10), to })];
}

/** The name of the days on which the site of a tenancy is down or changing; none where there are no such days. */
export const maintenanceOf = ({ id, tenancy }: PlaceEntry): string | undefined =>
  tenancy.calendar.maintenance.length === 0 ? undefined : `maintenance of ${id}`;
