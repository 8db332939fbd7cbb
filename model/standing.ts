import { type Address, type Flow, isOurs, type PlaceEntry, type Source } from "./entries";
import { route } from "./route";
import type { Rule } from "./rules";
import type { Site } from "./site/site";
import type { Grant } from "./site/tenancy";
import { internet } from "./words/address";
import { isPending } from "./words/public-address";
import { own } from "./words/record";

/** How far a flow is: all of it ours and open; short of an address or of a grant; or open, one half by a grant. */
export type Standing = "open" | "waiting" | "granted";

/** @param place the tenancy of the component that needs the flow, and that asked for grants */
export function standingOf(flow: Flow, place: PlaceEntry): Standing {
  const hops = route(flow);
  const grants = hops.flatMap(({ open }) => ("grant" in open ? [own(place.tenancy.grants, open.grant)] : []));
  if (hops.some(({ peer }) => "addresses" in peer && peer.addresses.some((address) => "awaited" in address)))
    return "waiting";
  if (!grants.every(isGiven)) return "waiting";
  return grants.length > 0 ? "granted" : "open";
}

/** Whether an operator has said that it is open. Whether it has run out is for those to tell who know the day. */
export const isGiven = (grant: Grant | undefined): boolean =>
  grant !== undefined && ["granted", "proven"].includes(grant.state);

/** The flows that components of a place need. */
export const flowsOf = (place: PlaceEntry, flows: readonly Flow[]): readonly Flow[] =>
  flows.filter((flow) => flow.place === place.id);

/** Whether anybody at all may begin it. */
export const isFromInternet = ({ from }: Flow): boolean =>
  !isOurs(from) && from.addresses.some((address) => "known" in address && address.known === internet);

/** Something not known yet, and the rules that wait for it; none where only an address is asked for. */
export interface Awaited {
  readonly from: Source;
  /** The names of the addresses. */
  readonly addresses: readonly string[];
  readonly rules: number;
}

/** What rules wait for, and public addresses that are asked for, by where they will come from. */
export function awaited(rules: readonly Rule[], places: readonly PlaceEntry[] = []): readonly Awaited[] {
  const sources = new Map<string, Awaited>();
  const add = (address: Address, waiting: number): void => {
    if (!("awaited" in address)) return;
    const { name, awaited: from } = address;
    const { addresses, rules } = sources.get(shownSource(from)) ?? { addresses: [], rules: 0 };
    const names = [...new Set([...addresses, name])].sort();
    sources.set(shownSource(from), { from, addresses: names, rules: rules + waiting });
  };
  for (const { peer } of rules) if ("address" in peer) add(peer.address, 1);
  for (const host of places.flatMap(({ hosts }) => hosts))
    if (host.public && isPending(host.public.how)) add(host.public.address, 0);
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

/** Whose it is to open: the operator beside whose supercomputer it stands. */
export const operatorOf = (grant: string, sites: readonly Site[]): string =>
  sites.find(({ supercomputer }) => grant.startsWith(`${supercomputer?.name}.`))?.operator ?? "?";

export function grantsOf(place: PlaceEntry, flows: readonly Flow[]): readonly GrantEntry[] {
  const byGrant = new Map<string, Flow[]>();
  for (const flow of flowsOf(place, flows))
    for (const grant of new Set(route(flow).flatMap(({ open }) => ("grant" in open ? [open.grant] : []))))
      byGrant.set(grant, [...(byGrant.get(grant) ?? []), flow]);
  return [...byGrant].map(([grant, of]) => ({ grant, place, flows: of, is: own(place.tenancy.grants, grant) }));
}
