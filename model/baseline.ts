import { type FlowNeed, type Service, tcp, udp } from "./site/need";
import type { Recording, StatedScrape } from "./site/telemetry";
import { minutes } from "./words/quantity";

/** The role of every host, and the security group of all. */
export const everyHost = { every: "host" } as const;

/** What every host offers to its own tenancy. */
export const baselineServices: readonly Service[] = [
  { service: "ssh", on: everyHost, traffic: tcp(22), auth: "ssh-certificate" },
  { service: "host-metrics", on: everyHost, traffic: tcp(9100), auth: "none" },
];

/** Those that hold something, and can be full. */
const realFileSystems = 'fstype=~"ext4|xfs|vfat|btrfs"';

/**
 * What is asked of every host. Of what the exporter of hosts tells, these are used; what `platform-expiry` tells beside them are signals.
 * @see prometheus-node-exporter(1)
 */
export const baselineScrapes: readonly StatedScrape[] = [
  {
    scrape: "host",
    service: "host-metrics",
    active: false,
    path: "/metrics",
    every: minutes(1),
    metrics: [
      { metric: "node_cpu_seconds_total", what: "time of each processor, by what it did", labels: ["cpu", "mode"] },
      { metric: "node_load1", what: "what runs or waits to, of the last minute", labels: [] },
      { metric: "node_memory_MemAvailable_bytes", what: "memory that programs could still have", labels: [] },
      { metric: "node_memory_MemTotal_bytes", what: "memory of the host", labels: [] },
      { metric: "node_filesystem_avail_bytes", what: "room left in a file system", labels: ["mountpoint", "fstype"] },
      { metric: "node_filesystem_size_bytes", what: "size of a file system", labels: ["mountpoint", "fstype"] },
      { metric: "node_network_receive_bytes_total", what: "what came in", labels: ["device"] },
      { metric: "node_network_transmit_bytes_total", what: "what went out", labels: ["device"] },
      { metric: "node_disk_io_time_seconds_total", what: "time in which a disk was busy", labels: ["device"] },
      { metric: "node_boot_time_seconds", what: "when it booted", labels: [] },
      { metric: "node_timex_offset_seconds", what: "how far its clock is off", labels: [] },
      { metric: "node_systemd_unit_state", what: "1 in the state that a unit is in", labels: ["name", "state"] },
    ],
  },
];

/** What is computed of that, for all hosts of all sites. */
export const baselineRecordings: readonly Recording[] = [
  {
    recording: "platform_filesystem_free_ratio",
    expr: `node_filesystem_avail_bytes{${realFileSystems}} / node_filesystem_size_bytes{${realFileSystems}}`,
    what: "the share of a file system that is left",
    example: {
      given: {
        'node_filesystem_avail_bytes{host="a",mountpoint="/",fstype="ext4"}': 25,
        'node_filesystem_size_bytes{host="a",mountpoint="/",fstype="ext4"}': 100,
        'node_filesystem_avail_bytes{host="a",mountpoint="/run",fstype="tmpfs"}': 1,
        'node_filesystem_size_bytes{host="a",mountpoint="/run",fstype="tmpfs"}': 100,
      },
      gives: { 'platform_filesystem_free_ratio{host="a",mountpoint="/",fstype="ext4"}': 0.25 },
    },
  },
  {
    recording: "platform_memory_available_ratio",
    expr: "node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes",
    what: "the share of memory that programs could still have",
    example: {
      given: { 'node_memory_MemAvailable_bytes{host="a"}': 1, 'node_memory_MemTotal_bytes{host="a"}': 4 },
      gives: { 'platform_memory_available_ratio{host="a"}': 0.25 },
    },
  },
  {
    recording: "platform_unit_failed",
    expr: 'max without (state, type) (node_systemd_unit_state{state="failed"})',
    what: "1 where a unit of systemd has failed",
    example: {
      given: {
        'node_systemd_unit_state{host="a",name="x.service",state="failed",type="simple"}': 1,
        'node_systemd_unit_state{host="a",name="x.service",state="active",type="simple"}': 0,
      },
      gives: { 'platform_unit_failed{host="a",name="x.service"}': 1 },
    },
  },
];

const flow = (why: string, to: FlowNeed["to"], traffic?: FlowNeed["traffic"]): FlowNeed => ({
  need: "flow",
  from: everyHost,
  to,
  ...(traffic ? { traffic } : {}),
  why,
});

/**
 * Where hosts get their packages: without TLS, since apt trusts signatures and the proxy has to see names.
 * @see sources.list(5); the sources of Debian's cloud images
 */
export const packageSources = [
  { url: "http://deb.debian.org/debian", suites: ["bookworm", "bookworm-updates"] },
  { url: "http://security.debian.org/debian-security", suites: ["bookworm-security"] },
] as const;

/** What every host needs to boot and to be reached, since OpenStack's default rules are deleted. */
export const baselineNeeds: readonly FlowNeed[] = [
  // Neutron's own drivers let DHCP pass before any rule; other network backends need it said.
  flow("hosts learn their address", { outside: "dhcp" }, udp(67)),
  flow("cloud-init asks for instance data", { outside: "metadata" }, tcp(80)),
  flow("hosts resolve names", { outside: "resolvers" }, udp(53)),
  flow("long answers to name queries come over TCP", { outside: "resolvers" }, tcp(53)),
  flow("hosts set their clock", { outside: "ntp" }, udp(123)),
  {
    ...flow("packages come through the proxy", { outside: "internet" }, tcp(80)),
    through: "forward-proxy",
    names: packageSources.map(({ url }) => new URL(url).hostname),
    remedy: "add proxy()",
  },
  {
    need: "flow",
    from: { role: "bastion" },
    to: { service: "ssh" },
    why: "people and Ansible reach hosts through the bastion alone",
    remedy: "add bastion()",
  },
];
