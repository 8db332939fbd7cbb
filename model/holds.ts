import type { PlaceEntry } from "./entries";
import type { Registers } from "./registers";
import type { LockedHold } from "./site/lock";
import { type StackEntry, stacksOf } from "./stacks";
import type { Day } from "./words/calendar";
import { own } from "./words/record";

/** A stack that nobody applies, since somebody said so. */
export interface Hold extends LockedHold {
  /** The stack of which it was said. */
  readonly stack: string;
  readonly site: string;
}

type Described = Pick<Registers, "locks" | "places">;

/**
 * What holds a stack: what was said of it, or of the stack of its tenancy, on which it stands. It holds until it is released:
 * on its last day somebody has to look again, and what is rendered knows no day.
 */
export function holdOf(registers: Described, stack: string): Hold | undefined {
  const here = besides(registers, stack);
  const under = [...here.filter(({ name }) => name === stack), ...here.filter(({ kind }) => kind === "tenancy")];
  return saidOf(registers, under)[0];
}

/** What holds a tenancy, its hosts, and all that stands on it. */
export const holdAt = (registers: Pick<Described, "locks">, place: PlaceEntry): Hold | undefined =>
  saidOf(
    registers,
    stacksOf(place).filter(({ kind }) => kind === "tenancy"),
  )[0];

/** What keeps a stack from being destroyed: what holds it, or one that stands on it. */
export function holdAgainstDestroying(registers: Described, stack: string): Hold | undefined {
  const here = besides(registers, stack);
  const isUnder = here.some(({ name, kind }) => name === stack && kind === "tenancy");
  return holdOf(registers, stack) ?? (isUnder ? saidOf(registers, here)[0] : undefined);
}

/** Every hold of the platform. */
export const holdsOf = (registers: Described): readonly Hold[] => saidOf(registers, registers.places.flatMap(stacksOf));

/** Whether the last day of a hold is past. */
export const isOver = ({ until }: Hold, today: Day): boolean => until < today;

/** `held until 2027-06-30 by Ada: CSC looks into the router`. @param of the stack that is held by it */
export const heldText = ({ stack, until, by, reason }: Hold, of = stack): string =>
  `${stack === of ? "" : `${stack} is `}held until ${until} by ${by}: ${reason}`;

/** What to do about one whose last day is past. */
export const overText = ({ stack, until, by }: Hold): string =>
  `the hold of ${stack} by ${by} was to end on ${until}, and goes on · databridge release ${stack}, or databridge hold once more`;

/** The stacks of the tenancy of a stack. */
const besides = ({ places }: Described, stack: string): readonly StackEntry[] =>
  places.map(stacksOf).find((stacks) => stacks.some(({ name }) => name === stack)) ?? [];

const saidOf = ({ locks }: Pick<Described, "locks">, stacks: readonly StackEntry[]): readonly Hold[] =>
  stacks.flatMap(({ name, place }) => {
    const hold = own(locks.get(place.site.name)?.holds ?? {}, name);
    return hold ? [{ ...hold, stack: name, site: place.site.name }] : [];
  });
