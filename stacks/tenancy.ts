import { OpenstackProvider } from "@cdktf/provider-openstack/lib/provider";
import { Construct } from "constructs";
import { Bucket } from "../constructs/openstack/bucket";
import { userData } from "../constructs/openstack/config";
import { DnsRecord, DnsZone } from "../constructs/openstack/dns";
import { ExternalNetwork, type IExternalNetwork } from "../constructs/openstack/external-network";
import { FirstTrust } from "../constructs/openstack/first-trust";
import { FloatingIp } from "../constructs/openstack/floating-ip";
import { LoadBalancer } from "../constructs/openstack/load-balancer";
import { type INetwork, Network } from "../constructs/openstack/network";
import { type IPort, Port } from "../constructs/openstack/port";
import { Router } from "../constructs/openstack/router";
import { Peer, SecurityGroup } from "../constructs/openstack/security-group";
import { Server } from "../constructs/openstack/server";
import { type IServerGroup, ServerGroup } from "../constructs/openstack/server-group";
import { Volume } from "../constructs/openstack/volume";
import { PlatformStack } from "../engine/stack";
import { subnetsIn } from "../model/capacity";
import type { Group, HostEntry, PlaceEntry, SubnetKey } from "../model/entries";
import { type Registers, rulesIn } from "../model/registers";
import type { Rule } from "../model/rules";
import type { StackEntry } from "../model/stacks";
import type { PublicAddress } from "../model/words/public-address";

/** Everything in the OpenStack project of a tenancy: network, rules, servers, volumes, public addresses, buckets. */
export class TenancyStack extends PlatformStack {
  private readonly networks: ReadonlyMap<SubnetKey, INetwork>;
  private readonly groups: ReadonlyMap<string, SecurityGroup>;
  private readonly apart: ReadonlyMap<string, IServerGroup>;
  private readonly external: IExternalNetwork;
  private readonly router: Router;
  private readonly trust: FirstTrust;

  private readonly place: PlaceEntry;

  constructor(
    scope: Construct,
    { name, key, place }: StackEntry,
    private readonly registers: Registers,
  ) {
    super(scope, name, { state: place.tenancy.state, key });
    this.place = place;
    new OpenstackProvider(this, "openstack", { cloud: place.project });
    this.external = ExternalNetwork.fromName(this, "external", place.site.cloud.external);
    this.networks = this.addNetworks();
    this.router = new Router(this, "router", {
      name: place.id,
      external: this.external,
      networks: Object.fromEntries(this.networks),
    });
    this.groups = this.addGroups();
    this.apart = this.addServerGroups();
    this.trust = new FirstTrust(this, "trust", { sshUserCa: place.sshUserCa });
    this.addHosts();
    this.addBalancers();
    this.addBuckets();
    this.addNames();
  }

  private addNetworks(): ReadonlyMap<SubnetKey, INetwork> {
    const scope = new Construct(this, "network");
    const { subnets, site, id } = this.place;
    return new Map(
      subnetsIn(this.place).map((key) => [
        key,
        new Network(scope, key, { name: `${id}-${key}`, ...subnets[key], resolvers: site.cloud.resolvers }),
      ]),
    );
  }

  private addGroups(): ReadonlyMap<string, SecurityGroup> {
    const { hosts, balancers, id } = this.place;
    const roles = hosts.length > 0 ? ["baseline", ...new Set(hosts.flatMap((host) => host.roles))] : [];
    const byRole = new Construct(this, "group");
    const byBalancer = new Construct(this, "balancer-group");
    const groups = new Map([
      ...roles.map((role) => [keyOf({ role }), new SecurityGroup(byRole, role, { name: `${id}-${role}` })] as const),
      ...balancers.map(
        ({ name, group }) =>
          [keyOf(group), new SecurityGroup(byBalancer, name, { name: `${id}-balancer-${name}` })] as const,
      ),
    ]);
    const peerOf = ({ peer }: Rule): Peer | undefined => {
      if ("address" in peer) return "known" in peer.address ? Peer.network(peer.address.known) : undefined;
      const group = groups.get(keyOf(peer.group));
      return group && Peer.group(group);
    };
    for (const rule of rulesIn(this.registers, this.place)) {
      const peer = peerOf(rule);
      if (peer) groups.get(keyOf(rule.group))?.addRule(rule.id, { ...rule, peer, description: rule.why.join("; ") });
    }
    return groups;
  }

