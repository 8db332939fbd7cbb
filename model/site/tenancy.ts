import { z } from "zod";
import { isPrivate, readCidr, readIpv4, sizeOf, startOf } from "../words/address";
import type { DescribedFields } from "../words/assumed";
import { type CalendarFacts, calendarSchema, day } from "../words/calendar";
import { type Environment, environments } from "../words/environment";
import { type Fields, oneOf, text, whole, word } from "../words/parse";
import { publicAddress } from "../words/public-address";
import { gib, type Size, size } from "../words/quantity";
import { isRecord } from "../words/record";
import type { Component } from "./component";
import { type MovesFacts, movesFields } from "./moves";
import { type StateFacts, stateSchema } from "./state";

/**
 * What a project may hold, as `openstack quota show` tells it. What is left out is what OpenStack gives a project that
 * nobody raised.
 * @see configuration references of Nova, Cinder, Neutron and Octavia, section `quota`
 */
export interface QuotaFacts {
  readonly vcpus: number;
  readonly ram: Size;
  /** All volumes together. */
  readonly gigabytes: Size;
  readonly floatingIps: number;
  /** @default 10 */
  readonly instances?: number;
  /** @default 10 */
  readonly volumes?: number;
  /** @default 500 */
  readonly ports?: number;
  /** @default 10 */
  readonly securityGroups?: number;
  /** @default 100 */
  readonly securityGroupRules?: number;
  /** @default 10 */
  readonly serverGroups?: number;
  /** @default - no limit */
  readonly loadBalancers?: number;
}

/** The network of a tenancy. */
export interface NetworkFacts {
  /** A private network, /16 to /22, that no other tenancy has; it is cut into the subnets edge, services and data. */
  readonly cidr: string;
}

/** One OpenStack project and what runs in it. */
export interface TenancyFacts extends MovesFacts {
  /** Nothing spans two environments unless it says so. */
  readonly environment: Environment;
  /** The team that answers for it. */
  readonly owner: string;
  /** The entry in `clouds.yaml` with endpoint and credentials of its project. @default - `<site>-<tenancy>` */
  readonly project?: string;
  /** @default - anything may restart at any time */
  readonly calendar?: CalendarFacts;
  readonly quota: QuotaFacts;
  readonly network: NetworkFacts;
  /** Hosts with a public address, and how it comes. @default - none */
  readonly public?: Readonly<Record<string, unknown>>;
  readonly state: StateFacts;
  /** What operators were asked to open, by what it is: `lumi.login`, `lumi.compute`. @default - nobody was asked yet */
  readonly grants?: Readonly<Record<string, GrantFacts>>;
}

/** The half of a flow that is an operator's to open. */
export interface GrantFacts {
  /** Asked for, opened as they say, or seen to work. */
  readonly state: "requested" | "granted" | "proven";
  readonly ticket: string;
  /** Its last day, `2027-06-30`. @default - without end */
  readonly until?: string;
}

/** A tenancy as a site file writes it: facts, of which any may be assumed, and what runs there. */
export type TenancyInput = DescribedFields<TenancyFacts> & { readonly runs: readonly Component[] };

const grantSchema = z.strictObject({
  state: oneOf(["requested", "granted", "proven"]),
  ticket: text("the ticket"),
  until: day.optional(),
} satisfies Fields<GrantFacts>);
export type Grant = z.output<typeof grantSchema>;

const count = (what: string) => whole(0, 1e6, what, "see openstack quota show");

const readNetwork = (value: unknown) => {
  const network = readCidr(value);
  return network && isPrivate(network) && sizeOf(network) >= 1024 && sizeOf(network) <= 65536 ? network : undefined;
};

/** What is wrong with a network, in a sentence. */
function networkFix(value: unknown): string {
  const [address, length, ...rest] = typeof value === "string" ? value.split("/") : [];
  if (!readIpv4(address) || length === undefined || rest.length > 0)
    return `write an IPv4 network, "a.b.c.d/n", that no other tenancy has`;
  if (!/^(\d|[12]\d|3[0-2])$/.test(length)) return `no network is a /${length}: the longest prefix is /32`;
  const begins = startOf(`${address}/${length}`);
  if (begins !== value) return `${address} is an address within ${begins}: did you mean "${begins}"?`;
  if (Number(length) > 22) return `a /${length} is too small for the networks of a tenancy: take a /22 or larger`;
  if (Number(length) < 16) return `a /${length} is more than a tenancy may have: take a /16 or smaller`;
  return "it is not private: take it from 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16";
}

const isComponent = (value: unknown): value is Component =>
  isRecord(value) &&
  typeof value.kind === "string" &&
  typeof value.name === "string" &&
  Array.isArray(value.problems) &&
  typeof value.describe === "function";

export const quotaSchema = z.strictObject({
  vcpus: count("a number of vCPUs"),
  ram: size,
  gigabytes: size,
  floatingIps: count("a number of floating IPs"),
  instances: count("a number of servers").default(10),
  volumes: count("a number of volumes").default(10),
  ports: count("a number of ports").default(500),
  securityGroups: count("a number of security groups").default(10),
  securityGroupRules: count("a number of rules").default(100),
  serverGroups: count("a number of server groups").default(10),
  loadBalancers: count("a number of load balancers").optional(),
} satisfies Fields<QuotaFacts>);
export type Quota = z.output<typeof quotaSchema>;

/** Reads a {@link TenancyInput}. */
export const tenancySchema = z.strictObject({
  environment: oneOf(environments),
  owner: text("the team that answers for it"),
  project: text("an entry in clouds.yaml").optional(),
  calendar: calendarSchema.prefault({}),
  quota: quotaSchema,
  network: z.strictObject({
    cidr: word(readNetwork, "a private network with host bits zero, /16 to /22: 10.200.0.0/20", networkFix),
  } satisfies Fields<NetworkFacts>),
  public: z.record(z.string(), publicAddress).default({}),
  state: stateSchema,
  grants: z.record(z.string(), grantSchema).default({}),
  ...movesFields,
  runs: z.array(
    word(
      (v) => (isComponent(v) ? v : undefined),
      "components: bastion(), proxy(), ecflow(…), …",
      "write calls of them",
    ),
  ),
} satisfies Fields<TenancyInput>);
/** A tenancy, read. */
export type Tenancy = z.output<typeof tenancySchema>;

/** Stands in for facts that are wrong, so that the rest of a site can still be checked. */
export const tenancyFallback = {
  environment: "production",
  owner: "?",
  quota: { vcpus: 1e6, ram: gib(1e9), gigabytes: gib(1e9), floatingIps: 1e6 },
  network: { cidr: "10.255.0.0/16" },
  state: { kind: "s3", bucket: "unknown", region: "?" },
  runs: [],
};
