import type { PlaceEntry } from "./entries";
import { expiriesOf } from "./expiries";
import { platformSignals } from "./platform-signals";
import { readings } from "./readings";
import type { Registers } from "./registers";
import { type ExposedBy, labelsAt, type SignalEntry } from "./signal-entries";
import type { StatedSignal } from "./site/signal";
import { awaitedForLogin } from "./site/supercomputer";
import { collectorsIn, metricsOf, type Telemetry } from "./telemetry";
import { endOf } from "./words/calendar";
import { didYouMean, listed, type Problem } from "./words/problem";
import { own, pathOf } from "./words/record";

/** All signals: what components state, and every expiry that other registers know of. */
export function signalsOf(registers: Omit<Registers, "signals">): {
  readonly signals: readonly SignalEntry[];
  readonly problems: readonly Problem[];
} {
  const found = registers.places.flatMap((place) =>
    place.signals.map(({ said, because }) => entryOf(place, said, because, registers.telemetry)),
  );
  const stated = found.flatMap(({ entry }) => entry ?? []);
  const known = [...expiriesOf(registers), ...readings(registers, stated), ...platformSignals(registers)];
  return {
    signals: [...stated, ...known],
    problems: [...found.flatMap(({ problem }) => problem ?? []), ...twice(stated, known)],
  };
}

/**
 * Whether rules are made of it: of what pods have, of tenancies in which nobody gathers, and of a supercomputer whose operator has not
 * let us in yet, nothing is asked.
 */
export function isAsked({ by, labels }: SignalEntry, places: readonly PlaceEntry[]): boolean {
  if ("ends" in by) return true;
  const place = places.find(({ site, name }) => site.name === labels.site && name === labels.tenancy);
  return (
    "hosts" in by &&
    place !== undefined &&
    collectorsIn(place).length > 0 &&
    !isAwaited(labels.supercomputer, place, places)
  );
}

const isAwaited = (name: string | undefined, { tenancy }: PlaceEntry, places: readonly PlaceEntry[]): boolean =>
  places.some(
    ({ site: { supercomputer } }) =>
      supercomputer !== undefined &&
      supercomputer.name === name &&
      awaitedForLogin(supercomputer, tenancy.environment).length > 0,
  );

function entryOf(
  place: PlaceEntry,
  said: StatedSignal,
  because: string,
  telemetry: Telemetry,
): { readonly entry?: SignalEntry; readonly problem?: Problem } {
  const unknown = unexposed(place, said, because, telemetry);
  if (unknown) return { problem: unknown };
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

/** What nobody exposes rings nobody. A file is read by what every host has; a day is known. */
function unexposed(
  place: PlaceEntry,
  { signal, by }: StatedSignal,
  because: string,
  { scrapes, brought, recordings }: Telemetry,
): Problem | undefined {
  if (by.file !== undefined || by.stated !== undefined || !place.whole) return undefined;
  const isHere = (each: { readonly place: PlaceEntry }): boolean => each.place.id === place.id;
  const here = { scrapes: scrapes.filter(isHere), brought: brought.filter(isHere), recordings };
  const known = [...metricsOf(here).keys()];
  if (known.includes(signal)) return undefined;
  const allowed = "a metric of a scrape of the tenancy, one that is brought, or a recording";
  const fix = didYouMean(signal, known, "state the scrape that has it");
  return { path: pathOf(because, "needs", signal), value: signal, allowed, fix };
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
