import { capacityOf } from "./capacity";
import { certificatesOf } from "./certificates";
import { check } from "./check/check";
import type { Trust } from "./entries";
import { placeOf } from "./place";
import { podRulesOf } from "./pod-rules";
import type { Registers } from "./registers";
import { resolve } from "./resolve";
import { rulesOf } from "./rules";
import { withRunnerNeeds } from "./runners";
import { secretsOf } from "./secrets";
import { signalsOf } from "./signals";
import { identityOf } from "./site/identity";
import { emptyLock, isOfTrust, type Lock, readLock } from "./site/lock";
import { readSite } from "./site/site";
import { telemetryOf } from "./telemetry";
import type { Problem } from "./words/problem";
import { own } from "./words/record";

/** A description that was read: registers, and everything that is wrong. Nothing may be built while there are problems. */
export interface Gathered {
  readonly registers: Registers;
  readonly problems: readonly Problem[];
}

/**
 * Reads the description of the whole platform. Never throws; reports all problems at once.
 * @param written what the site files export
 * @param locks what the lock of each site holds, as JSON; missing ones are empty
 * @param partial whether sites are missing, so that names which nobody here bears prove nothing
 */
export function gather(
  written: readonly unknown[],
  locks: Readonly<Record<string, unknown>> = {},
  { partial = false }: { readonly partial?: boolean } = {},
): Gathered {
  const read = written.map(readSite);
  const sites = read.map(({ site }) => site);
  const names = new Set([...sites.map(({ name }) => name), ...Object.keys(locks)]);
  const lockOf = new Map([...names].map((name) => [name, readLock(own(locks, name), name)]));
  const trust = trustOf([...lockOf.values()].map(({ value }) => value));
  const identity = identityOf(sites);
  const built = read.flatMap(({ site, problems }) =>
    Object.entries(site.tenancies).map(([name, tenancy]) => {
      const lock = lockOf.get(site.name)?.value ?? emptyLock;
      return placeOf({ site, name, tenancy, sound: problems.length === 0, lock, trust, identity });
    }),
  );
  const places = withRunnerNeeds(built.map(({ place }) => place));
  const resolved = resolve(places, sites);
  const { secrets, problems: secretProblems } = secretsOf(places, sites, resolved.flows);
  const { certificates, problems: certificateProblems } = certificatesOf(places);
  const { telemetry, problems: telemetryProblems } = telemetryOf(places, certificates);
  const rules = rulesOf(resolved.flows);
  const capacity = new Map(places.map((place) => [place.id, capacityOf(place, rules.get(place.id) ?? [])]));
  const known = {
    sites,
    places,
    flows: resolved.flows,
    secrets,
    certificates,
    telemetry,
    rules,
    podRules: podRulesOf(resolved.flows, places),
    capacity,
    assumptions: [...read, ...built].flatMap(({ assumptions }) => assumptions),
    locks: new Map([...lockOf].map(([name, { value }]) => [name, value])),
  };
  const { signals, problems: signalProblems } = signalsOf(known);
  const registers = { ...known, signals };
  return {
    registers,
    problems: distinct([
      ...read.flatMap(({ problems }) => problems),
      ...[...lockOf.values()].flatMap(({ problems }) => problems),
      ...built.flatMap(({ problems }) => problems),
      ...(partial
        ? []
        : [...resolved.problems, ...secretProblems, ...certificateProblems, ...telemetryProblems, ...signalProblems]),
      ...check(
        registers,
        read.flatMap(({ problems }) => problems),
        { partial },
      ),
    ]),
  };
}

/** What the one lock that speaks of trust says. */
function trustOf(locks: readonly Lock[]): Trust {
  const lock = locks.find(isOfTrust);
  const { revoked = {}, ...is } = lock?.trust ?? {};
  const told = (...values: readonly (string | undefined)[]) => values.filter((value) => value !== undefined);
  return {
    sshUserCas: told(is.sshUserCa, is.sshUserCaToo),
    sshHostCas: told(is.sshHostCa, is.sshHostCaToo),
    sshOutwardCas: told(is.sshOutwardCa, is.sshOutwardCaToo),
    revoked: Object.values(revoked),
    tlsRoots: told(is.tlsRoot, is.tlsRootToo),
    sources: lock?.sources ?? {},
  };
}

/** Two needs of one option fail alike, and one word mends both. */
const distinct = (problems: readonly Problem[]): readonly Problem[] =>
  problems.filter((one, i) => !problems.slice(0, i).some((other) => isSame(one, other)));

const isSame = (a: Problem, b: Problem): boolean =>
  a.path === b.path && Object.is(a.value, b.value) && a.allowed === b.allowed && a.fix === b.fix;
