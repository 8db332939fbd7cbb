import { type Address, type BalancerEntry, type Flow, type Group, isOurs, type Ours, type Party } from "./entries";
import type { Traffic } from "./site/need";
import { only } from "./words/address";
import { isPending } from "./words/public-address";

/** Who is on the other side of a door: a security group of the same tenancy, or addresses. */
export type Peer = { readonly group: Group } | { readonly addresses: readonly Address[] };

/** One door that has to be open for a flow: a security group of ours, or a grant of somebody else. */
export interface Hop {
  readonly open: { readonly group: Group } | { readonly grant: string };
  readonly direction: "in" | "out";
  readonly peer: Peer;
  readonly traffic: Traffic;
}

/** Where a connection begins or ends on the way of a flow: proxies, relays and load balancers open one of their own. */
export type Stop = Party | BalancerEntry;

/**
 * Every door on the way of a flow, in its order.
 *
 * Inside a tenancy hosts know each other by group. Between tenancies they meet on public addresses: a host with a
 * floating IP is seen by it, any other by its router's egress; so no rule names a private address of elsewhere.
 */
export const route = (flow: Flow): readonly Hop[] =>
  // In the network of a cluster all nodes know each other: to their groups, all that passes there is one flow.
  flow.inCluster
    ? []
    : connections(flow).flatMap(({ from, to, traffic }) => [
        ...door(from, "out", seen(to, from, "to"), traffic),
        ...door(to, "in", seen(from, to, "from"), traffic),
      ]);

export interface Connection {
  readonly from: Stop;
  readonly to: Stop;
  readonly traffic: Traffic;
}

/** Every connection that a flow is made of, in its order. */
export function connections({ from, proxy, relay, balancer, to, traffic }: Flow): readonly Connection[] {
  const stops = [
    ...(proxy ? [{ to: proxy.party, traffic: proxy.traffic }] : []),
    ...(relay ? [{ to: relay.party, traffic: relay.traffic }] : []),
    ...(balancer ? [{ to: balancer, traffic }] : []),
    { to, traffic },
  ];
  return stops.map((stop, i) => ({ ...stop, from: stops[i - 1]?.to ?? from }));
}

function door(at: Stop, direction: "in" | "out", peer: Peer, traffic: Traffic): readonly Hop[] {
  // The cloud itself keeps the way from a balancer to its members open.
  if (isBalancer(at)) return direction === "in" ? [{ open: { group: at.group }, direction, peer, traffic }] : [];
  if (isOurs(at)) return [{ open: { group: at.group }, direction, peer, traffic }];
  return at.fenced ? [{ open: { grant: at.theirs }, direction, peer, traffic }] : [];
}

/** How one end of a connection appears to the other. */
function seen(stop: Stop, by: Stop, end: "from" | "to"): Peer {
  if (isBalancer(stop)) return { addresses: [end === "to" ? stop.virtual : stop.sources] };
  if (!isOurs(stop)) return { addresses: stop.addresses };
  // A load balancer knows no groups: it looks at the addresses of its clients.
  if (isBalancer(by)) return { addresses: stop.hosts.map(({ name, address }) => ({ name, known: only(address) })) };
  if ("group" in by && by.group.place === stop.group.place) return { group: stop.group };
  return { addresses: end === "to" ? entrancesOf(stop) : sourcesOf(stop) };
}

export const isBalancer = (stop: Stop): stop is BalancerEntry => "virtual" in stop;

/** Where others reach hosts of ours. */
export const entrancesOf = ({ hosts, egress }: Ours): readonly Address[] =>
  distinct(hosts.map((host) => host.public?.address ?? egress));

/** What others see of hosts of ours: until a public address is there, they leave by the router. */
export const sourcesOf = ({ hosts, egress }: Ours): readonly Address[] =>
  distinct(hosts.map((host) => (host.public && !isPending(host.public.how) ? host.public.address : egress)));

const distinct = (addresses: readonly Address[]): readonly Address[] => [
  ...new Map(addresses.map((address) => [address.name, address])).values(),
];
