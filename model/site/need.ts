import { z } from "zod";
import { nameOf } from "../words/name";
import { type Fields, flag, oneOf, text, whole, word } from "../words/parse";
import { isRecord } from "../words/record";
import { type CertificateNeed, certificateNeedSchema } from "./certificate";
import { isPlaceName, type PlaceName } from "./place-name";
import { type SecretNeed, secretNeedSchema } from "./secret";
import { type SignalNeed, signalSchema } from "./signal";

/** How a service knows who speaks to it; `none` and `tls` know nobody. */
export const auths = ["none", "tls", "ssh-certificate", "ssh-key", "mtls", "tls+password", "tls+token"] as const;
/** One of {@link auths}. */
export type Auth = (typeof auths)[number];

/** Whether who connects is shown a certificate, and holds its name against that. */
export const speaksTls = (auth: Auth | "theirs"): boolean => auth.startsWith("tls") || auth === "mtls";

/** Protocol and ports, both ends of the range included. */
export interface Traffic {
  readonly proto: "tcp" | "udp";
  readonly from: number;
  readonly to: number;
}

/** TCP to a port, or to a range of ports. */
export const tcp = (port: number, to = port): Traffic => ({ proto: "tcp", from: port, to });
/** UDP to a port, or to a range of ports. */
export const udp = (port: number, to = port): Traffic => ({ proto: "udp", from: port, to });

/** Whether they have a port in common. */
export const overlaps = (a: Traffic, b: Traffic): boolean => a.proto === b.proto && a.from <= b.to && b.from <= a.to;

/** Traffic as it stands in names and tables: `tcp-3141`, `udp-30000-30010`. */
export const shown = ({ proto, from, to }: Traffic): string =>
  from === to ? `${proto}-${from}` : `${proto}-${from}-${to}`;

/** Hosts of a tenancy: those with a role, or all. */
export type Hosts = { readonly role: string } | { readonly every: "host" };

/** Pods of the cluster of a tenancy: a workload of ours, or what a chart makes. */
export interface Pods {
  readonly workload: string;
}

/** Hosts of ours, or pods on them. */
export type OurSide = (Hosts | Pods) & {
  /** @default - the tenancy of the component */
  readonly at?: PlaceName;
};

/**
 * The other side: nodes of a supercomputer, or a network that a site names under `outside`. Every place also knows the
 * outsides `internet`, `dhcp`, `metadata`, `resolvers` and `ntp`.
 */
export type TheirSide =
  | { readonly supercomputer: string; readonly nodes: "compute" }
  | {
      readonly supercomputer: string;
      readonly nodes: "login";
      /** The account of our hosts that logs in, to which its key belongs. @default - what logs in is no account of theirs */
      readonly as?: string;
      /** Said of hosts that fetch files there, and have nothing run. @default - they have jobs run there */
      readonly submits?: false;
      /** The person as whom pods log in, one of `people` of the supercomputer. @default - as whom the environment computes */
      readonly person?: string;
      /** Whoever has it log in brings account and key, of which we know nothing. @default - they are ours */
      readonly account?: "theirs";
    }
  | { readonly outside: string };

/** Something that hosts or pods of ours listen on. Its port is written here and nowhere else. */
export interface Service {
  /** Unique in its tenancy. */
  readonly service: string;
  readonly on: Hosts | Pods;
  readonly traffic: Traffic;
  readonly auth: Auth;
  /**
   * How it is reached from outside its tenancy: at the public addresses of its hosts; at their own, from private networks that are `routed` to
   * the tenancy; through hosts of a relaying role that listen for it on a port of theirs (by default the same); or, of pods, through an ingress
   * that many services share.
   * @default - only from inside the tenancy
   */
  readonly entrance?: "own-address" | "routed" | Relayed | Entered;
  /**
   * Other names in full by which it is met through an ingress, `maps.example.org`: whoever keeps their zone leads them to the relay.
   * @default - it is met as `<service>.<tenancy>.<domain>` alone
   */
  readonly publicNames?: readonly string[];
  /** A load balancer of the tenancy, which clients inside it address instead of the hosts. @default - none */
  readonly balancer?: string;
  /** How a relay finds out which of its hosts can serve. @default - those that accept a connection */
  readonly health?: Health;
  /** Relays tell it who connects, by the PROXY protocol. @default false */
  readonly proxyProtocol?: boolean;
  /** The port on all nodes that leads to its pods, 30000 to 32767. @default - it is reached by other pods alone */
  readonly nodePort?: number;
  /** It makes and renews its certificates by itself, as Kubernetes does. @default - somebody needs one for it, if it speaks TLS */
  readonly ownTrust?: boolean;
}

