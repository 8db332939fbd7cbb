import { serviceDns } from "../../model/certificates";
import { type Flow, type HostEntry, isOurs, type PlaceEntry, publicAddressOf } from "../../model/entries";
import type { HostFile } from "../../model/host-file";
import type { Registers } from "../../model/registers";
import { speaksTls } from "../../model/site/need";
import { header } from "./header";
import { lines } from "./lines";

/** Names of services that show a certificate, wherever flows of the host lead to one: no DNS has to know them. */
export const namesOf = (host: HostEntry, place: PlaceEntry, registers: Registers): readonly HostFile[] => [
  {
    path: "/etc/hosts",
    role: "dns",
    // Squid asks it for names that others of the tenancy want to reach.
    ...(host.roles.includes("proxy") ? { reloads: "squid.service" } : {}),
    text: lines(header(host, place), "127.0.0.1 localhost", ...entriesOf(host, place, registers)),
  },
  {
    // Debian's images have it written anew at each boot. @see cloud-init, module reference: update etc hosts
    path: "/etc/cloud/cloud.cfg.d/90-platform.cfg",
    role: "dns",
    text: lines(header(host, place), "manage_etc_hosts: false"),
  },
];

/** An address a line, the host itself first. The first name of an address is that of the host which has it. */
function entriesOf(host: HostEntry, place: PlaceEntry, { flows, places }: Registers): readonly string[] {
  const names = new Map<string, Set<string>>([[host.address, new Set([host.dns, host.name])]]);
  for (const flow of flows) {
    const there = isOurs(flow.to) && places.find(({ id }) => isOurs(flow.to) && id === flow.to.group.place);
    if (!there || flow.service === undefined || !speaksTls(flow.auth) || flow.inCluster || !asksFrom(host, place, flow))
      continue;
    for (const [address, name] of metAt(flow, place))
      names.set(address, new Set([...(names.get(address) ?? [name]), serviceDns(there, flow.service)]));
  }
  return [...names].map(([address, all]) => [address, ...all].join(" "));
}

/** Whether a host has to know where a flow leads: it begins there, or goes through its forward proxy. Pods ask their cluster. */
const asksFrom = (host: HostEntry, place: PlaceEntry, { from, proxy }: Flow): boolean =>
  proxy
    ? proxy.party.hosts.some(({ id }) => id === host.id)
    : isOurs(from) &&
      !from.pods &&
      from.group.place === place.id &&
      (from.group.role === "baseline" || host.roles.includes(from.group.role));

/** Where a flow of a tenancy leads: inside it private addresses of all who serve; from elsewhere the public ones that are known. */
export function metAt(
  { to, relay, balancer }: Flow,
  place: PlaceEntry,
): readonly (readonly [address: string, name: string])[] {
  if (!isOurs(to)) return [];
  if (to.group.place !== place.id)
    return (relay?.party.hosts ?? to.hosts).flatMap((host) => {
      const address = publicAddressOf(host);
      return address === undefined ? [] : [[address, host.dns] as const];
    });
  if (balancer) return [[balancer.address, balancer.name]];
  return to.hosts.filter(({ waits }) => !waits).map(({ address, dns }) => [address, dns]);
}
