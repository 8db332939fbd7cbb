import { createHash } from "node:crypto";
import { serviceDns } from "../../model/certificates";
import { type Flow, type HostEntry, isOurs, type Ours, type PlaceEntry, publicAddressOf } from "../../model/entries";
import type { Registers } from "../../model/registers";

/** What a forward proxy lets through: from some hosts, to one name or network, on a port. */
export interface Pass {
  /** `every-host`, or a role. */
  readonly role: string;
  readonly from: readonly string[];
  /** A host name, or a network. */
  readonly to: string;
  readonly isName: boolean;
  readonly port: number;
  readonly why: readonly string[];
}

/** What flows send through a host, each once, in the order of port and name. */
export function passesOf(host: HostEntry, place: PlaceEntry, { flows, places }: Registers): readonly Pass[] {
  const passes = new Map<string, Pass>();
  for (const flow of flows) {
    const { from, proxy, why } = flow;
    if (!proxy?.party.hosts.some(({ id }) => id === host.id) || !isOurs(from)) continue;
    for (const target of targetsOf(flow, places)) {
      const key = `${from.group.role} ${target.to} ${target.port}`;
      const reasons = [...new Set([...(passes.get(key)?.why ?? []), why])].sort();
      passes.set(key, { ...target, ...senders(from, place), why: reasons });
    }
  }
  return [...passes.values()].sort((a, b) => a.port - b.port || order(a.to, b.to) || order(a.role, b.role));
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const senders = ({ group, hosts }: Ours, place: PlaceEntry): Pick<Pass, "role" | "from"> =>
  group.role === "baseline"
    ? { role: "every-host", from: [place.tenancy.network.cidr] }
    : { role: group.role, from: hosts.map(({ address }) => address) };

/** Of a service in another tenancy its own name, which its certificate bears, and each address by which it is met. */
function targetsOf(
  { to, relay, names, traffic, service }: Flow,
  places: readonly PlaceEntry[],
): readonly Pick<Pass, "to" | "isName" | "port">[] {
  const ports = (of: { readonly from: number; readonly to: number }): readonly number[] =>
    Array.from({ length: of.to - of.from + 1 }, (_, i) => of.from + i);
  const each = (names: readonly string[], isName: boolean, at = traffic) =>
    names.flatMap((name) => ports(at).map((port) => ({ to: name, isName, port })));
  if (names) return each(names, true);
  if (isOurs(to)) {
    const met = relay?.party.hosts ?? to.hosts;
    const there = places.find(({ id }) => id === to.group.place);
    const at = relay?.traffic ?? traffic;
    const named = there && service !== undefined ? [serviceDns(there, service)] : [];
    const addresses = met.flatMap((host) => publicAddressOf(host) ?? []);
    return [...each([...named, ...met.map(({ dns }) => dns)], true, at), ...each(addresses, false, at)];
  }
  return each(
    to.addresses.flatMap((address) => ("known" in address ? [address.known] : [])),
    false,
  );
}

export interface SquidProps {
  readonly header: string;
  /** The name by which it speaks of itself in errors. */
  readonly host: string;
  /** `10.20.0.11:3128` */
  readonly listen: string;
  readonly passes: readonly Pass[];
}

/**
 * A name that resolves to one of these is no host of the internet: somebody wants in.
 * @see RFC 6890, special-purpose addresses
 */
const inside = [
  ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"],
  ...["224.0.0.0/4", "240.0.0.0/4", "::1/128", "fc00::/7", "fe80::/10", "ff00::/8"],
];

/**
 * An allow list and nothing else: names by plain HTTP at port 80, everything else as a tunnel. It keeps no copies.
 * Addresses of a name are asked for last, and only of one that is allowed: a resolver would carry out what else is asked.
 * @see squid.conf.documented, http_access: the first line that holds decides; acl: `-n` asks no resolver
 */
export const squidConfig = ({ header, host, listen, passes }: SquidProps): string =>
  [
    header,
    `http_port ${listen}`,
    `visible_hostname ${host}`,
    "cache deny all",
    "forwarded_for delete",
    "shutdown_lifetime 5 seconds",
    "access_log stdio:/var/log/squid/access.log",
    "coredump_dir /var/spool/squid",
    "",
    "acl CONNECT method CONNECT",
    `acl inside dst ${inside.join(" ")}`,
    ...sources(passes),
    ...unique(passes.map(({ port }) => `acl port-${port} port ${port}`)),
    ...unique(passes.map(({ to, isName }) => `acl ${nameOf(to)} ${isName ? "dstdomain -n" : "dst -n"} ${to}`)),
    "",
    ...passes.flatMap(({ role, to, isName, port, why }) => [
      `# ${why.join("; ")}`,
      `http_access allow from-${role} ${nameOf(to)} port-${port} ${port === 80 ? "!CONNECT" : "CONNECT"}${isName ? " !inside" : ""}`,
    ]),
    "http_access deny all",
    "",
  ].join("\n");

const sources = (passes: readonly Pass[]): readonly string[] =>
  unique(passes.map(({ role, from }) => `acl from-${role} src ${from.join(" ")}`));

/** By what it says, so that one more renames no other. Squid takes names of 63 characters. */
const nameOf = (to: string): string => {
  const name = `to-${to.replace("/", "-")}`;
  return name.length < 64 ? name : `to-${createHash("sha256").update(to).digest("hex").slice(0, 16)}`;
};

const unique = (lines: readonly string[]): readonly string[] => [...new Set(lines)];
