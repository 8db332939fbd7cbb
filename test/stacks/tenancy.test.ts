import { join } from "node:path";
import { parse } from "yaml";
import { backups } from "../../constructs/backup/spec";
import { cluster } from "../../constructs/cluster/spec";
import { ecflow } from "../../constructs/ecflow/spec";
import { bastion, proxy } from "../../constructs/edge/spec";
import { fdb } from "../../constructs/fdb/spec";
import { readSites } from "../../engine/world";
import { defaultGroup } from "../../model/capacity";
import { gather } from "../../model/gather";
import { allRules } from "../../model/registers";
import { tcp } from "../../model/site/need";
import { allocated, granted, pending, tib } from "../../model/vocabulary";
import { layout, learned, north, saying, south, tenancy } from "../model/platform";
import { all, type Block, type Stack, synthesized } from "./synthesis";

const edge = [bastion(), proxy()];
const one = (is: Parameters<typeof tenancy>[0]): Stack => {
  const { registers, problems } = learned([north({ production: tenancy(is) })]);
  expect(problems).toEqual([]);
  const stack = synthesized(registers)["north-production-tenancy"];
  if (!stack) throw new Error("no stack");
  return stack;
};
const named = (blocks: readonly Block[], name: string): Block | undefined =>
  blocks.find((block) => block.name === name);

/** GiB of each volume that the cloud gives pods. */
const claimed = (stack: Stack | undefined): readonly number[] => {
  const sets = JSON.stringify(stack?.resource.kubernetes_stateful_set_v1 ?? {});
  return [...sets.matchAll(/"storage":"(\d+)([GT])i"/g)].map(([, n, unit]) => Number(n) * (unit === "T" ? 1024 : 1));
};

describe("what a tenancy takes of its quota is what its stacks hold", () => {
  const { registers } = gather(readSites(join(__dirname, "../../sites")).sites);
  const stacks = synthesized(registers);

  test.each(registers.places.map((place) => [place.id, place] as const))("%s", (id, place) => {
    const stack = stacks[`${id}-tenancy`];
    const flavors = new Map(Object.values(place.site.cloud.flavors).map((flavor) => [flavor.name, flavor]));
    const servers = all(stack, "compute_instance_v2").flatMap(
      ({ flavor_name }) => flavors.get(String(flavor_name)) ?? [],
    );
    const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
    const count = (type: string) => all(stack, type).length;
    const claims = claimed(stacks[`${id}-services`]);
    expect(registers.capacity.get(id)).toEqual({
      vcpus: sum(servers.map(({ vcpus }) => vcpus)),
      ram: sum(servers.map(({ ram }) => ram.gib)),
      gigabytes: sum([...all(stack, "blockstorage_volume_v3").map(({ size }) => Number(size)), ...claims]),
      floatingIps: count("networking_floatingip_v2"),
      instances: servers.length,
      volumes: count("blockstorage_volume_v3") + claims.length,
      ports: count("networking_port_v2") + count("networking_router_interface_v2") + count("lb_loadbalancer_v2"),
      securityGroups: count("networking_secgroup_v2") + defaultGroup.securityGroups,
      securityGroupRules: count("networking_secgroup_rule_v2") + defaultGroup.securityGroupRules,
      serverGroups: count("compute_servergroup_v2"),
      loadBalancers: count("lb_loadbalancer_v2"),
    });
    expect(servers.length).toBeGreaterThan(4);
  });
});

describe("a stack", () => {
  const stack = one({ runs: edge });
  test("keeps its state where its tenancy says, under a key of its own, and locks it", () => {
    expect(stack.terraform.backend).toEqual({
      s3: {
        bucket: "state",
        region: "here",
        key: "north/production/north-production-tenancy.tfstate",
        encrypt: true,
        use_lockfile: true,
      },
    });
  });
  test("names its provider in full, so that OpenTofu finds the same", () => {
    expect(stack.terraform.required_providers).toEqual({
      openstack: { source: "registry.terraform.io/terraform-provider-openstack/openstack", version: "3.4.0" },
    });
    expect(stack.provider).toEqual({ openstack: [{ cloud: "north-production" }] });
  });
});

