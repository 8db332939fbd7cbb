import { type Flow, isOurs, type PlaceEntry, type Source } from "./entries";
import { route } from "./route";
import type { Rule } from "./rules";
import type { Grant } from "./site/tenancy";
import { internet } from "./words/address";

/** How far a flow is: all of it ours and open; short of an address; or open on our side, its other half a grant. */
export type Standing = "open" | "waiting" | "granted";

export function standingOf(flow: Flow): Standing {
  const hops = route(flow);
  if (hops.some(({ peer }) => "addresses" in peer && peer.addresses.some((address) => "awaited" in address)))
    return "waiting";
  return hops.some(({ open }) => "grant" in open) ? "granted" : "open";
}

/** The flows that components of a place need. */
export const flowsOf = (place: PlaceEntry, flows: readonly Flow[]): readonly Flow[] =>
  flows.filter((flow) => flow.place === place.id);

/** Whether anybody at all may begin it. */
export const isFromInternet = ({ from }: Flow): boolean =>
  !isOurs(from) && from.addresses.some((address) => "known" in address && address.known === internet);

/** Something not known yet, and the rules that wait for it. */
export interface Awaited {
  readonly from: Source;
  /** The names of the addresses. */
  readonly addresses: readonly string[];
  readonly rules: number;
}

/** What rules wait for, by where it will come from. */
export function awaited(rules: readonly Rule[]): readonly Awaited[] {
  const sources = new Map<string, Awaited>();
  for (const { peer } of rules) {
    if (!("address" in peer) || !("awaited" in peer.address)) continue;
    const { name, awaited: from } = peer.address;
    const { addresses, rules } = sources.get(shownSource(from)) ?? { addresses: [], rules: 0 };
    sources.set(shownSource(from), { from, addresses: [...new Set([...addresses, name])].sort(), rules: rules + 1 });
  }
  return [...sources.values()];
}

/** Where a value will come from, for people: a command, or what has to be asked. */
export const shownSource = (source: Source): string =>
  "learn" in source ? `databridge learn ${source.learn}` : source.ask;

/** What an operator has to open for a tenancy, and how far that is. */
export interface GrantEntry {
  /** `lumi.login`. */
  readonly grant: string;
  readonly place: PlaceEntry;
  readonly flows: readonly Flow[];
  /** @default - nobody has asked yet */
  readonly is: Grant | undefined;
}

export function grantsOf(place: PlaceEntry, flows: readonly Flow[]): readonly GrantEntry[] {
  const byGrant = new Map<string, Flow[]>();
  for (const flow of flowsOf(place, flows))
    for (const grant of new Set(route(flow).flatMap(({ open }) => ("grant" in open ? [open.grant] : []))))
      byGrant.set(grant, [...(byGrant.get(grant) ?? []), flow]);
  return [...byGrant].map(([grant, of]) => ({ grant, place, flows: of, is: place.tenancy.grants[grant] }));
}
