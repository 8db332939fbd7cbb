// What becomes of a packet, from what Neutron and NAT do, and which packets flows are meant to send. Shares no code with
// the model that it judges: it takes hosts, addresses, flows and rules as data.
import type { BalancerEntry, Flow, Group, HostEntry, Party, PlaceEntry } from "../../model/entries";
import type { Rule } from "../../model/rules";

/** The first packet of a connection; replies pass by connection tracking. */
export interface Packet {
  /** Id of a plug, or an address outside. */
  readonly from: string;
  /** An address. */
  readonly to: string;
  readonly proto: string;
  readonly port: number;
}

export const printed = ({ from, to, proto, port }: Packet): string => `${from} -> ${to} ${proto}/${port}`;

/** What is plugged into a network: a server, or a load balancer. */
export interface Plug {
  readonly id: string;
  readonly place: string;
  /** Fixed address and allowed pairs: what members of a group are known by. */
  readonly addresses: readonly string[];
  /** What its own connections come from; none if it sends nothing. */
  readonly sends: string | undefined;
  readonly floating: string | undefined;
  readonly groups: readonly string[];
  /** The cloud opens what its load balancers send. */
  readonly managed: boolean;
}

/** Where a packet goes, whatever rules say. */
export interface Way {
  readonly sender: Plug | undefined;
  readonly target: Plug | undefined;
  /** What the target sees. */
  readonly seenAs: string;
}

const number = (address: string): number => address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);

const inside = (network: string, address: string): boolean => {
  const [base = "", length = "32"] = network.split("/");
  const size = 2 ** (32 - Number(length));
  return Math.floor(number(base) / size) === Math.floor(number(address) / size);
};

const beside = (address: string, distance: number): string => {
  const n = number(address) + distance;
  return [24, 16, 8, 0].map((shift) => Math.floor(n / 2 ** shift) % 256).join(".");
};

/** First and last address of a network, and the ones just outside it. */
const around = (network: string): readonly string[] => {
  const [base = "", length = "32"] = network.split("/");
  if (length === "0") return ["8.8.8.8"];
  const last = 2 ** (32 - Number(length)) - 1;
  return [beside(base, -1), base, beside(base, last), beside(base, last + 1)];
};

type Named = { readonly known: string } | { readonly awaited: unknown };
const addressOf = (address: Named): string | undefined =>
  "known" in address ? address.known.split("/")[0] : undefined;

const serverPlug = (host: HostEntry, place: PlaceEntry): Plug => ({
  id: host.id,
  place: place.id,
  addresses: [
    host.address,
    ...place.sharedAddresses.filter(({ role }) => host.roles.includes(role)).map(({ address }) => address),
  ],
  sends: host.address,
  floating: host.public && addressOf(host.public.address),
  groups: ["baseline", ...host.roles],
  managed: false,
});

/** Octavia's amphora answers at the virtual address, and connects to members from another one of its subnet. */
const balancerPlug = ({ name, address }: BalancerEntry, place: PlaceEntry): Plug => ({
  id: `balancer ${place.id} ${name}`,
  place: place.id,
  addresses: [address],
  sends: place.subnets.balancers.pool.start,
  floating: undefined,
  groups: [`balancer ${name}`],
  managed: true,
});

/**
 * Servers that somebody starts by hand in our networks, beside the addresses of ours, free to send what they like; nothing
 * of ours may admit them. Only in the subnet of load balancers they would pass for one, whose own addresses the cloud
 * chooses; there they send nothing.
 */
function strangersIn(place: PlaceEntry, ours: readonly Plug[]): readonly Plug[] {
  const taken = ours.flatMap(({ addresses }) => addresses);
  return Object.entries(place.subnets).flatMap(([name, { cidr, pool }]) => {
    const near = [...taken.flatMap(neighbours), neighbours(pool.start)[1] ?? ""];
    const free = [...new Set(near)].filter((address) => inside(cidr, address) && !taken.includes(address));
    return free.map((address) => ({
      id: `stranger ${place.id} ${address}`,
      place: place.id,
      addresses: [address],
      sends: name === "balancers" ? undefined : address,
      floating: undefined,
      groups: [],
      managed: true,
    }));
  });
}

const neighbours = (address: string): readonly string[] => [beside(address, -1), beside(address, 1)];

const privateNetworks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
const linkLocal = ["255.255.255.255", "169.254.169.254"];

