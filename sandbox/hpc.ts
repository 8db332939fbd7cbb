import { isOurs, type PlaceEntry } from "../model/entries";
import type { Registers } from "../model/registers";
import type { Account, Supercomputer } from "../model/site/supercomputer";
import { grouped } from "../model/words/grouped";
import type { Block } from "../model/words/network-block";
import { hostIn, internet, type SandboxOutside, stranger } from "./outside";

/** What `hpc/hpc.py up` reads. Times are in seconds; what is left out is not known, and limits nothing. */
export interface SandboxSupercomputer {
  readonly name: string;
  readonly host: string;
  /** All addresses of the login nodes, which one machine has. */
  readonly login: readonly string[];
  /** What compute nodes come from. @default - they reach nothing outside */
  readonly nat?: string;
  readonly internet: Supercomputer["internet"];
  readonly auth: { readonly kind: Supercomputer["auth"]["kind"]; readonly seconds?: number };
  /** By which jobs report to a port of a login node: its name among compute nodes, and its other name outside. @default - they do not */
  readonly tunnel?: { readonly inside: string; readonly node: string };
  readonly accounts: readonly {
    readonly user: string;
    readonly projects: readonly string[];
    readonly work?: string;
    readonly expires?: string;
  }[];
  readonly partitions: readonly SandboxPartition[];
  readonly qos: readonly SandboxQos[];
  /** Where all machines have a folder of each project. */
  readonly shared: readonly string[];
  readonly outside: readonly SandboxOutside[];
}

interface SandboxPartition {
  readonly name: string;
  readonly architecture: string;
  readonly gpus: number;
  readonly cores: number;
  readonly MiB?: number;
  readonly seconds?: number;
  readonly maxNodes?: number;
  readonly shares: boolean;
  readonly needsQos: boolean;
  readonly project?: string;
}

interface SandboxQos {
  readonly name: string;
  readonly partitions?: readonly string[];
  readonly seconds?: number;
  readonly minNodes?: number;
  readonly maxNodes?: number;
  readonly maxJobs?: number;
}

export interface SandboxSupercomputerProps {
  /** Whether its operator has yet to say how compute nodes reach anything: until then they do not. @default false */
  readonly natIsAsked?: boolean;
}

/** As LUMI has them; of other places only those are known where accounts work. @see LUMI user guide, storage */
const shared = ["/project", "/scratch"];

/** A supercomputer as its site file has it. @throws Error while nobody has said where its login nodes are */
export function sandboxSupercomputer(
  { name, host, login, nat, internet: reaches, auth, accounts, people, jobs, partitions, qos }: Supercomputer,
  { natIsAsked = false }: SandboxSupercomputerProps = {},
): SandboxSupercomputer {
  const users = accountsOf([...Object.values(accounts), ...Object.values(people)]);
  const { callback } = jobs;
  const logins = addressesIn(login);
  const [out] = natIsAsked || !nat ? [] : addressesIn(nat, logins);
  if (logins.length === 0) throw new Error(`addresses of the login nodes of ${name} are not known yet`);
  return {
    name,
    host,
    login: logins,
    ...(out === undefined ? {} : { nat: out }),
    internet: reaches,
    auth: { kind: auth.kind, ...("lifetime" in auth ? { seconds: auth.lifetime.seconds } : {}) },
    ...(typeof callback === "object" ? { tunnel: { inside: callback.inside, node: callback.node } } : {}),
    accounts: users,
    partitions: Object.entries(partitions).map(([partition, is]) => ({
      name: partition,
      architecture: is.architecture,
      gpus: is.gpus,
      cores: is.cores,
      ...(is.memory && { MiB: is.memory.mib }),
      ...(is.walltime && { seconds: is.walltime.seconds }),
      ...(is.maxNodes && { maxNodes: is.maxNodes }),
      shares: is.allocation === "resource",
      needsQos: is.needsQos,
      ...(is.project === undefined ? {} : { project: is.project }),
    })),
    qos: Object.entries(qos).map(([quality, { partitions: of, walltime, minNodes, maxNodes, maxJobs }]) => ({
      name: quality,
      ...(of && { partitions: of }),
      ...(walltime && { seconds: walltime.seconds }),
      ...(minNodes && { minNodes }),
      ...(maxNodes && { maxNodes }),
      ...(maxJobs && { maxJobs }),
    })),
    shared: [...new Set([...shared, ...users.flatMap(({ work }) => (work === undefined ? [] : above(work)))])],
    outside: [
      { name: "internet", addresses: [internet] },
      { name: "stranger", addresses: [stranger] },
    ],
  };
}

const addressesIn = (block: Block, taken: readonly string[] = []): readonly string[] =>
  "networks" in block ? block.networks.map((network) => hostIn(network, taken)) : [];

/** Where a folder of an account lies, with those of others. */
const above = (work: string): readonly string[] => [work.replace(/\/[^/]+$/, "")].filter((folder) => folder !== "");

/** Each user once, with the projects of all environments that it is of. */
const accountsOf = (accounts: readonly Account[]): SandboxSupercomputer["accounts"] =>
  [...grouped(accounts, ({ user }) => user)].map(([user, mine]) => {
    const [expires] = mine.flatMap((each) => each.expires ?? []).sort();
    const [work] = mine.flatMap((each) => each.work ?? []);
    return {
      user,
      projects: [...new Set(mine.flatMap(({ projects }) => projects))],
      ...(work === undefined ? {} : { work }),
      ...(expires === undefined ? {} : { expires }),
    };
  });

/** Tenancies that a supercomputer stands beside: flows lead to it, or come from it. */
export const besides = ({ name }: Supercomputer, { places, flows }: Registers): readonly PlaceEntry[] =>
  places.filter(({ id }) =>
    flows.some(({ from, to }) => {
      const isHere = [from, to].some((party) => isOurs(party) && party.group.place === id);
      return isHere && [from, to].some((party) => !isOurs(party) && party.theirs.startsWith(`${name}.`));
    }),
  );
