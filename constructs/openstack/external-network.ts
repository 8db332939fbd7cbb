import { DataOpenstackNetworkingNetworkV2 } from "@cdktf/provider-openstack/lib/data-openstack-networking-network-v2";
import { Construct } from "constructs";

/** The network of the operator through which a tenancy reaches others. */
export interface IExternalNetwork {
  readonly networkId: string;
  /** Its name; floating IPs are allocated by it. */
  readonly networkName: string;
}

/** Always the operator's, so it is found and never made. */
export class ExternalNetwork extends Construct implements IExternalNetwork {
  /** Finds the external network of that name. */
  static fromName(scope: Construct, id: string, name: string): IExternalNetwork {
    return new ExternalNetwork(scope, id, name);
  }

  readonly networkId: string;

  private constructor(
    scope: Construct,
    id: string,
    readonly networkName: string,
  ) {
    super(scope, id);
    this.networkId = new DataOpenstackNetworkingNetworkV2(this, "Resource", { name: networkName, external: true }).id;
  }
}
