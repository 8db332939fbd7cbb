import { userData } from "../constructs/openstack/config";
import { firstPrincipalsOf } from "../model/accounts";
import { serviceDns } from "../model/certificates";
import {
  type Address,
  type Flow,
  type HostEntry,
  isOurs,
  type Ours,
  type Party,
  type PlaceEntry,
  type Theirs,
} from "../model/entries";
import { type Registers, rulesIn } from "../model/registers";
import type { Rule } from "../model/rules";
import type { Supercomputer } from "../model/site/supercomputer";
import { type Cidr, only } from "../model/words/address";
import type { Held, HeldHost, HeldNetwork, HeldRule } from "./held";
import { hostIn, internet, type SandboxOutside, stranger } from "./outside";

/** What `hosts/hosts.py up` reads. */
export interface SandboxTenancy {
  readonly name: string;
  readonly router: { readonly egress: string };
  readonly networks: readonly HeldNetwork[];
  readonly hosts: readonly SandboxHost[];
  readonly outside: readonly SandboxOutside[];
}

export interface SandboxHost extends HeldHost {
  readonly name: string;
  readonly userData: string;
  readonly generation: number;
  readonly volumes: readonly { readonly name: string; readonly MiB: number }[];
  /** By which others outside meet what it relays, if it has a public address. */
  readonly names: readonly string[];
}

export interface SandboxTenancyProps {
  /** What its cloud holds. @default - what the model says that it will */
  readonly held?: Held;
  /** Names of the hosts that are booted. @default - all */
  readonly hosts?: readonly string[];
  /** Names of the internet beyond those that proxies let through. @default - none */
  readonly names?: readonly string[];
  /** Size of each volume. @default - as described, at most 8 TiB */
  readonly MiB?: number;
}

/** A tenancy with its hosts, and who is outside. @throws Error while its cloud has not given what hosts need to boot */
export function sandboxTenancy(
  place: PlaceEntry,
  registers: Registers,
  {
    held = modelled(place, registers),
    hosts = place.hosts.map(({ name }) => name),
    names = [],
    MiB,
  }: SandboxTenancyProps,
): SandboxTenancy {
  if (held.egress === undefined) throw new Error(`the router of ${place.id} has no address yet`);
  const booted = place.hosts
    .filter(({ name }) => hosts.includes(name))
    .flatMap((host): readonly SandboxHost[] => {
      const stands = held.hosts.get(host.name);
      return stands
        ? [
            {
              ...stands,
              ...bootOf(host, place),
              volumes: volumesOf(host, MiB),
              names: relayedBy(host, place, registers),
            },
          ]
        : [];
    });
  return {
    name: place.id,
    router: { egress: held.egress },
    networks: held.networks.filter(({ name }) => booted.some(({ network }) => network === name)),
    hosts: booted,
    outside: outsidesOf(place, registers, names),
  };
}

/** A disk is a file here, with holes; the file system of the machine has an end to how large one may be. */
const most = 8 * 1024 * 1024;

const volumesOf = ({ volumes }: HostEntry, MiB: number | undefined) =>
  volumes.map(({ name, size }) => ({ name, MiB: MiB ?? Math.min(size.gib * 1024, most) }));

const relayedBy = (host: HostEntry, place: PlaceEntry, { flows }: Registers): readonly string[] => [
  ...new Set(
    flows.flatMap(({ relay, service }) =>
      service !== undefined && relay?.party.hosts.some(({ id }) => id === host.id) ? [serviceDns(place, service)] : [],
    ),
  ),
];

const bootOf = (host: HostEntry, place: PlaceEntry) => ({
  name: host.name,
  userData: userData({
    host: host.name,
    dns: host.dns,
    sshUserCa: place.trust.sshUserCas.join("\n"),
    ...firstPrincipalsOf(host, place),
  }),
  generation: host.generation,
});

/** Everybody with whom a tenancy speaks, and a stranger. What never leaves a host's network is not outside. */
function outsidesOf(
  place: PlaceEntry,
  { flows, sites }: Registers,
  names: readonly string[],
): readonly SandboxOutside[] {
  const mine = flows.filter((flow) => partiesOf(flow).some((party) => isOurs(party) && party.group.place === place.id));
  const others = mine
    .flatMap(partiesOf)
    .flatMap((party) => (isOurs(party) ? othersOf(party, place) : theirsOf(party, sites)));
  const allowed = mine.flatMap((flow) => flow.names ?? []);
  return distinct([
    {
      name: "internet",
      addresses: [internet],
      names: Object.fromEntries([...new Set([...allowed, ...names])].map((name) => [name, internet])),
      serves: "apt",
    },
    { name: "resolvers", addresses: place.site.cloud.resolvers, serves: "dns" },
    { name: "ntp", addresses: place.site.cloud.ntp, serves: "ntp" },
    { name: "stranger", addresses: [stranger] },
    ...others,
  ]);
}

