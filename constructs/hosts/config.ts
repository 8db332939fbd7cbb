import { packageSources } from "../../model/baseline";
import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { HostFile } from "../../model/host-file";
import { upkeepOf } from "../../model/hours";
import type { Registers } from "../../model/registers";
import { forwardProxyOf } from "../edge/forward-proxy";
import { header } from "./header";
import { lines } from "./lines";
import { loginsOf } from "./logins";
import { namesOf } from "./names";
import { rootsOf } from "./roots";

/** What every host has: logins, clock, names, packages, its volumes. */
export const filesOf = (host: HostEntry, place: PlaceEntry, registers: Registers): readonly HostFile[] => [
  ...loginsOf(host, place),
  ...rootsOf(place),
  sysctl(host, place),
  chrony(host, place),
  resolved(host, place),
  ...namesOf(host, place, registers),
  ...packages(host, place),
  ...volumes(host, place),
];

/**
 * For each interface, since `all` alone does not turn off what an interface has on; systemd sets it for those that come later.
 * @see kernel, Documentation/networking/ip-sysctl; sysctl.d(5): a star; kernel.*: *untried*, the sandbox's hosts cannot set it
 */
const sysctl = (host: HostEntry, place: PlaceEntry): HostFile => ({
  path: "/etc/sysctl.d/60-platform.conf",
  role: "base",
  text: lines(
    header(host, place),
    "net.ipv4.conf.*.accept_redirects = 0",
    "net.ipv4.conf.*.accept_source_route = 0",
    "net.ipv4.conf.*.send_redirects = 0",
    "net.ipv4.conf.*.log_martians = 1",
    "net.ipv4.tcp_syncookies = 1",
    "# A leading dash: what cannot be set is passed over.",
    "-kernel.dmesg_restrict = 1",
    "-kernel.kptr_restrict = 2",
  ),
});

/** A client of the site's clocks, and of nobody. @see chrony.conf(5) */
const chrony = (host: HostEntry, place: PlaceEntry): HostFile => ({
  path: "/etc/chrony/chrony.conf",
  role: "time",
  restarts: "chrony.service",
  text: lines(
    header(host, place),
    ...place.site.cloud.ntp.map((address) => `server ${address} iburst`),
    "driftfile /var/lib/chrony/chrony.drift",
    "makestep 1 3",
    "rtcsync",
    "port 0",
    "cmdport 0",
  ),
});

/** The site's resolvers and no others. @see resolved.conf(5): an empty value takes back what earlier files said */
const resolved = (host: HostEntry, place: PlaceEntry): HostFile => ({
  path: "/etc/systemd/resolved.conf.d/10-platform.conf",
  role: "dns",
  restarts: "systemd-resolved.service",
  text: lines(
    header(host, place),
    "[Resolve]",
    "DNS=",
    `DNS=${place.site.cloud.resolvers.join(" ")}`,
    "FallbackDNS=",
    "LLMNR=no",
    "MulticastDNS=no",
  ),
});

/** Packages come by the forward proxy of the tenancy; its own host asks by itself. @see apt.conf(5) */
function packages(host: HostEntry, place: PlaceEntry): readonly HostFile[] {
  const proxy = forwardProxyOf(place);
  if (proxy === undefined) return [];
  const by = host.roles.includes("proxy") ? "DIRECT" : `${proxy}/`;
  return [
    {
      path: "/etc/apt/apt.conf.d/10-platform-proxy",
      role: "packages",
      text: lines(header(host, place, "//"), `Acquire::http::Proxy "${by}";`, `Acquire::https::Proxy "${by}";`),
    },
    {
      path: "/etc/apt/sources.list.d/platform.sources",
      role: "packages",
      text: lines(header(host, place), packageSources.map(stanza).join("\n\n")),
    },
    {
      path: "/etc/apt/apt.conf.d/60-platform-upgrades",
      role: "packages",
      text: lines(
        header(host, place, "//"),
        'APT::Periodic::Update-Package-Lists "1";',
        'APT::Periodic::Unattended-Upgrade "1";',
        "// When a server may restart is told by the calendar of the tenancy.",
        'Unattended-Upgrade::Automatic-Reboot "false";',
      ),
    },
    ...timers(host, place),
  ];
}

/** @see sources.list(5), deb822 style */
const stanza = ({ url, suites }: (typeof packageSources)[number]): string =>
  [
    "Types: deb",
    `URIs: ${url}`,
    `Suites: ${suites.join(" ")}`,
    "Components: main",
    "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg",
  ].join("\n");

/** Upgrades restart what they upgrade, so they come when no forecast runs. @see systemd.timer(5): an empty OnCalendar takes back */
function timers(host: HostEntry, place: PlaceEntry): readonly HostFile[] {
  const { lists: fetched, upgrades, minutes } = upkeepOf(place.tenancy);
  return [
    { unit: "apt-daily.timer", at: fetched },
    { unit: "apt-daily-upgrade.timer", at: upgrades },
  ].map(({ unit, at }) => ({
    path: `/etc/systemd/system/${unit}.d/platform.conf`,
    role: "packages",
    reloads: unit,
    text: lines(
      header(host, place),
      "[Timer]",
      "OnCalendar=",
      `OnCalendar=*-*-* ${at}:00 UTC`,
      `RandomizedDelaySec=${minutes}min`,
      "# What was missed waits for the next day: a host may boot while the forecast runs.",
      "Persistent=false",
    ),
  }));
}

/** What `platform-volumes` of the role `volumes` makes of disks. */
const volumes = (host: HostEntry, place: PlaceEntry): readonly HostFile[] =>
  host.volumes.length === 0
    ? []
    : [
        {
          path: "/etc/platform/volumes",
          role: "volumes",
          text: lines(
            header(host, place),
            "# label  GiB  mount point",
            ...host.volumes.map(({ name, size }) => `${name} ${size.gib} /srv/${name}`),
          ),
        },
      ];