/** Clouds, their routers with NAT, and what lies between. */
export class Internet {
  readonly plugs: readonly Plug[];
  readonly outsiders: readonly string[];
  private readonly ports: readonly (readonly [string, number])[];
  private readonly byId: ReadonlyMap<string, Plug>;
  private readonly byFloating: ReadonlyMap<string | undefined, Plug>;
  private readonly byAddress = new Map<string, Plug[]>();

  constructor(
    private readonly places: readonly PlaceEntry[],
    private readonly flows: readonly Flow[],
  ) {
    this.plugs = places.flatMap((place) => {
      const servers = place.hosts.map((host) => serverPlug(host, place));
      const ours = [...servers, ...place.balancers.map((balancer) => balancerPlug(balancer, place))];
      return [...ours, ...strangersIn(place, ours)];
    });
    this.byId = new Map(this.plugs.map((plug) => [plug.id, plug]));
    this.byFloating = new Map(this.plugs.filter(({ floating }) => floating).map((plug) => [plug.floating, plug]));
    for (const plug of this.plugs)
      for (const address of plug.addresses.map((a) => `${plug.place} ${a}`))
        this.byAddress.set(address, [...(this.byAddress.get(address) ?? []), plug]);
    const networks = flows
      .flatMap(({ from, to }) => [from, to])
      .flatMap((party) => ("addresses" in party ? party.addresses : []));
    const ours = new Set(this.plugs.flatMap(({ addresses, floating }) => [...addresses, floating]));
    const known = places.flatMap(({ egress, hosts }) => [
      egress,
      ...hosts.flatMap((host) => host.public?.address ?? []),
    ]);
    const outside = [...networks, ...known].flatMap((address) => ("known" in address ? around(address.known) : []));
    this.outsiders = [...new Set(outside)].filter((address) => !ours.has(address));
    const traffic = flows.flatMap(({ traffic, proxy, relay }) => [
      traffic,
      proxy?.traffic ?? traffic,
      relay?.traffic ?? traffic,
    ]);
    const ports = new Set(traffic.flatMap(({ from, to }) => [from - 1, from, to, to + 1]));
    this.ports = [...ports].flatMap((port) => [["tcp", port] as const, ["udp", port] as const]);
  }

  /** Every packet that could tell two sets of rules apart: anybody to anybody, at the edges of every range of ports. */
  *packets(): Generator<{ readonly packet: Packet; readonly way: Way }> {
    const senders = [...this.byId.keys(), ...this.outsiders];
    const ours = this.plugs.flatMap(({ addresses, floating }) => [...addresses, ...(floating ? [floating] : [])]);
    for (const from of senders)
      for (const to of new Set([...ours, ...this.outsiders, ...linkLocal])) {
        const way = this.way(from, to);
        if (way) for (const [proto, port] of this.ports) yield { packet: { from, to, proto, port }, way };
      }
  }

  /** The way of a packet through NAT and routers; none if nothing would carry it. */
  private way(from: string, to: string): Way | undefined {
    const sender = this.byId.get(from);
    if (!sender) {
      const target = this.byFloating.get(to);
      return target && { sender, target, seenAs: from };
    }
    if (sender.sends === undefined) return undefined;
    const local = this.byAddress.get(`${sender.place} ${to}`)?.find(({ id }) => id !== sender.id);
    if (local) return { sender, target: local, seenAs: sender.sends };
    if (linkLocal.includes(to)) return { sender, target: undefined, seenAs: sender.sends };
    if (privateNetworks.some((network) => inside(network, to))) return undefined; // no route between sites
    const place = this.places.find(({ id }) => id === sender.place);
    const seenAs = sender.floating ?? (place && addressOf(place.egress));
    const target = this.byFloating.get(to);
    if (target?.place === sender.place || sender.managed) return undefined; // nothing of ours takes the way out and back
    return { sender, target, seenAs: seenAs ?? "unknown" };
  }

  /** Whether rules let a packet out at its sender. */
  leaves(packet: Packet, { sender }: Way, rules: readonly Rule[]): boolean {
    return !sender || sender.managed || this.opens(rules, sender, "out", packet, packet.to);
  }

  /** Whether rules let a packet in at its target. */
  arrives(packet: Packet, { target, seenAs }: Way, rules: readonly Rule[]): boolean {
    return !target || this.opens(rules, target, "in", packet, seenAs);
  }

