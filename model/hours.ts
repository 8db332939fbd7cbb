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
