import { type HpcLogin, hpcLogins, hpcPods, hpcUsersOf } from "../hpc-logins";
import type { Registers } from "../registers";
import { isFingerprint } from "../site/host-keys";
import { callbackOf } from "../site/supercomputer";
import { isName, nameRule } from "../words/name";
import { didYouMean, listed, type Problem } from "../words/problem";
import { twice } from "./twice";

/**
 * Logins to supercomputers that could be described, and would not work, or must not.
 * @param sound whether what a site says of its supercomputer could be read
 */
export const hpcProblems = (registers: Registers, sound: (site: string) => boolean): readonly Problem[] => {
  const logins = hpcLogins(registers).filter(({ to }) => sound(to.name));
  const pods = hpcPods(registers).filter(({ to }) => sound(to.name));
  const keysLooked: readonly LooksAtKeys[] = [
    ...logins.map((login) => ({ ...login, because: login.by[0]?.because ?? "" })),
    ...pods,
  ];
  return distinct([
    ...keysLooked.flatMap(unseenKeys),
    ...keysLooked.flatMap(unreachedKeys),
    ...logins.flatMap(withoutFolder),
    ...logins.flatMap(severalAccounts),
    ...logins.flatMap(unsignedPeople),
    ...qosPartitions(registers),
    ...peopleNames(registers),
    ...namesakes(registers),
    ...tunnelPorts(registers),
  ]);
};

/** Each place that logs in says the same of a site. */
const distinct = (problems: readonly Problem[]): readonly Problem[] => [
  ...new Map([...problems].reverse().map((each) => [`${each.path} ${each.value}`, each])).values(),
];

/** Hosts, or a pod, that log in. */
type LooksAtKeys = Pick<HpcLogin, "to" | "supercomputer"> & { readonly because: string };

/** No key is accepted unseen: with none known, nobody could log in, and nobody would be told. */
function unseenKeys({ to, supercomputer: { hostKeys }, because }: LooksAtKeys): readonly Problem[] {
  if (hostKeys !== undefined) return [];
  return [
    {
      path: `${to.name}.supercomputer.hostKeys`,
      value: undefined,
      allowed: `keys by which ${because} knows the login nodes, since none is accepted unseen`,
      fix: 'add the fingerprints that the operator publishes; or pending("who is asked"), and the login waits',
    },
  ];
}

/** Only who gets to a host can fetch its key, to hold it against a fingerprint. */
function unreachedKeys({ to, supercomputer: { hostKeys = [], jump } }: LooksAtKeys): readonly Problem[] {
  const short = "pending" in hostKeys ? undefined : hostKeys.find(isFingerprint);
  if (!jump || short === undefined) return [];
  return [
    {
      path: `${to.name}.supercomputer.hostKeys`,
      value: short,
      allowed: `public keys in full, since nobody fetches them past ${jump.host}`,
      fix: "write the public keys: ssh-keyscan, by somebody who can, and ssh-keygen -lf to compare",
    },
  ];
}

/** Output of jobs and what they report lie in a folder of the account that they run as. */
function withoutFolder(login: HpcLogin): readonly Problem[] {
  const { to, supercomputer, place, by } = login;
  const { jobs } = supercomputer;
  if (!by.some(({ as }) => as !== undefined)) return [];
  if (jobs.output.kind === "log-server" && callbackOf(supercomputer) !== "poll") return [];
  return hpcUsersOf(login)
    .filter(({ account }) => account.work === undefined)
    .map(({ person, account }) => ({
      path: `${to.name}.supercomputer.${person === undefined ? `accounts.${place.tenancy.environment}` : `people.${person}`}.work`,
      value: undefined,
      allowed: `the folder of ${account.user} on the shared file system, in which output of jobs and what they report lie`,
      fix: 'add it: work: "/scratch/project"',
    }));
}

