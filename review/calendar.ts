import type { Registers } from "../model/registers";
import { stacksOf } from "../model/stacks";
import type { Day } from "../model/words/calendar";

/** When stacks must not be applied that interrupt something, as their calendars say. @param stacks names of those */
export const closedHours = ({ places }: Registers, stacks: ReadonlySet<string>, today: Day): readonly string[] =>
  places.flatMap((place) => {
    const { forecast, freezes, maintenance } = place.tenancy.calendar;
    const ahead = [...freezes, ...maintenance].filter(({ to }) => to >= today);
    const hours = [
      ...(forecast === undefined ? [] : [`not ${forecast} UTC, the forecast`]),
      ...ahead.map(({ from, to, why }) => `not ${from} to ${to}, ${why}`),
    ];
    if (hours.length === 0) return [];
    return stacksOf(place)
      .filter(({ name }) => stacks.has(name))
      .map(({ name }) => `${name}: ${hours.join(" · ")}`);
  });
