import type { Inventory } from "../openstack/inventory";
import { ruleName, type Thing, unordered } from "./thing";

/**
 * What a project has, in the words of {@link thingsOf}.
 * @param granted addresses that somebody else described, and that are told by themselves
 */
export function thingsIn(inventory: Inventory, granted: ReadonlySet<string>): readonly Thing[] {
  const { servers, volumes, networks, subnets, routers, ports, groups, floatingIps, balancers, listeners } = inventory;
  const naming = (of: readonly { readonly id: string; readonly name: string }[]) => {
    const names = new Map(of.map(({ id, name }) => [id, name]));
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
      .map((is): Thing => ({ kind: "network", id: is.id, name: is.name, facts: {} })),
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
          joins: unordered(
            ports
              .filter((each) => each.device_id === is.id && each.device_owner.startsWith("network:router_interface"))
              .flatMap((each) => each.fixed_ips.map(({ subnet_id: id }) => subnet(id))),
          ),
        },
      }),
    ),
    ...ports.filter(isPlain).map(
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
    // Every project has this one, and it cannot be deleted; who is in it shows at the ports.
    ...groups
      .filter(({ name }) => name !== "default")
      .flatMap((is): readonly Thing[] => [
        { kind: "security group", id: is.id, name: is.name, facts: {} },
        ...is.security_group_rules.map((rule): Thing => {
          const name = ruleName({
            group: is.name,
            direction: rule.direction,
            protocol: rule.protocol === null ? undefined : String(rule.protocol),
            from: rule.port_range_min ?? undefined,
            to: rule.port_range_max ?? undefined,
            peer: rule.remote_group_id === null ? (rule.remote_ip_prefix ?? "anybody") : group(rule.remote_group_id),
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

/** Ports that nobody made by itself: those of routers, of DHCP and of load balancers come and go with what has them. */
const isPlain = ({ device_owner: owner, name }: Inventory["ports"][number]): boolean =>
  !owner.startsWith("network:") && !/^octavia/i.test(owner) && !name.startsWith("octavia-lb-");
