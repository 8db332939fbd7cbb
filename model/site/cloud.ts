import { z } from "zod";
import { readIpv4 } from "../words/address";
import type { Described } from "../words/assumed";
import { type Fields, oneOf, text, url, whole, word } from "../words/parse";
import { type Size, size } from "../words/quantity";

/**
 * Optional services of an OpenStack cloud that we use where they exist. `swift-versioning` is Swift's own way to keep old
 * versions (`X-Versions-Enabled`), which object stores that only speak its protocol, such as Ceph's, do not have. `cinder` is
 * for pods, whose volumes come and go while servers run; those of hosts come from it in any case.
 */
export const cloudServices = ["octavia", "designate", "swift", "swift-versioning", "cinder"] as const;
export type CloudService = (typeof cloudServices)[number];

/** The size of a server. */
export interface FlavorFacts {
  /** Its name in the cloud. */
  readonly name: string;
  readonly vcpus: number;
  readonly ram: Size;
}

/** A flavor of the cloud: its name there, vCPUs and RAM. */
export const vm = (name: string, vcpus: number, ram: Size): FlavorFacts => ({ name, vcpus, ram });

/** Facts about the OpenStack cloud of a site. */
export interface CloudFacts {
  /** Name of the operator's external network, where routers have their gateway and floating IPs come from. */
  readonly external: string;
  /** Optional services it has. @default - none */
  readonly has?: readonly CloudService[];
  /** IPv4 addresses of the DNS resolvers that hosts ask. */
  readonly resolvers: readonly string[];
  /** IPv4 addresses of the time servers that hosts ask. */
  readonly ntp: readonly string[];
  /** Images by the name that hosts ask for: ids, since a name can be given to a newer image. */
  readonly images: Readonly<Record<string, string>>;
  /** Flavors by the name that hosts ask for. */
  readonly flavors: Readonly<Record<string, FlavorFacts>>;
  /**
   * Where its services answer that a cluster asks, identity, compute, network and volumes: `https://identity.example.org:5000`, of
   * `openstack catalog list`. Names that the internet knows: the forward proxy goes to no private address.
   * @default - not known: no cluster asks it for anything
   */
  readonly api?: readonly string[];
  /** The type of the volumes of pods, as one that the cloud encrypts: `openstack volume type list`. @default - the cloud's default */
  readonly volumeType?: string;
}

/** An OpenStack cloud. */
export const openstack = (facts: Described<CloudFacts>): Described<CloudFacts> => facts;

const ipv4 = word(readIpv4, "an IPv4 address, a.b.c.d", "write one address");
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const flavorSchema = z.strictObject({
  name: text("the flavor's name in the cloud"),
  vcpus: whole(1, 1024, "a number of vCPUs", "see openstack flavor list"),
  ram: size,
} satisfies Fields<FlavorFacts>);

export const cloudSchema = z.strictObject({
  external: text("the name of the operator's external network"),
  has: z.array(oneOf(cloudServices)).default([]),
  resolvers: z.array(ipv4),
  ntp: z.array(ipv4),
  images: z.record(
    z.string(),
    word(
      (v) => (typeof v === "string" && uuid.test(v) ? v : undefined),
      "an image id (UUID)",
      "see openstack image list",
    ),
  ),
  flavors: z.record(z.string(), flavorSchema),
  api: z.array(url("a service of the cloud")).default([]),
  volumeType: text("a type of volumes in the cloud").exactOptional(),
} satisfies Fields<CloudFacts>);
export type Cloud = z.output<typeof cloudSchema>;

/** Stands in for facts that are wrong, so that the rest of a site can still be checked. */
export const cloudFallback = { external: "?", resolvers: [], ntp: [], images: {}, flavors: {} };