describe("a host", () => {
  const stack = one({ runs: [...edge, ecflow("prod", { standby: true })] });
  const port = named(all(stack, "networking_port_v2"), "north-production-ecflow-prod");
  const server = named(all(stack, "compute_instance_v2"), "north-production-ecflow-prod");

  test("has the address that the model computed", () => {
    expect(port?.fixed_ip).toEqual([
      { subnet_id: "${openstack_networking_subnet_v2.network_services_subnet.id}", ip_address: "10.20.4.60" },
    ]);
  });
  test("is in the group of every host and in those of its roles", () => {
    expect(port?.security_group_ids).toEqual([
      "${openstack_networking_secgroup_v2.group_baseline.id}",
      "${openstack_networking_secgroup_v2.group_ecflow-prod.id}",
    ]);
  });
  test("tells at the console where it belongs, whose it is and who asked for it; its volume too", () => {
    const volume = named(all(stack, "blockstorage_volume_v3"), "north-production-ecflow-prod-home");
    const labels = {
      site: "north",
      tenancy: "production",
      owner: "team",
      role: "ecflow-prod",
      because: "north.production.runs.ecflow-prod",
    };
    expect([server?.metadata, volume?.description]).toEqual([labels, "north.production.runs.ecflow-prod, team"]);
  });
  test("runs the image of its site, by id, in the flavor of its site, by name", () => {
    expect([server?.image_id, server?.flavor_name]).toEqual(["deb12000-0000-4000-8000-000000000001", "m"]);
  });
  test("and its standby are kept apart", () => {
    expect(all(stack, "compute_servergroup_v2")).toMatchObject([
      { name: "north-production-ecflow-prod", policies: ["anti-affinity"] },
    ]);
    expect(server?.scheduler_hints).toEqual([{ group: "${openstack_compute_servergroup_v2.apart_ecflow-prod.id}" }]);
  });
  test("has no key pair, whose private half would stand in the state", () => {
    expect(server).not.toHaveProperty("key_pair");
    expect(stack.resource).not.toHaveProperty("openstack_compute_keypair_v2");
  });
});

test("a host trusts each CA that is in force from its first boot", () => {
  const trust = { sshUserCa: "ssh-ed25519 AAAA", sshUserCaToo: "ssh-ed25519 AAAB" };
  const { registers } = gather([north({ production: tenancy({ runs: edge }) })], { north: { version: 2, trust } });
  const [server] = all(synthesized(registers)["north-production-tenancy"], "compute_instance_v2");
  expect(parse(String(server?.user_data)).write_files[0]).toMatchObject({
    path: "/etc/ssh/platform-user-ca.pub",
    content: "ssh-ed25519 AAAA\nssh-ed25519 AAAB\n",
  });
});

describe("a public address", () => {
  const stack = one({ public: { bastion: granted("198.51.100.9"), proxy: allocated }, runs: edge });
  test("that was granted is found, that is allocated is made, and both are associated", () => {
    expect(Object.values(stack.data.openstack_networking_floatingip_v2 ?? {})).toMatchObject([
      { address: "198.51.100.9" },
    ]);
    expect(all(stack, "networking_floatingip_v2")).toMatchObject([
      { description: "north-production-proxy", pool: "external" },
    ]);
    expect(all(stack, "networking_floatingip_associate_v2")).toHaveLength(2);
  });
  test("that is only asked for is left out", () => {
    const waiting = one({ public: { bastion: pending("T-1"), proxy: allocated }, runs: edge });
    expect(all(waiting, "networking_floatingip_associate_v2")).toHaveLength(1);
    expect(Object.keys(waiting.data)).toEqual(["openstack_networking_network_v2"]);
  });
});

describe("rules", () => {
  const { registers } = gather([
    north({ production: tenancy({ runs: [...edge, ecflow("prod", { submitsTo: ["polaris"] })] }) }),
  ]);
  const stack = synthesized(registers)["north-production-tenancy"];

  test("are those of the model, each once, with its reason", () => {
    expect(all(stack, "networking_secgroup_rule_v2")).toHaveLength(allRules(registers).length);
    expect(
      stack?.resource.openstack_networking_secgroup_rule_v2?.["group_proxy_in-tcp-3141-from-198-51-100-64-26"],
    ).toMatchObject({
      direction: "ingress",
      protocol: "tcp",
      port_range_min: 3141,
      port_range_max: 3141,
      remote_ip_prefix: "198.51.100.64/26",
      security_group_id: "${openstack_networking_secgroup_v2.group_proxy.id}",
      description: "jobs on polaris report to their server",
    });
    expect(
      stack?.resource.openstack_networking_secgroup_rule_v2?.["group_ecflow-prod_in-tcp-3141-from-proxy"],
    ).toMatchObject({
      remote_group_id: "${openstack_networking_secgroup_v2.group_proxy.id}",
    });
  });
  test("that wait for an address are left out", () => {
    const home = { site: "south", tenancy: "production" };
    const needs = [
      { need: "flow" as const, from: { role: "proxy" }, to: { service: "bastion", at: home }, why: "a test" },
    ];
    const sites = [
      north({ production: tenancy({ runs: [...edge, saying({ needs })] }) }),
      south({ production: tenancy({ network: { cidr: "10.36.0.0/20" }, runs: edge }) }),
    ];
    const [before, after] = [gather(sites), learned(sites)].map(
      ({ registers }) => all(synthesized(registers)["north-production-tenancy"], "networking_secgroup_rule_v2").length,
    );
    expect(after).toBe((before ?? 0) + 1);
  });
});

