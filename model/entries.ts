import type { StatedAviso } from "./site/aviso";
import type { ShownCertificate } from "./site/certificate";
import type { StatedCluster } from "./site/cluster";
import type { StatedCollector } from "./site/collector";
import type { StatedEcflow } from "./site/ecflow";
import type { StatedFdb } from "./site/fdb";
import type { StatedGitops } from "./site/gitops";
import type { StatedModules } from "./site/modules";
import type { StatedMonitoring } from "./site/monitoring";
import type { StatedMultio } from "./site/multio";
import type { StatedNamespace } from "./site/namespace";
import type { Auth, FlowNeed, Health, Service, Traffic } from "./site/need";
import type { StatedPolytope } from "./site/polytope";
import type { StatedRelease } from "./site/release";
import type { ReadSecret, StatedSecret } from "./site/secret";
import type { StatedSignal } from "./site/signal";
import type { Site } from "./site/site";
import type { Fate, Host, SubnetName } from "./site/specs";
import type { Panel, Recording, StatedBrought, StatedLog, StatedScrape } from "./site/telemetry";
import type { Tenancy } from "./site/tenancy";
import type { StatedAgent, StatedVault } from "./site/vault";
import type { StatedVouching } from "./site/vouching";
import type { StatedWorkload } from "./site/workload";
import type { Cidr, Ipv4 } from "./words/address";
import type { Environment } from "./words/environment";
import type { PublicAddress } from "./words/public-address";

/** How a value that is not known yet will come: a site's clouds give it, or somebody has to be asked. */
export type Source = { readonly learn: string } | { readonly ask: string };

/** An address in rules, by a name that stays when the address changes. While it is awaited, its rules wait. */
export type Address = { readonly name: string } & ({ readonly known: Cidr } | { readonly awaited: Source });

/** The subnets that hosts can choose, and one for the load balancers of the cloud. */
export type SubnetKey = SubnetName | "balancers";

/** A subnet of a tenancy: hosts have fixed addresses in its lower half, DHCP has its upper half. */
export interface SubnetEntry {
  readonly cidr: Cidr;
  readonly gateway: Ipv4;
  readonly pool: { readonly start: Ipv4; readonly end: Ipv4 };
}

/** A server, with what the model computed for it. */
export interface HostEntry extends Host {
  /** Unique in the platform: `lumi-production-bastion`. */
  readonly id: string;
  /** Path of the component that asked for it. */
  readonly because: string;
  readonly address: Ipv4;
  readonly dns: string;
  readonly public?: { readonly how: PublicAddress; readonly address: Address };
}

/** By which a host is met from elsewhere; nothing if it has no such address, or nobody knows it yet. */
export const publicAddressOf = ({ public: facing }: Pick<HostEntry, "public">): string | undefined =>
  facing && "known" in facing.address ? facing.address.known.replace(/\/32$/, "") : undefined;

/** An address that the hosts of a role share. */
export interface SharedAddressEntry {
  readonly name: string;
  readonly role: string;
  readonly subnet: SubnetName;
  readonly address: Ipv4;
  readonly because: string;
}

/** A load balancer of the cloud, in a subnet that holds nothing else. */
export interface BalancerEntry {
  readonly name: string;
  readonly group: Group;
  readonly address: Ipv4;
  /** What clients address. */
  readonly virtual: Address;
  /** What its members see: the cloud gives it some address of its subnet. */
  readonly sources: Address;
  readonly because: string;
}

/** A bucket of the object store of a cloud. */
export interface BucketEntry {
  readonly name: string;
  readonly fate: Fate;
  readonly because: string;
}

/** Something that was said by a component, and which one. */
export interface Said<T> {
  readonly said: T;
  /** Path of the component: `lumi.production.runs.ecflow-prod`. */
  readonly because: string;
}

