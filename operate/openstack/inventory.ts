import { z } from "zod";
import { CloudError, type ServiceType, type Session } from "./session";

/** What nobody named goes by its id. */
const named = z.object({
  id: z.string(),
  name: z
    .string()
    .nullish()
    .transform((name) => name ?? ""),
});
const address = z.object({ subnet_id: z.string(), ip_address: z.string() });

const server = named.extend({
  status: z.string(),
  metadata: z.record(z.string(), z.string()).default({}),
  flavor: z.object({ original_name: z.string() }),
  image: z
    .union([z.object({ id: z.string() }), z.literal("")])
    .transform((image) => (image === "" ? undefined : image.id)),
  "os-extended-volumes:volumes_attached": z.array(z.object({ id: z.string() })).default([]),
  created: z.string(),
});
const volume = named.extend({
  status: z.string(),
  size: z.number(),
  attachments: z.array(z.object({ server_id: z.string() })).default([]),
});
const network = named.extend({ "router:external": z.boolean().default(false), admin_state_up: z.boolean() });
const route = z.object({ destination: z.string(), nexthop: z.string() });
const subnet = named.extend({
  network_id: z.string(),
  cidr: z.string(),
  gateway_ip: z.string().nullable(),
  enable_dhcp: z.boolean(),
  dns_nameservers: z.array(z.string()).default([]),
  host_routes: z.array(route).default([]),
});
const router = named.extend({
  admin_state_up: z.boolean(),
  routes: z.array(route).default([]),
  external_gateway_info: z
    .object({ network_id: z.string(), external_fixed_ips: z.array(z.object({ ip_address: z.string() })).default([]) })
    .nullable(),
});
const port = named.extend({
  network_id: z.string(),
  device_id: z.string(),
  device_owner: z.string(),
  admin_state_up: z.boolean(),
  fixed_ips: z.array(address),
  security_groups: z.array(z.string()),
  allowed_address_pairs: z.array(z.object({ ip_address: z.string() })).default([]),
});
const rule = z.object({
  id: z.string(),
  security_group_id: z.string(),
  direction: z.enum(["ingress", "egress"]),
  ethertype: z.string(),
  protocol: z.union([z.string(), z.number()]).nullable(),
  port_range_min: z.number().nullable(),
  port_range_max: z.number().nullable(),
  remote_ip_prefix: z.string().nullable(),
  remote_group_id: z.string().nullable(),
  remote_address_group_id: z.string().nullish(),
});
const group = named.extend({ security_group_rules: z.array(rule) });
const floatingIp = z.object({
  id: z.string(),
  floating_ip_address: z.string(),
  description: z.string().default(""),
  port_id: z.string().nullable(),
});
const balancer = named.extend({ vip_address: z.string(), provisioning_status: z.string() });
const listener = named.extend({
  protocol: z.string(),
  protocol_port: z.number(),
  allowed_cidrs: z.array(z.string()).nullable(),
});
const serverGroup = named.extend({ members: z.array(z.string()).default([]) });
const container = z.object({ name: z.string() });

export type Server = z.output<typeof server>;
export type Volume = z.output<typeof volume>;
export type Network = z.output<typeof network>;
export type Subnet = z.output<typeof subnet>;
export type Router = z.output<typeof router>;
export type CloudPort = z.output<typeof port>;
export type SecurityGroup = z.output<typeof group>;
export type FloatingIp = z.output<typeof floatingIp>;

/** Everything of our kinds that a project has, as the cloud's services tell it. */
export interface Inventory {
  readonly servers: readonly Server[];
  readonly volumes: readonly Volume[];
  readonly networks: readonly Network[];
  readonly subnets: readonly Subnet[];
  readonly routers: readonly Router[];
  readonly ports: readonly CloudPort[];
  readonly groups: readonly SecurityGroup[];
  readonly floatingIps: readonly FloatingIp[];
  readonly balancers: readonly z.output<typeof balancer>[];
  readonly listeners: readonly z.output<typeof listener>[];
  readonly serverGroups: readonly z.output<typeof serverGroup>[];
  readonly containers: readonly z.output<typeof container>[];
}

/** Asks all services of a cloud for what our project has. */
export async function inventoryOf(session: Session): Promise<Inventory> {
  const ours = `project_id=${session.project.id}`;
  const list = async <T>(of: z.ZodType<T>, service: ServiceType, path: string, key: string): Promise<readonly T[]> =>
    session.has(service) ? read(of, await session.list(service, path, key), `${service} ${key}`) : [];
  const [
    servers,
    volumes,
    networks,
    subnets,
    routers,
    ports,
    groups,
    floatingIps,
    balancers,
    listeners,
    serverGroups,
    containers,
  ] = await Promise.all([
    // From 2.47 a server holds its flavor by name, whether or not the flavor is still there.
    session
      .list("compute", "/servers/detail", "servers", { "openstack-api-version": "compute 2.47" })
      .then((of) => read(server, of, "compute servers")),
    list(volume, "volume", "/volumes/detail", "volumes"),
    list(network, "network", `/networks?${ours}`, "networks"),
    list(subnet, "network", `/subnets?${ours}`, "subnets"),
    list(router, "network", `/routers?${ours}`, "routers"),
    list(port, "network", `/ports?${ours}`, "ports"),
    list(group, "network", `/security-groups?${ours}`, "security_groups"),
    list(floatingIp, "network", `/floatingips?${ours}`, "floatingips"),
    list(balancer, "balancer", `/lbaas/loadbalancers?${ours}`, "loadbalancers"),
    list(listener, "balancer", `/lbaas/listeners?${ours}`, "listeners"),
    list(serverGroup, "compute", "/os-server-groups", "server_groups"),
    containersOf(session),
  ]);
  return {
    servers,
    volumes,
    networks,
    subnets,
    routers,
    ports,
    groups,
    floatingIps,
    balancers,
    listeners,
    serverGroups,
    containers,
  };
}

/** An object store answers with a bare list, page by page by the last name of each. */
async function containersOf(session: Session): Promise<readonly z.output<typeof container>[]> {
  if (!session.has("objects")) return [];
  const all: z.output<typeof container>[] = [];
  for (;;) {
    const last = all.at(-1);
    const query = `?format=json&limit=1000${last ? `&marker=${encodeURIComponent(last.name)}` : ""}`;
    const page = read(container, await session.get("objects", query), "objects containers");
    all.push(...page);
    if (page.length < 1000) return all;
  }
}

function read<T>(of: z.ZodType<T>, items: unknown, what: string): readonly T[] {
  const found = z.array(of).safeParse(items);
  if (found.success) return found.data;
  const [issue] = found.error.issues;
  throw new CloudError(`the cloud's list of ${what} is not as expected: ${issue?.path.join(".")} ${issue?.message}`);
}