/** Each name once, and each address with the first who has it: there is one wire out there. */
function distinct(outsides: readonly SandboxOutside[]): readonly SandboxOutside[] {
  const byName = new Map([...outsides].reverse().map((each) => [each.name, each]));
  const taken = new Set<string>();
  return outsides
    .filter((each) => byName.get(each.name) === each)
    .map((each) => {
      const addresses = each.addresses.filter((address) => !taken.has(address));
      for (const address of addresses) taken.add(address);
      return { ...each, addresses };
    })
    .filter(({ addresses }) => addresses.length > 0);
}

const partiesOf = ({ from, proxy, relay, to }: Flow): readonly Party[] => [
  from,
  ...(proxy ? [proxy.party] : []),
  ...(relay ? [relay.party] : []),
  to,
];

/** Those that have a place of their own above, or are no outside. */
const special = ["dhcp", "metadata", "internet", "resolvers", "ntp"];

/** Login nodes are met by the name that one logs in to. */
function theirsOf({ theirs, addresses }: Theirs, sites: Registers["sites"]): readonly SandboxOutside[] {
  if (special.includes(theirs)) return [];
  const login = sites.find(({ supercomputer }) => theirs === `${supercomputer?.name}.login`)?.supercomputer;
  return outsideOf(theirs, addresses).map((outside) => {
    const [first] = outside.addresses;
    if (!login || first === undefined) return outside;
    return { ...outside, names: Object.fromEntries(namesOf(login).map((name) => [name, first])) };
  });
}

/** By which login nodes are met: all of them, and the one to which a tunnel is kept. */
const namesOf = ({ host, jobs: { callback } }: Supercomputer): readonly string[] => [
  host,
  ...(typeof callback === "object" ? [callback.node] : []),
];

/** Another tenancy of ours, at each address by which it is met. */
const othersOf = ({ group, hosts, egress }: Ours, place: PlaceEntry): readonly SandboxOutside[] =>
  group.place === place.id
    ? []
    : [egress, ...hosts.flatMap((host) => host.public?.address ?? [])].flatMap((one) => outsideOf(one.name, [one]));

function outsideOf(name: string, addresses: readonly Address[]): readonly SandboxOutside[] {
  const known = addresses.flatMap((address) => ("known" in address ? [hostIn(address.known)] : []));
  return known.length > 0 ? [{ name, addresses: known }] : [];
}

/** What the cloud of a tenancy will hold, as the model has it. */
function modelled(place: PlaceEntry, registers: Registers): Held {
  const { egress, subnets, site } = place;
  return {
    egress: "known" in egress ? hostIn(egress.known) : undefined,
    networks: Object.entries(subnets).map(([name, { cidr, gateway }]) => ({
      name,
      cidr,
      gateway,
      resolvers: site.cloud.resolvers,
    })),
    hosts: new Map(place.hosts.map((host) => [host.name, modelledHost(host, place, registers)])),
  };
}

function modelledHost(host: HostEntry, place: PlaceEntry, registers: Registers): HeldHost {
  const facing = host.public?.address;
  const groups = ["baseline", ...host.roles];
  return {
    network: host.subnet,
    address: host.address,
    ...(facing && "known" in facing ? { public: hostIn(facing.known) } : {}),
    also: place.sharedAddresses.filter(({ role }) => host.roles.includes(role)).map(({ address }) => address),
    rules: rulesIn(registers, place)
      .filter(({ group }) => !group.balancer && groups.includes(group.role))
      .flatMap(({ direction, traffic, peer }) =>
        peersOf(peer, place).map(
          (network): HeldRule => ({
            direction,
            proto: traffic.proto,
            from: traffic.from,
            to: traffic.to,
            peer: network,
          }),
        ),
      ),
  };
}

/** Networks for who is on the other side: a group is its members by their private addresses, as in Neutron. */
function peersOf(peer: Rule["peer"], place: PlaceEntry): readonly Cidr[] {
  if ("address" in peer) return "known" in peer.address ? [peer.address.known] : [];
  const { role } = peer.group;
  const members = place.hosts.filter(({ roles }) => role === "baseline" || roles.includes(role));
  const shared = place.sharedAddresses.filter((each) => role === "baseline" || each.role === role);
  return [...members, ...shared].map(({ address }) => only(address));
}
