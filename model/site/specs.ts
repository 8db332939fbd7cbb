import { z } from "zod";
import { isName, nameOf, nameRule } from "../words/name";
import { type Fields, flag, oneOf, text, whole, word } from "../words/parse";
import type { Problem } from "../words/problem";
import { type Size, size } from "../words/quantity";
import type { AvisoSpec } from "./aviso";
import type { ClusterSpec } from "./cluster";
import type { CollectorSpec } from "./collector";
import type { EcflowSpec } from "./ecflow";
import { type Fate, fate } from "./fate";
import type { FdbSpec } from "./fdb";
import type { GitopsSpec } from "./gitops";
import type { ModulesSpec } from "./modules";
import type { MonitoringSpec } from "./monitoring";
import type { MultioSpec } from "./multio";
import type { NamespaceSpec } from "./namespace";
import type { Need, Service } from "./need";
import { type PlaceName, placeName } from "./place-name";
import type { PolytopeSpec } from "./polytope";
import type { ReleaseSpec } from "./release";
import type { Secret } from "./secret";
import type { BroughtSpec, LogSpec, PanelSpec, RecordingSpec, ScrapeSpec } from "./telemetry";
import type { AgentSpec, VaultSpec } from "./vault";
import type { VouchingSpec } from "./vouching";
import type { WorkloadSpec } from "./workload";

export { type Fate, fate, fates } from "./fate";

/** Every tenancy has these subnets: what faces outward, what serves, what stores. */
export const subnetNames = ["edge", "services", "data"] as const;
/** A subnet of every tenancy: `edge` reaches outside, `services` and `data` do not by themselves. */
export type SubnetName = (typeof subnetNames)[number];

/** A disk that outlives its server. Volumes of one host have different sizes, by which a new one is known there. */
export interface VolumeSpec {
  /** Unique on its host, `home`; it is the label of the file system, in which XFS has room for 12 characters. */
  readonly name: string;
  readonly size: Size;
  readonly fate: Fate;
  /** Where copies of what is on it are kept; who says so makes them. @default - there are none */
  readonly backup?: PlaceName;
  /** The option of the component that names it, where a wrong one is corrected. @default - none does */
  readonly backupOption?: string;
}

/** Hosts of a group run on different hypervisors: always (`anti-affinity`), or where it can be (`soft-anti-affinity`). */
export interface Apart {
  readonly group: string;
  readonly policy: "anti-affinity" | "soft-anti-affinity";
}

/** A server. */
export interface HostSpec {
  /** Unique in its tenancy. */
  readonly name: string;
  /** What it does, most particular first. Each role is a security group, and needs speak of roles. */
  readonly roles: readonly string[];
  readonly subnet: SubnetName;
  /** Its number in the subnet, 4 to 99, the same at every site; it fixes the address. */
  readonly slot: number;
  /** A flavor of the site's cloud. */
  readonly flavor: string;
  /** The option of the component that names the flavor, where a wrong one is corrected. @default - none does */
  readonly flavorOption?: string;
  /** An image of the site's cloud. @default "debian12" */
  readonly image?: string;
  /** @default - none */
  readonly volumes?: readonly VolumeSpec[];
  /** @default - on any hypervisor */
  readonly apart?: Apart;
  /** Raise it to rebuild the server; volumes and addresses stay. @default 1 */
  readonly generation?: number;
  /** Waits until somebody promotes it: relays pass nothing on to it, whatever becomes of the others. @default false */
  readonly waits?: boolean;
}

/** An address that hosts of a role share, one of them holding it at a time. */
export interface SharedAddressSpec {
  readonly name: string;
  readonly role: string;
  readonly subnet: SubnetName;
  /** Its number in the subnet, 4 to 99. */
  readonly slot: number;
}

/** A load balancer of the cloud (Octavia). It listens for every service that names it. */
export interface BalancerSpec {
  readonly name: string;
  /** Its number in the subnet of the load balancers, 4 to 99. */
  readonly slot: number;
}

/** A container of the cloud's object store. */
export interface BucketSpec {
  /** Unique in its tenancy. */
  readonly name: string;
  readonly fate: Fate;
}

/** What a component asks of a place; each list @default - empty */
export interface Description {
  readonly hosts?: readonly HostSpec[];
  readonly sharedAddresses?: readonly SharedAddressSpec[];
  readonly balancers?: readonly BalancerSpec[];
  readonly buckets?: readonly BucketSpec[];
  readonly services?: readonly Service[];
  readonly needs?: readonly Need[];
  readonly secrets?: readonly Secret[];
  /** Where secrets of the whole platform are kept, if that is here. @default - elsewhere */
  readonly vault?: readonly VaultSpec[];
  /** Agents that fetch them for the hosts here. @default - none */
  readonly agents?: readonly AgentSpec[];
  /** ecFlow servers here. */
  readonly ecflow?: readonly EcflowSpec[];
  /** FDBs here. */
  readonly fdb?: readonly FdbSpec[];
  /** What tells people what is in them. */
  readonly aviso?: readonly AvisoSpec[];
  /** What people get data of them by. */
  readonly polytope?: readonly PolytopeSpec[];
  /** What tells both who somebody is. */
  readonly vouching?: readonly VouchingSpec[];
  /** Software that is installed at the supercomputer beside it. */
  readonly modules?: readonly ModulesSpec[];
  /** What becomes there of fields that models make. */
  readonly multio?: readonly MultioSpec[];
  /** The Kubernetes cluster of the tenancy; one at most. @default - there is none */
  readonly clusters?: readonly ClusterSpec[];
  /** What stands on it. */
  readonly namespaces?: readonly NamespaceSpec[];
  readonly workloads?: readonly WorkloadSpec[];
  readonly releases?: readonly ReleaseSpec[];
  /** What gathers here, and what keeps and shows what is gathered; one of each at most. @default - nothing does */
  readonly collectors?: readonly CollectorSpec[];
  readonly monitoring?: readonly MonitoringSpec[];
  readonly gitops?: readonly GitopsSpec[];
  /** What of it is asked for metrics, or brings them, and which files of lines it writes. */
  readonly scrapes?: readonly ScrapeSpec[];
  readonly brought?: readonly BroughtSpec[];
  readonly logs?: readonly LogSpec[];
  /** What home computes of such metrics, and shows. */
  readonly recordings?: readonly RecordingSpec[];
  readonly panels?: readonly PanelSpec[];
  /** Why something that runs here exposes nothing, and rings nobody. @default - it does */
  readonly unobserved?: string;
  /** What is wrong with the component at this place; paths begin at the component. */
  readonly problems?: readonly Problem[];
}

