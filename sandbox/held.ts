import type { PlaceEntry } from "../model/entries";
import { type Cidr, internet, only } from "../model/words/address";
import type { CloudPort, Inventory, SecurityGroup, Subnet } from "../operate/openstack/inventory";

/** What a cloud holds of a tenancy's network: the truth that its hosts live by, whatever the model says. */
export interface Held {
  /** What others see of hosts without a public address. */
  readonly egress: string | undefined;
  readonly networks: readonly HeldNetwork[];
  /** By the name of the host. */
  readonly hosts: ReadonlyMap<string, HeldHost>;
}

export interface HeldNetwork {
  readonly name: string;
  readonly cidr: string;
  readonly gateway: string;
  readonly resolvers: readonly string[];
}

export interface HeldHost {
  readonly network: string;
  readonly address: string;
  readonly public?: string;
  /** Addresses that it may take over. */
  readonly also: readonly string[];
  readonly rules: readonly HeldRule[];
}

/** A rule as `hosts/hosts.py` reads it; what is left out is any. */
export interface HeldRule {
  readonly direction: "in" | "out";
  readonly proto?: string;
  readonly from?: number;
  readonly to?: number;
  readonly peer: Cidr;
}

/** Reads what a project holds of a tenancy; of a host that has no server there, nothing. */
export function heldBy(inventory: Inventory, place: PlaceEntry): Held {
  const { servers, ports, subnets, routers } = inventory;
  const router = routers.find(({ name }) => name === place.id);
  const subnetOf = new Map(subnets.map((subnet) => [subnet.id, subnet]));
  return {
    egress: router?.external_gateway_info?.external_fixed_ips[0]?.ip_address,
    networks: subnets.flatMap(networkOf),
    hosts: new Map(
      place.hosts.flatMap(({ name, id }) => {
        const server = servers.find((each) => each.name === id);
        const port = ports.find(({ device_id }) => device_id === server?.id);
        const host = server && port && hostOf(port, inventory, subnetOf);
        return host ? [[name, host] as const] : [];
      }),
    ),
  };
}

const networkOf = ({ name, cidr, gateway_ip, dns_nameservers }: Subnet): readonly HeldNetwork[] =>
  gateway_ip === null ? [] : [{ name, cidr, gateway: gateway_ip, resolvers: dns_nameservers }];

function hostOf(port: CloudPort, inventory: Inventory, subnets: ReadonlyMap<string, Subnet>): HeldHost | undefined {
  const [fixed] = port.fixed_ips;
  const subnet = subnets.get(fixed?.subnet_id ?? "");
  if (!fixed || !subnet) return undefined;
  const floating = inventory.floatingIps.find(({ port_id }) => port_id === port.id);
  return {
    network: subnet.name,
    address: fixed.ip_address,
    ...(floating ? { public: floating.floating_ip_address } : {}),
    also: port.allowed_address_pairs.map(({ ip_address }) => ip_address),
    rules: inventory.groups
      .filter(({ id }) => port.security_groups.includes(id))
      .flatMap((group) => rulesOf(group, inventory.ports)),
  };
}

/** Rules for IPv4, which is all that our networks have. A group stands for the addresses of its members' ports, as in Neutron. */
const rulesOf = (group: SecurityGroup, ports: readonly CloudPort[]): readonly HeldRule[] =>
  group.security_group_rules
    .filter(({ ethertype }) => ethertype === "IPv4")
    .flatMap((rule) => {
      const { protocol, port_range_min: from, port_range_max: to, remote_group_id: remote, remote_ip_prefix } = rule;
      const peers = remote === null ? [(remote_ip_prefix ?? internet) as Cidr] : membersOf(remote, ports);
      return peers.map((peer) => ({
        direction: rule.direction === "ingress" ? ("in" as const) : ("out" as const),
        ...(protocol === null ? {} : { proto: String(protocol) }),
        ...(from === null ? {} : { from, to: to ?? from }),
        peer,
      }));
    });

const membersOf = (group: string, ports: readonly CloudPort[]): readonly Cidr[] =>
  ports
    .filter(({ security_groups }) => security_groups.includes(group))
    .flatMap(({ fixed_ips, allowed_address_pairs }) => [...fixed_ips, ...allowed_address_pairs])
    .map(({ ip_address }) => only(ip_address as Parameters<typeof only>[0]));
