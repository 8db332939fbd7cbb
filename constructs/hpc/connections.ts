import { type Flow, type HostEntry, isOurs, type PlaceEntry, publicAddressOf } from "../../model/entries";
import {
  type HpcLogin,
  type HpcUser,
  hpcLogins,
  hpcUsersOf,
  keyOfLogin,
  keyOfPod,
  podsLoggingIn,
} from "../../model/hpc-logins";
import type { Registers } from "../../model/registers";
import { certificateOf } from "../../model/signed-keys";
import type { Service } from "../../model/site/need";
import { callbackOf, type Supercomputer } from "../../model/site/supercomputer";

/** A way from a host, or from a pod, to a supercomputer: by one of its accounts, as one user there. */
export interface Connection {
  /** What ssh, Troika and suites call it: `lumi`, `lumi-jdoe`. */
  readonly name: string;
  readonly supercomputer: Supercomputer;
  readonly user: HpcUser;
  /** The site whose supercomputer it is. */
  readonly site: string;
  /** The role of the host that logs in, or the workload, and the account there. */
  readonly role: string;
  readonly as: string;
  /** It fetches files there, and has nothing run. */
  readonly submits?: false;
  /** @default - whatever the agent of who logs in has */
  readonly key?: string;
  /** The certificate of that key, where one is used. */
  readonly certificate?: string;
  /** How jobs report; none where nobody has said how they could. */
  readonly callback?: Callback;
  /** Where output of jobs and what they report lies at the supercomputer. @default - its account has no folder there */
  readonly folder?: string;
}

/** Whether jobs are submitted by it. */
export const isSubmitting = ({ submits }: Connection): boolean => submits !== false;

export type Callback =
  | { readonly by: "relay"; readonly host?: string; readonly port: number }
  | { readonly by: "tunnel"; readonly node: string; readonly inside: string; readonly port: number }
  | { readonly by: "files" };

/** All ways from a pod: as one person each, or as its environment. @param as the account in its image */
export const connectionsOfPods = (
  workload: string,
  as: string,
  place: PlaceEntry,
  registers: Registers,
): readonly Connection[] =>
  podsLoggingIn({ ...registers, places: [place] })
    .filter((pod) => pod.workload === workload)
    .map((pod): Connection => {
      const { supercomputer, user, to } = pod;
      const callback = callbackAt((on) => "workload" in on && on.workload === workload, pod, registers);
      const { work } = user.account;
      return {
        name: user.name,
        supercomputer,
        user,
        site: to.name,
        role: workload,
        as,
        ...(supercomputer.auth.kind === "registered-key" ? { key: keyOfPod(user) } : {}),
        ...(callback ? { callback } : {}),
        ...(work === undefined ? {} : { folder: `${work}/databridge/${place.id}/${workload}` }),
      };
    });

/** All ways from a host. What logs in without being an account of it, as jobs in pods do, finds its own. */
export const connectionsOf = (host: HostEntry, place: PlaceEntry, registers: Registers): readonly Connection[] =>
  hpcLogins({ ...registers, places: [place] }).flatMap((login) => ofLogin(login, host, registers));

function ofLogin(login: HpcLogin, host: HostEntry, registers: Registers): readonly Connection[] {
  const { place, supercomputer, to, by } = login;
  const found = by.find(({ role, as }) => as !== undefined && host.roles.includes(role));
  if (found?.as === undefined) return [];
  const { role, as, submits } = found;
  const callback = callbackAt((on) => "role" in on && on.role === role, login, registers);
  return hpcUsersOf(login).map((user): Connection => {
    const key = keyOfLogin(supercomputer, user, found).file;
    const { work } = user.account;
    return {
      name: user.name,
      supercomputer,
      user,
      site: to.name,
      role,
      as,
      ...(submits === false ? { submits } : {}),
      key,
      ...(supercomputer.auth.kind === "registered-key" ? {} : { certificate: certificateOf(key) }),
      ...(callback ? { callback } : {}),
      ...(work === undefined ? {} : { folder: `${work}/databridge/${place.id}/${role}` }),
    };
  });
}

/** How jobs report to the server that is there; none where it takes no jobs. */
function callbackAt(
  isThere: (on: Service["on"]) => boolean,
  { place, supercomputer }: Pick<HpcLogin, "place" | "supercomputer">,
  { flows }: Registers,
): Callback | undefined {
  const service = place.needs.flatMap(({ said: { from, to, callback } }) => {
    const isTheirs = callback && "supercomputer" in from && from.supercomputer === supercomputer.name;
    const found = place.services.find(({ said }) => "service" in to && said.service === to.service)?.said;
    return isTheirs && found && isThere(found.on) ? [found] : [];
  })[0];
  if (!service) return undefined;
  const how = callbackOf(supercomputer);
  if (how === undefined) return undefined;
  if (how === "poll") return { by: "files" };
  const port = service.traffic.from;
  if (how !== "proxy") return { by: "tunnel", node: how.node, inside: how.inside, port };
  const flow = flows.find(
    ({ from, to, service: name }) =>
      name === service.service && isOurs(to) && to.group.place === place.id && isJobsOf(supercomputer, from),
  );
  return flow && { by: "relay", port: flow.relay?.traffic.from ?? port, ...addressOf(flow) };
}

const isJobsOf = ({ name }: Supercomputer, from: Flow["from"]): boolean =>
  !isOurs(from) && from.theirs === `${name}.compute`;

/** Where compute nodes meet the relay: by address, since no DNS of theirs has to know us. */
function addressOf({ relay, to }: Flow): { readonly host?: string } {
  const hosts = relay?.party.hosts ?? (isOurs(to) ? to.hosts : []);
  const [known] = hosts.flatMap((host) => publicAddressOf(host) ?? []);
  return known === undefined ? {} : { host: known };
}

/** A name for each machine that keys are known of, and its host: login nodes, and who stands before them. */
export interface Machine {
  /** The alias in known_hosts. */
  readonly alias: string;
  /** Where its keys can be fetched. */
  readonly hosts: readonly string[];
  readonly hostKeys: readonly string[];
}

/** Every machine that connections lead to. Of one whose keys are only asked for, none is known. */
export function machinesOf(connections: readonly Connection[]): readonly Machine[] {
  const all = new Map(connections.map(({ supercomputer }) => [supercomputer.name, supercomputer]));
  return [...all.values()].flatMap(({ name, host, hostKeys = [], jump, jobs }) => {
    const node = typeof jobs.callback === "object" ? [jobs.callback.node] : [];
    const hosts = [...new Set([host, ...node])];
    const known = (keys: typeof hostKeys) => ("pending" in keys ? [] : keys);
    return [
      // Keys behind somebody else cannot be fetched.
      { alias: name, hosts: jump ? [] : hosts, hostKeys: known(hostKeys) },
      ...(jump ? [{ alias: jumpOf(name), hosts: [jump.host], hostKeys: known(jump.hostKeys) }] : []),
    ];
  });
}

export const jumpOf = (supercomputer: string): string => `${supercomputer}-jump`;
export const tunnelOf = (connection: string): string => `${connection}-tunnel`;
