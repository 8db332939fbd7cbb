import { baselineNeeds } from "./baseline";
import {
  type Address,
  type Flow,
  isOurs,
  type Ours,
  type Party,
  type PlaceEntry,
  pathTo,
  type Said,
  type Station,
} from "./entries";
import { imageNeeds } from "./images";
import { ingressNeeds } from "./ingress";
import { podsIn } from "./pods";
import { servicesOf } from "./services";
import {
  type FlowNeed,
  type Hosts,
  ingressOf,
  type OurSide,
  type Pods,
  type Service,
  type TheirSide,
  type Traffic,
} from "./site/need";
import type { PlaceName } from "./site/place-name";
import type { Site } from "./site/site";
import { awaitedForLogin, callbackOf } from "./site/supercomputer";
import { telemetryNeeds } from "./telemetry";
import { type Cidr, internet, isPrivate, only } from "./words/address";
import type { Block } from "./words/network-block";
import { didYouMean, listed, type Problem } from "./words/problem";
import { own, pathOf } from "./words/record";

/** No problem, where something is missing in a place that could not be read as a whole: that proves nothing. */
type Result<T> = { readonly value: T } | { readonly problem: Omit<Problem, "path"> | undefined };

/** What every place knows as outside without saying so. The first two never leave the network of the host. */
const known: Readonly<Record<string, (place: PlaceEntry) => readonly Cidr[]>> = {
  dhcp: () => ["255.255.255.255/32" as Cidr],
  metadata: () => ["169.254.169.254/32" as Cidr],
  resolvers: ({ site }) => site.cloud.resolvers.map(only),
  ntp: ({ site }) => site.cloud.ntp.map(only),
  internet: () => [internet],
};

/** Names that no site can give to an outside of its own. */
export const reservedOutsides: readonly string[] = Object.keys(known);

/** Resolves both ends of every need, over the whole platform. An end that is nothing is a problem, never an entry. */
export function resolve(
  places: readonly PlaceEntry[],
  sites: readonly Site[],
): {
  readonly flows: readonly Flow[];
  readonly problems: readonly Problem[];
} {
  const world = { places, sites };
  const results = places.flatMap((place) =>
    needsOf(place).map(({ said, because }) => ({ said, because, result: flowOf(said, because, place, world) })),
  );
  return {
    flows: results.flatMap(({ result }) => ("value" in result ? [result.value] : [])),
    problems: results.flatMap(({ said, because, result }): readonly Problem[] => {
      if ("value" in result || result.problem === undefined) return [];
      const { value, allowed, fix } = result.problem;
      return [{ path: pathOf(because, said.option ?? ""), value, allowed, fix: said.remedy ?? fix }];
    }),
  };
}

/** Where ends of flows are looked for. */
interface World {
  readonly places: readonly PlaceEntry[];
  /** Also those that have no tenancy, but a supercomputer or outside networks. */
  readonly sites: readonly Site[];
}

