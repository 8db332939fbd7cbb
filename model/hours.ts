import type { Tenancy } from "./site/tenancy";

/** Why nothing may be interrupted in a tenancy at a moment; nothing if it may. @param now UTC */
export function closedAt({ calendar }: Pick<Tenancy, "calendar">, now: Date): string | undefined {
  const [day, clock] = [now.toISOString().slice(0, 10), now.toISOString().slice(11, 16)];
  const [from = "", to = ""] = calendar.forecast?.split("-") ?? [];
  // A window may pass midnight.
  const isForecast = from <= to ? from <= clock && clock < to : clock >= from || clock < to;
  if (calendar.forecast !== undefined && isForecast) return `the forecast runs, ${calendar.forecast} UTC`;
  const period = [...calendar.freezes, ...calendar.maintenance].find((each) => each.from <= day && day <= each.to);
  return period && `${period.why}, ${period.from} to ${period.to}`;
}

/** When hosts of a tenancy do what may restart something, each day: the clock in UTC, and how many minutes it may take to begin. */
export interface Upkeep {
  readonly lists: string;
  readonly upgrades: string;
  readonly minutes: number;
}

/** Right after the forecast, or from noon on where there is none; what is free is for beginning, and for coming to an end. */
export function upkeepOf({ calendar }: Pick<Tenancy, "calendar">): Upkeep {
  const [from, to] = calendar.forecast?.split("-").map(minutesOf) ?? [12 * 60, 12 * 60];
  const [begin = 0, end = 0] = [from, to];
  const free = (begin - end + day) % day || day;
  const minutes = Math.min(60, Math.floor(free / 3));
  return { lists: clockOf(end), upgrades: clockOf(end + minutes), minutes };
}

const day = 24 * 60;
const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
const clockOf = (minutes: number): string =>
  [Math.floor((minutes % day) / 60), minutes % 60].map((part) => String(part).padStart(2, "0")).join(":");
