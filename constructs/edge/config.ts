import { type Flow, type HostEntry, isOurs, type PlaceEntry } from "../../model/entries";
import type { HostFile } from "../../model/host-file";
import type { Registers } from "../../model/registers";
import { offsetIn, only } from "../../model/words/address";
import { header } from "../hosts/header";
import { sshdConfig } from "../hosts/sshd";
import { haproxyConfig, relaysOf } from "./haproxy";
import { passesOf, squidConfig } from "./squid";

/** What bastion and proxy have beside what every host has. */
export function filesOf(host: HostEntry, place: PlaceEntry, registers: Registers): readonly HostFile[] {
  const relays = relaysOf(host, registers);
  const port = place.services.find(({ said }) => said.service === "forward-proxy")?.said.traffic.from;
  return [
    ...(host.roles.includes("bastion")
      ? [
          {
            path: "/etc/ssh/sshd_config",
            role: "bastion" as const,
            reloads: "ssh.service",
            text: sshdConfig({
              header: header(host, place),
              certified: place.agents.length > 0,
              opens: opensOf(place, registers),
            }),
          },
        ]
      : []),
    ...(host.roles.includes("proxy") && port !== undefined
      ? [
          {
            path: "/etc/squid/squid.conf",
            role: "proxy" as const,
            reloads: "squid.service",
            text: squidConfig({
              header: header(host, place),
              host: host.dns,
              listen: `${host.address}:${port}`,
              passes: passesOf(host, place, registers),
            }),
          },
          {
            // Debian's unit lets it lie, as it ends by itself: at a fatal error, or when memory runs out.
            path: "/etc/systemd/system/squid.service.d/platform.conf",
            role: "proxy" as const,
            reloads: "squid.service",
            text: [header(host, place), "[Service]", "Restart=on-failure", "RestartSec=2", ""].join("\n"),
          },
        ]
      : []),
    ...(relays.length > 0 || host.roles.includes("proxy")
      ? [
          {
            path: "/etc/haproxy/haproxy.cfg",
            role: "proxy" as const,
            reloads: "haproxy.service",
            text: haproxyConfig({ header: header(host, place), address: host.address, relays }),
          },
        ]
      : []),
  ];
}

/** Where the flows of a tenancy let its bastion connect to inside it, `10.20.4.60:22`; nothing else is passed on. */
function opensOf(place: PlaceEntry, { flows }: Registers): readonly string[] {
  const begun = flows.filter(
    ({ from }) => isOurs(from) && from.group.place === place.id && from.group.role === "bastion",
  );
  const targets = begun.flatMap((flow) => targetsOf(flow, place).map((address) => ({ address, port: portOf(flow) })));
  const distinct = new Map(targets.map((target) => [`${target.address}:${target.port}`, target]));
  return [...distinct]
    .sort(([, a], [, b]) => offsetIn(only(b.address), a.address) || a.port - b.port)
    .map(([target]) => target);
}

const portOf = ({ traffic }: Flow): number => traffic.from;

/** Addresses inside the tenancy; of a load balancer its own, and those that hosts of a role share. */
function targetsOf({ to, balancer }: Flow, place: PlaceEntry): readonly HostEntry["address"][] {
  if (balancer) return [balancer.address];
  if (!isOurs(to) || to.group.place !== place.id) return [];
  const shared = place.sharedAddresses.filter(({ role }) => role === to.group.role).map(({ address }) => address);
  return [...to.hosts.filter(({ roles }) => !roles.includes("bastion")).map(({ address }) => address), ...shared];
}