/** A schema for the name of a flavor; whether the cloud lists it is checked with the whole platform. */
export const flavor = text("a flavor of the site's cloud", "leave it out for the default");

const name = nameOf("rename it");
const slot = whole(4, 99, "a number in the subnet, 4 to 99", "choose a free one");
const subnet = oneOf(subnetNames);

/** @see mkfs.xfs(8), -L */
const labelLength = 12;

const volumeSchema = z.strictObject({
  name: word(
    (v) => (isName(v) && v.length <= labelLength ? v : undefined),
    `${nameRule.replace(/at most \d+/, `at most ${labelLength}`)}, since it becomes the label of an XFS file system`,
    "shorten it",
  ),
  size,
  fate,
  backup: placeName("name the one whose bucket takes the copies, or leave it out").exactOptional(),
  backupOption: text("an option of the component").exactOptional(),
} satisfies Fields<VolumeSpec>);

/** What components of any origin say is read like a site file, so that a wrong one is told and not built. */
export const hostSchema = z.strictObject({
  name,
  roles: z.array(name).min(1),
  subnet,
  slot,
  flavor,
  flavorOption: text("an option of the component").optional(),
  image: text("an image of the site's cloud").default("debian12"),
  volumes: z.array(volumeSchema).default([]),
  apart: z
    .strictObject({ group: name, policy: oneOf(["anti-affinity", "soft-anti-affinity"]) } satisfies Fields<Apart>)
    .optional(),
  generation: whole(1, 9999, "a whole number from 1", "count up from 1").default(1),
  waits: flag.default(false),
} satisfies Fields<HostSpec>);
/** A host as its component described it, read. */
export type Host = z.output<typeof hostSchema>;

export const sharedAddressSchema = z.strictObject({
  name,
  role: name,
  subnet,
  slot,
} satisfies Fields<SharedAddressSpec>);
/** The lists alone; what is in them is read one by one, so that one wrong item does not hide the others. */
export const descriptionSchema = z.strictObject({
  hosts: z.array(z.custom<HostSpec>()).exactOptional(),
  sharedAddresses: z.array(z.custom<SharedAddressSpec>()).exactOptional(),
  balancers: z.array(z.custom<BalancerSpec>()).exactOptional(),
  buckets: z.array(z.custom<BucketSpec>()).exactOptional(),
  services: z.array(z.custom<Service>()).exactOptional(),
  needs: z.array(z.custom<Need>()).exactOptional(),
  secrets: z.array(z.custom<Secret>()).exactOptional(),
  vault: z.array(z.custom<VaultSpec>()).exactOptional(),
  agents: z.array(z.custom<AgentSpec>()).exactOptional(),
  ecflow: z.array(z.custom<EcflowSpec>()).exactOptional(),
  fdb: z.array(z.custom<FdbSpec>()).exactOptional(),
  aviso: z.array(z.custom<AvisoSpec>()).exactOptional(),
  polytope: z.array(z.custom<PolytopeSpec>()).exactOptional(),
  vouching: z.array(z.custom<VouchingSpec>()).exactOptional(),
  modules: z.array(z.custom<ModulesSpec>()).exactOptional(),
  multio: z.array(z.custom<MultioSpec>()).exactOptional(),
  clusters: z.array(z.custom<ClusterSpec>()).exactOptional(),
  namespaces: z.array(z.custom<NamespaceSpec>()).exactOptional(),
  workloads: z.array(z.custom<WorkloadSpec>()).exactOptional(),
  releases: z.array(z.custom<ReleaseSpec>()).exactOptional(),
  collectors: z.array(z.custom<CollectorSpec>()).exactOptional(),
  monitoring: z.array(z.custom<MonitoringSpec>()).exactOptional(),
  gitops: z.array(z.custom<GitopsSpec>()).exactOptional(),
  scrapes: z.array(z.custom<ScrapeSpec>()).exactOptional(),
  brought: z.array(z.custom<BroughtSpec>()).exactOptional(),
  logs: z.array(z.custom<LogSpec>()).exactOptional(),
  recordings: z.array(z.custom<RecordingSpec>()).exactOptional(),
  panels: z.array(z.custom<PanelSpec>()).exactOptional(),
  unobserved: text("why it exposes nothing").exactOptional(),
  problems: z.array(z.custom<Problem>()).exactOptional(),
} satisfies Fields<Description>);

export const balancerSchema = z.strictObject({ name, slot } satisfies Fields<BalancerSpec>);
export const bucketSchema = z.strictObject({ name, fate } satisfies Fields<BucketSpec>);
