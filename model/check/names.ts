import { type PlaceEntry, pathTo } from "../entries";
import { podsIn } from "../pods";
import type { Registers } from "../registers";
import { reservedOutsides } from "../resolve";
import { didYouMean, listed, type Problem } from "../words/problem";
import { type Named, twice } from "./twice";

/** Names that have to be unique, and names that have to exist. */
export const nameProblems = (registers: Registers): readonly Problem[] => [
  ...siteNames(registers),
  ...contexts(registers),
  ...registers.places.flatMap(namesIn),
  ...registers.places.flatMap(publicHosts),
  ...registers.places.flatMap(serviceEnds),
  ...registers.places.flatMap(groupPolicies),
  ...registers.places.flatMap(volumeSizes),
];

/** Objects of the whole cluster would be made twice. */
function contexts({ places }: Registers): readonly Problem[] {
  const named = places.flatMap((place) =>
    place.clusters.map(({ said, because }) => ({
      path: `${because}.context`,
      name: said.context ?? place.id,
      owner: pathTo(place),
    })),
  );
  return twice(named, "cluster", "give each tenancy its own");
}

function siteNames({ sites, places }: Registers): readonly Problem[] {
  const owned = (key: string, nameOf: (site: Registers["sites"][number]) => string | undefined): readonly Named[] =>
    sites.flatMap((site) => {
      const name = nameOf(site);
      return name === undefined ? [] : [{ path: `${site.name}.${key}`, name, owner: site.name }];
    });
  const outsides = sites.flatMap(({ name, outside }) =>
    Object.keys(outside).map((key) => ({ path: `${name}.outside.${key}`, name: key, owner: name })),
  );
  const projects = places.map((place) => ({
    path: `${pathTo(place)}.project`,
    name: place.project,
    owner: pathTo(place),
  }));
  return [
    ...twice(
      sites.map(({ name }) => ({ path: name, name, owner: "another site file" })),
      "name",
    ),
    ...twice(
      owned("dns", ({ dns }) => dns),
      "domain",
      "give each site its own, so that names of hosts differ",
    ),
    ...twice(
      owned("supercomputer.name", ({ supercomputer }) => supercomputer?.name),
      "name",
    ),
    ...twice(projects, "project", "name the entry in clouds.yaml that is this tenancy's"),
    // A site `lumi-test` and a tenancy `test-…` of `lumi` can meet here.
    ...twice(
      places.map((place) => ({ path: pathTo(place), name: place.id, owner: pathTo(place) })),
      "name of site and tenancy together",
    ),
    ...twice(outsides, "name"),
    ...outsides
      .filter(({ name }) => reservedOutsides.includes(name))
      .map(({ path, name }) => ({
        path,
        value: name,
        allowed: `a name that is not one of ${listed(reservedOutsides)}`,
        fix: "rename it",
      })),
  ];
}

function namesIn(place: PlaceEntry): readonly Problem[] {
  const owned = (list: readonly { name: string; because: string }[], kind: string) =>
    list.map(({ name, because }) => ({ path: `${because}.${kind}.${name}`, name, owner: because }));
  const services = place.services.map(({ said, because }) => ({ name: said.service, because }));
  return [
    ...twice(owned([...place.hosts, ...place.sharedAddresses], "hosts"), "name"),
    ...twice(owned(place.balancers, "balancers"), "name"),
    ...twice(owned(place.buckets, "buckets"), "name"),
    ...twice(owned(services, "services"), "name"),
    ...place.hosts.flatMap(({ name, volumes, because }) =>
      twice(
        volumes.map((volume) => ({
          path: `${because}.hosts.${name}.volumes.${volume.name}`,
          name: volume.name,
          owner: name,
        })),
        "volume",
      ),
    ),
    ...place.hosts
      .filter(({ name }) => name === "router")
      .map(({ name, because }) => ({
        path: `${because}.hosts.${name}`,
        value: name,
        allowed: "another name: the router of the tenancy has this one",
        fix: "rename the host",
      })),
    ...place.hosts
      .filter(({ roles }) => roles.includes("baseline"))
      .map(({ name, because }) => ({
        path: `${because}.hosts.${name}.roles`,
        value: "baseline",
        allowed: "another name: every host has this role",
        fix: "rename the role",
      })),
  ];
}

/** Only where all hosts are known can a name that none of them bears be wrong. */
function publicHosts(place: PlaceEntry): readonly Problem[] {
  const names = place.hosts.map((host) => host.name);
  return Object.keys(place.tenancy.public)
    .filter((name) => place.whole && !names.includes(name))
    .map((name) => ({
      path: `${pathTo(place)}.public.${name}`,
      value: name,
      allowed: `a host of the tenancy: ${listed(names)}`,
      fix: didYouMean(name, names, "leave it out, or add the component that has it"),
    }));
}

/** A service on hosts that are not there, or behind a load balancer that is not, could never be reached. */
function serviceEnds(place: PlaceEntry): readonly Problem[] {
  const { services, hosts, balancers, whole } = place;
  if (!whole) return [];
  const pods = podsIn(place).map(({ workload }) => workload);
  const roles = [...new Set(hosts.flatMap((host) => host.roles))].sort();
  const names = balancers.map(({ name }) => name);
  return services.flatMap(({ said: { service, on, balancer }, because }) => [
    ...unknown(`${because}.services.${service}.on`, "role" in on ? on.role : undefined, roles, "a role of the tenancy"),
    ...unknown(`${because}.services.${service}.on`, "workload" in on ? on.workload : undefined, pods, "a workload"),
    ...unknown(`${because}.services.${service}.balancer`, balancer, names, "a load balancer of the tenancy"),
  ]);
}

const unknown = (path: string, name: string | undefined, known: readonly string[], what: string): readonly Problem[] =>
  name === undefined || known.includes(name)
    ? []
    : [{ path, value: name, allowed: `${what}: ${listed(known)}`, fix: didYouMean(name, known, "name one of them") }];

/** A server group has one policy, whoever names it. */
function groupPolicies({ hosts }: PlaceEntry): readonly Problem[] {
  const policies = new Map<string, string>();
  return hosts.flatMap(({ name, apart, because }): readonly Problem[] => {
    const policy = apart && (policies.get(apart.group) ?? apart.policy);
    if (!apart || !policy) return [];
    policies.set(apart.group, policy);
    const allowed = `${policy}, as other hosts of ${apart.group} say`;
    return apart.policy === policy
      ? []
      : [
          {
            path: `${because}.hosts.${name}.apart.policy`,
            value: apart.policy,
            allowed,
            fix: "say the same, or name another group",
          },
        ];
  });
}

/** A host sees disks and how large they are, no names: which new one is meant can only be told by its size. */
function volumeSizes({ hosts }: PlaceEntry): readonly Problem[] {
  return hosts.flatMap(({ name, volumes, because }) =>
    volumes.flatMap((volume, i): readonly Problem[] => {
      const other = volumes.slice(0, i).find(({ name, size }) => name !== volume.name && size.gib === volume.size.gib);
      return other
        ? [
            {
              path: `${because}.hosts.${name}.volumes.${volume.name}.size`,
              value: volume.size,
              allowed: `another size than that of ${other.name}, since a host knows new volumes by their sizes`,
              fix: `write gib(${volume.size.gib + 1})`,
            },
          ]
        : [];
    }),
  );
}
