import type { PlaceEntry } from "../entries";
import type { Registers } from "../registers";
import { reservedOutsides } from "../resolve";
import { didYouMean, listed, type Problem } from "../words/problem";

/** Names that have to be unique, and names that have to exist. */
export const nameProblems = (registers: Registers): readonly Problem[] => [
  ...siteNames(registers),
  ...registers.places.flatMap(namesIn),
  ...registers.places.flatMap(publicHosts),
];

interface Named {
  readonly path: string;
  readonly name: string;
  /** Who has it, for whoever wants it too. */
  readonly owner: string;
}

/** A problem for every name that an earlier one has already. */
function twice(names: readonly Named[], what: string, fix = "rename one of them"): readonly Problem[] {
  const owners = new Map<string, string>();
  return names.flatMap(({ path, name, owner }): readonly Problem[] => {
    const other = owners.get(name);
    if (other === undefined) owners.set(name, owner);
    return other === undefined
      ? []
      : [{ path, value: name, allowed: `a ${what} of its own; ${other} has this one`, fix }];
  });
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
    path: `${pathOf(place)}.project`,
    name: place.project,
    owner: pathOf(place),
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
      path: `${pathOf(place)}.public.${name}`,
      value: name,
      allowed: `a host of the tenancy: ${listed(names)}`,
      fix: didYouMean(name, names, "leave it out, or add the component that has it"),
    }));
}

const pathOf = (place: PlaceEntry): string => `${place.site.name}.${place.name}`;
