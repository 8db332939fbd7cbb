import { type End, endsOf } from "../model/ends";
import type { PlaceEntry } from "../model/entries";
import { type Hold, holdOf, isOver } from "../model/holds";
import { closedAt } from "../model/hours";
import type { Registers } from "../model/registers";
import { type StackEntry, stacksOf } from "../model/stacks";
import { grantsOf, isGiven } from "../model/standing";
import type { Day } from "../model/words/calendar";

/** What the description and the locks tell of a stack, without asking anybody. */
export interface Standing {
  readonly stack: string;
  readonly site: string;
  /** @default - anybody may apply it */
  readonly held?: Hold & { readonly over: boolean };
  /** Why nothing of it may be interrupted now, and until when, in ISO 8601. @default - it may */
  readonly closed?: { readonly why: string; readonly opens: string };
  /** What of its tenancy ends next, or has run out. Of the tenancy's own stack. @default - nothing ends */
  readonly ends?: Pick<End, "kind" | "target" | "until">;
  /** What operators have not opened yet. Of the tenancy's own stack. */
  readonly grants: readonly { readonly grant: string; readonly state: string }[];
}

/** How every stack stands. */
export const standingsOf = (registers: Registers, today: Day, now: Date): readonly Standing[] =>
  registers.places.flatMap(stacksOf).map((stack) => standingOf(registers, stack, today, now));

function standingOf(registers: Registers, { name, kind, place }: StackEntry, today: Day, now: Date): Standing {
  const held = holdOf(registers, name);
  const closed = closedAt(place.tenancy, now);
  const ends = kind === "tenancy" ? nextEnd(registers, place) : undefined;
  return {
    stack: name,
    site: place.site.name,
    ...(held ? { held: { ...held, over: isOver(held, today) } } : {}),
    ...(closed ? { closed: { why: closed.why, opens: closed.opens.toISOString() } } : {}),
    ...(ends ? { ends: { kind: ends.kind, target: ends.target, until: ends.until } } : {}),
    grants:
      kind !== "tenancy"
        ? []
        : grantsOf(place, registers.flows)
            .filter(({ is }) => !isGiven(is))
            .map(({ grant, is }) => ({ grant, state: is ? `${is.state}, ${is.ticket}` : "to be asked for" })),
  };
}

/** What is of a site as a whole is of each tenancy of the environment that it is for. */
const nextEnd = (registers: Registers, place: PlaceEntry): End | undefined =>
  endsOf(registers)
    .filter(({ site }) => site === place.site.name)
    .filter((end) =>
      end.place ? end.place.id === place.id : [undefined, place.tenancy.environment].includes(end.environment),
    )
    .sort((a, b) => (a.until < b.until ? -1 : 1))[0];
