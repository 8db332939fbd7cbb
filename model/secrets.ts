import { credentialsOf, type Deployer, deployersOf } from "./deployers";
import type { Flow, HostEntry, PlaceEntry } from "./entries";
import { pathTo } from "./entries";
import {
  type HpcLogin,
  type HpcPod,
  hpcLogins,
  hpcPods,
  hpcUsersOf,
  keyOfLogin,
  keyOfPod,
  secretOfLogin,
} from "./hpc-logins";
import { type Runner, runnersOf } from "./runners";
import type { PlaceName } from "./site/place-name";
import { type Holder, type ReadSecret, type Rotation, type StatedSecret, secretSchema, toldAt } from "./site/secret";
import type { Site } from "./site/site";
import type { Supercomputer } from "./site/supercomputer";
import { grouped } from "./words/grouped";
import { didYouMean, listed, type Problem } from "./words/problem";
import { type Duration, days } from "./words/quantity";

/** A secret of the platform: everything about it but its value. */
export interface SecretEntry {
  /** Unique in the platform: `lumi-production/ecflow/prod`. */
  readonly id: string;
  readonly place: PlaceEntry;
  /** The store of the site's environment, and where in it: `kv-lumi-production`, `production/ecflow/prod`. */
  readonly mount: string;
  readonly path: string;
  readonly keys: readonly string[];
  /** The team, or the job, that writes it. */
  readonly writer: string;
  /** Whether its jobs write it too. */
  readonly byJob: boolean;
  readonly greatestAge: Duration;
  readonly rotation: Rotation;
  readonly readers: readonly SecretReader[];
  readonly pods: readonly PodReader[];
  /** Roles of jobs that read all of it. */
  readonly jobs: readonly string[];
  readonly why: string;
  /** Path of the component that stated it. */
  readonly because: string;
}

/** Hosts that read a key of a secret into a file. */
export interface SecretReader extends Holder {
  readonly place: PlaceEntry;
  readonly role: string;
  readonly hosts: readonly HostEntry[];
  readonly key: string;
  readonly file: string;
  readonly owner: string;
  readonly why: string;
  readonly because: string;
}

/** A workload that reads a key of a secret as a file. */
export interface PodReader {
  readonly place: PlaceEntry;
  readonly workload: string;
  readonly namespace: string;
  readonly key: string;
  readonly file: string;
  /** The variable that has it too. @default - none has */
  readonly variable?: string;
  readonly why: string;
  readonly because: string;
}

/** The store of a site's environment. */
export const mountOf = ({ site, tenancy }: PlaceEntry): string => `kv-${site.name}-${tenancy.environment}`;

/** Where a secret lies below its store: tenancies of one environment share it. */
export const pathIn = ({ name }: PlaceEntry, secret: string): string => `${name}/${secret}`;

/** A secret that somebody stated, or that follows from how one logs in to a supercomputer. */
interface Stated {
  readonly place: PlaceEntry;
  readonly said: StatedSecret;
  readonly because: string;
  /** Roles of jobs that read it. @default - none does */
  readonly jobs?: readonly string[];
}

/** Resolves both ends of every secret, over the whole platform. One that nobody reads, or nobody writes, is a problem. */
export function secretsOf(
  places: readonly PlaceEntry[],
  sites: readonly Site[],
  flows: readonly Flow[],
): { readonly secrets: readonly SecretEntry[]; readonly problems: readonly Problem[] } {
  const hosts = hpcLogins({ places, sites, flows }).flatMap(keysOf);
  const pods = hpcPods({ places, sites, flows }).flatMap(keysInPods);
  const runners = runnersOf(places).map(keysOfRunner);
  // On hosts of a tenancy for experiments it may be there already.
  const isStated = ({ secret: { place, said } }: KeyOfLogin) =>
    hosts.some(({ secret }) => secret.place.id === place.id && secret.said.secret === said.secret);
  const stated: readonly Stated[] = [
    ...places.flatMap((place) => place.secrets.map(({ said, because }) => ({ place, said, because }))),
    ...hosts.map(({ secret }) => secret),
    ...pods.filter((pod) => !isStated(pod)).map(({ secret }) => secret),
    ...runners.map(({ secret }) => secret),
    ...deployersOf({ sites, places }).flatMap(credentialsFor),
  ];
  const wants = [
    ...places.flatMap((place) => place.reads.map(({ said, because }) => ({ place, said, because }))),
    ...[...hosts, ...pods].flatMap(({ reads }) => reads),
  ];
  const found = wants.map((want) => readerOf(want, stated, places));
  const secrets = stated.map((one) =>
    entryOf(
      one,
      found.flatMap(({ of, reader }) => (of === one && reader ? [reader] : [])),
      [
        ...found.flatMap(({ of, pods }) => (of === one && pods ? [pods] : [])),
        ...runners.flatMap(({ secret, pods }) => (secret === one ? pods : [])),
      ],
    ),
  );
  return {
    secrets,
    problems: [
      ...found.flatMap(({ problem }) => problem ?? []),
      ...twice(stated),
      ...secrets.flatMap((secret, i) => unread(secret, stated[i])),
      // A key that is named wrongly is told already.
      ...(found.some(({ problem }) => problem) ? [] : secrets.flatMap(readInPart)),
    ],
  };
}

