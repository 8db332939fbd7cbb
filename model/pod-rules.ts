import { type Address, type Flow, isOurs, type PlaceEntry, type PodsEntry } from "./entries";
import { connections, entrancesOf, isBalancer, type Stop, sourcesOf } from "./route";
import { shown, type Traffic } from "./site/need";
import { only } from "./words/address";
import { grouped } from "./words/grouped";

/** One rule of a NetworkPolicy: whom pods may reach, or who may reach them. All else is denied. */
export interface PodRule {
  /** Made of what it says: `in-tcp-8080-from-web`. Unique among those of its pods. */
  readonly id: string;
  readonly pods: PodsEntry;
  readonly direction: "in" | "out";
  readonly traffic: Traffic;
  readonly peer: PodPeer;
  readonly because: readonly string[];
  readonly why: readonly string[];
}

/** Pods of the same cluster, or an address as pods see it. */
export type PodPeer = { readonly pods: PodsEntry } | { readonly address: Address };

/**
 * The rules of the pods of each tenancy: the same flows that open security groups, as pods see them. They see hosts of their
 * tenancy at private addresses, everybody else as security groups do.
 */
export function podRulesOf(
  flows: readonly Flow[],
  places: readonly PlaceEntry[],
): ReadonlyMap<string, readonly PodRule[]> {
  const rules = new Map<string, PodRule>();
  for (const rule of flows.flatMap((flow) => ruled(flow, places))) {
    const key = `${rule.pods.place} ${rule.pods.workload} ${rule.id}`;
    const same = rules.get(key);
    rules.set(
      key,
      same ? { ...same, because: union(same.because, rule.because), why: union(same.why, rule.why) } : rule,
    );
  }
  return grouped(rules.values(), ({ pods }) => pods.place);
}

function ruled(flow: Flow, places: readonly PlaceEntry[]): readonly PodRule[] {
  const { from, to, traffic, podTraffic, because, why } = flow;
  const rule = (pods: PodsEntry, direction: "in" | "out", at: Traffic, peer: PodPeer): PodRule => ({
    id: `${direction}-${shown(at)}-${direction === "in" ? "from" : "to"}-${nameOf(peer)}`,
    pods,
    direction,
    traffic: at,
    peer,
    because: [because],
    why: [why],
  });
  const way = connections(flow);
  const [first, last] = [way[0], way.at(-1)];
  const peersOf = (stop: Stop, pods: PodsEntry, end: "from" | "to"): readonly PodPeer[] => {
    if (flow.inCluster && !isBalancer(stop) && stop.pods) return [{ pods: stop.pods }];
    const isInside = places.some(({ id, clusters }) => id === pods.place && clusters[0]?.said.nodes !== undefined);
    const addresses = [
      ...metBy(stop, pods, isInside, end),
      ...(flow.inCluster && end === "from" ? nodesInside(pods, places) : []),
    ];
    return addresses.map((address) => ({ address }));
  };
  const { pods: reaching } = from;
  const { pods: reached } = to;
  return [
    ...(reaching && first
      ? peersOf(first.to, reaching, "to").map((peer) => rule(reaching, "out", first.traffic, peer))
      : []),
    ...(reached && last
      ? peersOf(last.from, reached, "from").map((peer) => rule(reached, "in", podTraffic ?? traffic, peer))
      : []),
  ];
}

/** How the other end of a connection appears to pods. */
function metBy(stop: Stop, pods: PodsEntry, isInside: boolean, end: "from" | "to"): readonly Address[] {
  if (isBalancer(stop)) return [end === "to" ? stop.virtual : stop.sources];
  if (!isOurs(stop)) return stop.addresses;
  // Nodes of somebody else meet our hosts from outside, wherever these are stated.
  if (stop.group.place !== pods.place || !isInside) return end === "to" ? entrancesOf(stop) : sourcesOf(stop);
  return stop.hosts.map(({ name, address }) => ({ name, known: only(address) }));
}

/**
 * A node that speaks to pods of another node, as the API does to webhooks, appears by an address of its own in the network of pods,
 * which nobody knows before: so all of that network is let in, to that port.
 * @see flannel, backends, VXLAN
 */
const nodesInside = ({ place }: PodsEntry, places: readonly PlaceEntry[]): readonly Address[] =>
  places
    .filter(({ id }) => id === place)
    .flatMap(({ clusters }) => clusters.map(({ said }) => ({ name: "nodes", known: said.pods })));

const nameOf = (peer: PodPeer): string =>
  "pods" in peer ? peer.pods.workload : peer.address.name.replace(/[./]/g, "-");

const union = (a: readonly string[], b: readonly string[]): readonly string[] => [...new Set([...a, ...b])];
