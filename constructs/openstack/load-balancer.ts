import { LbListenerV2 } from "@cdktf/provider-openstack/lib/lb-listener-v2";
import { LbLoadbalancerV2 } from "@cdktf/provider-openstack/lib/lb-loadbalancer-v2";
import { LbMemberV2 } from "@cdktf/provider-openstack/lib/lb-member-v2";
import { LbMonitorV2 } from "@cdktf/provider-openstack/lib/lb-monitor-v2";
import { LbPoolV2 } from "@cdktf/provider-openstack/lib/lb-pool-v2";
import { Construct } from "constructs";
import type { Cidr, Ipv4 } from "../../model/words/address";
import type { INetwork } from "./network";

/** Where a load balancer stands, and who it is for. */
export interface LoadBalancerProps {
  readonly name: string;
  /** Where clients address it, and where its own connections to members come from. */
  readonly network: INetwork;
  /** @default - one of the network's pool */
  readonly address?: Ipv4;
}

/** What a load balancer listens to, and to whom it leads. */
export interface ListenerProps {
  /** TCP port, of the balancer and of its members. */
  readonly port: number;
  /** Who may connect; a listener for nobody cannot be made, since the cloud would take it for one for everybody. */
  readonly clients: readonly [Cidr, ...Cidr[]];
  /** Addresses of the members, by a name that stays. */
  readonly members: Readonly<Record<string, Ipv4>>;
}

/** How long a connection may be idle: watches of a Kubernetes API are, for long. */
const idle = 3_600_000;

/**
 * A load balancer of the cloud that passes TCP on untouched.
 *
 * It is Octavia's amphora: its members see addresses of its subnet, and only its listeners decide who may connect, since
 * the cloud gives its port a security group of its own.
 */
export class LoadBalancer extends Construct {
  private readonly id: string;
  private readonly label: string;

  constructor(scope: Construct, id: string, { name, network, address }: LoadBalancerProps) {
    super(scope, id);
    this.label = name;
    this.id = new LbLoadbalancerV2(this, "Resource", {
      name,
      vipSubnetId: network.subnetId,
      loadbalancerProvider: "amphora",
      ...(address ? { vipAddress: address } : {}),
    }).id;
  }

  /** Listens on a port and passes connections on to the members that answer there. */
  addListener(id: string, { port, clients, members }: ListenerProps): this {
    const scope = new Construct(this, id);
    const name = `${this.label}-${id}`;
    const listener = new LbListenerV2(scope, "listener", {
      name,
      loadbalancerId: this.id,
      protocol: "TCP",
      protocolPort: port,
      allowedCidrs: [...clients],
      timeoutClientData: idle,
      timeoutMemberData: idle,
    });
    const pool = new LbPoolV2(scope, "pool", {
      name,
      listenerId: listener.id,
      protocol: "TCP",
      lbMethod: "LEAST_CONNECTIONS",
    });
    const member = new Construct(scope, "member");
    for (const [key, address] of Object.entries(members))
      new LbMemberV2(member, key, { name: key, poolId: pool.id, address, protocolPort: port });
    new LbMonitorV2(scope, "monitor", { name, poolId: pool.id, type: "TCP", delay: 5, timeout: 3, maxRetries: 3 });
    return this;
  }
}