function entryOf(
  { place, said, because, jobs = [] }: Stated,
  readers: readonly SecretReader[],
  pods: readonly PodReader[],
): SecretEntry {
  const { secret, keys, writer = place.tenancy.owner, byJob, greatestAge, why } = said;
  const rotation = said.rotation ?? { steps: ["write another value"], test: "its readers work with it" };
  const [mount, path] = [mountOf(place), pathIn(place, secret)];
  return {
    id: `${place.id}/${secret}`,
    place,
    mount,
    path,
    keys,
    writer,
    byJob,
    greatestAge,
    rotation,
    readers,
    pods,
    jobs,
    why,
    because,
  };
}

interface Want {
  readonly place: PlaceEntry;
  readonly said: ReadSecret;
  readonly because: string;
}

/** Who reads what, or why that cannot be; neither where the tenancy could not be read as a whole. */
interface Found {
  readonly of?: Stated;
  readonly reader?: SecretReader;
  readonly pods?: PodReader;
  readonly problem?: Problem;
}

function readerOf(want: Want, stated: readonly Stated[], places: readonly PlaceEntry[]): Found {
  const { place, said, because } = want;
  const nothing = (value: unknown, allowed: string, fix: string): Found =>
    place.whole ? { problem: { path: `${because}.needs.${said.secret}`, value, allowed, fix } } : {};
  const who = whoReads(said.by, place);
  if (who === undefined)
    return "workload" in said.by
      ? nothing(said.by.workload, "a workload of the tenancy that is none of a chart", "name the one that reads it")
      : nothing(said.by.role, "a role of hosts of the tenancy", "name the role that reads it");
  if ("workload" in who && place.agents.length === 0)
    return nothing(who.workload, "a tenancy that says where Vault is", "add vaultAgent()");
  const told = "workload" in who ? toldAt(said) : undefined;
  if (told !== undefined)
    return nothing(told, "nobody to be told: pods see another value by themselves", "leave it out");
  const there = placeNamed(said.at, place, places);
  if (!there) return nothing(said.at, `a tenancy: ${listed(places.map(pathTo))}`, "name one of them");
  const known = stated.filter((one) => one.place.id === there.id);
  const of = known.find((one) => one.said.secret === said.secret);
  const names = known.map((one) => one.said.secret);
  if (!of)
    return nothing(
      said.secret,
      names.length > 0
        ? `a secret that somebody states in ${pathTo(there)}: ${listed(names)}`
        : `a secret that somebody states in ${pathTo(there)}`,
      didYouMean(said.secret, names, "state it, with its writer"),
    );
  if (!of.said.keys.includes(said.key))
    return nothing(
      said.key,
      `a key of ${said.secret}: ${listed(of.said.keys)}`,
      didYouMean(said.key, of.said.keys, "name one of them"),
    );
  const environment =
    "workload" in who
      ? place.namespaces.find(({ namespace }) => namespace === who.namespace)?.environment
      : place.tenancy.environment;
  if (there.tenancy.environment !== environment && !said.acrossEnvironments)
    return nothing(
      `${"workload" in who ? who.workload : place.id} reads of ${there.id}`,
      "reader and secret in one environment",
      "say acrossEnvironments: true in the need, if it is meant",
    );
  if ("workload" in who) {
    const { key, file, variable, why } = said;
    return { of, pods: { ...who, place, key, file, ...(variable === undefined ? {} : { variable }), why, because } };
  }
  if (said.variable !== undefined)
    return nothing(said.variable, "a variable of pods alone: hosts read the file", "leave it out");
  const { by: _, need: __, secret: ___, at: ____, acrossEnvironments: _____, ...reader } = said;
  return { of, reader: { ...reader, ...who, place, because } };
}