/** A question by HTTP, which a host that can serve answers with 200. */
export interface Health {
  /** Path and query: `/v1/sys/health?standbyok=true`. */
  readonly http: string;
  /** Whether it is asked by TLS. @default false */
  readonly tls?: boolean;
}

/** How hosts of a relaying role listen for a service. */
export interface Relayed {
  readonly relay: string;
  /** @default - the service's own */
  readonly port?: number;
  /** The option of the component that sets the port. @default - none does */
  readonly option?: string;
}

/** Through an ingress of the tenancy, which is a service on pods: it tells by the name that clients ask for whom they want. */
export interface Entered {
  readonly ingress: string;
}

/** A service, by name. */
export interface ServiceName {
  readonly service: string;
  /** @default - the tenancy of the component */
  readonly at?: PlaceName;
}

/** What a component asks of others. An end that resolves to nothing is a problem of the description. */
export type Need = FlowNeed | SecretNeed | CertificateNeed | SignalNeed;

/** A connection that has to be possible. */
export interface FlowNeed {
  readonly need: "flow";
  readonly from: OurSide | TheirSide;
  readonly to: ServiceName | TheirSide;
  /** Where `to` is not ours, so that nobody else writes the port. */
  readonly traffic?: Traffic;
  /** A forward proxy of the tenancy by which it leaves: a service. @default - leaves directly */
  readonly through?: string;
  /**
   * Host names of the internet that the forward proxy lets through, `deb.debian.org`; nothing else is reached by it. They go
   * with `through` and `to: { outside: "internet" }`.
   */
  readonly names?: readonly string[];
  /** Past the load balancer of the service, to its hosts. @default false */
  readonly direct?: boolean;
  /** For reviewers and for whoever has to open the other half. */
  readonly why: string;
  /** The option of the component that asks for it, where a wrong name is corrected. @default - the component */
  readonly option?: string;
  /** What to do if nothing answers. @default - what the nearest name suggests */
  readonly remedy?: string;
  /** Its ends may belong to two environments. @default false */
  readonly acrossEnvironments?: boolean;
  /** Jobs report by it, where their supercomputer lets them: it is none where they report otherwise. @default false */
  readonly callback?: boolean;
}

const port = whole(1, 65535, "a port, 1 to 65535", "correct the port");

const trafficSchema = z
  .strictObject({ proto: oneOf(["tcp", "udp"]), from: port, to: port } satisfies Fields<Traffic>)
  .refine(({ from, to }) => from <= to, { params: { allowed: "ports with the lower first", fix: "exchange them" } });

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const isPlace = (value: unknown): boolean => value === undefined || isPlaceName(value);
const isHosts = (value: unknown): value is Hosts => isRecord(value) && (isText(value.role) || value.every === "host");
const isPods = (value: unknown): value is Pods => isRecord(value) && isText(value.workload);
const isOurSide = (value: unknown): value is OurSide =>
  (isHosts(value) || isPods(value)) && isPlace((value as OurSide).at);
const isTheirSide = (value: unknown): value is TheirSide =>
  isRecord(value) &&
  (isText(value.outside) || (isText(value.supercomputer) && (value.nodes === "compute" || isLogin(value))));
const isLogin = ({ nodes, as, submits, person, account }: Readonly<Record<string, unknown>>): boolean =>
  nodes === "login" &&
  (as === undefined || (typeof as === "string" && /^[a-z_][a-z0-9_-]{0,30}$/.test(as))) &&
  (submits === undefined || (submits === false && as !== undefined)) &&
  (person === undefined || (isText(person) && as === undefined)) &&
  (account === undefined || (account === "theirs" && as === undefined && person === undefined));
