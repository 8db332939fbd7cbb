import type { PlaceEntry } from "../entries";
import type { Registers } from "../registers";
import { tenancyFallback } from "../site/tenancy";
import { at, type Cidr, type Ipv4, isPrivate, offsetIn, overlap, sizeOf } from "../words/address";
import type { Problem } from "../words/problem";

/** Networks and addresses that exclude each other. */
export const networkProblems = ({ places }: Registers): readonly Problem[] => [
  ...overlaps(places),
  ...places.flatMap(sharedSlots),
  ...grantedTwice(places),
];

/**
 * A private address names one host in the whole platform: in logs, in ssh_config, in an operator's mail. Both sides are
 * told, since nobody knows which of them was edited.
 */
function overlaps(places: readonly PlaceEntry[]): readonly Problem[] {
  const sound = places.filter((place) => place.tenancy.network.cidr !== tenancyFallback.network.cidr);
  const others = overlapping(sound);
  return sound.flatMap((place): readonly Problem[] => {
    const other = others.get(place);
    if (!other) return [];
    const network = place.tenancy.network.cidr;
    const free = freeBlock(
      sizeOf(network),
      sound.map((each) => each.tenancy.network.cidr),
    );
    return [
      {
        path: `${pathOf(place)}.network.cidr`,
        value: network,
        allowed: `a network of its own; ${pathOf(other)}.network has ${other.tenancy.network.cidr}`,
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

function grantedTwice(places: readonly PlaceEntry[]): readonly Problem[] {
  const grants = places.flatMap((place) =>
    place.hosts.flatMap((host) =>
      host.public && typeof host.public.how === "object" && "granted" in host.public.how
        ? [{ path: `${pathOf(place)}.public.${host.name}`, address: host.public.how.granted }]
        : [],
    ),
  );
  return grants.flatMap(({ path, address }, i): readonly Problem[] => {
    const other = grants.slice(0, i).find((grant) => grant.address === address);
    if (other)
      return [
        {
          path,
          value: address,
          allowed: `an address of its own; ${other.path} has this one`,
          fix: "correct one of them",
        },
      ];
    if (isPrivate(address))
      return [{ path, value: address, allowed: "a public address", fix: "write the one that was granted" }];
    return [];
  });
}

const pathOf = (place: PlaceEntry): string => `${place.site.name}.${place.name}`;