  private addServerGroups(): ReadonlyMap<string, IServerGroup> {
    const scope = new Construct(this, "apart");
    const policies = new Map(
      this.place.hosts.flatMap(({ apart }) => (apart ? [[apart.group, apart.policy] as const] : [])),
    );
    return new Map(
      [...policies].map(([group, policy]) => [
        group,
        new ServerGroup(scope, group, { name: `${this.place.id}-${group}`, policy }),
      ]),
    );
  }

  private addHosts(): void {
    const { hosts, sharedAddresses, id } = this.place;
    const scope = new Construct(this, "host");
    for (const host of hosts) this.addHost(new Construct(scope, host.name), host);
    const shared = new Construct(this, "shared-address");
    for (const { name, subnet, address } of sharedAddresses)
      new Port(shared, name, { name: `${id}-${name}`, network: this.network(subnet), address });
  }

  private addHost(scope: Construct, host: HostEntry): void {
    const { site, sharedAddresses, sshUserCa = "" } = this.place;
    const port = new Port(scope, "port", {
      name: host.id,
      network: this.network(host.subnet),
      address: host.address,
      securityGroups: ["baseline", ...host.roles].flatMap((role) => this.groups.get(keyOf({ role })) ?? []),
      sharedAddresses: sharedAddresses.filter(({ role }) => host.roles.includes(role)).map(({ address }) => address),
    });
    const group = host.apart && this.apart.get(host.apart.group);
    new Server(scope, "server", {
      name: host.id,
      imageId: site.cloud.images[host.image] ?? "",
      flavor: site.cloud.flavors[host.flavor]?.name ?? "",
      port,
      volumes: Object.fromEntries(
        host.volumes.map(({ name, size, fate }) => [
          name,
          new Volume(scope, `volume-${name}`, { name: `${host.id}-${name}`, size, fate }),
        ]),
      ),
      userData: userData({ host: host.name, dns: host.dns, sshUserCa }),
      ...(group ? { group } : {}),
      metadata: { site: site.name, tenancy: this.place.name, role: host.roles[0] ?? "", because: host.because },
      generation: host.generation,
      after: [this.trust.resource],
    });
    if (host.public) this.addPublicAddress(scope, host.id, host.public.how, port);
  }

  private addPublicAddress(scope: Construct, description: string, how: PublicAddress, port: IPort): void {
    if (how === "allocated")
      FloatingIp.allocate(scope, "public", { external: this.external, description }).associate(
        port,
        this.router.interfaces,
      );
    else if ("granted" in how)
      FloatingIp.fromAddress(scope, "public", how.granted).associate(port, this.router.interfaces);
  }

  private addBalancers(): void {
    const scope = new Construct(this, "balancer");
    const { balancers, services, hosts, id } = this.place;
    for (const { name, address, group } of balancers) {
      const securityGroups = [this.groups.get(keyOf(group)) ?? []].flat();
      const balancer = new LoadBalancer(scope, name, {
        name: `${id}-${name}`,
        network: this.network("balancers"),
        address,
        securityGroups,
      });
      for (const { said } of services) {
        if (said.balancer !== name) continue;
        const role = "role" in said.on ? said.on.role : undefined;
        const members = hosts
          .filter((host) => role === undefined || host.roles.includes(role))
          .map((host) => [host.name, host.address]);
        balancer.addListener(said.service, { port: said.traffic.from, members: Object.fromEntries(members) });
      }
    }
  }

  private addBuckets(): void {
    const scope = new Construct(this, "bucket");
    for (const { name, fate } of this.place.buckets)
      new Bucket(scope, name, { name: `${this.place.id}-${name}`, fate });
  }

  /** Names of hosts, where the cloud keeps names. */
  private addNames(): void {
    const { site, name, hosts } = this.place;
    if (!site.cloud.has.includes("designate")) return;
    const zone = new DnsZone(this, "dns", { domain: `${name}.${site.dns}`, email: `hostmaster@${site.dns}` });
    for (const host of hosts) new DnsRecord(zone, host.name, { zone, name: host.dns, addresses: [host.address] });
  }

  private network(key: SubnetKey): INetwork {
    const network = this.networks.get(key);
    if (!network) throw new Error(`${this.node.id} has no subnet ${key}`);
    return network;
  }
}

/** A group in this stack. */
const keyOf = ({ role, balancer }: Omit<Group, "place">): string => (balancer ? `balancer ${role}` : role);
