import { DataOpenstackNetworkingFloatingipV2 } from "@cdktf/provider-openstack/lib/data-openstack-networking-floatingip-v2";
import { NetworkingFloatingipAssociateV2 } from "@cdktf/provider-openstack/lib/networking-floatingip-associate-v2";
import { NetworkingFloatingipV2 } from "@cdktf/provider-openstack/lib/networking-floatingip-v2";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { keep } from "../../engine/stateful";
import type { Ipv4 } from "../../model/words/address";
import type { IExternalNetwork } from "./external-network";
import type { IPort } from "./port";

/** How an address comes, and what bears it. */
export interface FloatingIpProps {
  /** Where it is allocated. */
  readonly external: IExternalNetwork;
  /** For people at the cloud's console. */
  readonly description: string;
}

/** A public address. Stateful if we allocated it: others write it into their firewalls and name servers. */
export class FloatingIp extends Construct {
  /** An address that somebody granted: it is found and used, never made or given back. */
  static fromAddress(scope: Construct, id: string, address: Ipv4): FloatingIp {
    return new FloatingIp(scope, id, { address });
  }

  /** An address that the cloud chooses. */
  static allocate(scope: Construct, id: string, props: FloatingIpProps): FloatingIp {
    return new FloatingIp(scope, id, props);
  }

  /** The address; known to Terraform, and to us once it has been learned. */
  readonly address: string;

  private constructor(scope: Construct, id: string, props: FloatingIpProps | { readonly address: Ipv4 }) {
    super(scope, id);
    if ("address" in props) {
      this.address = new DataOpenstackNetworkingFloatingipV2(this, "Resource", { address: props.address }).address;
      return;
    }
    const { external, description } = props;
    const resource = new NetworkingFloatingipV2(this, "Resource", { pool: external.networkName, description });
    keep(resource, "public address");
    this.address = resource.address;
  }

  /** Sends what arrives at it to a port. @param after the interfaces of the router, without which the cloud refuses */
  associate(port: IPort, after: readonly ITerraformDependable[]): this {
    new NetworkingFloatingipAssociateV2(this, "association", {
      floatingIp: this.address,
      portId: port.portId,
      dependsOn: [...after],
    });
    return this;
  }
}