function flowOf(need: FlowNeed, because: string, place: PlaceEntry, world: World): Result<Flow> {
  if (need.callback && reportsOtherwise(need.from, world)) return silent;
  const from = partyOf(need.from, place, world);
  if ("problem" in from) return from;
  const proxy = proxyOf(need, from.value, place, world);
  if ("problem" in proxy) return proxy;
  const unnamed = namesProblem(need);
  if (unnamed) return unnamed;
  const common = {
    from: from.value,
    ...(proxy.value ? { proxy: proxy.value } : {}),
    ...(need.names ? { names: need.names } : {}),
    why: need.why,
    place: place.id,
    because,
  };

  if (!("service" in need.to)) {
    const to = partyOf(need.to, place, world);
    if ("problem" in to) return to;
    const { traffic } = need;
    if (!traffic) return nothing(undefined, "the traffic of a flow to somebody else", "say it: traffic: tcp(22)");
    const agreed = untilAgreed(to.value, place, world);
    return routable(
      { ...common, ...whoLogsIn(need.to), to: agreed, traffic, auth: "theirs" },
      place,
      need.acrossEnvironments,
    );
  }

  const there = placeNamed(need.to.at, place, world);
  if ("problem" in there) return there;
  const service = serviceNamed(need.to.service, there.value);
  if ("problem" in service) return service;
  const end = partyOf(service.value.on, there.value, world);
  if ("problem" in end) return end;
  const inCluster = isInCluster(from.value, end.value, there.value);
  const door = inCluster ? service : doorOf(service.value, there.value);
  if ("problem" in door) return door;
  const to = door === service ? end : enteredBy(door.value, end.value, there.value, world);
  if ("problem" in to) return to;
  const { health, proxyProtocol } = door.value;
  const entered = trafficOf(door.value, inCluster);
  if ("problem" in entered) return entered;
  const { traffic, podTraffic } = entered.value;
  const inside = isOurs(from.value) && from.value.group.place === there.value.id;
  const relay = inside ? { value: undefined } : relayOf(door.value, there.value);
  if ("problem" in relay) return relay;
  if (!inside && door.value.entrance === "routed") {
    const stranger = cannotBeRouted(from.value);
    if (stranger) return stranger;
  }
  const balancer = there.value.balancers.find(({ name }) => name === door.value.balancer);
  if (door.value.balancer !== undefined && !balancer) return silent; // told where the service is stated
  return routable(
    {
      ...common,
      to: to.value,
      traffic,
      ...(podTraffic ? { podTraffic } : {}),
      ...(inCluster ? { inCluster: true as const } : {}),
      auth: service.value.auth,
      service: need.to.service,
      ...(door.value.entrance === "routed" ? { routed: true as const } : {}),
      ...(relay.value
        ? {
            relay: relay.value,
            ...(health ? { health } : {}),
            ...(proxyProtocol ? { proxyProtocol: true as const } : {}),
          }
        : {}),
      // Inside a cluster, the API is met at its servers.
      ...(balancer && (inside || relay.value) && !from.value.pods && !need.direct ? { balancer } : {}),
    },
    there.value,
    need.acrossEnvironments,
  );
}

const whoLogsIn = (to: TheirSide): Pick<Flow, "as" | "submits" | "person" | "account"> =>
  "nodes" in to && to.nodes === "login"
    ? {
        ...(to.as ? { as: to.as } : {}),
        ...(to.submits === false ? { submits: false } : {}),
        ...(to.person ? { person: to.person } : {}),
        ...(to.account ? { account: to.account } : {}),
      }
    : {};

/** What is met first of a service by who is outside its cluster: itself, or its ingress. That there is one is told where it is stated. */
function doorOf(service: Service, { services }: PlaceEntry): Result<Service> {
  const name = ingressOf(service);
  if (name === undefined) return { value: service };
  const found = services.find(({ said }) => said.service === name);
  return found ? { value: found.said } : silent;
}

/** An ingress, in the name of what is behind it: that decides which environments meet. */
function enteredBy(door: Service, end: Party, there: PlaceEntry, world: World): Result<Party> {
  const party = partyOf(door.on, there, world);
  if ("problem" in party || !isOurs(party.value) || !isOurs(end)) return party;
  return { value: { ...party.value, environment: end.environment } };
}

/** Whether pods are met in the network of their own cluster: by its other pods, and by its nodes. */
function isInCluster(from: Party, to: Party, { id, clusters }: PlaceEntry): boolean {
  if (!to.pods) return false;
  if (from.pods) return from.pods.place === to.pods.place;
  const { nodes, servers } = clusters[0]?.said ?? {};
  return (
    isOurs(from) &&
    from.group.place === id &&
    from.hosts.every(({ roles }) => roles.some((role) => role === nodes || role === servers))
  );
}

