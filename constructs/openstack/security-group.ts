import { NetworkingSecgroupRuleV2 } from "@cdktf/provider-openstack/lib/networking-secgroup-rule-v2";
import { NetworkingSecgroupV2 } from "@cdktf/provider-openstack/lib/networking-secgroup-v2";
import { Construct } from "constructs";
import type { Traffic } from "../../model/site/need";
import type { Cidr } from "../../model/words/address";

/** A security group, whoever made it. */
export interface ISecurityGroup {
  readonly securityGroupId: string;
}

/** Who may be on the other side of a rule. */
export class Peer {
  /** Whoever has one of the addresses. */
  static network(cidr: Cidr): Peer {
    return new Peer({ remoteIpPrefix: cidr });
  }

  /** Ports in a group of the same tenancy; their fixed addresses, never public ones. */
  static group(group: ISecurityGroup): Peer {
    return new Peer({ remoteGroupId: group.securityGroupId });
  }

  private constructor(readonly remote: { readonly remoteIpPrefix: string } | { readonly remoteGroupId: string }) {}
}

/** One door: direction, peer, protocol and ports. */
export interface RuleProps {
  /** Seen from the hosts in the group. */
  readonly direction: "in" | "out";
  readonly traffic: Traffic;
  readonly peer: Peer;
  /** For people at the cloud's console, at most 255 characters. @default - none */
  readonly description?: string;
}

/** How a security group is made. */
export interface SecurityGroupProps {
  readonly name: string;
  /** @default - none */
  readonly description?: string;
}

/** A security group that lets nothing through but what it is told: the cloud's default rules are deleted. */
export class SecurityGroup extends Construct implements ISecurityGroup {
  /** A group that somebody else made. */
  static fromId(securityGroupId: string): ISecurityGroup {
    return { securityGroupId };
  }

  readonly securityGroupId: string;

  constructor(scope: Construct, id: string, { name, description }: SecurityGroupProps) {
    super(scope, id);
    const group = new NetworkingSecgroupV2(this, "Resource", {
      name,
      deleteDefaultRules: true,
      // One that goes is destroyed after its ports have left it; before, the cloud refuses, and the engine asks for ten minutes.
      lifecycle: { createBeforeDestroy: true },
      ...(description === undefined ? {} : { description }),
    });
    this.securityGroupId = group.id;
  }

  /** Lets traffic through. @param id made of what the rule says, so that it stays when others come and go */
  addRule(id: string, { direction, traffic, peer, description }: RuleProps): this {
    new NetworkingSecgroupRuleV2(this, id, {
      securityGroupId: this.securityGroupId,
      direction: direction === "in" ? "ingress" : "egress",
      ethertype: "IPv4",
      protocol: traffic.proto,
      portRangeMin: traffic.from,
      portRangeMax: traffic.to,
      ...peer.remote,
      // Any change of a rule replaces it and closes a door for a moment; a change of words must not.
      ...(description === undefined
        ? {}
        : { description: description.slice(0, 255), lifecycle: { ignoreChanges: ["description"] } }),
    });
    return this;
  }
}