/** A tenancy and everything that stands in it. */
export interface PlaceEntry {
  /** `lumi-production`. */
  readonly id: string;
  readonly site: Site;
  readonly name: string;
  readonly tenancy: Tenancy;
  /** The entry in `clouds.yaml` of its project. */
  readonly project: string;
  readonly subnets: Readonly<Record<SubnetKey, SubnetEntry>>;
  /** What others see of hosts without a public address. */
  readonly egress: Address;
  readonly hosts: readonly HostEntry[];
  readonly sharedAddresses: readonly SharedAddressEntry[];
  readonly balancers: readonly BalancerEntry[];
  readonly buckets: readonly BucketEntry[];
  readonly services: readonly Said<Service>[];
  readonly needs: readonly Said<FlowNeed>[];
  /** What components state to be secret here, and who of here reads or shows what. */
  readonly secrets: readonly Said<StatedSecret>[];
  readonly reads: readonly Said<ReadSecret>[];
  readonly certificates: readonly Said<ShownCertificate>[];
  /** What components of here expose, and want somebody to be rung for. */
  readonly signals: readonly Said<StatedSignal>[];
  readonly collectors: readonly Said<StatedCollector>[];
  readonly monitoring: readonly Said<StatedMonitoring>[];
  /** Controllers that apply stacks, if they run here. */
  readonly gitops: readonly Said<StatedGitops>[];
  /** What of here is asked for metrics or brings them, what is read of lines, and what is computed and shown of that. */
  readonly scrapes: readonly Said<StatedScrape>[];
  readonly brought: readonly Said<StatedBrought>[];
  readonly logs: readonly Said<StatedLog>[];
  readonly recordings: readonly Said<Recording>[];
  readonly panels: readonly Said<Panel>[];
  /** Components whose hosts or pods expose nothing, and why. */
  readonly unobserved: readonly Said<string>[];
  /** Where secrets of the whole platform are kept, if that is here. */
  readonly vault: readonly Said<StatedVault>[];
  readonly ecflow: readonly Said<StatedEcflow>[];
  readonly fdb: readonly Said<StatedFdb>[];
  readonly aviso: readonly Said<StatedAviso>[];
  readonly polytope: readonly Said<StatedPolytope>[];
  /** What tells services who somebody is. */
  readonly vouching: readonly Said<StatedVouching>[];
  /** Software that is installed at the supercomputer of its site. */
  readonly modules: readonly Said<StatedModules>[];
  /** What becomes there of fields that models make. */
  readonly multio: readonly Said<StatedMultio>[];
  /** Its Kubernetes cluster; one at most. */
  readonly clusters: readonly Said<StatedCluster>[];
  /** The CA of that cluster, as PEM. @default - it has not been learned, so that the cluster may not have begun */
  readonly clusterCa?: string;
  /** The public key of tokens of its pods. @default - not learned */
  readonly clusterKey?: string;
  readonly namespaces: readonly NamespaceEntry[];
  readonly workloads: readonly Said<StatedWorkload>[];
  readonly releases: readonly Said<StatedRelease>[];
  /** What fetches them for the hosts of the tenancy. */
  readonly agents: readonly Said<StatedAgent>[];
  /** Whether all that the site file asks for stands here; if not, what is missing elsewhere proves nothing. */
  readonly whole: boolean;
  readonly trust: Trust;
}

/** What a team has of the cluster. */
export interface NamespaceEntry extends StatedNamespace {
  readonly owner: string;
  readonly environment: Environment;
  readonly because: string;
}

/** What every host of the platform trusts. */
export interface Trust {
  /** Public keys of the CAs whose certificates hosts accept for SSH logins; none until the first is learned. */
  readonly sshUserCas: readonly string[];
  /** Public keys of the CAs whose certificates clients accept of hosts, beside the keys that were learned of these. */
  readonly sshHostCas: readonly string[];
  /** Public keys of the CAs whose certificates supercomputers accept of our users. */
  readonly sshOutwardCas: readonly string[];
  /** Public keys that hosts accept no more, and clients of no host, whoever signed them; of a CA, with all that it signed. */
  readonly revoked: readonly string[];
  /** Certificates, as PEM, under which those of our own servers are; none until the first is learned. */
  readonly tlsRoots: readonly string[];
  /** SHA-256 of what software is built from, by package and version, `eckit-1.32.4`, in hex: what somebody has looked at once. */
  readonly sources: Readonly<Record<string, string>>;
}

