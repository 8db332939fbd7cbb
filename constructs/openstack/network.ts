import { NetworkingNetworkV2 } from "@cdktf/provider-openstack/lib/networking-network-v2";
import { NetworkingSubnetV2 } from "@cdktf/provider-openstack/lib/networking-subnet-v2";
import { Construct } from "constructs";
import { at, type Cidr, type Ipv4, sizeOf } from "../../model/words/address";

/** A network with one subnet. */
export interface INetwork {
  readonly networkId: string;
  readonly subnetId: string;
}

/** How a network is made. */
export interface NetworkProps {
  /** Its name in the cloud; the subnet has the same. */
  readonly name: string;
  /** The addresses of its subnet, e.g. `10.20.0.0/24`. */
  readonly cidr: Cidr;
  /** The router's address. @default - the first address */
  readonly gateway?: Ipv4;
  /** What DHCP gives out; fixed addresses lie outside. @default - the upper half */
  readonly pool?: { readonly start: Ipv4; readonly end: Ipv4 };
  /** DNS resolvers that DHCP names to hosts. @default - the cloud's own */
  readonly resolvers?: readonly Ipv4[];
}

/** A network with one IPv4 subnet, whose lower half is for fixed addresses. */
export class Network extends Construct implements INetwork {
  /** A network that somebody else made. */
  static fromIds(ids: INetwork): INetwork {
    return ids;
  }

  readonly networkId: string;
  readonly subnetId: string;

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const { name, cidr, resolvers = [] } = props;
    const size = sizeOf(cidr);
    const network = new NetworkingNetworkV2(this, "Resource", { name, adminStateUp: true });
    const subnet = new NetworkingSubnetV2(this, "subnet", {
      name,
      networkId: network.id,
      cidr,
      ipVersion: 4,
      gatewayIp: props.gateway ?? at(cidr, 1),
      allocationPool: [props.pool ?? { start: at(cidr, size / 2), end: at(cidr, size - 2) }],
      ...(resolvers.length > 0 ? { dnsNameservers: [...resolvers] } : {}),
    });
    this.networkId = network.id;
    this.subnetId = subnet.id;
  }
}
