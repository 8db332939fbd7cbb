import { type Day, readDay } from "../../model/words/calendar";
import { Misused } from "../misused";

/** The day in UTC, by which grants and acknowledgements run out. `DATABRIDGE_TODAY` sets another, to see what comes. */
export function today(): Day {
  const { DATABRIDGE_TODAY: asked } = process.env;
  const day = readDay(asked || new Date().toISOString().slice(0, 10));
  if (!day) throw new Misused(`DATABRIDGE_TODAY is "${asked}": write a day, 2027-06-30`);
  return day;
}
