import { Bucket } from "../../../constructs/openstack/bucket";
import { DnsRecord, DnsZone } from "../../../constructs/openstack/dns";
import { FirstTrust } from "../../../constructs/openstack/first-trust";
import { LoadBalancer } from "../../../constructs/openstack/load-balancer";
import { Network } from "../../../constructs/openstack/network";
import { statefulIn } from "../../../engine/stateful";
import type { Cidr, Ipv4 } from "../../../model/words/address";
import { synth } from "./synth";

test("a bucket is closed to others and kept; it keeps old versions where the store can", () => {
  const { resources, stack } = synth((stack) => {
    new Bucket(stack, "backups", { name: "backups" });
    new Bucket(stack, "versions", { name: "versions", versioning: true, fate: "disposable" });
  });
  expect(resources["openstack_objectstorage_container_v1.backups"]).toEqual({
    name: "backups",
    lifecycle: { prevent_destroy: true },
  });
  expect(resources["openstack_objectstorage_container_v1.versions"]).toEqual({ name: "versions", versioning: true });
  expect(statefulIn(stack).map(({ what }) => what)).toEqual(["bucket"]);
});

test("a load balancer passes TCP of its clients on to the members that answer", () => {
  const { resources } = synth((stack) =>
    new LoadBalancer(stack, "api", {
      name: "api",
      network: Network.fromIds({ networkId: "n", subnetId: "s" }),
      address: "10.20.12.10" as Ipv4,
    }).addListener("kubernetes", {
      port: 6443,
      clients: ["10.20.4.41/32" as Cidr],
      members: { one: "10.20.4.31" as Ipv4, pool: "10.20.4.32" as Ipv4 },
    }),
  );
  expect(resources["openstack_lb_loadbalancer_v2.api"]).toEqual({
    name: "api",
    vip_subnet_id: "s",
    vip_address: "10.20.12.10",
    loadbalancer_provider: "amphora",
  });
  expect(resources["openstack_lb_listener_v2.api_kubernetes_listener"]).toMatchObject({
    protocol: "TCP",
    protocol_port: 6443,
    allowed_cidrs: ["10.20.4.41/32"],
    timeout_client_data: 3_600_000,
    timeout_member_data: 3_600_000,
  });
  expect(resources["openstack_lb_member_v2.api_kubernetes_member_pool"]).toBeDefined();
  expect(resources["openstack_lb_member_v2.api_kubernetes_member_one"]).toMatchObject({
    address: "10.20.4.31",
    protocol_port: 6443,
  });
  expect(resources["openstack_lb_monitor_v2.api_kubernetes_monitor"]).toMatchObject({
    type: "TCP",
    delay: 5,
    timeout: 3,
    max_retries: 3,
  });
});

test("a name stands in a zone of ours or of anybody", () => {
  const { resources } = synth((stack) => {
    const zone = new DnsZone(stack, "zone", { domain: "lumi.example.org", email: "hostmaster@example.org" });
    new DnsRecord(stack, "ours", { zone, name: "bastion.lumi.example.org", addresses: ["10.20.0.10"] });
    new DnsRecord(stack, "theirs", {
      zone: DnsZone.fromId({ zoneId: "z", domain: "example.org" }),
      name: "www.example.org",
      addresses: ["192.0.2.1"],
    });
  });
  expect(resources["openstack_dns_zone_v2.zone"]).toEqual({
    name: "lumi.example.org.",
    email: "hostmaster@example.org",
    ttl: 300,
    lifecycle: { prevent_destroy: true },
  });
  expect(resources["openstack_dns_recordset_v2.ours"]).toMatchObject({
    name: "bastion.lumi.example.org.",
    type: "A",
    records: ["10.20.0.10"],
  });
  expect(resources["openstack_dns_recordset_v2.theirs"]).toMatchObject({ zone_id: "z" });
});

test("without a CA that signs logins no plan can be made", () => {
  const { resources } = synth(
    (stack) => new FirstTrust(stack, "trust", { sshUserCa: undefined, remedy: "databridge learn home" }),
  );
  expect(resources["terraform_data.trust"]).toEqual({
    input: "",
    lifecycle: {
      precondition: [
        {
          condition: expect.stringMatching(/^\$\{local\.trust_ssh-user-ca.* != ""\}$/),
          error_message: expect.stringContaining("databridge learn home"),
        },
      ],
    },
  });
});
