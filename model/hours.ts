import type { Tenancy } from "./site/tenancy";

type WithCalendar = Pick<Tenancy, "calendar">;

/** Hours of each day, `02:00` to `09:00`, which may pass midnight, the last not included; or days, both included. UTC. */
export interface Closure {
  readonly why: string;
  readonly daily?: readonly [from: string, to: string];
  readonly days?: readonly [from: string, to: string];
}

/** When nothing may be interrupted in a tenancy. */
export const closuresOf = ({ calendar }: WithCalendar): readonly Closure[] => [
  ...(calendar.forecast === undefined
    ? []
    : [{ daily: boundsOf(calendar.forecast), why: `the forecast runs, ${calendar.forecast} UTC` }]),
  ...[...calendar.freezes, ...calendar.maintenance].map(
    ({ from, to, why }): Closure => ({ days: [from, to], why: `${why}, ${from} to ${to}` }),
  ),
];

function boundsOf(window: string): readonly [from: string, to: string] {
  const [from = "", to = ""] = window.split("-");
  return [from, to];
}

/** Why nothing may be interrupted at a moment, and when that is over. */
export interface Closed {
  /** All that closes it at that moment. */
  readonly why: string;
  /** The first moment at which nothing does. */
  readonly opens: Date;
}

/** Why nothing may be interrupted in a tenancy at a moment; nothing if it may. @param now UTC */
export function closedAt(tenancy: WithCalendar, now: Date): Closed | undefined {
  const closures = closuresOf(tenancy);
  const at = (moment: Date) => closures.filter((closure) => covers(closure, moment));
  const closing = at(now);
  if (closing.length === 0) return undefined;
  let opens = now;
  // One may begin before another is over. A window leaves a part of each day, and days come to an end.
  for (let still = closing; still.length > 0; still = at(opens)) {
    const from = opens;
    opens = new Date(Math.max(...still.map((closure) => endOf(closure, from))));
  }
  return { why: closing.map(({ why }) => why).join("; "), opens };
}

/** The next time, from a moment on, at which something closes it; nothing if nothing ever will. @param now UTC */
export function closesNext(tenancy: WithCalendar, now: Date): (Closed & { readonly from: Date }) | undefined {
  const begins = closuresOf(tenancy)
    .flatMap((closure) => beginsOf(closure, now))
    .filter((begin) => begin >= now.getTime());
  const from = new Date(Math.min(...begins));
  const closed = begins.length === 0 ? undefined : closedAt(tenancy, from);
  return closed && { ...closed, from };
}

/** When one begins, of each day on this one and the next, in milliseconds. */
function beginsOf({ daily, days }: Closure, moment: Date): readonly number[] {
  if (days) return [Date.parse(`${days[0]}T00:00:00Z`)];
  const today = Date.parse(`${moment.toISOString().slice(0, 10)}T${daily?.[0]}:00Z`);
  return [today, today + day * 60_000];
}

function covers({ daily, days }: Closure, moment: Date): boolean {
  const [day, clock] = [moment.toISOString().slice(0, 10), clockAt(moment)];
  if (days) return days[0] <= day && day <= days[1];
  const [from, to] = daily ?? ["", ""];
  return from <= to ? from <= clock && clock < to : clock >= from || clock < to;
}

/** When one that covers a moment ends next, in milliseconds. */
function endOf({ daily, days }: Closure, moment: Date): number {
  if (days) return Date.parse(`${days[1]}T00:00:00Z`) + day * 60_000;
  const [, to] = daily ?? ["", "00:00"];
  const today = Date.parse(`${moment.toISOString().slice(0, 10)}T${to}:00Z`);
  return clockAt(moment) < to ? today : today + day * 60_000;
}

const clockAt = (moment: Date): string => moment.toISOString().slice(11, 16);

/** A moment for people: `2027-01-07 09:00 UTC`. */
export const minuteText = (moment: Date): string => `${moment.toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** When hosts of a tenancy do what may restart something, each day: the clock in UTC, and how many minutes it may take to begin. */
export interface Upkeep {
  readonly lists: string;
  readonly upgrades: string;
  readonly minutes: number;
}

/** Right after the forecast, or from noon on where there is none; what is free is for beginning, and for coming to an end. */
export function upkeepOf({ calendar }: WithCalendar): Upkeep {
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
