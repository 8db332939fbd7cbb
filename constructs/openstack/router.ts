import { NetworkingRouterInterfaceV2 } from "@cdktf/provider-openstack/lib/networking-router-interface-v2";
import { NetworkingRouterV2 } from "@cdktf/provider-openstack/lib/networking-router-v2";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { keep } from "../../engine/stateful";
import type { IExternalNetwork } from "./external-network";
import type { INetwork } from "./network";

/** A router. */
export interface IRouter {
  readonly routerId: string;
}

/** Where a router leads. */
export interface RouterProps {
  readonly name: string;
  readonly external: IExternalNetwork;
}

/**
 * A router with source NAT to the external network.
 *
 * Stateful: its external address stands in the firewalls of others, and a new router gets a new one.
 */
export class Router extends Construct implements IRouter {
  /** A router that somebody else made. */
  static fromId(routerId: string): IRouter {
    return { routerId };
  }

  readonly routerId: string;

  constructor(scope: Construct, id: string, { name, external }: RouterProps) {
    super(scope, id);
    const router = new NetworkingRouterV2(this, "Resource", {
      name,
      adminStateUp: true,
      externalNetworkId: external.networkId,
    });
    keep(router, "egress address");
    this.routerId = router.id;
  }
}

/** Which subnets a router serves. */
export interface RouterInterfacesProps {
  readonly router: IRouter;
  /** The networks that it joins, by a name that stays: it becomes part of an address. */
  readonly networks: Readonly<Record<string, INetwork>>;
}

/** Networks joined to a router, whoever made it. */
export class RouterInterfaces extends Construct {
  /** What floating IPs have to wait for: without an interface, the cloud refuses to associate them. */
  readonly all: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { router, networks }: RouterInterfacesProps) {
    super(scope, id);
    this.all = Object.entries(networks).map(
      ([key, { subnetId }]) => new NetworkingRouterInterfaceV2(this, key, { routerId: router.routerId, subnetId }),
    );
  }
}
