import { type PlaceEntry, pathTo } from "../entries";
import type { Registers } from "../registers";
import { at, type Cidr, type Ipv4, offsetIn, overlap, sizeOf } from "../words/address";
import type { Problem } from "../words/problem";

/** Networks and addresses that exclude each other. @param known whether the network of a place is what its file says */
export const networkProblems = ({ places }: Registers, known: (place: PlaceEntry) => boolean): readonly Problem[] => [
  ...overlaps(places.filter(known)),
  ...places.flatMap(sharedSlots),
  ...publicTwice(places),
];

/**
 * A private address names one host in the whole platform: in logs, in ssh_config, in an operator's mail. Both sides are
 * told, since nobody knows which of them was edited.
 */
function overlaps(places: readonly PlaceEntry[]): readonly Problem[] {
  const others = overlapping(places);
  return places.flatMap((place): readonly Problem[] => {
    const other = others.get(place);
    if (!other) return [];
    const network = place.tenancy.network.cidr;
    const free = freeBlock(
      sizeOf(network),
      places.map((each) => each.tenancy.network.cidr),
    );
    return [
      {
        path: `${pathTo(place)}.network.cidr`,
        value: network,
        allowed: `a network of its own; ${pathTo(other)}.network has ${other.tenancy.network.cidr}`,
        fix: free ? `any free block, e.g. ${free}` : "make one of them smaller",
      },
    ];
  });
}

/** For every place whose network overlaps another, one that it overlaps. In the order of addresses only neighbours can. */
function overlapping(places: readonly PlaceEntry[]): ReadonlyMap<PlaceEntry, PlaceEntry> {
  const everything = "0.0.0.0/0" as Cidr;
  const start = (place: PlaceEntry) => offsetIn(everything, at(place.tenancy.network.cidr, 0));
  const ordered = places
    .map((place) => ({ place, from: start(place), to: start(place) + sizeOf(place.tenancy.network.cidr) }))
    .sort((a, b) => a.from - b.from);
  const found = new Map<PlaceEntry, PlaceEntry>();
  let widest = ordered[0];
  for (const next of ordered.slice(1)) {
    if (widest && next.from < widest.to) {
      found.set(next.place, widest.place);
      if (!found.has(widest.place)) found.set(widest.place, next.place);
    }
    if (!widest || next.to > widest.to) widest = next;
  }
  return found;
}

/** The first block of that size in 10.0.0.0/8 that touches none of the taken ones. */
function freeBlock(size: number, taken: readonly Cidr[]): Cidr | undefined {
  const ten = "10.0.0.0/8" as Cidr;
  const used = taken
    .map((network) => ({ from: offsetIn(ten, at(network, 0)), size: sizeOf(network) }))
    .sort((a, b) => a.from - b.from);
  let offset = 0;
  for (const { from, size: length } of used)
    if (from < offset + size && offset < from + length) offset = Math.ceil((from + length) / size) * size;
  return offset + size <= sizeOf(ten) ? (`${at(ten, offset)}/${32 - Math.log2(size)}` as Cidr) : undefined;
}

/** Slots are chosen by components that do not know each other. */
function sharedSlots(place: PlaceEntry): readonly Problem[] {
  const named = (kind: string) => (entry: { name: string; address: Ipv4; because: string }) => ({ ...entry, kind });
  const entries = [
    ...place.hosts.map(named("hosts")),
    ...place.sharedAddresses.map(named("sharedAddresses")),
    ...place.balancers.map(named("balancers")),
  ];
  return entries.flatMap((entry, i) => {
    const other = entries.slice(0, i).find(({ address }) => address === entry.address);
    if (!other) return [];
    const subnet = Object.values(place.subnets).find(({ cidr }) => overlap(cidr, `${entry.address}/32` as Cidr));
    const used = new Set(entries.map(({ address }) => address));
    const free = subnet && [...Array(96).keys()].map((n) => n + 4).find((slot) => !used.has(at(subnet.cidr, slot)));
    return {
      path: `${entry.because}.${entry.kind}.${entry.name}.slot`,
      value: subnet ? offsetIn(subnet.cidr, entry.address) : entry.address,
      allowed: `a slot of its own; ${other.name} of ${other.because} has this one`,
      fix: free === undefined ? "use a larger network" : `choose a free one, e.g. ${free}`,
    };
  });
}

/** A public address is one host's or one router's; sites know each other by nothing else. */
function publicTwice(places: readonly PlaceEntry[]): readonly Problem[] {
  const owners = new Map<string, string>();
  const entries = places.flatMap((place) => [
    { path: `${place.site.name}.lock.learned.${place.name}.router`, address: place.egress },
    ...place.hosts.flatMap((host) =>
      host.public
        ? [
            {
              path:
                host.public.how === "allocated"
                  ? `${place.site.name}.lock.learned.${place.name}.public.${host.name}`
                  : `${pathTo(place)}.public.${host.name}`,
              address: host.public.address,
            },
          ]
        : [],
    ),
  ]);
  return entries.flatMap(({ path, address }): readonly Problem[] => {
    if (!("known" in address)) return [];
    const other = owners.get(address.known);
    if (other === undefined) owners.set(address.known, path);
    const value = address.known.replace("/32", "");
    return other === undefined
      ? []
      : [{ path, value, allowed: `an address of its own; ${other} has this one`, fix: "correct one of them" }];
  });
}
