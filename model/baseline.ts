import { type FlowNeed, type Service, tcp, udp } from "./site/need";

/** The role of every host, and the security group of all. */
export const everyHost = { every: "host" } as const;

/** What every host offers to its own tenancy. */
export const baselineServices: readonly Service[] = [
  { service: "ssh", on: everyHost, traffic: tcp(22), auth: "ssh-certificate" },
  { service: "host-metrics", on: everyHost, traffic: tcp(9100), auth: "none" },
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
