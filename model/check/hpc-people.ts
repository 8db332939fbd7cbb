import type { Registers } from "../registers";
import type { Site } from "../site/site";
import { callbackOf, type Supercomputer } from "../site/supercomputer";
import { didYouMean, listed, type Problem } from "../words/problem";
import { own, pathOf } from "../words/record";
import { twice } from "./twice";

/**
 * People as whom pods could not compute, and people who would compute as somebody else.
 * @param sound whether what a site says of its supercomputer could be read
 */
export function hpcPeopleProblems(registers: Registers, sound: (site: string) => boolean): readonly Problem[] {
  const sites = registers.sites.filter(({ name }) => sound(name));
  return [
    ...sites.flatMap(usersOfTwo),
    ...askedIn(registers, sites).flatMap((each) => unknown(each) ?? otherKey(each) ?? otherReports(each) ?? []),
    ...withoutFolder(askedIn(registers, sites)),
  ];
}

/** Somebody who logs in as a person. */
interface Asked {
  /** Where that is said. */
  readonly path: string;
  readonly fromPods: boolean;
  /** Whether those are a server of ecFlow, whose account the key is for. */
  readonly fromServer: boolean;
  /** The site of the supercomputer. */
  readonly site: string;
  readonly supercomputer: Supercomputer;
  readonly person: string;
}

const askedIn = ({ places }: Registers, sites: readonly Site[]): readonly Asked[] =>
  places.flatMap(({ needs, ecflow }) =>
    needs.flatMap(({ said: { from, to, option = "" }, because }): readonly Asked[] => {
      if (!("nodes" in to) || to.nodes !== "login" || to.person === undefined) return [];
      const site = sites.find(({ supercomputer }) => supercomputer?.name === to.supercomputer);
      if (!site?.supercomputer) return [];
      const { name, supercomputer } = site;
      const path = pathOf(because, option);
      const servers = ecflow.flatMap(({ said: { on } }) => ("workload" in on ? [on.workload] : []));
      const fromServer = "workload" in from && servers.includes(from.workload);
      return [{ path, fromPods: "workload" in from, fromServer, site: name, supercomputer, person: to.person }];
    }),
  );

/** Nobody computes by an account of which the site file does not say that it is theirs. */
function unknown({ path, fromPods, fromServer, supercomputer: { name, people }, person }: Asked): Problem | undefined {
  const known = Object.keys(people);
  if (!fromPods)
    return {
      path,
      value: person,
      allowed: "pods: hosts log in as their environment does",
      fix: "leave the person out",
    };
  if (!fromServer)
    return {
      path,
      value: person,
      allowed: "pods of a server of ecFlow: its account is whose the key is",
      fix: "leave the person out",
    };
  if (own(people, person)) return undefined;
  const allowed = known.length > 0 ? `people of ${name}: ${listed(known)}` : `people of ${name}, who are none yet`;
  return {
    path,
    value: person,
    allowed,
    fix: didYouMean(person, known, `add ${person} to people of ${name}, by this name`),
  };
}

/** A pod has what Vault has, and nobody makes a key in it, or renews a certificate. */
const otherKey = ({ path, supercomputer: { name, auth } }: Asked): Problem | undefined =>
  auth.kind === "registered-key"
    ? undefined
    : {
        path,
        value: name,
        allowed: "a supercomputer at which one logs in by a registered key: pods have no other",
        fix: "leave it out",
      };

/** Nothing runs beside a server in its pod that would fetch reports, or lead a port to it. */
const otherReports = ({ path, supercomputer }: Asked): Problem | undefined =>
  (callbackOf(supercomputer) ?? "proxy") === "proxy"
    ? undefined
    : {
        path,
        value: supercomputer.name,
        allowed: 'a supercomputer whose jobs report to the proxy of the bridge: jobs: { callback: "proxy" }',
        fix: "leave it out",
      };

/** Output of jobs lies in a folder of the account that they run as. */
const withoutFolder = (asked: readonly Asked[]): readonly Problem[] =>
  asked.flatMap(({ site, supercomputer: { people, jobs }, person }) => {
    const account = own(people, person);
    if (!account || account.work !== undefined || jobs.output.kind === "log-server") return [];
    return [
      {
        path: `${site}.supercomputer.people.${person}.work`,
        value: undefined,
        allowed: `the folder of ${account.user} on the shared file system, in which output of jobs lies`,
        fix: 'add it: work: "/scratch/project"',
      },
    ];
  });

/** One account is one person's, and no service's. */
function usersOfTwo({ name: site, supercomputer }: Site): readonly Problem[] {
  const { accounts = {}, people = {} } = supercomputer ?? {};
  const services = Object.entries(accounts).filter(([, { kind }]) => kind === "service");
  return twice(
    [
      ...new Map(
        services.map(([environment, { user }]) => [user, { path: "", name: user, owner: environment }]),
      ).values(),
      ...Object.entries(people).map(([person, { user }]) => ({
        path: `${site}.supercomputer.people.${person}.user`,
        name: user,
        owner: person,
      })),
    ],
    "user",
    "write that of this person",
  );
}