/** Hosts of a role, or a workload of our own; nobody, where there are none. */
function whoReads(
  by: ReadSecret["by"],
  { hosts, workloads }: PlaceEntry,
): Pick<SecretReader, "role" | "hosts"> | Pick<PodReader, "workload" | "namespace"> | undefined {
  if ("role" in by) {
    const those = hosts.filter(({ roles }) => roles.includes(by.role));
    return those.length > 0 ? { role: by.role, hosts: those } : undefined;
  }
  const found = workloads.find(({ said }) => said.workload === by.workload);
  return found && { workload: by.workload, namespace: found.said.namespace };
}

const placeNamed = (name: PlaceName | undefined, here: PlaceEntry, places: readonly PlaceEntry[]) =>
  name ? places.find((place) => place.site.name === name.site && place.name === name.tenancy) : here;

const twice = (stated: readonly Stated[]): readonly Problem[] =>
  stated.flatMap(({ place, said, because }, i) => {
    const other = stated.slice(0, i).find((one) => one.place.id === place.id && one.said.secret === said.secret);
    if (!other) return [];
    const allowed = `a path of its own; ${other.because} has this one`;
    return [{ path: `${because}.secrets.${said.secret}`, value: said.secret, allowed, fix: "name it otherwise" }];
  });

/** What nobody reads is one more thing to lose. */
function unread({ place, readers, pods, jobs, because }: SecretEntry, stated: Stated | undefined): readonly Problem[] {
  if (readers.length + pods.length + jobs.length > 0 || !place.whole || !stated) return [];
  const { secret } = stated.said;
  const allowed = "a secret that somebody reads";
  return [{ path: `${because}.secrets.${secret}`, value: secret, allowed, fix: "state who needs it, or leave it out" }];
}

/** Vault hands out a secret as a whole: who reads one key of it could read all, which the description does not say. */
function readInPart({ id, place, keys, readers, pods }: SecretEntry): readonly Problem[] {
  const all = [
    ...readers.map(({ role, ...reader }) => ({ ...reader, who: role })),
    ...pods.map(({ workload, ...reader }) => ({ ...reader, who: workload })),
  ];
  return [...grouped(all, (reader) => `${reader.place.id} ${reader.who}`).values()].flatMap((mine) => {
    const [first] = mine;
    const others = keys.filter((key) => !mine.some((reader) => reader.key === key));
    if (!first || !place.whole || !first.place.whole || others.length === 0) return [];
    const secret = id.slice(place.id.length + 1);
    const allowed = `${first.who} reads every key of it, ${listed(others)} too, since Vault lets it`;
    const fix = `state ${listed(others)} as a secret of its own, or read it`;
    return [{ path: `${first.because}.needs.${secret}`, value: first.key, allowed, fix }];
  });
}

/** What jobs that plan, or apply, log in by is a secret of each tenancy for which they do, without a word. */
const credentialsFor = ({ name, does, places }: Deployer): readonly Stated[] =>
  places.map((place) => ({
    place,
    because: `${place.site.name}.${place.name}`,
    said: secretSchema.parse(credentialsOf(does, place)),
    jobs: [name],
  }));

