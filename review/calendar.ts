import type { Registers } from "../model/registers";
import { stacksOf } from "../model/stacks";
import type { Day } from "../model/words/calendar";

/**
 * When stacks must not be applied that interrupt something, as their calendars say at either side: a change does not open
 * hours for itself. Calendars that change are told.
 * @param stacks names of those that interrupt
 */
export function closedHours(
  base: Registers | undefined,
  head: Registers,
  stacks: ReadonlySet<string>,
  today: Day,
): readonly string[] {
  const [before, after] = [base ? hoursOf(base, today) : undefined, hoursOf(head, today)];
  const names = [...new Set([...(before?.keys() ?? []), ...after.keys()])];
  return names.flatMap((name) => {
    const [was, is] = [before?.get(name) ?? [], after.get(name) ?? []];
    const changed = before !== undefined && was.length > 0 && after.has(name) && was.join() !== is.join();
    const hours = [...new Set([...was, ...is])];
    const isClosed = stacks.has(name) && hours.length > 0;
    if (!isClosed && !changed) return [];
    const change = changed ? [`the calendar changes: ${was.join(", ")} → ${is.join(", ") || "none"}`] : [];
    return [`${name}: ${[...(isClosed ? hours.map((each) => `not ${each}`) : []), ...change].join(" · ")}`];
  });
}

/** Hours in which nothing may be interrupted, by stack. */
const hoursOf = ({ places }: Registers, today: Day): ReadonlyMap<string, readonly string[]> =>
  new Map(
    places.flatMap((place) => {
      const { forecast, freezes, maintenance } = place.tenancy.calendar;
      const hours = [
        ...(forecast === undefined ? [] : [`${forecast} UTC (forecast)`]),
        ...[...freezes, ...maintenance]
          .filter(({ to }) => to >= today)
          .map(({ from, to, why }) => `${from} to ${to} (${why})`),
      ];
      return stacksOf(place).map(({ name }) => [name, hours] as const);
    }),
  );
