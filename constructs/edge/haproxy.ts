import { type Address, type Flow, type HostEntry, isOurs } from "../../model/entries";
import type { Registers } from "../../model/registers";
import { route } from "../../model/route";
import { type Auth, type Health, shown, type Traffic } from "../../model/site/need";
import { relayMetricsPort } from "./signals";

/** What a host relays into its tenancy: a port of its own, and who answers behind it. */
export interface Relay {
  /** `tcp-3141`. */
  readonly name: string;
  readonly traffic: Traffic;
  /** Where it goes on to: all that can serve are equal. Who waits to be promoted is none of them. */
  readonly targets: readonly { readonly name: string; readonly address: string }[];
  readonly port: number;
  readonly health: Health | undefined;
  /** Whether who answers is told who connects. */
  readonly proxyProtocol: boolean;
  /** How those behind it know who speaks: of an ingress, several. */
  readonly auths: readonly (Auth | "theirs")[];
  readonly from: readonly Address[];
  readonly why: readonly string[];
}

/** The relays that flows need at a host, in the order of their ports. The model gave each a port of its own. */
export function relaysOf(host: HostEntry, { flows }: Registers): readonly Relay[] {
  const relays = new Map<string, Relay>();
  for (const flow of flows) {
    const { relay, to, balancer, traffic, health, proxyProtocol = false, auth, why } = flow;
    if (!relay?.party.hosts.some(({ id }) => id === host.id) || !isOurs(to)) continue;
    const name = shown(relay.traffic);
    const before = relays.get(name);
    const from = new Map([...(before?.from ?? []), ...clientsOf(flow)].map((address) => [address.name, address]));
    relays.set(name, {
      name,
      traffic: relay.traffic,
      targets: balancer
        ? [{ name: balancer.name, address: balancer.address }]
        : to.hosts.filter(({ waits }) => !waits).map(({ name, address }) => ({ name, address })),
      port: traffic.from,
      health,
      proxyProtocol,
      auths: [...new Set([...(before?.auths ?? []), auth])].sort(),
      from: [...from.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
      why: [...new Set([...(before?.why ?? []), why])].sort(),
    });
  }
  return [...relays.values()].sort((a, b) => a.traffic.from - b.traffic.from);
}

/** Who comes to the relay, as it sees them. */
const clientsOf = (flow: Flow): readonly Address[] =>
  route(flow).flatMap(({ open, direction, peer }) =>
    direction === "in" && "group" in open && open.group.role === flow.relay?.party.group.role && "addresses" in peer
      ? peer.addresses
      : [],
  );

export interface HaproxyProps {
  readonly header: string;
  /** What it listens on. */
  readonly address: string;
  readonly relays: readonly Relay[];
}

/**
 * Connections that one address may begin in ten seconds. A whole supercomputer may stand behind one: each task of a suite
 * reports a handful of times, and a front end asks every minute.
 */
const most = 2000;

/**
 * Passes TCP on as it is: TLS, passwords and client certificates are between the two ends, and the relay sees none of them.
 * How many connections there may be follows from how many files the unit may open. The addresses are those of the security groups once more, so that a group opened by hand opens nothing.
 * Health is asked without holding anybody's certificate against a CA: nothing secret is asked, and what clients get is between
 * them and the service.
 * @see HAProxy Configuration Manual, "tcp-request connection", "stick-table", "option httpchk", "check-ssl", "send-proxy-v2"
 */
export const haproxyConfig = ({ header, address, relays }: HaproxyProps): string =>
  [
    header,
    "global",
    "  user haproxy",
    "  group haproxy",
    "  log stdout format raw local0",
    "",
    "defaults",
    "  mode tcp",
    "  log global",
    "  option tcplog",
    "  option dontlognull",
    "  option clitcpka",
    "  option srvtcpka",
    "  timeout connect 5s",
    "  timeout client 1h",
    "  timeout server 1h",
    "",
    ...metrics(address),
    ...relays.flatMap((relay) => ["", ...relayLines(relay, address)]),
    "",
  ].join("\n");

/** Who may ask is said by the security group: collectors of the tenancy. @see HAProxy Configuration Manual, "http-request use-service" */
const metrics = (address: string): readonly string[] => [
  "frontend metrics",
  "  mode http",
  "  option dontlog-normal",
  `  bind ${address}:${relayMetricsPort}`,
  "  http-request use-service prometheus-exporter if { path /metrics }",
  "  http-request deny",
];

function relayLines(
  { name, traffic, targets, port, health, proxyProtocol, auths, from, why }: Relay,
  address: string,
): readonly string[] {
  const known = from.flatMap((each) => ("known" in each ? [each.known] : []));
  const awaited = from.flatMap((each) => ("awaited" in each ? [each.name] : []));
  const about = [
    ...why.map((reason) => `# ${reason}`),
    `# authentication: ${auths.join(", ")}, by the service itself`,
    ...(awaited.length > 0 ? [`# not known yet: ${awaited.join(", ")}`] : []),
  ];
  const isRange = traffic.from !== traffic.to;
  return [
    ...about,
    `frontend ${name}`,
    `  bind ${address}:${isRange ? `${traffic.from}-${traffic.to}` : traffic.from}`,
    // A list of nobody would be a list of all.
    ...(known.length > 0
      ? [`  acl known src ${known.join(" ")}`, "  tcp-request connection reject if !known"]
      : ["  tcp-request connection reject"]),
    "  stick-table type ip size 100k expire 1m store conn_rate(10s)",
    "  tcp-request connection track-sc0 src",
    `  tcp-request connection reject if { sc_conn_rate(0) gt ${most} }`,
    `  default_backend ${name}`,
    `backend ${name}`,
    ...(health
      ? ["  option httpchk", `  http-check send meth GET uri ${health.http}`, "  http-check expect status 200"]
      : []),
    ...targets.map(
      (target) =>
        `  server ${target.name} ${target.address}${isRange ? "" : `:${port}`}${proxyProtocol ? " send-proxy-v2" : ""} check${isRange ? ` port ${port}` : ""}${health?.tls ? " check-ssl verify none" : ""}`,
    ),
  ];
}
