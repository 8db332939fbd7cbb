import { type Gathered, gather } from "../../model/gather";
import type { Component, Place } from "../../model/site/component";
import type { Layout } from "../../model/site/layout";
import { type OurSide, shown, type TheirSide } from "../../model/site/need";
import type { Description } from "../../model/site/specs";
import type { TenancyInput } from "../../model/site/tenancy";
import {
  allocated,
  gib,
  gpu,
  network,
  openstack,
  registeredKey,
  s3,
  service,
  shared,
  site,
  slurm,
  tib,
  vm,
} from "../../model/vocabulary";
import { isRecord } from "../../model/words/record";

/** How an FDB may lay fields out. */
export const layout: Layout = {
  rules: [
    {
      dataset: { class: { is: ["d1"] }, date: {} },
      collocation: { levtype: {} },
      element: { levelist: { optional: true }, param: {} },
    },
  ],
};

/** A component that says just this. */
export const saying = (description: Description, kind = "thing"): Component => ({
  kind,
  name: kind,
  problems: [],
  describe: () => (isSilent(description) ? { ...description, unobserved: "a thing of a test" } : description),
});

const isSilent = ({ hosts, workloads, releases, needs = [], scrapes, logs, unobserved }: Description): boolean =>
  unobserved === undefined &&
  (hosts ?? workloads ?? releases) !== undefined &&
  (scrapes ?? logs) === undefined &&
  needs.every(({ need }) => need !== "signal");

/** A sound tenancy to which a test adds what it is about. */
export const tenancy = (is: Partial<TenancyInput> = {}): TenancyInput => ({
  environment: "production",
  owner: "team",
  quota: {
    vcpus: 1000,
    ram: gib(4000),
    gigabytes: tib(1000),
    floatingIps: 10,
    instances: 100,
    volumes: 100,
    securityGroups: 100,
    securityGroupRules: 1000,
  },
  network: { cidr: "10.20.0.0/20" },
  public: { bastion: allocated, proxy: allocated },
  state: s3({ bucket: "state", region: "here" }),
  runs: [],
  ...is,
});

/** A sound site with one tenancy, `north.production`. */
export const north = (tenancies: Record<string, TenancyInput>, is: Partial<Parameters<typeof site>[1]> = {}) =>
  site("north", {
    operator: "NORTH",
    country: "FI",
    dns: "north.example.org",
    outside: { operators: network("192.0.2.0/28"), "front-ends": network("192.0.2.64/28") },
    cloud: openstack({
      external: "external",
      has: ["octavia", "swift", "designate"],
      resolvers: ["9.9.9.9"],
      ntp: ["192.53.103.108"],
      images: { debian12: "deb12000-0000-4000-8000-000000000001" },
      flavors: { small: vm("s", 2, gib(4)), medium: vm("m", 4, gib(16)), large: vm("l", 16, gib(64)) },
    }),
    supercomputer: slurm("polaris", {
      host: "polaris.example.org",
      login: shared("198.51.100.1", "198.51.100.2"),
      hostKeys: [`SHA256:${"A".repeat(43)}`],
      nat: shared("198.51.100.64/26"),
      internet: { login: true, compute: true },
      auth: registeredKey("hpc/polaris"),
      accounts: {
        production: { ...service("svc", "project"), work: "/scratch/project" },
        test: { ...service("svc-test", "project"), work: "/scratch/project-test" },
      },
      partitions: { standard: gpu("gfx90a", 8, { cores: 64 }) },
    }),
    tenancies,
    ...is,
  });

/** That of `north`, if it gave volumes to pods. */
export const givingVolumes = {
  ...north({}).cloud,
  has: ["octavia", "swift", "designate", "cinder"] as const,
  api: ["https://identity.example.org:5000/v3", "https://compute.example.org", "https://volumes.example.org"],
};

/** A sound site without a supercomputer and without optional services, `south.production`. */
export const south = (tenancies: Record<string, TenancyInput>) =>
  site("south", {
    operator: "SOUTH",
    country: "IT",
    dns: "south.example.org",
    cloud: openstack({
      external: "external",
      resolvers: ["9.9.9.9"],
      ntp: ["192.53.103.108"],
      images: { debian12: "deb12000-0000-4000-8000-000000000002" },
      flavors: { small: vm("s", 2, gib(4)), medium: vm("m", 4, gib(16)), large: vm("l", 16, gib(64)) },
    }),
    tenancies,
  });