/** Where a tenancy stands in the description: `lumi.production`. */
export const pathTo = ({ site, name }: PlaceEntry): string => `${site.name}.${name}`;

/** What opens a door: the security group of a role, or `baseline` for all hosts; or what a load balancer listens to. */
export interface Group {
  /** `lumi-production`. */
  readonly place: string;
  readonly role: string;
  readonly balancer?: true;
}

/** Pods at an end of a flow: they are not all that the hosts have that carry them. */
export interface PodsEntry {
  /** `lumi-production`. */
  readonly place: string;
  readonly namespace: string;
  readonly workload: string;
  /** By which they are told from others of their namespace. */
  readonly labels: Readonly<Record<string, string>>;
  /** The role of the hosts on which they are. @default - those that carry workloads */
  readonly on?: string;
}

/** Hosts of ours at an end of a flow. */
export interface Ours {
  readonly group: Group;
  readonly hosts: readonly HostEntry[];
  readonly egress: Address;
  readonly environment: Environment;
  /** Who it is on the hosts. @default - the hosts themselves */
  readonly pods?: PodsEntry;
}

/** Somebody else at an end of a flow. */
export interface Theirs {
  /** `lumi.login`, `lumi.compute`, or the name of an outside network. */
  readonly theirs: string;
  readonly addresses: readonly Address[];
  /** Many stand behind these addresses. */
  readonly shared: boolean;
  /** Their half of a flow is theirs to open: a grant. */
  readonly fenced: boolean;
  /** Pods of ours on a cluster of somebody else. @default - nobody of ours */
  readonly pods?: PodsEntry;
}

/** Who is at an end of a flow: hosts of ours, or somebody else. */
export type Party = Ours | Theirs;
export const isOurs = (party: Party): party is Ours => "group" in party;

/** Hosts on the way, and what they listen on there. */
export interface Station {
  readonly party: Ours;
  readonly traffic: Traffic;
}

/** A connection that somebody needs, its ends resolved: all that a route depends on. */
export interface Flow {
  readonly from: Party;
  readonly to: Party;
  readonly traffic: Traffic;
  /** How the far end knows who speaks; `theirs` where that is not ours to say. */
  readonly auth: Auth | "theirs";
  /** The forward proxy by which it leaves its tenancy. */
  readonly proxy?: Station;
  /** Host names of the internet that the proxy lets through for it. */
  readonly names?: readonly string[];
  /** The relay by which it enters the other tenancy. */
  readonly relay?: Station;
  /** The far end is met at private addresses by who is outside its tenancy. */
  readonly routed?: true;
  /** The load balancer before the far end. */
  readonly balancer?: BalancerEntry;
  /** How the relay finds out which hosts can serve. */
  readonly health?: Health;
  /** The relay tells the far end who connects, by the PROXY protocol. */
  readonly proxyProtocol?: true;
  /** The service at the far end, if that is ours. */
  readonly service?: string;
  /** It stays in the network of one cluster: both ends are pods of it, or one is its own nodes. */
  readonly inCluster?: true;
  /** The account of our hosts that logs in by it. */
  readonly as?: string;
  /** They have nothing run there. */
  readonly submits?: false;
  /** The person as whom its pods log in. */
  readonly person?: string;
  /** Account and key of its login are somebody else's. */
  readonly account?: "theirs";
  /** What its pods listen on, where `traffic` is that of the nodes before them. */
  readonly podTraffic?: Traffic;
  readonly why: string;
  /** The tenancy of the component that needs it. */
  readonly place: string;
  /** Path of that component. */
  readonly because: string;
}
