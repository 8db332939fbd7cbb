import type { Inventory } from "../openstack/inventory";
import { ruleName, type Thing, unordered } from "./thing";

/**
 * What a project has, in the words of {@link thingsOf}.
 * @param granted addresses that somebody else described, and that are told by themselves
 */
export function thingsIn(inventory: Inventory, granted: ReadonlySet<string>): readonly Thing[] {
  const { servers, volumes, networks, subnets, routers, ports, groups, floatingIps, balancers, listeners } = inventory;
  const naming = (of: readonly { readonly id: string; readonly name: string }[]) => {
    const names = new Map(of.map(({ id, name }) => [id, name || id]));
    return (id: string): string => names.get(id) ?? id;
  };
  const [server, volume, network, subnet, group, port] = [servers, volumes, networks, subnets, groups, ports].map(
    naming,
  ) as [Name, Name, Name, Name, Name, Name];
  return [
    ...servers.map(
      (is): Thing => ({
        kind: "server",
        id: is.id,
        name: is.name,
        facts: {
          status: is.status,
          flavor: is.flavor.original_name,
          ports: unordered(ports.filter(({ device_id: device }) => device === is.id).map(({ name, id }) => name || id)),
          volumes: unordered(is["os-extended-volumes:volumes_attached"].map(({ id }) => volume(id))),
        },
        hint: [`made ${is.created}`, ...(is.metadata.because ? [`labelled as of ${is.metadata.because}`] : [])].join(
          ", ",
        ),
      }),
    ),
    ...volumes.map(
      (is): Thing => ({
        kind: "volume",
        id: is.id,
        name: is.name,
        facts: { GiB: String(is.size), at: unordered(is.attachments.map((each) => server(each.server_id))) },
      }),
    ),
    ...networks
      .filter((is) => !is["router:external"])
      .map((is): Thing => ({ kind: "network", id: is.id, name: is.name, facts: { up: String(is.admin_state_up) } })),
    ...subnets.map(
      (is): Thing => ({
        kind: "subnet",
        id: is.id,
        name: is.name,
        facts: {
          cidr: is.cidr,
          gateway: is.gateway_ip ?? "none",
          network: network(is.network_id),
          DHCP: is.enable_dhcp ? "on" : "off",
          resolvers: unordered(is.dns_nameservers),
          routes: unordered(is.host_routes.map(routeText)),
        },
      }),
    ),
    ...routers.map(
      (is): Thing => ({
        kind: "router",
        id: is.id,
        name: is.name,
        facts: {
          up: String(is.admin_state_up),
          external: is.external_gateway_info === null ? "no" : "yes",
          routes: unordered(is.routes.map(routeText)),
        },
      }),
    ),
    ...routers.flatMap((is) =>
      ports
        .filter((each) => each.device_id === is.id && each.device_owner.startsWith("network:router_interface"))
        .flatMap((each) =>
          each.fixed_ips.map(
            ({ subnet_id: id }): Thing => ({
              kind: "router interface",
              id: each.id,
              name: `${is.name} in ${subnet(id)}`,
              facts: {},
            }),
          ),
        ),
    ),
    ...ports.filter(isPlain(inventory)).map(
      (is): Thing => ({
        kind: "port",
        id: is.id,
        name: is.name || is.id,
        facts: {
          up: String(is.admin_state_up),
          address: unordered(is.fixed_ips.map(({ ip_address: address }) => address)),
          groups: unordered(is.security_groups.map(group)),
          "shared addresses": unordered(is.allowed_address_pairs.map(({ ip_address: pair }) => pair)),
        },
      }),
    ),
    ...groups.flatMap((is): readonly Thing[] => [
      // Every project has this one, and it cannot be deleted; nor are the rules told that Neutron gives it.
      ...(is.name === "default" ? [] : [{ kind: "security group", id: is.id, name: is.name, facts: {} } as const]),
      ...is.security_group_rules
        .filter((rule) => is.name !== "default" || !isNeutrons(rule))
        .map((rule): Thing => {
          const name = ruleName({
            group: is.name,
            direction: rule.direction,
            protocol: rule.protocol === null ? undefined : String(rule.protocol),
            from: rule.port_range_min ?? undefined,
            to: rule.port_range_max ?? undefined,
            peer: peerOf(rule, group),
          });
          return {
            kind: "rule",
            id: rule.id,
            name: rule.ethertype === "IPv4" ? name : `${name} (${rule.ethertype})`,
            facts: {},
          };
        }),
    ]),
    ...floatingIps.map(
      ({ id, floating_ip_address: address, description, port_id: at }): Thing => ({
        kind: "public address",
        id,
        name: granted.has(address) || description === "" ? address : description,
        facts: { port: at === null ? "no port" : port(at) },
        hint: address,
      }),
    ),
    ...balancers.map(
      ({ id, name, vip_address: address }): Thing => ({ kind: "load balancer", id, name, facts: { address } }),
    ),
    ...listeners.map(
      (is): Thing => ({
        kind: "listener",
        id: is.id,
        name: is.name,
        facts: { port: `${is.protocol} ${is.protocol_port}`, clients: unordered(is.allowed_cidrs ?? []) || "anybody" },
      }),
    ),
    ...inventory.serverGroups.map(({ id, name }): Thing => ({ kind: "server group", id, name, facts: {} })),
    ...inventory.containers.map(({ name }): Thing => ({ kind: "bucket", id: name, name, facts: {} })),
  ];
}

type Name = (id: string) => string;

type Rule = Inventory["groups"][number]["security_group_rules"][number];

function peerOf(rule: Rule, group: Name): string {
  if (rule.remote_group_id !== null) return group(rule.remote_group_id);
  return rule.remote_address_group_id
    ? `address group ${rule.remote_address_group_id}`
    : (rule.remote_ip_prefix ?? "anybody");
}

/** What Neutron gives the default group: all out, and all in from the group itself. */
const isNeutrons = ({
  direction,
  protocol,
  remote_group_id: group,
  remote_ip_prefix: prefix,
  security_group_id: own,
}: Rule): boolean => protocol === null && prefix === null && (direction === "egress" ? group === null : group === own);

const routeText = ({ destination, nexthop }: { readonly destination: string; readonly nexthop: string }): string =>
  `${destination} via ${nexthop}`;

/**
 * Ports that nobody made by itself: those of our routers, of DHCP and of our load balancers come and go with what has them. A
 * member may write any owner, so what has them must be there.
 */
const isPlain =
  ({ routers, balancers }: Inventory) =>
  ({ device_owner: owner, device_id: device, name }: Inventory["ports"][number]): boolean => {
    const isRouters = owner.startsWith("network:router") && routers.some(({ id }) => id === device);
    const isOfDhcp = owner === "network:dhcp" && /^dhcp|^reserved_dhcp_port$/.test(device);
    const isBalancers = owner === "Octavia" && balancers.some(({ id }) => `${device} ${name}`.includes(id));
    return !isRouters && !isOfDhcp && !isBalancers;
  };