/** Locks in which every router and every allocated address of these places is known. */
export function learnedLocks(gathered: Gathered): Readonly<Record<string, unknown>> {
  const { places, sites } = gathered.registers;
  let next = 10;
  const address = () => `203.0.113.${next++}`;
  return Object.fromEntries(
    sites.map(({ name }) => [
      name,
      {
        version: 1,
        learned: Object.fromEntries(
          places
            .filter(({ site }) => site.name === name)
            .map((place) => [
              place.name,
              {
                router: address(),
                public: Object.fromEntries(
                  place.hosts.filter((host) => host.public?.how === "allocated").map((host) => [host.name, address()]),
                ),
              },
            ]),
        ),
      },
    ]),
  );
}

/** The platform once everything has been learned. */
export const learned = (sites: readonly unknown[]): Gathered => gather(sites, learnedLocks(gather(sites)));

/** Many share what somebody else has, but for networks whose addresses alone tell who speaks. */
const block = (key: string) => (key === "ecpds-movers" ? network : shared);

/** A site whose operators have answered: every `pending` is a network or an address of its own. */
export function answered(site: unknown): unknown {
  let next = 1;
  const answer = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => answer(item, key));
    if (!isRecord(value) || Object.getPrototypeOf(value) !== Object.prototype) return value;
    if (typeof value.pending === "string" && key === "agreement") return "agreed";
    if (typeof value.pending === "string" && key === "hostKeys") return [`SHA256:${"A".repeat(43)}`];
    if (typeof value.pending === "string")
      return key === "public" ? "allocated" : block(key)(`198.18.${[...value.pending].length}.${16 * next++}/28`);
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, answer(item, key === "public" ? key : name)]),
    );
  };
  return answer(site, "");
}

/** What a component says at `north.production`, and what it says is wrong with it. */
export function said(
  component: Component,
  facts: Partial<Place> = {},
): {
  readonly description: Description;
  readonly problems: readonly string[];
} {
  const { registers, problems } = gather([north({ production: tenancy() }), south({})]);
  const place = registers.places[0];
  if (!place || problems.length > 2) throw new Error("the platform of the tests is not sound");
  const { site, tenancy: is, name } = place;
  const description = component.describe({
    site: site.name,
    tenancy: name,
    environment: is.environment,
    cloud: site.cloud,
    identity: site.identity,
    network: is.network.cidr,
    supercomputer: site.supercomputer,
    ...facts,
  });
  return {
    description,
    problems: [...component.problems, ...(description.problems ?? [])].map(
      ({ path, value }) => `${path} ${JSON.stringify(value)}`,
    ),
  };
}

/** Hosts of a description as `name role,role subnet/slot flavor volume:size`. */
export const hostsOf = ({ hosts = [] }: Description): readonly string[] =>
  hosts.map(({ name, roles, subnet, slot, flavor, volumes = [] }) =>
    [
      name,
      roles.join(","),
      `${subnet}/${slot}`,
      flavor,
      ...volumes.map((volume) => `${volume.name}:${volume.size}:${volume.fate}`),
    ].join(" "),
  );

/** Services of a description as `name on proto-port by auth`. */
export const servicesOf = ({ services = [] }: Description): readonly string[] =>
  services.map(
    ({ service, on, traffic, auth }) =>
      `${service} on ${"role" in on ? on.role : "every host"} ${shown(traffic)} ${auth}`,
  );

/** Flows of a description as `from -> to`. */
export const flowsOf = ({ needs = [] }: Description): readonly string[] =>
  needs
    .flatMap((need) => (need.need === "flow" ? [need] : []))
    .map(
      ({ from, to, traffic, through }) =>
        `${side(from)} -> ${"service" in to ? to.service : side(to)}${traffic ? ` ${shown(traffic)}` : ""}${through ? ` through ${through}` : ""}`,
    );

const side = (end: OurSide | TheirSide): string =>
  "role" in end
    ? end.role
    : "every" in end
      ? "every host"
      : "workload" in end
        ? end.workload
        : "outside" in end
          ? end.outside
          : `${end.supercomputer}.${end.nodes}`;
