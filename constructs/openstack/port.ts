import { NetworkingPortV2 } from "@cdktf/provider-openstack/lib/networking-port-v2";
import { Construct } from "constructs";
import type { Ipv4 } from "../../model/words/address";
import type { INetwork } from "./network";
import type { ISecurityGroup } from "./security-group";

/** A port of a network, whoever made it. */
export interface IPort {
  readonly portId: string;
}

/** How a port is made: its fixed address, and the groups that open its doors. */
export interface PortProps {
  readonly name: string;
  readonly network: INetwork;
  /** A fixed address. @default - one of the network's pool */
  readonly address?: Ipv4;
  /** @default - none, and nothing gets through */
  readonly securityGroups?: readonly ISecurityGroup[];
  /** Addresses that it may use besides its own, when it takes over a shared one. @default - none */
  readonly sharedAddresses?: readonly Ipv4[];
}

/** A port of a network: what a server is plugged into, or what keeps an address from being given to another. */
export class Port extends Construct implements IPort {
  /** A port that somebody else made. */
  static fromId(portId: string): IPort {
    return { portId };
  }

  readonly portId: string;

  constructor(scope: Construct, id: string, props: PortProps) {
    super(scope, id);
    const { name, network, address, securityGroups = [], sharedAddresses = [] } = props;
    const port = new NetworkingPortV2(this, "Resource", {
      name,
      networkId: network.networkId,
      adminStateUp: true,
      fixedIp: [{ subnetId: network.subnetId, ...(address ? { ipAddress: address } : {}) }],
      // Without a word about groups a port gets the project's default one, which lets everything out.
      ...(securityGroups.length > 0
        ? { securityGroupIds: securityGroups.map((group) => group.securityGroupId) }
        : { noSecurityGroups: true }),
      ...(sharedAddresses.length > 0
        ? { allowedAddressPairs: sharedAddresses.map((ipAddress) => ({ ipAddress })) }
        : {}),
    });
    this.portId = port.id;
  }
}
