import { OpenstackProvider } from "@cdktf/provider-openstack/lib/provider";
import { Construct } from "constructs";
import { filesIn } from "../constructs/files";
import { Bucket } from "../constructs/openstack/bucket";
import { userData } from "../constructs/openstack/config";
import { DnsRecord, DnsZone } from "../constructs/openstack/dns";
import { ExternalNetwork, type IExternalNetwork } from "../constructs/openstack/external-network";
import { FirstTrust } from "../constructs/openstack/first-trust";
import { FloatingIp } from "../constructs/openstack/floating-ip";
import { LoadBalancer } from "../constructs/openstack/load-balancer";
import { type INetwork, Network } from "../constructs/openstack/network";
import { type IPort, Port } from "../constructs/openstack/port";
import { Router, RouterInterfaces } from "../constructs/openstack/router";
import { Peer, SecurityGroup } from "../constructs/openstack/security-group";
import { Server } from "../constructs/openstack/server";
import { type IServerGroup, ServerGroup } from "../constructs/openstack/server-group";
import { Volume } from "../constructs/openstack/volume";
import { PlatformStack } from "../engine/stack";
import { firstPrincipalsOf } from "../model/accounts";
import { siteOfTrust } from "../model/awaited";
import { subnetsIn } from "../model/capacity";
import { type HostEntry, type PlaceEntry, pathTo, type SubnetKey } from "../model/entries";
import { type Registers, rulesIn } from "../model/registers";
import type { Rule } from "../model/rules";
import { movesUnder } from "../model/site/moves";
import type { StackEntry } from "../model/stacks";
import type { Cidr } from "../model/words/address";
import { isPending, type PublicAddress } from "../model/words/public-address";
import { own } from "../model/words/record";
import { isIn } from "./paths";

/** Everything in the OpenStack project of a tenancy: network, rules, servers, volumes, public addresses, buckets. */
export class TenancyStack extends PlatformStack {
  override readonly hostFiles: ReadonlyMap<string, string>;
  private readonly networks: ReadonlyMap<SubnetKey, INetwork>;
  private readonly groups: ReadonlyMap<string, SecurityGroup>;
  private readonly apart: ReadonlyMap<string, IServerGroup>;
  private readonly external: IExternalNetwork;
  private readonly interfaces: RouterInterfaces;
  private readonly trust: FirstTrust;

  private readonly place: PlaceEntry;
  /** By host. */
  private readonly publicAddresses = new Map<string, string>();

