import { isAssumed, type Registers } from "../../model/registers";
import type { Site } from "../../model/site/site";
import { pathOf } from "../../model/words/record";

/** A team, and how it is reached. */
export function contactOf(registers: Registers, team: string): string {
  const [found] = registers.places
    .flatMap(({ monitoring }) => monitoring)
    .flatMap(({ said, because }) => {
      const is = said.teams[team];
      return is ? [{ is, path: pathOf(because, "teams") }] : [];
    });
  if (!found) return team;
  const { is, path } = found;
  const onCall = is.onCall === undefined ? "" : `${is.onCall} wakes somebody, `;
  return `${team}: ${onCall}${is.email}${unconfirmed(registers, path)}`;
}

/** Who runs the cloud of a site, and how it is reached. */
export const supportOf = (registers: Registers, { name, operator, support }: Site): string =>
  support === undefined
    ? `${operator}: nobody has written down where`
    : `${operator}: ${support}${unconfirmed(registers, `${name}.support`)}`;

/** Somebody who is woken has to know that it may lead nowhere. */
const unconfirmed = (registers: Registers, path: string): string => (isAssumed(registers, path) ? " (assumed)" : "");
