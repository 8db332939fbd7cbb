import { isRecord } from "../../model/words/record";
import type { Element, Stack } from "../../review/stack";
import { ruleName, type Thing, unordered } from "./thing";

/** What a stack says that a project has. */
export function thingsOf({ elements }: Stack): readonly Thing[] {
  const all = [...elements.values()];
  const of = (type: string, kind: Element["kind"] = "resource") =>
    all.filter((each) => each.kind === kind && each.type === `openstack_${type}`);
  /** The name of what an argument refers to: `${openstack_networking_port_v2.host_bastion_port.id}`. */
  const referred = (value: unknown): Element | undefined =>
    elements.get(/^\$\{(.*)\.\w+\}$/.exec(String(value))?.[1] ?? "");
  const nameOf = (value: unknown): string => {
    const element = referred(value);
    return String(element?.args.name ?? element?.args.description ?? value);
  };
  const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
  const records = (value: unknown) => list(value).filter(isRecord);

  const attached = of("compute_volume_attach_v2").map(({ args }) => ({
    server: nameOf(args.instance_id),
    volume: nameOf(args.volume_id),
  }));
  const facing = of("networking_floatingip_associate_v2").map(({ args }) => ({
    address: referred(args.floating_ip),
    port: nameOf(args.port_id),
  }));
  const paths = new Map(all.map(({ args, path }) => [args, path]));
  const pathOf = (args: Element["args"]): Pick<Thing, "path"> => ({ path: paths.get(args) ?? "" });
  const thing = (kind: Thing["kind"], args: Element["args"], facts: Thing["facts"]): Thing => ({
    kind,
    name: String(args.name),
    ...pathOf(args),
    facts,
  });
  const portOf = (element: Element): string =>
    facing.find(({ address }) => address?.address === element.address)?.port ?? "no port";
  return [
    ...of("compute_instance_v2").map(({ args }) =>
      thing("server", args, {
        status: "ACTIVE",
        flavor: String(args.flavor_name),
        ports: unordered(records(args.network).map(({ port }) => nameOf(port))),
        volumes: unordered(attached.filter(({ server }) => server === args.name).map(({ volume }) => volume)),
      }),
    ),
    ...of("blockstorage_volume_v3").map(({ args }) =>
      thing("volume", args, {
        GiB: String(args.size),
        at: unordered(attached.filter(({ volume }) => volume === args.name).map(({ server }) => server)),
      }),
    ),
    ...of("networking_network_v2").map(({ args }) =>
      thing("network", args, { up: String(args.admin_state_up !== false) }),
    ),
    ...of("networking_subnet_v2").map(({ args }) =>
      thing("subnet", args, {
        cidr: String(args.cidr),
        gateway: String(args.gateway_ip),
        network: nameOf(args.network_id),
        DHCP: args.enable_dhcp === false ? "off" : "on",
        resolvers: unordered(list(args.dns_nameservers).map(String)),
        routes: "",
      }),
    ),
    ...of("networking_router_v2").map(({ args }) =>
      thing("router", args, {
        up: String(args.admin_state_up !== false),
        external: args.external_network_id === undefined ? "no" : "yes",
        routes: "",
      }),
    ),
    ...of("networking_router_interface_v2").map(
      ({ args, path }): Thing => ({
        kind: "router interface",
        path,
        name: `${nameOf(args.router_id)} in ${nameOf(args.subnet_id)}`,
        facts: {},
      }),
    ),
    ...of("networking_port_v2").map(({ args }) =>
      thing("port", args, {
        up: String(args.admin_state_up !== false),
        address: unordered(records(args.fixed_ip).map(({ ip_address: address }) => String(address))),
        groups: unordered(list(args.security_group_ids).map(nameOf)),
        "shared addresses": unordered(records(args.allowed_address_pairs).map(({ ip_address: pair }) => String(pair))),
      }),
    ),
    ...of("networking_secgroup_v2").map(({ args }) => thing("security group", args, {})),
    ...of("networking_secgroup_rule_v2").map(
      ({ args }): Thing => ({
        kind: "rule",
        ...pathOf(args),
        name: ruleName({
          group: nameOf(args.security_group_id),
          direction: String(args.direction),
          protocol: args.protocol === undefined ? undefined : String(args.protocol),
          from: args.port_range_min === undefined ? undefined : Number(args.port_range_min),
          to: args.port_range_max === undefined ? undefined : Number(args.port_range_max),
          peer:
            args.remote_group_id === undefined
              ? String(args.remote_ip_prefix ?? "anybody")
              : nameOf(args.remote_group_id),
        }),
        facts: {},
      }),
    ),
    ...of("networking_floatingip_v2").map(
      (element): Thing => ({
        kind: "public address",
        path: element.path,
        name: String(element.args.description),
        facts: { port: portOf(element) },
      }),
    ),
    ...of("networking_floatingip_v2", "data").map(
      (element): Thing => ({
        kind: "public address",
        name: String(element.args.address),
        facts: { port: portOf(element) },
      }),
    ),
    ...of("lb_loadbalancer_v2").map(({ args }) => thing("load balancer", args, { address: String(args.vip_address) })),
    ...of("lb_listener_v2").map(({ args }) =>
      thing("listener", args, {
        port: `${args.protocol} ${args.protocol_port}`,
        clients: unordered(list(args.allowed_cidrs).map(String)) || "anybody",
      }),
    ),
    ...of("compute_servergroup_v2").map(({ args }) => thing("server group", args, {})),
    ...of("objectstorage_container_v1").map(({ args }) => thing("bucket", args, {})),
  ];
}
