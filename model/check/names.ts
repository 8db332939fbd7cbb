import type { PlaceEntry } from "../entries";
import type { Registers } from "../registers";
import { reservedOutsides } from "../resolve";
import { idOf } from "../site/component";
import { didYouMean, listed, type Problem } from "../words/problem";

/** Names that have to be unique, and names that have to exist. */
export const nameProblems = (registers: Registers): readonly Problem[] => [
  ...siteNames(registers),
  ...registers.places.flatMap(namesIn),
  ...registers.places.flatMap(publicHosts),
  ...dnsNames(registers),
];

interface Named {
  readonly path: string;
  readonly name: string;
  readonly owner: string;
}

/** A problem for every name that an earlier one has already. */
function twice(names: readonly Named[], what: string): readonly Problem[] {
  const owners = new Map<string, string>();
  return names.flatMap(({ path, name, owner }): readonly Problem[] => {
    const other = owners.get(name);
    if (other === undefined) owners.set(name, owner);
    return other === undefined
      ? []
      : [{ path, value: name, allowed: `a ${what} of its own; ${other} has this one`, fix: "rename one of them" }];
  });
}

function siteNames({ sites }: Registers): readonly Problem[] {
  const supercomputers = sites.flatMap(({ name, supercomputer }) =>
    supercomputer ? [{ path: `${name}.supercomputer.name`, name: supercomputer.name, owner: name }] : [],
  );
  const outsides = sites.flatMap(({ name, outside }) =>
    Object.keys(outside).map((key) => ({ path: `${name}.outside.${key}`, name: key, owner: name })),
  );
  const reserved = outsides.filter(({ name }) => reservedOutsides.includes(name));
  return [
    ...twice(
      sites.map(({ name }) => ({ path: name, name, owner: `another site file` })),
      "name",
    ),
    ...twice(supercomputers, "name"),
    ...twice(outsides, "name"),
    ...reserved.map(({ path, name }) => ({
      path,
      value: name,
      allowed: `a name that is not one of ${listed(reservedOutsides)}`,
      fix: "rename it",
    })),
  ];
}

function namesIn(place: PlaceEntry): readonly Problem[] {
  const at = `${place.site.name}.${place.name}.runs`;
  const owned = (list: readonly { name: string; because: string }[], kind: string) =>
    list.map(({ name, because }) => ({ path: `${because}.${kind}.${name}`, name, owner: because }));
  const baseline = place.hosts.flatMap(({ name, roles, because }) =>
    roles.includes("baseline")
      ? [
          {
            path: `${because}.hosts.${name}.roles`,
            value: "baseline",
            allowed: "another name: every host has this role",
            fix: "rename the role",
          },
        ]
      : [],
  );
  return [
    ...twice(
      place.tenancy.runs.map((run) => ({ path: `${at}.${idOf(run)}`, name: idOf(run), owner: "another component" })),
      "name",
    ),
    ...twice(owned([...place.hosts, ...place.sharedAddresses], "hosts"), "name"),
    ...twice(owned(place.balancers, "balancers"), "name"),
    ...twice(owned(place.buckets, "buckets"), "name"),
    ...twice(
      place.services.map(({ said, because }) => ({
        path: `${because}.services.${said.service}`,
        name: said.service,
        owner: because,
      })),
      "name",
    ),
    ...place.hosts.flatMap((host) =>
      twice(
        host.volumes.map(({ name }) => ({
          path: `${host.because}.hosts.${host.name}.volumes.${name}`,
          name,
          owner: host.name,
        })),
        "volume",
      ),
    ),
    ...baseline,
  ];
}

function publicHosts(place: PlaceEntry): readonly Problem[] {
  const names = place.hosts.map((host) => host.name);
  return Object.keys(place.tenancy.public)
    .filter((name) => !names.includes(name))
    .map((name) => ({
      path: `${place.site.name}.${place.name}.public.${name}`,
      value: name,
      allowed: `a host of the tenancy: ${listed(names)}`,
      fix: didYouMean(name, names, "leave it out, or add the component that has it"),
    }));
}

const dnsNames = ({ places }: Registers): readonly Problem[] =>
  twice(
    places.flatMap((place) =>
      place.hosts.map((host) => ({ path: `${host.because}.hosts.${host.name}.dns`, name: host.dns, owner: host.id })),
    ),
    "DNS name",
  );
