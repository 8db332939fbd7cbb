import { type Flow, isOurs, type PlaceEntry } from "./entries";
import type { Site } from "./site/site";
import type { Account, Supercomputer } from "./site/supercomputer";
import { grouped } from "./words/grouped";
import { own } from "./words/record";

/** Hosts of a tenancy that log in to a supercomputer, and pods that do as its environment. */
export interface HpcLogin {
  readonly place: PlaceEntry;
  /** The site whose supercomputer it is. */
  readonly to: Site;
  readonly supercomputer: Supercomputer;
  /** Roles of hosts, and workloads, each with the component that first asks for it. */
  readonly by: readonly LoggingIn[];
}

export interface LoggingIn {
  readonly role: string;
  readonly because: string;
  /** The account of the hosts that logs in. @default - what logs in is no account of theirs */
  readonly as?: string;
  /** It has nothing run there. */
  readonly submits?: false;
  /** The workload whose pods log in, on hosts of that role. @default - the hosts do */
  readonly workload?: string;
}

interface Described {
  readonly places: readonly PlaceEntry[];
  readonly sites: readonly Site[];
  readonly flows: readonly Flow[];
}

/** Who logs in to a supercomputer as an environment does, as flows to its login nodes tell. */
export function hpcLogins({ places, sites, flows }: Described): readonly HpcLogin[] {
  const outward = flows.flatMap(({ from, to, because, as, submits, person, account }) =>
    person === undefined && account === undefined && isOurs(from) && !isOurs(to)
      ? [{ from, theirs: to.theirs, because, as, submits }]
      : [],
  );
  const byEnds = grouped(outward, ({ from, theirs }) => `${from.group.place} ${theirs}`);
  return places.flatMap((place) =>
    sites.flatMap((to): readonly HpcLogin[] => {
      const { supercomputer } = to;
      if (!supercomputer) return [];
      const found = new Map<string, LoggingIn>();
      for (const { from, because, as, submits } of byEnds.get(`${place.id} ${supercomputer.name}.login`) ?? []) {
        const { workload } = from.pods ?? {};
        const { role } = from.group;
        const who = workload === undefined ? `role ${role}` : `workload ${workload}`;
        if (!found.has(who))
          found.set(who, {
            role,
            because,
            ...(as === undefined ? {} : { as }),
            ...(submits === false ? { submits } : {}),
            ...(workload === undefined ? {} : { workload }),
          });
      }
      const by = [...found.values()];
      return by.length > 0 ? [{ place, to, supercomputer, by }] : [];
    }),
  );
}

/** Somebody as whom a tenancy computes at a supercomputer. */
export interface HpcUser {
  /** What ssh, Troika and suites call it: `lumi`, and of a person `lumi-jdoe`. */
  readonly name: string;
  readonly account: Account;
  /** The person's name in the description. @default - it is the environment's own account */
  readonly person?: string;
}

/** The account of the environment, and for experiments those of people. */
export function hpcUsersOf({ place, supercomputer }: Pick<HpcLogin, "place" | "supercomputer">): readonly HpcUser[] {
  const { name, accounts, people } = supercomputer;
  const { environment } = place.tenancy;
  const account = own(accounts, environment);
  const persons = environment === "experiments" ? Object.entries(people) : [];
  return [
    ...(account ? [{ name, account }] : []),
    ...persons.map(([person, account]) => ({ name: `${name}-${person}`, account, person })),
  ];
}

/** A workload of a tenancy that logs in to a supercomputer. */
export interface HpcPod extends Pick<HpcLogin, "place" | "to" | "supercomputer"> {
  readonly workload: string;
  readonly user: HpcUser;
  readonly because: string;
}

/** Pods that log in, as people or as their environment does. */
export const podsLoggingIn = (described: Described): readonly HpcPod[] => [
  ...hpcPods(described),
  ...hpcLogins(described).flatMap((login) => {
    const [user] = hpcUsersOf(login).filter(({ person }) => person === undefined);
    return login.by.flatMap(({ workload, because }) =>
      workload === undefined || !user ? [] : [{ ...login, workload, user, because }],
    );
  }),
];

/** Pods that log in as people whom the supercomputer knows. */
export const hpcPods = ({ places, sites, flows }: Described): readonly HpcPod[] =>
  flows.flatMap(({ from: { pods }, to: end, person, because }): readonly HpcPod[] => {
    if (!pods || person === undefined || isOurs(end)) return [];
    const to = sites.find(({ supercomputer }) => end.theirs === `${supercomputer?.name}.login`);
    const place = places.find(({ id }) => id === pods.place);
    const account = own(to?.supercomputer?.people ?? {}, person);
    if (!place || !to?.supercomputer || !account) return [];
    const { supercomputer } = to;
    const user = { name: `${supercomputer.name}-${person}`, account, person };
    return [{ place, to, supercomputer, workload: pods.workload, user, because }];
  });

/** Where pods have the private key of a user. */
export const keyOfPod = ({ name }: Pick<HpcUser, "name">): string => `/run/secrets/hpc/${name}`;

/** Where hosts, or pods, have the private key by which they log in, and whose it is there. */
export const keyOfLogin = (
  { name, auth }: Supercomputer,
  { person }: Pick<HpcUser, "person"> = {},
  { as = "root", workload }: Pick<LoggingIn, "as" | "workload"> = {},
): { readonly file: string; readonly owner: string } => ({
  file:
    workload === undefined
      ? `/etc/platform/${secretOfLogin(auth.kind === "registered-key" ? auth.secret : `hpc/${name}`, person)}`
      : keyOfPod({ name: person === undefined ? name : `${name}-${person}` }),
  owner: as,
});

/** The secret that is a registered key; of each person another one. */
export const secretOfLogin = (secret: string, person?: string): string =>
  person === undefined ? secret : `${secret}-${person}`;