  private opens(
    rules: readonly Rule[],
    plug: Plug,
    direction: "in" | "out",
    { proto, port }: Packet,
    other: string,
  ): boolean {
    return rules.some(
      (rule) =>
        rule.traffic.from <= port &&
        port <= rule.traffic.to &&
        rule.traffic.proto === proto &&
        rule.direction === direction &&
        concerns(rule, plug) &&
        this.names(rule.peer, other, plug.place),
    );
  }

  /** A remote group means the addresses of its members, never public ones. */
  private names(peer: Rule["peer"], address: string, place: string): boolean {
    if ("address" in peer) return "known" in peer.address && inside(peer.address.known, address);
    const group = groupName(peer.group);
    return this.byAddress.get(`${place} ${address}`)?.some(({ groups }) => groups.includes(group)) ?? false;
  }

  /** What all flows together mean to let out and in. */
  meant(): (packet: Packet, way: Way) => { readonly leaves: boolean; readonly arrives: boolean } {
    const leaves = new Set<string>();
    const enters = new Set<string>();
    // What stays in a cluster is in VXLAN between its nodes, another flow.
    for (const { from, to, traffic } of this.flows.filter(({ inCluster }) => !inCluster).flatMap(legs))
      for (const [proto, port] of this.ports) {
        if (proto !== traffic.proto || port < traffic.from || port > traffic.to) continue;
        for (const sender of this.members(from))
          for (const receiver of this.members(to)) {
            const near = sender.plug?.place !== undefined && sender.plug.place === receiver.plug?.place;
            const addresses = near ? (receiver.plug?.addresses ?? []) : receiver.public;
            if (sender.plug)
              for (const address of addresses) leaves.add(`${sender.plug.id} ${address} ${proto} ${port}`);
            const sources = near ? [sender.plug?.sends] : sender.public;
            if (receiver.plug)
              for (const source of sources) enters.add(`${source} ${receiver.plug.id} ${proto} ${port}`);
          }
      }
    return ({ to, proto, port }, { sender, target, seenAs }) => ({
      leaves: !sender || sender.managed || leaves.has(`${sender.id} ${to} ${proto} ${port}`),
      arrives: !target || enters.has(`${seenAs} ${target.id} ${proto} ${port}`),
    });
  }

  /** Who belongs to an end of a leg, and by which addresses others know them. */
  private members(stop: Stop): readonly { plug: Plug | undefined; public: readonly string[] }[] {
    const plugOf = (id: string) => this.byId.get(id);
    if ("virtual" in stop) return [{ plug: plugOf(`balancer ${stop.group.place} ${stop.name}`), public: [] }];
    if ("hosts" in stop)
      return stop.hosts.map((host) => {
        const address = host.public ? addressOf(host.public.address) : addressOf(stop.egress);
        return { plug: plugOf(host.id), public: address ? [address] : [] };
      });
    const networks = stop.addresses.flatMap((address) => ("known" in address ? [address.known] : []));
    const everybody = [
      ...this.outsiders,
      ...this.plugs.flatMap(({ addresses, sends, floating }) => [
        ...new Set([...addresses, ...[sends, floating].filter((address) => address !== undefined)]),
      ]),
      ...this.places.flatMap(({ egress }) => addressOf(egress) ?? []),
      ...linkLocal,
    ];
    return [
      { plug: undefined, public: everybody.filter((address) => networks.some((network) => inside(network, address))) },
    ];
  }
}

/** Whether a rule is one of a plug's. */
export const concerns = ({ group }: Rule, plug: Plug): boolean =>
  group.place === plug.place && plug.groups.includes(groupName(group));

const groupName = ({ role, balancer }: Group): string => (balancer ? `balancer ${role}` : role);

type Stop = Party | BalancerEntry;

/** The connections of a flow: each relay, proxy or balancer on the way opens one of its own. */
function legs({
  from,
  proxy,
  relay,
  balancer,
  to,
  traffic,
}: Flow): readonly { from: Stop; to: Stop; traffic: Flow["traffic"] }[] {
  const stops: [Stop, Flow["traffic"]][] = [];
  if (proxy) stops.push([proxy.party, proxy.traffic]);
  if (relay) stops.push([relay.party, relay.traffic]);
  if (balancer) stops.push([balancer, traffic]);
  stops.push([to, traffic]);
  let near: Stop = from;
  return stops.map(([stop, through]) => {
    const leg = { from: near, to: stop, traffic: through };
    near = stop;
    return leg;
  });
}
