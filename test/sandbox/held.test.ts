import { bastion, proxy } from "../../constructs/edge/spec";
import { gather } from "../../model/gather";
import { allocated } from "../../model/vocabulary";
import type { Inventory } from "../../operate/openstack/inventory";
import { heldBy } from "../../sandbox/held";
import { sandboxTenancy } from "../../sandbox/hosts";
import { north, tenancy } from "../model/platform";

const { registers } = gather([
  north({ production: tenancy({ runs: [bastion(), proxy()], public: { bastion: allocated, proxy: allocated } }) }),
]);
const [place] = registers.places;
if (!place) throw new Error("no place");

const rule = {
  id: "r",
  security_group_id: "g1",
  direction: "ingress" as const,
  ethertype: "IPv4",
  protocol: "tcp",
  port_range_min: 22,
  port_range_max: null,
  remote_ip_prefix: null,
  remote_group_id: null,
};
const port = { admin_state_up: true, device_owner: "compute:nova", network_id: "n", allowed_address_pairs: [] };
const held: Inventory = {
  servers: [{ id: "s1", name: "north-production-bastion" }] as unknown as Inventory["servers"],
  ports: [
    {
      ...port,
      id: "p1",
      name: "",
      device_id: "s1",
      fixed_ips: [{ subnet_id: "n1", ip_address: "10.0.0.5" }],
      security_groups: ["g1"],
    },
    {
      ...port,
      id: "p2",
      name: "",
      device_id: "s2",
      fixed_ips: [{ subnet_id: "n1", ip_address: "10.0.0.6" }],
      security_groups: ["g2"],
      allowed_address_pairs: [{ ip_address: "10.0.0.9" }],
    },
  ],
  groups: [
    {
      id: "g1",
      name: "bastion",
      security_group_rules: [
        { ...rule, remote_ip_prefix: "192.0.2.1/32" },
        { ...rule, direction: "egress", protocol: null, port_range_min: null, remote_group_id: "g2" },
        { ...rule, direction: "egress", port_range_max: 25 },
        { ...rule, ethertype: "IPv6" },
      ],
    },
    { id: "g2", name: "proxy", security_group_rules: [rule] },
  ],
  subnets: [
    {
      id: "n1",
      name: "edge",
      network_id: "n",
      cidr: "10.0.0.0/24",
      gateway_ip: "10.0.0.1",
      enable_dhcp: true,
      dns_nameservers: ["9.9.9.9"],
      host_routes: [],
    },
  ],
  routers: [
    {
      id: "r1",
      name: "north-production",
      admin_state_up: true,
      routes: [],
      external_gateway_info: { network_id: "x", external_fixed_ips: [{ ip_address: "198.18.0.7" }] },
    },
  ],
  floatingIps: [{ id: "f", floating_ip_address: "198.18.0.8", description: "", port_id: "p1" }],
  networks: [],
  volumes: [],
  balancers: [],
  listeners: [],
  serverGroups: [],
  containers: [],
};

test("a host lives by what its cloud holds: addresses of its port, rules of its groups, members of the groups they name", () => {
  expect(heldBy(held, place)).toEqual({
    egress: "198.18.0.7",
    networks: [{ name: "edge", cidr: "10.0.0.0/24", gateway: "10.0.0.1", resolvers: ["9.9.9.9"] }],
    hosts: new Map([
      [
        "bastion",
        {
          network: "edge",
          address: "10.0.0.5",
          public: "198.18.0.8",
          also: [],
          rules: [
            { direction: "in", proto: "tcp", from: 22, to: 22, peer: "192.0.2.1/32" },
            { direction: "out", peer: "10.0.0.6/32" },
            { direction: "out", peer: "10.0.0.9/32" },
            { direction: "out", proto: "tcp", from: 22, to: 25, peer: "0.0.0.0/0" },
          ],
        },
      ],
    ]),
  });
});

test("only hosts that the cloud has are booted, with everybody outside whom flows name, and a stranger", () => {
  const { hosts, outside, router } = sandboxTenancy(place, registers, { held: heldBy(held, place) });
  expect([router.egress, hosts.map(({ name }) => name)]).toEqual(["198.18.0.7", ["bastion"]]);
  expect(outside.map(({ name, serves }) => [name, serves])).toEqual([
    ["internet", "apt"],
    ["resolvers", "dns"],
    ["ntp", "ntp"],
    ["stranger", undefined],
    ["operators", undefined],
  ]);
  expect(() => sandboxTenancy(place, registers, {})).toThrow("the router of north-production has no address yet");
});
