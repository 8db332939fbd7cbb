import { ExternalNetwork } from "../../../constructs/openstack/external-network";
import { FloatingIp } from "../../../constructs/openstack/floating-ip";
import { Network } from "../../../constructs/openstack/network";
import { Port } from "../../../constructs/openstack/port";
import { Router, RouterInterfaces } from "../../../constructs/openstack/router";
import { SecurityGroup } from "../../../constructs/openstack/security-group";
import { Server } from "../../../constructs/openstack/server";
import { ServerGroup } from "../../../constructs/openstack/server-group";
import { Volume } from "../../../constructs/openstack/volume";
import { statefulIn } from "../../../engine/stateful";
import { gib } from "../../../model/vocabulary";
import type { Ipv4 } from "../../../model/words/address";
import { synth } from "./synth";

const network = Network.fromIds({ networkId: "n", subnetId: "s" });
const server = { name: "web", imageId: "image", flavor: "small", port: Port.fromId("p") };

describe("a port", () => {
  test("has a fixed address, groups, and shared addresses that it may take over", () => {
    const { resources } = synth(
      (stack) =>
        new Port(stack, "port", {
          name: "web",
          network,
          address: "10.20.0.10" as Ipv4,
          securityGroups: [SecurityGroup.fromId("g")],
          sharedAddresses: ["10.20.0.30" as Ipv4],
        }),
    );
    expect(resources["openstack_networking_port_v2.port"]).toEqual({
      name: "web",
      network_id: "n",
      admin_state_up: true,
      fixed_ip: [{ subnet_id: "s", ip_address: "10.20.0.10" }],
      security_group_ids: ["g"],
      allowed_address_pairs: [{ ip_address: "10.20.0.30" }],
    });
  });
  test("without groups gets none, not the project's default", () => {
    const { resources } = synth((stack) => new Port(stack, "port", { name: "spare", network }));
    expect(resources["openstack_networking_port_v2.port"]).toMatchObject({
      no_security_groups: true,
      fixed_ip: [{ subnet_id: "s" }],
    });
    expect(resources["openstack_networking_port_v2.port"]).not.toHaveProperty("security_group_ids");
  });
});

describe("a server", () => {
  test("is wiped by no changed image, user data or group", () => {
    const { resources } = synth((stack) => new Server(stack, "web", { ...server, userData: "#cloud-config\n" }));
    expect(resources["openstack_compute_instance_v2.web"]).toEqual({
      name: "web",
      image_id: "image",
      flavor_name: "small",
      config_drive: true,
      network: [{ port: "p" }],
      stop_before_destroy: true,
      user_data: "#cloud-config\n",
      lifecycle: {
        ignore_changes: ["image_id", "user_data", "scheduler_hints"],
        replace_triggered_by: [expect.stringMatching(/^terraform_data\.web_generation/)],
      },
    });
  });

  test("is rebuilt by a new generation alone", () => {
    const { resources } = synth((stack) => new Server(stack, "web", { ...server, generation: 2 }));
    expect(resources["terraform_data.web_generation"]).toEqual({ input: 2 });
  });

  test("waits for its volumes, so that they grow before it is resized, and attaches them", () => {
    const { resources } = synth((stack) => {
      const data = new Volume(stack, "data", { name: "data", size: gib(10) });
      new Server(stack, "web", { ...server, volumes: { data } });
    });
    expect(resources["openstack_compute_instance_v2.web"]).toMatchObject({
      depends_on: [expect.stringMatching(/^openstack_blockstorage_volume_v3\.data/)],
    });
    expect(resources["openstack_compute_volume_attach_v2.web_volume_data"]).toEqual({
      instance_id: expect.stringContaining("openstack_compute_instance_v2.web"),
      volume_id: expect.stringContaining("openstack_blockstorage_volume_v3.data"),
    });
  });

  test("takes volumes of anybody, attaches them one after the other, and their names are free", () => {
    const { resources } = synth((stack) => {
      const volumes = { generation: Volume.fromId("b"), Resource: Volume.fromId("a"), data: Volume.fromId("c") };
      new Server(stack, "web", { ...server, volumes });
    });
    const attachments = Object.entries(resources).filter(([address]) => address.includes("volume_attach"));
    expect(
      attachments.map(([address, { volume_id, depends_on }]) => [address.split(".")[1], volume_id, depends_on]),
    ).toEqual([
      ["web_volume", "a", undefined],
      ["web_volume_data", "c", [expect.stringMatching(/attach_v2\.web_volume_[0-9A-F]+$/)]],
      ["web_volume_generation", "b", [expect.stringMatching(/attach_v2\.web_volume_data_/)]],
    ]);
    expect(resources["openstack_compute_instance_v2.web"]).not.toHaveProperty("depends_on");
  });

  test("of a group is scheduled apart from the others", () => {
    const { resources } = synth((stack) => {
      const group = new ServerGroup(stack, "apart", { name: "apart" });
      new Server(stack, "web", { ...server, group, metadata: { site: "lumi" } });
    });
    expect(resources["openstack_compute_servergroup_v2.apart"]).toEqual({ name: "apart", policies: ["anti-affinity"] });
    expect(resources["openstack_compute_instance_v2.web"]).toMatchObject({
      scheduler_hints: [{ group: expect.stringContaining("openstack_compute_servergroup_v2.apart") }],
      metadata: { site: "lumi" },
    });
  });
});