describe("a cluster's API", () => {
  test("stands behind a load balancer where the cloud has them, which admits its clients and no others", () => {
    const stack = one({ runs: [...edge, cluster({ servers: 3, workers: 1 })] });
    expect(all(stack, "lb_loadbalancer_v2")).toMatchObject([{ vip_address: "10.20.12.10" }]);
    const nodes = ["10.20.4.31/32", "10.20.4.32/32", "10.20.4.33/32", "10.20.4.41/32"];
    expect(
      all(stack, "lb_listener_v2").map(({ protocol_port, allowed_cidrs }) => [protocol_port, allowed_cidrs]),
    ).toEqual([
      [6443, ["10.20.0.10/32", ...nodes]],
      [9345, nodes],
    ]);
    expect(all(stack, "lb_member_v2")).toHaveLength(6);
  });
  test("else stands on an address that nobody else gets and each server may take", () => {
    const { registers } = gather([
      south({ production: tenancy({ runs: [bastion({ from: [] }), proxy(), cluster({ servers: 3, workers: 1 })] }) }),
    ]);
    const stack = synthesized(registers)["south-production-tenancy"];
    expect(named(all(stack, "networking_port_v2"), "south-production-cluster-api")?.security_group_ids).toEqual([
      "${openstack_networking_secgroup_v2.group_baseline.id}",
      "${openstack_networking_secgroup_v2.group_cluster-server.id}",
    ]);
    expect(named(all(stack, "networking_port_v2"), "south-production-cluster-server-2")?.allowed_address_pairs).toEqual(
      [{ ip_address: "10.20.4.30" }],
    );
    expect(named(all(stack, "networking_port_v2"), "south-production-cluster-worker-1")).not.toHaveProperty(
      "allowed_address_pairs",
    );
    expect(stack?.resource).not.toHaveProperty("openstack_lb_loadbalancer_v2");
  });
});

test("a load balancer that nobody may connect to listens to nobody, since an empty list would mean everybody", () => {
  const thing = saying({
    hosts: [{ name: "a", roles: ["a"], subnet: "services", slot: 50, flavor: "small" }],
    services: [
      { service: "a", on: { role: "a" }, traffic: tcp(7000), auth: "mtls", ownTrust: true, balancer: "front" },
    ],
    balancers: [{ name: "front", slot: 10 }],
  });
  const stack = one({ runs: [...edge, thing] });
  expect(all(stack, "lb_loadbalancer_v2")).toHaveLength(1);
  expect(stack.resource).not.toHaveProperty("openstack_lb_listener_v2");
});

test("volumes have the fate that the site file says", () => {
  const stack = one({
    runs: [...edge, fdb({ stores: 1, volume: tib(2), fate: "disposable", layout }), ecflow("prod")],
  });
  const volumes = all(stack, "blockstorage_volume_v3");
  expect(named(volumes, "north-production-fdb-store-1-data")).not.toHaveProperty("lifecycle");
  expect(named(volumes, "north-production-ecflow-prod-home")?.lifecycle).toEqual({ prevent_destroy: true });
});

test("buckets and names stand where the cloud has them", () => {
  const stack = one({ runs: [...edge, backups()] });
  expect(all(stack, "objectstorage_container_v1")).toMatchObject([{ name: "north-production-backups" }]);
  expect(all(stack, "dns_zone_v2")).toMatchObject([{ name: "production.north.example.org." }]);
  expect(all(stack, "dns_recordset_v2").map(({ name }) => name)).toEqual([
    "bastion.production.north.example.org.",
    "proxy.production.north.example.org.",
  ]);
});
