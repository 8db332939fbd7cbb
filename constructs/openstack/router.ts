import { NetworkingRouterInterfaceV2 } from "@cdktf/provider-openstack/lib/networking-router-interface-v2";
import { NetworkingRouterV2 } from "@cdktf/provider-openstack/lib/networking-router-v2";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { keep } from "../../engine/stateful";
import type { IExternalNetwork } from "./external-network";
import type { INetwork } from "./network";

export interface RouterProps {
  readonly name: string;
  readonly external: IExternalNetwork;
  /** The networks that it joins, by a name that stays: it becomes part of an address. */
  readonly networks: Readonly<Record<string, INetwork>>;
}

/**
 * A router with source NAT to the external network.
 *
 * Stateful: its external address stands in the firewalls of others, and a new router gets a new one.
 */
export class Router extends Construct {
  /** What floating IPs have to wait for: without an interface, the cloud refuses to associate them. */
  readonly interfaces: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { name, external, networks }: RouterProps) {
    super(scope, id);
    const router = new NetworkingRouterV2(this, "Resource", {
      name,
      adminStateUp: true,
      externalNetworkId: external.networkId,
    });
    keep(router, "egress address");
    this.interfaces = Object.entries(networks).map(
      ([key, network]) =>
        new NetworkingRouterInterfaceV2(this, key, { routerId: router.id, subnetId: network.subnetId }),
    );
  }
}
