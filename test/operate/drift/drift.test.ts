import { readFileSync } from "node:fs";
import { join } from "node:path";
import { driftOf } from "../../../operate/drift/compare";
import { thingsOf } from "../../../operate/drift/described";
import { thingsIn } from "../../../operate/drift/found";
import type { Inventory } from "../../../operate/openstack/inventory";
import { readStack } from "../../../review/stack";

// biome-ignore lint/suspicious/noExplicitAny: a stack as JSON
type Json = any;
const name = "lumi-production-tenancy";
const json: Json = JSON.parse(readFileSync(join(__dirname, "../../../synthesized/stacks", `${name}.json`), "utf8"));
const described = thingsOf(readStack(json));

/** A cloud that has just what the stack says: what its services would list. */
function cloud(): { -readonly [K in keyof Inventory]: Json[] } {
  const of = (type: string): [string, Json][] => Object.entries(json.resource[`openstack_${type}`] ?? {});
  const idOf = (reference: string): string => /\.([\w-]+)\.\w+\}$/.exec(reference)?.[1] ?? "?";
  const attached = of("compute_volume_attach_v2").map(([, is]) => [idOf(is.instance_id), idOf(is.volume_id)]);
  return {
    servers: of("compute_instance_v2").map(([id, is]) => ({
      id,
      name: is.name,
      status: "ACTIVE",
      metadata: is.metadata,
      flavor: { original_name: is.flavor_name },
      "os-extended-volumes:volumes_attached": attached.filter(([s]) => s === id).map(([, v]) => ({ id: v })),
      created: "2026-11-24T12:00:00Z",
    })),
    volumes: of("blockstorage_volume_v3").map(([id, is]) => ({
      id,
      name: is.name,
      size: is.size,
      attachments: attached.filter(([, v]) => v === id).map(([s]) => ({ server_id: s })),
    })),
    networks: of("networking_network_v2").map(([id, is]) => ({
      id,
      name: is.name,
      "router:external": false,
      admin_state_up: true,
    })),
    subnets: of("networking_subnet_v2").map(([id, is]) => ({
      id,
      name: is.name,
      cidr: is.cidr,
      gateway_ip: is.gateway_ip,
      network_id: idOf(is.network_id),
      enable_dhcp: true,
      dns_nameservers: is.dns_nameservers,
      host_routes: [],
    })),
    routers: of("networking_router_v2").map(([id, is]) => ({
      id,
      name: is.name,
      admin_state_up: true,
      routes: [],
      external_gateway_info: { network_id: "external", external_fixed_ips: [{ ip_address: "192.0.2.1" }] },
    })),
    ports: [
      ...of("networking_port_v2").map(([id, is]) => ({
        id,
        name: is.name,
        device_id:
          of("compute_instance_v2").find(([, s]) => s.network.some((n: Json) => idOf(n.port) === id))?.[0] ?? "",
        device_owner: "compute:nova",
        admin_state_up: true,
        fixed_ips: is.fixed_ip.map((ip: Json) => ({ subnet_id: idOf(ip.subnet_id), ip_address: ip.ip_address })),
        security_groups: is.security_group_ids.map(idOf),
        allowed_address_pairs: is.allowed_address_pairs ?? [],
      })),
      ...of("networking_router_interface_v2").map(([id, is]) => ({
        id,
        name: "",
        device_id: idOf(is.router_id),
        device_owner: "network:router_interface",
        fixed_ips: [{ subnet_id: idOf(is.subnet_id), ip_address: "x" }],
      })),
    ],
    groups: [
      {
        id: "d",
        name: "default",
        security_group_rules: [
          { direction: "egress", remote_group_id: null },
          { direction: "ingress", remote_group_id: "d" },
        ].map((rule, i) => ({
          ...rule,
          id: `d${i}`,
          security_group_id: "d",
          ethertype: "IPv4",
          protocol: null,
          remote_ip_prefix: null,
        })),
      },
      ...of("networking_secgroup_v2").map(([id, is]) => ({
        id,
        name: is.name,
        security_group_rules: of("networking_secgroup_rule_v2")
          .filter(([, rule]) => idOf(rule.security_group_id) === id)
          .map(([ruleId, rule]) => ({
            id: ruleId,
            direction: rule.direction,
            ethertype: "IPv4",
            protocol: rule.protocol,
            port_range_min: rule.port_range_min,
            port_range_max: rule.port_range_max,
            remote_ip_prefix: rule.remote_ip_prefix ?? null,
            remote_group_id: rule.remote_group_id === undefined ? null : idOf(rule.remote_group_id),
          })),
      })),
    ],
    floatingIps: of("networking_floatingip_v2").map(([id, is]) => ({
      id,
      floating_ip_address: `198.51.100.${id.length}`,
      description: is.description,
      port_id: idOf(of("networking_floatingip_associate_v2").find(([, a]) => idOf(a.floating_ip) === id)?.[1].port_id),
    })),
    balancers: of("lb_loadbalancer_v2").map(([id, is]) => ({ id, name: is.name, vip_address: is.vip_address })),
    listeners: of("lb_listener_v2").map(([id, is]) => ({ ...is, id })),
    serverGroups: of("compute_servergroup_v2").map(([id, is]) => ({ id, name: is.name })),
    containers: of("objectstorage_container_v1").map(([, is]) => ({ name: is.name })),
  };
}

