import type { PlaceEntry } from "./entries";
import { type Closed, closedAt, closesNext, minuteText } from "./hours";
import type { Registers } from "./registers";
import { stacksOf } from "./stacks";
import { counted } from "./words/problem";

/** What is about to be done, and what of it restarts or interrupts something, in words; nothing, if nothing does. */
export type Undertaking =
  | { readonly stack: string; readonly interrupts: readonly string[] }
  | { readonly hosts: ReadonlyMap<string, readonly string[]> };

/** What would be interrupted in hours that are closed. */
export interface Interruption {
  readonly site: string;
  /** The stack, or `15 hosts of lumi-production`. */
  readonly target: string;
  /** In words: `host/ecflow-prod: the server stops and is resized`. */
  readonly interrupts: readonly string[];
  /** Why it is closed: `the forecast runs, 02:00-09:00 UTC`. */
  readonly why: string;
  readonly opens: Date;
}

/**
 * What of an undertaking is refused at a moment, by the calendars of the tenancies that it is in: every way of applying asks
 * here. Nothing for what interrupts nothing.
 * @param now UTC
 */
export const interruptionsAt = (registers: Registers, what: Undertaking, now: Date): readonly Interruption[] =>
  interruptionsBy(registers, what, ({ tenancy }) => closedAt(tenancy, now));

/** What calendars will refuse first, of what ends hours after it began, and interrupts only then. @param begun UTC */
export const interruptionsAfter = (registers: Registers, what: Undertaking, begun: Date): readonly Interruption[] =>
  interruptionsBy(registers, what, ({ tenancy }) => {
    const next = closesNext(tenancy, begun);
    return next && { opens: next.opens, why: `it closes on ${minuteText(next.from)}: ${next.why}` };
  });

const interruptionsBy = (
  { places }: Registers,
  what: Undertaking,
  closedIn: (place: PlaceEntry) => Closed | undefined,
): readonly Interruption[] =>
  places.flatMap((place) => {
    const { target, interrupts } = partOf(place, what);
    const closed = interrupts.length > 0 ? closedIn(place) : undefined;
    return closed ? [{ site: place.site.name, target, interrupts, ...closed }] : [];
  });

/** What is done in a tenancy. */
function partOf(place: PlaceEntry, what: Undertaking): Pick<Interruption, "target" | "interrupts"> {
  if ("stack" in what) {
    const isHere = stacksOf(place).some(({ name }) => name === what.stack);
    return { target: what.stack, interrupts: isHere ? what.interrupts : [] };
  }
  const hosts = place.hosts.filter(({ id }) => what.hosts.has(id)).map(({ id }) => id);
  return {
    target: `${counted(hosts.length, "host")} of ${place.id}`,
    interrupts: hosts.flatMap((id) => (what.hosts.get(id) ?? []).map((each) => `${id}: ${each}`)),
  };
}

const most = 20;

/** A refusal: what, why not now, and when. */
export function interruptionText({ target, interrupts, why, opens }: Interruption): string {
  const more = interrupts.length - most;
  return [
    `${target}: must not be interrupted now: ${why}`,
    ...interrupts.slice(0, more > 0 ? most - 1 : most).map((each) => `  ${each}`),
    ...(more > 0 ? [`  and ${more + 1} more`] : []),
    `opens ${minuteText(opens)}`,
  ].join("\n");
}