/** A key is one account's: nobody else on the same hosts may read it. */
const severalAccounts = ({ place, supercomputer, by }: HpcLogin): readonly Problem[] =>
  by.flatMap(({ role, because, as }, i) => {
    const meets = ({ role: other }: { readonly role: string }) =>
      place.hosts.some(({ roles }) => roles.includes(role) && roles.includes(other));
    const other = by.slice(0, i).find((each) => each.as !== as && meets(each));
    if (!other) return [];
    const allowed = `${other.as ?? "no account"}, as which ${other.because} logs in to ${supercomputer.name} on the same hosts`;
    return [{ path: because, value: as, allowed, fix: "log in as the same, or on other hosts" }];
  });

/** Vault signs for accounts of environments, and for no others. */
const unsignedPeople = (login: HpcLogin): readonly Problem[] =>
  login.supercomputer.auth.kind !== "signed-key"
    ? []
    : hpcUsersOf(login).flatMap(({ person }) =>
        person === undefined
          ? []
          : [
              {
                path: `${login.to.name}.supercomputer.people.${person}`,
                value: person,
                allowed:
                  "people where they log in by a registered key, or by the operator's certificate: Vault signs for none",
                fix: "leave it out",
              },
            ],
      );

/** A quality of service of a partition that is not there could never be had. */
const qosPartitions = ({ sites }: Registers): readonly Problem[] =>
  sites.flatMap(({ name, supercomputer }) => {
    const known = Object.keys(supercomputer?.partitions ?? {});
    return Object.entries(supercomputer?.qos ?? {}).flatMap(([qos, { partitions = [] }]) =>
      partitions
        .filter((partition) => !known.includes(partition))
        .map((partition) => ({
          path: `${name}.supercomputer.qos.${qos}.partitions`,
          value: partition,
          allowed: `partitions of ${supercomputer?.name}: ${listed(known)}`,
          fix: didYouMean(partition, known, "name one of them"),
        })),
    );
  });

/** Names of people become names of sites for Troika, and of files. */
const peopleNames = ({ sites }: Registers): readonly Problem[] =>
  sites.flatMap(({ name, supercomputer }) =>
    Object.keys(supercomputer?.people ?? {})
      .filter((person) => !isName(person))
      .map((person) => ({
        path: `${name}.supercomputer.people.${person}`,
        value: person,
        allowed: nameRule,
        fix: "rename it",
      })),
  );

/** `lumi-g` may be a supercomputer, or a person at `lumi`. */
const namesakes = ({ sites }: Registers): readonly Problem[] =>
  twice(
    [
      ...sites.flatMap(({ supercomputer: each }) => (each ? [{ path: "", name: each.name, owner: each.name }] : [])),
      ...sites.flatMap(({ name, supercomputer: each }) =>
        Object.keys(each?.people ?? {}).map((person) => ({
          path: `${name}.supercomputer.people.${person}`,
          name: `${each?.name}-${person}`,
          owner: `${person} at ${name}`,
        })),
      ),
    ],
    "name of site for Troika",
    "rename the person",
  ).filter(({ path }) => path !== ""); // of supercomputers it is told already

/** Servers whose jobs report to a port of one login node have each its own there. */
function tunnelPorts(registers: Registers): readonly Problem[] {
  const named = hpcLogins(registers).flatMap(({ place, supercomputer }) =>
    typeof callbackOf(supercomputer) !== "object"
      ? []
      : place.needs.flatMap(({ said, because }) => {
          const { from, to, callback } = said;
          if (!callback || !("supercomputer" in from) || from.supercomputer !== supercomputer.name) return [];
          const service = "service" in to ? place.services.find((each) => each.said.service === to.service) : undefined;
          if (!service) return [];
          const port = service.said.traffic.from;
          return [{ path: `${because}.port`, name: `${supercomputer.name}:${port}`, owner: because }];
        }),
  );
  return twice(named, "port at the login node to which jobs report", "choose another port");
}