/** What nodes listen on for pods, and the pods themselves: the same only in their cluster. */
function trafficOf(
  { service, on, traffic, nodePort }: Service,
  inCluster: boolean,
): Result<{ readonly traffic: Traffic; readonly podTraffic?: Traffic }> {
  if (!("workload" in on) || inCluster) return { value: { traffic } };
  if (nodePort === undefined)
    return nothing(
      service,
      "a service that nodes listen for, since it is reached from outside its cluster",
      "give it a nodePort",
    );
  return { value: { traffic: { proto: traffic.proto, from: nodePort, to: nodePort }, podTraffic: traffic } };
}

/** Private addresses of another tenancy are not seen there, and those of a network that many share tell nobody from another. */
function cannotBeRouted(from: Party) {
  const allowed = "a private network of one holder, that is routed to the tenancy";
  const fix = 'state it under outside of the site: network("10.…")';
  if (isOurs(from)) return nothing(from.group.place, allowed, fix);
  const strange = from.addresses.flatMap((each) => ("known" in each && !isPrivate(each.known) ? [each.known] : []));
  return from.shared || strange.length > 0 ? nothing(from.theirs, allowed, fix) : undefined;
}

/** Refuses what no rule could let through, or what nobody should. @param there the tenancy in which it ends, if it is ours */
function routable(flow: Flow, there: PlaceEntry, acrossEnvironments = false): Result<Flow> {
  const { from, to, proxy, relay, routed, traffic } = flow;
  if (traffic.proto === "udp" && proxy)
    return nothing("udp", "tcp, which is all that a forward proxy carries", "leave through out");
  if (isOurs(from) && isOurs(to) && !acrossEnvironments && from.environment !== to.environment)
    return nothing(
      from.pods || to.pods ? `${nameOf(from)} to ${nameOf(to)}` : `${from.group.place} to ${to.group.place}`,
      "two ends in one environment",
      "say acrossEnvironments: true in the need, if it is meant",
    );
  const crosses = !(isOurs(from) && isOurs(to) && from.group.place === to.group.place);
  if (!crosses) return { value: flow };
  const hidden = isOurs(to) && !relay && !routed ? to.hosts.filter((host) => !host.public) : [];
  if (hidden.length > 0 && !there.whole) return silent;
  if (isOurs(to) && hidden.length > 0)
    return nothing(
      to.group.role,
      "hosts with a public address, since sites meet on these",
      `give ${listed(hidden.map(({ name }) => name))} one under public`,
    );
  return { value: flow };
}

/** Whom a flow means, for people. */
const nameOf = ({ group, pods }: Ours): string => pods?.workload ?? group.role;

/** A forward proxy stands where a flow begins, whoever asks for the flow. */
function proxyOf({ through }: FlowNeed, from: Party, place: PlaceEntry, world: World): Result<Station | undefined> {
  if (through === undefined) return { value: undefined };
  if (!isOurs(from)) return nothing(through, "a proxy only for flows that begin at hosts of ours", "leave through out");
  return stationOf(through, world.places.find(({ id }) => id === from.group.place) ?? place);
}

/** A forward proxy knows names, and lets nothing of the internet through that nobody has named. */
function namesProblem({ to, through, names }: FlowNeed) {
  const isInternet = "outside" in to && to.outside === "internet";
  if (names && !(isInternet && through !== undefined))
    return nothing(listed(names), "names only of the internet, and through a forward proxy", "leave names out");
  if (through !== undefined && isInternet && !names)
    return nothing(undefined, "the host names that the forward proxy lets through", 'name them: names: ["…"]');
  return undefined;
}

