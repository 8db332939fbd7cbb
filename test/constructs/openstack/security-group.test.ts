import { Peer, SecurityGroup } from "../../../constructs/openstack/security-group";
import { tcp, udp } from "../../../model/site/need";
import type { Cidr } from "../../../model/words/address";
import { synth } from "./synth";

test("a group lets nothing through by itself: the cloud's default rules go", () => {
  const { resources } = synth((stack) => new SecurityGroup(stack, "web", { name: "web", description: "what it is" }));
  expect(resources).toEqual({
    "openstack_networking_secgroup_v2.web": {
      name: "web",
      description: "what it is",
      delete_default_rules: true,
      // Destroyed after its ports have left it.
      lifecycle: { create_before_destroy: true },
    },
  });
});

test("a rule names a network, or a group of anybody in the same project", () => {
  const { resources } = synth((stack) =>
    new SecurityGroup(stack, "web", { name: "web" })
      .addRule("in", { direction: "in", traffic: tcp(443), peer: Peer.network("192.0.2.0/24" as Cidr) })
      .addRule("out", { direction: "out", traffic: udp(5000, 5010), peer: Peer.group(SecurityGroup.fromId("theirs")) }),
  );
  const group = expect.stringContaining("openstack_networking_secgroup_v2.web");
  expect(resources["openstack_networking_secgroup_rule_v2.web_in"]).toEqual({
    security_group_id: group,
    direction: "ingress",
    ethertype: "IPv4",
    protocol: "tcp",
    port_range_min: 443,
    port_range_max: 443,
    remote_ip_prefix: "192.0.2.0/24",
  });
  expect(resources["openstack_networking_secgroup_rule_v2.web_out"]).toEqual({
    security_group_id: group,
    direction: "egress",
    ethertype: "IPv4",
    protocol: "udp",
    port_range_min: 5000,
    port_range_max: 5010,
    remote_group_id: "theirs",
  });
});

test("other words for a rule do not replace it", () => {
  const { resources } = synth((stack) =>
    new SecurityGroup(stack, "web", { name: "web" }).addRule("in", {
      direction: "in",
      traffic: tcp(1),
      peer: Peer.network("192.0.2.0/24" as Cidr),
      description: "x".repeat(300),
    }),
  );
  expect(resources["openstack_networking_secgroup_rule_v2.web_in"]).toMatchObject({
    description: "x".repeat(255),
    lifecycle: { ignore_changes: ["description"] },
  });
});
