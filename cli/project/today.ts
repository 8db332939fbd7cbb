import { type Day, readClock, readDay } from "../../model/words/calendar";
import { Misused } from "../misused";

/** The day in UTC, by which grants and acknowledgements run out. `DATABRIDGE_TODAY` sets another, to see what comes. */
export const today = (): Day => asked()?.day ?? (new Date().toISOString().slice(0, 10) as Day);

/**
 * The moments at which hours have to be open: now, and the one that `DATABRIDGE_TODAY` sets, which may close hours, to see
 * what comes, and opens none.
 */
export function moments(): readonly Date[] {
  const now = new Date();
  const { day, clock = now.toISOString().slice(11, 16) } = asked() ?? {};
  return day === undefined ? [now] : [now, new Date(`${day}T${clock}:00Z`)];
}

/** A day, and a time of it if one is said: `2027-06-30`, `2027-06-30T04:00Z`. */
function asked() {
  const { DATABRIDGE_TODAY: text } = process.env;
  if (!text) return undefined;
  const [, first, time] = /^([^T]*)(?:T(.*)Z)?$/.exec(text) ?? [];
  const [day, clock] = [readDay(first), readClock(time)];
  if (!day || (time !== undefined && !clock))
    throw new Misused(`DATABRIDGE_TODAY is "${text}": write a day, 2027-06-30, or a minute in UTC, 2027-06-30T04:00Z`);
  return { day, ...(clock === undefined ? {} : { clock }) };
}