function relayOf(service: Service, place: PlaceEntry): Result<Station | undefined> {
  const { entrance, traffic } = service;
  if (entrance === undefined)
    return nothing(service.service, "a service that can be reached from outside its tenancy", "give it an entrance");
  if (typeof entrance === "string" || "ingress" in entrance) return { value: undefined };
  const party = hostsOf({ role: entrance.relay }, place);
  if ("problem" in party) return party;
  const hidden = party.value.hosts.filter((host) => !host.public).map((host) => host.name);
  if (hidden.length > 0 && !place.whole) return silent;
  if (hidden.length > 0)
    return nothing(
      entrance.relay,
      "a relay with a public address",
      `give ${listed(hidden)} one under ${pathTo(place)}.public`,
    );
  const { port } = entrance;
  return {
    value: {
      party: party.value,
      traffic: port === undefined ? traffic : { proto: traffic.proto, from: port, to: port },
    },
  };
}

function stationOf(service: string, place: PlaceEntry): Result<Station> {
  const found = serviceNamed(service, place);
  if ("problem" in found) return found;
  const { on, traffic } = found.value;
  if ("workload" in on) return nothing(service, "a forward proxy on hosts", "name another service");
  const party = hostsOf(on, place);
  return "problem" in party ? party : { value: { party: party.value, traffic } };
}

function partyOf(side: OurSide | TheirSide, place: PlaceEntry, world: World): Result<Party> {
  if ("supercomputer" in side) return supercomputerOf(side.supercomputer, side.nodes, world);
  if ("outside" in side) return outsideOf(side.outside, place, world);
  const there = placeNamed(side.at, place, world);
  if ("problem" in there) return there;
  return "workload" in side ? podsOf(side, there.value, world) : hostsOf(side, there.value);
}

/** Pods, on the hosts that carry them: what others see of them is those. */
function podsOf({ workload }: Pods, place: PlaceEntry, world: World): Result<Party> {
  const all = podsIn(place);
  const pods = all.find((each) => each.workload === workload);
  const [cluster] = place.clusters;
  if (!pods || !cluster) {
    if (!place.whole) return silent;
    const names = all.map((each) => each.workload);
    const allowed =
      names.length > 0 ? `a workload of ${pathTo(place)}: ${listed(names)}` : `a workload of ${pathTo(place)}`;
    return nothing(workload, allowed, didYouMean(workload, names, "add the component that has it, and a cluster"));
  }
  const { nodes, outside } = cluster.said;
  const role = pods.on ?? nodes;
  const hosts = role === undefined ? outsideOf(outside ?? "", place, world) : hostsOf({ role }, place);
  if ("problem" in hosts) return hosts;
  const environment = place.namespaces.find(({ namespace }) => namespace === pods.namespace)?.environment;
  return { value: { ...hosts.value, ...(environment && isOurs(hosts.value) ? { environment } : {}), pods } };
}

function hostsOf(side: Hosts, place: PlaceEntry): Result<Ours> {
  const { hosts, id, egress, tenancy } = place;
  const role = "role" in side ? side.role : "baseline";
  const those = "role" in side ? hosts.filter((host) => host.roles.includes(side.role)) : hosts;
  if (those.length > 0)
    return { value: { group: { place: id, role }, hosts: those, egress, environment: tenancy.environment } };
  if (!place.whole) return silent;
  const roles = [...new Set(hosts.flatMap((host) => host.roles))].sort();
  return nothing(
    role,
    `a role in ${pathTo(place)}: ${listed(roles)}`,
    didYouMean(role, roles, "add the component that has it"),
  );
}

function supercomputerOf(name: string, nodes: "login" | "compute", { places, sites }: World): Result<Party> {
  const all = sites.flatMap((site) => site.supercomputer ?? []);
  const names = all.map((s) => s.name);
  const supercomputer = all.find((s) => s.name === name);
  if (!supercomputer) return nothing(name, listed(names), didYouMean(name, names, "name one of them"));
  const block = nodes === "login" ? (supercomputer.jump ?? supercomputer).login : supercomputer.nat;
  if (!block && places.some(({ site, whole }) => site.supercomputer === supercomputer && !whole)) return silent;
  if (!block)
    return nothing(
      name,
      "a supercomputer whose compute nodes reach something outside",
      'state nat in its site file; or how jobs report: jobs: { callback: "poll" } or tunnel(…)',
    );
  return { value: theirs(`${name}.${nodes}`, block, true) };
}

