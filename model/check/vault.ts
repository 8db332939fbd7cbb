import { ofPods } from "../certificates";
import { type PlaceEntry, pathTo } from "../entries";
import { hpcLogins } from "../hpc-logins";
import type { Registers } from "../registers";
import { breakGlassGroup, vaultOperatorsGroup } from "../site/vault";
import type { Problem } from "../words/problem";

/** What Vault could not be configured to, or nobody could use. */
export function vaultProblems(registers: Registers): readonly Problem[] {
  const [first, ...others] = registers.places.flatMap((place) =>
    place.vault.map(({ said, because }) => ({ place, said, because })),
  );
  if (!first) return [];
  const { said, because, place } = first;
  return [
    ...others.map((other) => ({
      path: other.because,
      value: "a second Vault",
      allowed: `one Vault for all sites; ${because} has it`,
      fix: "leave one of them out",
    })),
    ...(said.issuers.seconds > said.root.seconds / 2
      ? [
          {
            path: `${because}.issuers`,
            value: said.issuers,
            allowed: `half of the ${said.root} of its root, or less`,
            fix: "let issuers live for less, or the root for longer",
          },
        ]
      : []),
    ...(said.address !== undefined && said.copies !== undefined
      ? [
          {
            path: `${because}.copies`,
            value: `${said.copies.at.site}.${said.copies.at.tenancy}`,
            allowed: "no copies of a Vault that somebody else runs",
            fix: "leave it out",
          },
        ]
      : []),
    ...unwritten(place, registers),
    ...teams(registers),
    ...meeting(registers),
  ];
}

/** Values are written by people, some by jobs, who prove to somebody else who they are. */
function unwritten({ site, whole }: PlaceEntry, { secrets }: Registers): readonly Problem[] {
  const { people, pipelines } = site.identity;
  const first = secrets.find(({ byJob }) => !(byJob && pipelines));
  if (!first || !whole || people) return [];
  const allowed = `an issuer of tokens, by which ${first.writer} logs in to write ${first.id}`;
  return [{ path: `${site.name}.identity`, value: undefined, allowed, fix: "name people: { issuer, audience }" }];
}

/** A team is a group of its issuer, a role and a policy: its name has to be good as each. Of a list, each could log in. */
function teams({ places, secrets }: Registers): readonly Problem[] {
  const named = [
    ...places.map((place) => ({ path: `${pathTo(place)}.owner`, name: place.tenancy.owner })),
    ...secrets.map(({ writer, because, place, id }) => ({
      path: `${because}.secrets.${id.slice(place.id.length + 1)}.writer`,
      name: writer,
    })),
  ];
  const apart = [breakGlassGroup, vaultOperatorsGroup];
  const wrong = named.filter(({ name }) => !/^[a-z0-9]+([._-][a-z0-9]+)*$/.test(name) || apart.includes(name));
  // A tenancy's owner writes what nobody else is named for: told once.
  const distinct = wrong.filter(({ name }, i) => wrong.findIndex((one) => one.name === name) === i);
  return distinct.map(({ path, name }) => ({
    path,
    value: name,
    allowed: `lower-case letters, digits, dashes, dots; not ${apart.join(" or ")}, the groups of those who may do everything`,
    fix: "name the group of the team as its issuer of tokens does",
  }));
}

/** Where names of site, tenancy and host are put together, two may come to one. */
function meeting(registers: Registers): readonly Problem[] {
  const { places, secrets, certificates } = registers;
  const machines = places.flatMap(({ agents, hosts, id }) =>
    agents.length === 0 ? [] : hosts.map(({ id: name, because }) => ({ of: `${id} ${name}`, name, because })),
  );
  const pods = [...secrets.flatMap((secret) => secret.pods), ...ofPods(certificates)].map(
    ({ place, workload, because }) => ({
      of: `${place.id} pods ${workload}`,
      name: `${place.id}-pods-${workload}`,
      because,
    }),
  );
  const logins = hpcLogins(registers).flatMap(({ place, supercomputer: { name, auth }, by }) =>
    auth.kind === "signed-key"
      ? [{ of: `${place.id} ${name}`, name: `login ${place.id}-${name}`, because: by[0]?.because ?? "" }]
      : [],
  );
  const issued = certificates.map(({ place, service, id, because }) => ({
    of: `${place.id} ${service}`,
    name: `certificate ${id}`,
    because,
  }));
  const policies = [...places.map(({ tenancy }) => tenancy.owner), ...secrets.map(({ writer }) => writer)].map(
    (name) => ({ of: name, name: `write-${name}`, because: `team ${name}` }),
  );
  const owners = new Map<string, { readonly of: string; readonly because: string }>();
  return [...policies, ...machines, ...pods, ...logins, ...issued].flatMap(
    ({ of, name, because }): readonly Problem[] => {
      const other = owners.get(name) ?? { of, because };
      owners.set(name, other);
      if (other.of === of) return [];
      const allowed = `a name in Vault of its own; ${other.because} has this one`;
      return [{ path: because, value: name, allowed, fix: "rename a tenancy, a host, a workload or a service" }];
    },
  );
}