  constructor(
    scope: Construct,
    { name, key, place }: StackEntry,
    private readonly registers: Registers,
  ) {
    super(scope, name, {
      state: place.tenancy.state,
      key,
      moves: movesUnder(place.tenancy, isIn("tenancy")),
      at: pathTo(place),
    });
    this.place = place;
    this.hostFiles = filesIn(place, registers);
    new OpenstackProvider(this, "openstack", { cloud: place.project });
    this.external = ExternalNetwork.fromName(this, "external", place.site.cloud.external);
    this.networks = this.addNetworks();
    const router = new Router(this, "router", { name: place.id, external: this.external });
    const networks = Object.fromEntries(this.networks);
    this.interfaces = new RouterInterfaces(this, "interface", { router, networks });
    this.groups = this.addGroups();
    this.apart = this.addServerGroups();
    this.trust = new FirstTrust(this, "trust", {
      sshUserCa: place.trust.sshUserCas[0],
      remedy: `Make the CA, then: databridge learn ${siteOfTrust(registers) ?? "<site>"} trust.sshUserCa="ssh-ed25519 …"`,
    });
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
    const { hosts, id } = this.place;
    const roles = hosts.length > 0 ? ["baseline", ...new Set(hosts.flatMap((host) => host.roles))] : [];
    const scope = new Construct(this, "group");
    const groups = new Map(roles.map((role) => [role, new SecurityGroup(scope, role, { name: `${id}-${role}` })]));
    const peerOf = ({ peer }: Rule): Peer | undefined => {
      if ("address" in peer) return "known" in peer.address ? Peer.network(peer.address.known) : undefined;
      const group = groups.get(peer.group.role);
      return group && Peer.group(group);
    };
    for (const rule of rulesIn(this.registers, this.place)) {
      const peer = peerOf(rule);
      if (peer && !rule.group.balancer)
        groups.get(rule.group.role)?.addRule(rule.id, { ...rule, peer, description: rule.why.join("; ") });
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
    // Its groups are those of the hosts that take it over: rules that name them then name this address too.
    for (const { name, role, subnet, address } of sharedAddresses)
      new Port(shared, name, {
        name: `${id}-${name}`,
        network: this.network(subnet),
        address,
        securityGroups: this.groupsOf([role]),
      });
  }

  private addHost(scope: Construct, host: HostEntry): void {
    const { site, tenancy, sharedAddresses, trust } = this.place;
    const port = new Port(scope, "port", {
      name: host.id,
      network: this.network(host.subnet),
      address: host.address,
      securityGroups: this.groupsOf(host.roles),
      sharedAddresses: sharedAddresses.filter(({ role }) => host.roles.includes(role)).map(({ address }) => address),
    });
    const group = host.apart && this.apart.get(host.apart.group);
    new Server(scope, "server", {
      name: host.id,
      imageId: listed(site.cloud.images, host.image),
      flavor: listed(site.cloud.flavors, host.flavor).name,
      port,
      volumes: Object.fromEntries(
        host.volumes.map(({ name, size, fate }) => [
          name,
          new Volume(scope, `volume-${name}`, {
            name: `${host.id}-${name}`,
            size,
            fate,
            description: `${host.because}, ${tenancy.owner}`,
          }),
        ]),
      ),
      userData: userData({
        host: host.name,
        dns: host.dns,
        sshUserCa: trust.sshUserCas.join("\n"),
        ...firstPrincipalsOf(host, this.place),
      }),
      ...(group ? { group } : {}),
      metadata: this.labelsOf(host),
      generation: host.generation,
      after: [this.trust.resource],
    });
    if (host.public) this.addPublicAddress(scope, host, host.public.how, port);
  }

  /** By which people and programs tell at the cloud what is ours, whose it is and why it is there. */
  private labelsOf({ roles, because }: HostEntry): Readonly<Record<string, string>> {
    const { site, name, tenancy } = this.place;
    return { site: site.name, tenancy: name, owner: tenancy.owner, role: roles[0] ?? "", because };
  }

  private addPublicAddress(scope: Construct, { id, name }: HostEntry, how: PublicAddress, port: IPort): void {
    if (isPending(how)) return;
    const address =
      how === "allocated"
        ? FloatingIp.allocate(scope, "public", { external: this.external, description: id })
        : FloatingIp.fromAddress(scope, "public", how.granted);
    address.associate(port, this.interfaces.all);
    this.publicAddresses.set(name, address.address);
  }

  private addBalancers(): void {
    const scope = new Construct(this, "balancer");
    const { balancers, services, hosts, id } = this.place;
    for (const { name, address } of balancers) {
      const balancer = new LoadBalancer(scope, name, {
        name: `${id}-${name}`,
        network: this.network("balancers"),
        address,
      });
      for (const { said } of services) {
        const [first, ...others] = this.clientsOf(name, said.traffic.from);
        if (said.balancer !== name || first === undefined) continue;
        const role = "role" in said.on ? said.on.role : undefined;
        const members = hosts
          .filter((host) => role === undefined || host.roles.includes(role))
          .map((host) => [host.name, host.address]);
        const clients: [Cidr, ...Cidr[]] = [first, ...others];
        balancer.addListener(said.service, { port: said.traffic.from, clients, members: Object.fromEntries(members) });
      }
    }
  }

  /** Who may connect to a port of a load balancer. */
  private clientsOf(balancer: string, port: number): readonly Cidr[] {
    const clients = rulesIn(this.registers, this.place).flatMap(({ group, traffic, peer }) =>
      group.balancer && group.role === balancer && traffic.from === port && "address" in peer && "known" in peer.address
        ? [peer.address.known]
        : [],
    );
    return [...new Set(clients)].sort();
  }

  private addBuckets(): void {
    const scope = new Construct(this, "bucket");
    const { buckets, site, id } = this.place;
    const versioning = site.cloud.has.includes("swift-versioning");
    for (const { name, fate } of buckets) new Bucket(scope, name, { name: `${id}-${name}`, fate, versioning });
  }

  /** Names of hosts, where the cloud keeps names: at the address by which others reach them, if there is one. */
  private addNames(): void {
    const { site, name, hosts } = this.place;
    if (!site.cloud.has.includes("designate")) return;
    const zone = new DnsZone(this, "dns", { domain: `${name}.${site.dns}`, email: `hostmaster@${site.dns}` });
    for (const host of hosts)
      new DnsRecord(zone, host.name, {
        zone,
        name: host.dns,
        addresses: [this.publicAddresses.get(host.name) ?? host.address],
      });
  }

  /** The groups of hosts with these roles. */
  private groupsOf(roles: readonly string[]): readonly SecurityGroup[] {
    return ["baseline", ...roles].flatMap((role) => this.groups.get(role) ?? []);
  }

  private network(key: SubnetKey): INetwork {
    const network = this.networks.get(key);
    if (!network) throw new Error(`${this.node.id} has no subnet ${key}`);
    return network;
  }
}

/** What a sound description lists. */
function listed<T>(things: Readonly<Record<string, T>>, name: string): T {
  const thing = own(things, name);
  if (thing === undefined) throw new Error(`${name} is not listed: a description with problems cannot be built`);
  return thing;
}
