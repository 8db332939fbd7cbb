import { userData } from "../constructs/openstack/config";
import { ansibleUser, principalOf } from "../model/accounts";
import type { HostEntry, PlaceEntry } from "../model/entries";
import { type Registers, rulesIn } from "../model/registers";
import type { Rule } from "../model/rules";
import { type Cidr, type Ipv4, only } from "../model/words/address";

/** What `hosts/hosts.py up` reads. */
export interface SandboxTenancy {
  readonly name: string;
  readonly router: { readonly egress: string };
  readonly networks: readonly {
    readonly name: string;
    readonly cidr: string;
    readonly gateway: string;
    readonly resolvers: readonly string[];
  }[];
  readonly hosts: readonly SandboxHost[];
  readonly outside: readonly SandboxOutside[];
}

export interface SandboxHost {
  readonly name: string;
  readonly network: string;
  readonly address: string;
  readonly public?: string;
  readonly also: readonly string[];
  readonly userData: string;
  readonly generation: number;
  readonly volumes: readonly { readonly name: string; readonly MiB: number }[];
  readonly rules: readonly {
    readonly direction: "in" | "out";
    readonly proto: string;
    readonly from: number;
    readonly to: number;
    readonly peer: string;
  }[];
}

export interface SandboxOutside {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly names?: Readonly<Record<string, string>>;
  readonly serves?: "apt" | "dns" | "ntp";
}

export interface SandboxTenancyProps {
  /** Names of the hosts that are booted; the others have no machine to answer. */
  readonly hosts: readonly string[];
  /** Addresses for what nobody has answered yet, by name: `operators`. They stand in rules here, and in nothing that is rendered. */
  readonly standIns: Readonly<Record<string, Ipv4>>;
  /** Names of the internet beyond those that proxies let through. @default - none */
  readonly names?: readonly string[];
  /** Size of each volume, since the real ones are terabytes. @default 512 */
  readonly MiB?: number;
}

/** Where everything of the internet answers; a block for documentation. @see RFC 5737 */
const internet = "198.51.100.80";

/** A tenancy as the model has it, with some of its hosts, and who is outside. Its router must be learned. */
export function sandboxTenancy(place: PlaceEntry, registers: Registers, props: SandboxTenancyProps): SandboxTenancy {
  const { egress, subnets, site } = place;
  if (!("known" in egress)) throw new Error(`${egress.name} is not learned`);
  const booted = place.hosts.filter(({ name }) => props.hosts.includes(name));
  const named = registers.flows.flatMap((flow) => (flow.place === place.id ? (flow.names ?? []) : []));
  return {
    name: place.id,
    router: { egress: addressOf(egress.known) },
    networks: [...new Set(booted.map(({ subnet }) => subnet))].map((name) => ({
      name,
      cidr: subnets[name].cidr,
      gateway: subnets[name].gateway,
      resolvers: site.cloud.resolvers,
    })),
    hosts: booted.map((host) => hostOf(host, place, registers, props)),
    outside: [
      ...Object.entries(props.standIns).map(([name, address]) => ({ name, addresses: [address] })),
      ...(site.supercomputer
        ? [{ name: "nodes", addresses: standing(site.supercomputer.nat).slice(0, 1).map(hostIn) }]
        : []),
      {
        name: "internet",
        addresses: [internet],
        names: Object.fromEntries([...new Set([...named, ...(props.names ?? [])])].map((name) => [name, internet])),
        serves: "apt",
      },
      { name: "resolvers", addresses: site.cloud.resolvers, serves: "dns" },
      { name: "clocks", addresses: site.cloud.ntp, serves: "ntp" },
    ],
  };
}

/** The networks of a block, if it is known. */
const standing = (block: object | undefined): readonly Cidr[] =>
  block && "networks" in block ? (block.networks as readonly Cidr[]) : [];

/** An address in a network: its second, or its only one. */
const hostIn = (network: Cidr): string => {
  const [address = "", length] = network.split("/");
  return length === "32" ? address : address.replace(/\d+$/, (last) => String(Number(last) + 1));
};

const addressOf = (network: Cidr): string => network.replace(/\/32$/, "");

function hostOf(
  host: HostEntry,
  place: PlaceEntry,
  registers: Registers,
  { standIns, MiB = 512 }: SandboxTenancyProps,
): SandboxHost {
  const facing = host.public?.address;
  const groups = ["baseline", ...host.roles];
  return {
    name: host.name,
    network: host.subnet,
    address: host.address,
    ...(facing && "known" in facing ? { public: addressOf(facing.known) } : {}),
    also: place.sharedAddresses.filter(({ role }) => host.roles.includes(role)).map(({ address }) => address),
    userData: userData({
      host: host.name,
      dns: host.dns,
      sshUserCa: place.sshUserCa ?? "",
      principal: principalOf(ansibleUser, place),
    }),
    generation: host.generation,
    volumes: host.volumes.map(({ name }) => ({ name, MiB })),
    rules: rulesIn(registers, place)
      .filter(({ group }) => !group.balancer && groups.includes(group.role))
      .flatMap((rule) =>
        peersOf(rule, place, standIns).map((peer) => ({
          direction: rule.direction,
          proto: rule.traffic.proto,
          from: rule.traffic.from,
          to: rule.traffic.to,
          peer,
        })),
      ),
  };
}

/** Networks for who is on the other side: a group is its members by their private addresses, as in Neutron. */
function peersOf({ peer }: Rule, place: PlaceEntry, standIns: SandboxTenancyProps["standIns"]): readonly Cidr[] {
  if ("address" in peer) {
    const standIn = standIns[peer.address.name];
    return "known" in peer.address ? [peer.address.known] : standIn === undefined ? [] : [only(standIn)];
  }
  const { role } = peer.group;
  const members = place.hosts.filter(({ roles }) => role === "baseline" || roles.includes(role));
  const shared = place.sharedAddresses.filter((each) => role === "baseline" || each.role === role);
  return [...members, ...shared].map(({ address }) => only(address));
}