const drift = (edit: (there: ReturnType<typeof cloud>) => void) => {
  const there = cloud();
  edit(there);
  return driftOf(described, thingsIn(there as Inventory, new Set()));
};
const told = (edit: Parameters<typeof drift>[0]) =>
  drift(edit).map(({ what, kind, name: is, details }) => [what, kind, is, ...details].join(" | "));
const find = (of: Json[], id: string): Json => of.find((each) => each.id === id);
const bastion = "host_bastion_server";

test("a cloud that has what is described has not drifted", () => {
  expect(described.length).toBeGreaterThan(100);
  expect(drift(() => undefined)).toEqual([]);
});

const open = { direction: "ingress", ethertype: "IPv4", protocol: "tcp", port_range_min: 22, port_range_max: 22 };
test.each<[string, Parameters<typeof drift>[0], readonly string[]]>([
  [
    "a rule that somebody added",
    ({ groups }) =>
      find(groups, "group_bastion").security_group_rules.push({
        ...open,
        id: "r",
        remote_ip_prefix: "0.0.0.0/0",
        remote_group_id: null,
      }),
    ["stranger | rule | lumi-production-bastion: tcp 22 in from 0.0.0.0/0"],
  ],
  [
    "the same by IPv6",
    ({ groups }) =>
      find(groups, "group_bastion").security_group_rules.push({
        ...open,
        id: "r",
        ethertype: "IPv6",
        remote_ip_prefix: null,
        remote_group_id: null,
      }),
    ["stranger | rule | lumi-production-bastion: tcp 22 in from anybody (IPv6)"],
  ],
  [
    "a rule that somebody took away",
    ({ groups }) => find(groups, "group_baseline").security_group_rules.shift(),
    [expect.stringMatching(/^missing \| rule \| lumi-production-baseline: /)],
  ],
  [
    "a second group on a port",
    ({ ports }) => find(ports, "host_bastion_port").security_groups.push("d"),
    [
      "different | port | lumi-production-bastion | groups: default, lumi-production-baseline, lumi-production-bastion, described as lumi-production-baseline, lumi-production-bastion",
    ],
  ],
  [
    "a server that nobody described",
    ({ servers }) => servers.push({ ...find(servers, bastion), id: "x", name: "miner", metadata: {} }),
    [expect.stringMatching(/^stranger \| server \| miner \| made 2026-/)],
  ],
  [
    "a server whose creation was answered to nobody, and that was made once more",
    ({ servers }) => servers.push({ ...find(servers, bastion), id: "x" }),
    [
      expect.stringMatching(
        /^twice \| server \| lumi-production-bastion \| host_bastion_server: made .* labelled as of lumi.production.runs.bastion \| x: made/,
      ),
    ],
  ],
  [
    "a server that stands still, in another flavor",
    ({ servers }) => Object.assign(find(servers, bastion), { status: "SHUTOFF", flavor: { original_name: "huge" } }),
    [
      "different | server | lumi-production-bastion | status: SHUTOFF, described as ACTIVE | flavor: huge, described as small",
    ],
  ],
  [
    "a server that is gone",
    ({ servers }) => servers.splice(servers.indexOf(find(servers, bastion)), 1),
    ["missing | server | lumi-production-bastion"],
  ],
  [
    "a volume that was detached and grew",
    (there) => {
      const volume = find(there.volumes, "host_collector_volume-queue");
      Object.assign(volume, { size: 9999, attachments: [] });
      find(there.servers, "host_collector_server")["os-extended-volumes:volumes_attached"] = [];
    },
    [
      "different | server | lumi-production-collector | volumes: none, described as lumi-production-collector-queue",
      expect.stringMatching(
        /^different \| volume \| lumi-production-collector-queue \| GiB: 9999, described as \d+ \| at: none/,
      ),
    ],
  ],
  [
    "a public address that leads elsewhere, and one of nobody",
    ({ floatingIps }) => {
      find(floatingIps, "host_bastion_public").port_id = "host_proxy_port";
      floatingIps.push({ id: "f", floating_ip_address: "198.51.100.9", description: "", port_id: null });
    },
    [
      "stranger | public address | 198.51.100.9 | 198.51.100.9",
      "different | public address | lumi-production-bastion | port: lumi-production-proxy, described as lumi-production-bastion",
    ],
  ],
  [
    "a router without its way out, and a subnet that it does not join",
    ({ routers, ports }) => {
      routers[0].external_gateway_info = null;
      ports.splice(ports.indexOf(find(ports, "interface_data")), 1);
    },
    [
      "different | router | lumi-production | external: no, described as yes",
      "missing | router interface | lumi-production in lumi-production-data",
    ],
  ],
  [
    "ports that pretend to be the cloud's own",
    ({ ports }) => {
      const port = { ...find(ports, "host_bastion_port"), device_id: "x" };
      ports.push(
        { ...port, id: "1", name: "octavia-lb-evil" },
        { ...port, id: "2", name: "e", device_owner: "network:router_evil" },
      );
      ports.push(
        { ...port, id: "3", name: "f", device_owner: "Octavia" },
        { ...port, id: "4", name: "", device_owner: "network:dhcp" },
      );
    },
    ["stranger | port | 4", "stranger | port | e", "stranger | port | f", "stranger | port | octavia-lb-evil"],
  ],
  [
    "other ways and other resolvers, a network that is down, and a rule of the default group",
    ({ routers, subnets, networks, groups }) => {
      routers[0].routes = [{ destination: "0.0.0.0/1", nexthop: "10.20.0.99" }];
      subnets[0].dns_nameservers = ["192.0.2.53"];
      networks[0].admin_state_up = false;
      find(groups, "d").security_group_rules.push({
        ...open,
        id: "r",
        security_group_id: "d",
        remote_ip_prefix: "0.0.0.0/0",
        remote_group_id: null,
      });
    },
    [
      "stranger | rule | default: tcp 22 in from 0.0.0.0/0",
      "different | router | lumi-production | routes: 0.0.0.0/1 via 10.20.0.99, described as none",
      expect.stringMatching(/^different \| network \| .* \| up: false, described as true$/),
      expect.stringMatching(/^different \| subnet \| .* \| resolvers: 192.0.2.53, described as 149/),
    ],
  ],
  [
    "a listener that takes everybody",
    ({ listeners }) => {
      listeners[0].allowed_cidrs = null;
    },
    [expect.stringMatching(/^different \| listener \| .* \| clients: anybody, described as 10\.20\./)],
  ],
  [
    "a bucket, a network, a group of nobody",
    ({ containers, networks, groups }) => {
      containers.push({ name: "mine" });
      networks.push({ id: "n", name: "n", "router:external": false, admin_state_up: true });
      groups.push({ id: "g", name: "g", security_group_rules: [] });
    },
    ["stranger | security group | g", "stranger | network | n", "stranger | bucket | mine"],
  ],
])("%s", (_, edit, expected) => expect(told(edit)).toEqual(expected));

test("what is as described and in no state is told, with the words that adopt it", () => {
  const there = cloud() as Inventory;
  const known = new Set(thingsIn(there, new Set()).flatMap(({ id }) => id ?? []));
  expect(driftOf(described, thingsIn(there, new Set()), known)).toEqual([]);
  known.delete("host_bastion_port");
  expect(driftOf(described, thingsIn(there, new Set()), known)).toEqual([
    {
      what: "unknown",
      kind: "port",
      name: "lumi-production-bastion",
      ids: ["host_bastion_port"],
      details: [
        "host_bastion_port is in no state",
        'delete it, or adopted: { "host/bastion/port": "host_bastion_port" }',
      ],
    },
  ]);
});