const isServiceName = (value: unknown): value is ServiceName =>
  isRecord(value) && isText(value.service) && isPlace(value.at);

const ours = '{ role: "…" }, { every: "host" } or { workload: "…" }';
const theirs = '{ outside: "…" } or { supercomputer: "…", nodes: "login" or "compute" }';

/** A schema for a host of the internet. */
export const hostName = word(
  (v) =>
    typeof v === "string" && /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/.test(v)
      ? v
      : undefined,
  "a host name of the internet, in lower case and in full",
  "write it as deb.debian.org: no URL, no port, no wildcard",
);

const healthSchema = z.strictObject({
  http: word(
    (v) => (typeof v === "string" && /^\/[\w./~%?&=+-]*$/.test(v) ? v : undefined),
    "path and query of a URL, /v1/sys/health?standbyok=true",
    "write it from the first slash on",
  ),
  tls: flag.exactOptional(),
} satisfies Fields<Health>);

export const serviceSchema = z.strictObject({
  service: nameOf("rename it"),
  on: word(
    (v) => ((isHosts(v) || isPods(v)) && !("at" in v) ? v : undefined),
    `${ours}, of its own tenancy`,
    "write one of them",
  ),
  traffic: trafficSchema,
  auth: oneOf(auths),
  entrance: word(
    readEntrance,
    '"own-address", "routed", { relay: "…" } or { ingress: "…" }',
    "write one of them, or leave it out",
  ).exactOptional(),
  publicNames: z.array(hostName).min(1).exactOptional(),
  balancer: text("the name of a load balancer").exactOptional(),
  health: healthSchema.exactOptional(),
  proxyProtocol: flag.exactOptional(),
  nodePort: whole(30000, 32767, "a port of nodes, 30000 to 32767", "choose a free one").exactOptional(),
  ownTrust: flag.exactOptional(),
} satisfies Fields<Service>);

function readEntrance(value: unknown): Service["entrance"] {
  if (value === "own-address" || value === "routed") return value;
  if (!isRecord(value) || isText(value.relay) === isText(value.ingress)) return undefined;
  return isText(value.relay) ? { relay: value.relay, ...relayPort(value) } : { ingress: `${value.ingress}` };
}

const relayPort = ({ port: at, option }: Readonly<Record<string, unknown>>): Partial<Relayed> => ({
  ...(typeof at === "number" ? { port: at } : {}),
  ...(typeof option === "string" ? { option } : {}),
});

const flowNeedSchema = z.strictObject({
  need: z.literal("flow"),
  from: word((v) => (isOurSide(v) || isTheirSide(v) ? v : undefined), `${ours}, ${theirs}`, "write one of them"),
  to: word(
    (v) => (isServiceName(v) || isTheirSide(v) ? v : undefined),
    `{ service: "…" }, ${theirs}`,
    "write one of them",
  ),
  traffic: trafficSchema.exactOptional(),
  through: text("the name of a forward proxy's service").exactOptional(),
  names: z.array(hostName).min(1).exactOptional(),
  direct: flag.exactOptional(),
  why: text("a reason for the flow, for reviewers and for whoever opens its other half"),
  option: text("an option of the component").exactOptional(),
  remedy: text("what to do").exactOptional(),
  acrossEnvironments: flag.exactOptional(),
  callback: flag.exactOptional(),
} satisfies Fields<FlowNeed>);

export const needSchema = z
  .discriminatedUnion("need", [flowNeedSchema, secretNeedSchema, certificateNeedSchema, signalSchema])
  .meta({ written: 'a need: "flow", "secret", "certificate" or "signal"' });

/** The ingress by which a service is entered, if it is. */
export const ingressOf = ({ entrance }: Pick<Service, "entrance">): string | undefined =>
  typeof entrance === "object" && "ingress" in entrance ? entrance.ingress : undefined;

/** Whether hosts of a role listen for a service. */
export const isServedBy = ({ on }: Pick<Service, "on">, role: string): boolean =>
  "every" in on || ("role" in on && on.role === role);
