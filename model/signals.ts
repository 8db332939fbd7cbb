import type { PlaceEntry } from "./entries";
import { expiriesOf } from "./expiries";
import { readings } from "./readings";
import type { Registers } from "./registers";
import { type ExposedBy, labelsAt, type SignalEntry } from "./signal-entries";
import type { StatedSignal } from "./site/signal";
import { endOf } from "./words/calendar";
import { listed, type Problem } from "./words/problem";
import { own, pathOf } from "./words/record";

/** All signals: what components state, and every expiry that other registers know of. */
export function signalsOf(registers: Omit<Registers, "signals">): {
  readonly signals: readonly SignalEntry[];
  readonly problems: readonly Problem[];
} {
  const found = registers.places.flatMap((place) =>
    place.signals.map(({ said, because }) => entryOf(place, said, because)),
  );
  const stated = found.flatMap(({ entry }) => entry ?? []);
  const known = [...expiriesOf(registers), ...readings(registers, stated)];
  return {
    signals: [...stated, ...known],
    problems: [...found.flatMap(({ problem }) => problem ?? []), ...twice(stated, known)],
  };
}

function entryOf(
  place: PlaceEntry,
  said: StatedSignal,
  because: string,
): { readonly entry?: SignalEntry; readonly problem?: Problem } {
  const { need: _, by, labels, ...is } = said;
  const exposed = exposedBy(by, place);
  if (exposed) {
    const id = [place.id, said.signal, ...Object.values(labels)].join("/");
    const owner = place.tenancy.owner;
    return { entry: { ...is, id, labels: { ...labelsAt(place), ...labels }, by: exposed, owner, because } };
  }
  if (!place.whole) return {};
  const roles = [...new Set(place.hosts.flatMap((host) => host.roles))].sort();
  const value = by.role ?? "every host";
  const allowed = `hosts of the tenancy, by role: ${listed(roles)}`;
  return { problem: { path: pathOf(because, "needs", said.signal), value, allowed, fix: "name one of them" } };
}

function exposedBy(by: StatedSignal["by"], { hosts }: PlaceEntry): ExposedBy | undefined {
  const { role, active = false, file, stated } = by;
  if (stated !== undefined) return { ends: endOf(stated) };
  const those = hosts.filter(({ roles, waits }) => role === undefined || (roles.includes(role) && !(active && waits)));
  if (those.length === 0) return undefined;
  return { hosts: those.map((host) => ({ host, ...(file === undefined ? {} : { from: file }) })) };
}

/** Where all labels of one are labels of another too, its rules would ring for both. What follows from one fault elsewhere is told there. */
const twice = (stated: readonly SignalEntry[], known: readonly SignalEntry[]): readonly Problem[] =>
  stated.flatMap((one, i) => {
    const other = [...stated.slice(0, i), ...known].find(
      ({ signal, labels }) => signal === one.signal && meet(labels, one.labels),
    );
    if (!other) return [];
    const value = Object.values(one.labels).join("/");
    const allowed = `labels by which it is told from that of ${other.because}, ${Object.values(other.labels).join("/")}`;
    return [{ path: pathOf(one.because, "needs", one.signal), value, allowed, fix: "give it a label" }];
  });

/** Whether one has all labels of the other. */
const meet = (a: SignalEntry["labels"], b: SignalEntry["labels"]): boolean => isAmong(a, b) || isAmong(b, a);
const isAmong = (some: SignalEntry["labels"], all: SignalEntry["labels"]): boolean =>
  Object.entries(some).every(([key, value]) => own(all, key) === value);