/** Where hosts log in to a supercomputer by registered keys, these are secrets of their tenancy, which they read: one for each user. */
function keysOf(login: HpcLogin): readonly KeyOfLogin[] {
  const { place, supercomputer } = login;
  const { name, auth } = supercomputer;
  if (auth.kind !== "registered-key") return [];
  return hpcUsersOf(login).flatMap((user): readonly KeyOfLogin[] => {
    // People have jobs run by accounts of hosts alone, and by pods of their own.
    const by = login.by.filter(({ as }) => user.person === undefined || as !== undefined);
    const [first] = by;
    if (!first) return [];
    const secret = secretOfLogin(auth.secret, user.person);
    const why = `logs in to ${name}${user.person === undefined ? "" : ` as ${user.person}`}`;
    const stated: Stated = {
      place,
      because: first.because,
      said: registered({
        supercomputer,
        auth,
        secret,
        test: `${by.some(({ workload }) => workload === undefined) ? "hosts have taken" : "pods have"} the new key, and log in to ${name} with it`,
        why,
      }),
    };
    const reads = by.map(
      (each): Want => ({
        place,
        because: each.because,
        said: {
          need: "secret",
          by: each.workload === undefined ? { role: each.role } : { workload: each.workload },
          secret,
          key: "private-key",
          ...keyOfLogin(supercomputer, user, each),
          why,
        },
      }),
    );
    return [{ secret: stated, reads }];
  });
}

/** That of a person, of whom nobody but the pods that log in as them reads it. */
function keysInPods(pod: HpcPod): readonly KeyOfLogin[] {
  const { place, supercomputer, user, workload, because } = pod;
  const { auth, name } = supercomputer;
  if (auth.kind !== "registered-key") return [];
  const secret = secretOfLogin(auth.secret, user.person);
  const why = `logs in to ${name} as ${user.person}`;
  const test = `in its pod, platform-hpc check ${user.name} logs in with the new key`;
  return [
    {
      secret: { place, because, said: registered({ supercomputer, auth, secret, test, why }) },
      reads: [
        {
          place,
          because,
          said: {
            need: "secret",
            by: { workload },
            secret,
            key: "private-key",
            file: keyOfPod(user),
            owner: "root",
            why,
            // Secrets are the tenancy's, and what reads them may be an experiment there.
            acrossEnvironments: true,
          },
        },
      ],
    },
  ];
}

/** What an engine has to have for the stacks of a tenancy, which its runner reads wherever the controller is. */
function keysOfRunner({ account, at, by, applies, place, secret, keys }: Runner): {
  readonly secret: Stated;
  readonly pods: readonly PodReader[];
} {
  const because = at.gitops.find(({ said }) => said === by)?.because ?? pathTo(at);
  const does = applies === "never" ? "plans" : "plans and applies";
  const why = `${does} the stacks of ${place.id}`;
  return {
    secret: {
      place,
      because,
      said: {
        secret,
        keys: keys.map(({ key }) => key),
        byJob: false,
        greatestAge: days(365),
        rotation: {
          steps: [
            `make other credentials of ${place.id}, of no other tenancy${does === "plans" ? ", which can only read" : ""}`,
            "write them; state-passphrase stays what it is, since the state is encrypted by it",
            "end the old ones",
          ],
          test: `kubectl -n ${by.namespace} get terraforms shows each stack of ${place.id} Ready after its next plan`,
        },
        why,
      },
    },
    pods: keys.map(({ key }) => ({
      place: at,
      workload: account,
      namespace: by.namespace,
      key,
      file: `/${key}`,
      why,
      because,
    })),
  };
}

interface Registered extends Pick<StatedSecret, "secret" | "why"> {
  readonly supercomputer: Supercomputer;
  readonly auth: Extract<Supercomputer["auth"], { readonly kind: "registered-key" }>;
  /** How one sees that a new one works. */
  readonly test: string;
}

/** A key whose public half is registered at a portal. */
function registered({ supercomputer: { host }, auth, secret, test, why }: Registered): StatedSecret {
  const portal = auth.portal ?? "the operator";
  return {
    secret,
    keys: ["private-key"],
    byJob: false,
    greatestAge: auth.greatestAge,
    rotation: {
      overlap: auth.propagates,
      steps: [
        `register the public half of a new key: ${portal}`,
        `ssh ${host} with the new key alone, until it is let in`,
        "write its private half",
        `remove the old public half once the test has passed: ${portal}`,
      ],
      test,
    },
    why,
  };
}

/** A registered key, and who reads it. */
interface KeyOfLogin {
  readonly secret: Stated;
  readonly reads: readonly Want[];
}