/** Jobs of some supercomputers never connect to a service of ours. */
const reportsOtherwise = (from: FlowNeed["from"], { sites }: World): boolean =>
  sites.some(({ supercomputer: each }) => {
    if (!each || !("supercomputer" in from) || from.supercomputer !== each.name) return false;
    return (callbackOf(each) ?? "proxy") !== "proxy";
  });

/** Where an operator has not agreed yet that a service logs in, or not told its host keys, that waits as it would for an address. */
function untilAgreed(to: Party, { tenancy }: PlaceEntry, { sites }: World): Party {
  if (isOurs(to)) return to;
  const supercomputer = sites.map((site) => site.supercomputer).find((each) => to.theirs === `${each?.name}.login`);
  const awaited = supercomputer ? awaitedForLogin(supercomputer, tenancy.environment) : [];
  if (awaited.length === 0) return to;
  const asked = to.addresses.flatMap((each) => ("awaited" in each && "ask" in each.awaited ? [each.awaited.ask] : []));
  return { ...to, addresses: [{ name: to.theirs, awaited: { ask: [...awaited, ...asked].join("; ") } }] };
}

/** A place looks at its own site first. */
function outsideOf(name: string, place: PlaceEntry, world: World): Result<Party> {
  const networks = own(known, name)?.(place);
  if (networks) return { value: theirs(name, { networks, shared: name === "internet" }, false) };
  const sites = [place.site, ...world.sites];
  const block = sites.map(({ outside }) => own(outside, name)).find((b) => b !== undefined);
  if (block) return { value: theirs(name, block, false) };
  const names = [...new Set([...sites.flatMap((site) => Object.keys(site.outside)), ...reservedOutsides])];
  return nothing(name, listed(names), didYouMean(name, names, "name one of them, or state it under outside of a site"));
}

function theirs(name: string, block: Block, fenced: boolean): Party {
  const addresses =
    "pending" in block
      ? [{ name, awaited: { ask: block.pending } }]
      : block.networks.map((n): Address => ({ name: n, known: n }));
  return { theirs: name, addresses, shared: "shared" in block && block.shared, fenced };
}

function placeNamed(name: PlaceName | undefined, here: PlaceEntry, { places }: World): Result<PlaceEntry> {
  if (!name) return { value: here };
  const place = places.find((p) => p.site.name === name.site && p.name === name.tenancy);
  if (place) return { value: place };
  const names = places.map(pathTo);
  const wanted = `${name.site}.${name.tenancy}`;
  return nothing(wanted, listed(names), didYouMean(wanted, names, "name one of them"));
}

function serviceNamed(name: string, place: PlaceEntry): Result<Service> {
  const services = servicesOf(place);
  const found = services.find(({ said }) => said.service === name);
  if (found) return { value: found.said };
  if (!place.whole) return silent;
  const names = services.map(({ said }) => said.service);
  const offered = `a service in ${pathTo(place)}: ${listed(names)}`;
  return nothing(name, offered, didYouMean(name, names, "add the component that offers it"));
}

const needsOf = (place: PlaceEntry): readonly Said<FlowNeed>[] =>
  place.hosts.length === 0
    ? [...place.needs, ...ingressNeeds(place)]
    : [
        ...place.needs,
        ...ingressNeeds(place),
        ...imageNeeds(place),
        ...telemetryNeeds(place),
        ...baselineNeeds.map((said) => ({ said, because: `${pathTo(place)}.runs` })),
      ];

const silent = { problem: undefined };

const nothing = (value: unknown, allowed: string, fix: string) => ({ problem: { value, allowed, fix } });
