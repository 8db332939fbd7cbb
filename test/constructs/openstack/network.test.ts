import { ExternalNetwork } from "../../../constructs/openstack/external-network";
import { Network } from "../../../constructs/openstack/network";
import { Router, RouterInterfaces } from "../../../constructs/openstack/router";
import { statefulIn } from "../../../engine/stateful";
import type { Cidr, Ipv4 } from "../../../model/words/address";
import { synth } from "./synth";

const cidr = "10.20.0.0/24" as Cidr;

test("a network has one subnet: the router first, fixed addresses below, DHCP above", () => {
  const { resources } = synth((stack) => new Network(stack, "edge", { name: "edge", cidr }));
  expect(resources).toEqual({
    "openstack_networking_network_v2.edge": { name: "edge", admin_state_up: true },
    "openstack_networking_subnet_v2.edge_subnet": {
      name: "edge",
      network_id: expect.stringContaining("openstack_networking_network_v2.edge"),
      cidr: "10.20.0.0/24",
      ip_version: 4,
      gateway_ip: "10.20.0.1",
      allocation_pool: [{ start: "10.20.0.128", end: "10.20.0.254" }],
    },
  });
});

test("its layout and resolvers can be said", () => {
  const { resources } = synth((stack) => {
    const pool = { start: "10.20.0.9" as Ipv4, end: "10.20.0.10" as Ipv4 };
    new Network(stack, "edge", {
      name: "edge",
      cidr,
      gateway: "10.20.0.254" as Ipv4,
      pool,
      resolvers: ["9.9.9.9" as Ipv4],
    });
  });
  expect(resources["openstack_networking_subnet_v2.edge_subnet"]).toMatchObject({
    gateway_ip: "10.20.0.254",
    allocation_pool: [{ start: "10.20.0.9", end: "10.20.0.10" }],
    dns_nameservers: ["9.9.9.9"],
  });
});

test("the external network is found by name, and must be external", () => {
  const { data, resources } = synth((stack) => ExternalNetwork.fromName(stack, "external", "public"));
  expect(data).toEqual({ "openstack_networking_network_v2.external": { name: "public", external: true } });
  expect(resources).toEqual({});
});

test("a router joins networks of anybody, and its address is kept", () => {
  const { resources, stack } = synth((stack) => {
    const external = ExternalNetwork.fromName(stack, "external", "public");
    const theirs = Network.fromIds({ networkId: "n", subnetId: "s" });
    const router = new Router(stack, "router", { name: "r", external });
    const interfaces = new RouterInterfaces(stack, "interface", { router, networks: { theirs } });
    expect(interfaces.all).toHaveLength(1);
  });
  expect(resources["openstack_networking_router_v2.router"]).toEqual({
    name: "r",
    admin_state_up: true,
    external_network_id: expect.stringContaining("data.openstack_networking_network_v2.external"),
    lifecycle: { prevent_destroy: true },
  });
  expect(resources["openstack_networking_router_interface_v2.interface_theirs"]).toEqual({
    router_id: expect.stringContaining("openstack_networking_router_v2.router"),
    subnet_id: "s",
  });
  expect(statefulIn(stack).map(({ what }) => what)).toEqual(["egress address"]);
});

test("networks of ours join a router of anybody", () => {
  const { resources } = synth((stack) => {
    const ours = new Network(stack, "ours", { name: "ours", cidr: "10.20.0.0/24" as Cidr });
    new RouterInterfaces(stack, "interface", { router: Router.fromId("r"), networks: { ours } });
  });
  expect(resources["openstack_networking_router_interface_v2.interface_ours"]).toEqual({
    router_id: "r",
    subnet_id: expect.stringContaining("openstack_networking_subnet_v2.ours_subnet"),
  });
});