describe("a volume", () => {
  test("is kept and can grow while it is used", () => {
    const { resources, stack } = synth((stack) => new Volume(stack, "data", { name: "data", size: gib(10) }));
    expect(resources["openstack_blockstorage_volume_v3.data"]).toEqual({
      name: "data",
      size: 10,
      enable_online_resize: true,
      lifecycle: { prevent_destroy: true },
    });
    expect(statefulIn(stack)).toEqual([
      { address: expect.stringMatching(/^openstack_blockstorage_volume_v3\.data/), what: "volume" },
    ]);
  });
  test("that is disposable can go", () => {
    const { resources, stack } = synth(
      (stack) => new Volume(stack, "data", { name: "data", size: gib(10), fate: "disposable" }),
    );
    expect(resources["openstack_blockstorage_volume_v3.data"]).not.toHaveProperty("lifecycle");
    expect(statefulIn(stack)).toEqual([]);
  });
});

describe("a public address", () => {
  const external = { networkId: "x", networkName: "public" };

  test("that the cloud allocates is kept, and waits for the router", () => {
    const { resources, stack } = synth((stack) => {
      const router = new Router(stack, "router", { name: "r", external });
      const interfaces = new RouterInterfaces(stack, "interface", { router, networks: { edge: network } });
      FloatingIp.allocate(stack, "public", { external, description: "web" }).associate(
        Port.fromId("p"),
        interfaces.all,
      );
    });
    expect(resources["openstack_networking_floatingip_v2.public"]).toEqual({
      pool: "public",
      description: "web",
      lifecycle: { prevent_destroy: true },
    });
    expect(resources["openstack_networking_floatingip_associate_v2.public_association"]).toEqual({
      floating_ip: expect.stringContaining("openstack_networking_floatingip_v2.public"),
      port_id: "p",
      depends_on: [expect.stringMatching(/^openstack_networking_router_interface_v2\.interface_edge/)],
    });
    expect(statefulIn(stack).map(({ what }) => what)).toEqual(["public address", "egress address"]);
  });

  test("that was granted is found and used, never made or given back", () => {
    const { resources, data } = synth((stack) =>
      FloatingIp.fromAddress(stack, "public", "198.51.100.9" as Ipv4).associate(Port.fromId("p"), []),
    );
    expect(data).toEqual({ "openstack_networking_floatingip_v2.public": { address: "198.51.100.9" } });
    expect(Object.keys(resources)).toEqual(["openstack_networking_floatingip_associate_v2.public_association"]);
  });
});

test("the external network by name serves addresses as well", () => {
  const { resources } = synth((stack) =>
    FloatingIp.allocate(stack, "public", {
      external: ExternalNetwork.fromName(stack, "external", "internet"),
      description: "x",
    }),
  );
  expect(resources["openstack_networking_floatingip_v2.public"]).toMatchObject({ pool: "internet" });
});
