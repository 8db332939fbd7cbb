import { z } from "zod";
import type { Partition, Qos } from "../../model/site/partition";
import type { Account, Supercomputer } from "../../model/site/supercomputer";
import type { Environment } from "../../model/words/environment";
import { type Fields, read, text, whole } from "../../model/words/parse";
import { didYouMean, listed, type Problem } from "../../model/words/problem";
import { Duration, gib, type Size, size, time } from "../../model/words/quantity";
import { own } from "../../model/words/record";

/** What a job needs: nodes with GPUs, or nodes without. */
export interface JobNeeds {
  readonly gpuNodes?: number;
  readonly cpuNodes?: number;
  /** How long it runs at most. */
  readonly walltime: Duration;
  /** Tasks in all. @default - not said: Slurm begins one on each node */
  readonly tasks?: number;
  /** RAM of each node. @default - all that a node has */
  readonly memory?: Size;
  /** @default - the first that it fits, in the order of the site file */
  readonly partition?: string;
  /** @default - none, or the first that it fits */
  readonly qos?: string;
}

/** As whom it runs. */
export interface JobOwner {
  readonly environment: Environment;
  /** A person, in experiments. @default - the environment's own account */
  readonly person?: string;
}

/** Directives of Troika, by name: `# troika <name>=<value>` each. */
export type Directives = Readonly<Record<string, string>>;
export type Directed =
  | {
      readonly directives: Directives;
      /** Limits that nobody has stated, and so held nothing back: `nodes of acc`. */
      readonly unstated: readonly string[];
    }
  | { readonly problems: readonly Problem[] };

const count = (what: string) => whole(1, 1e6, `${what}, 1 or more`, "write a whole number");

const schema = z
  .strictObject({
    gpuNodes: count("nodes with GPUs").exactOptional(),
    cpuNodes: count("nodes without GPUs").exactOptional(),
    walltime: time,
    tasks: count("tasks in all").exactOptional(),
    memory: size.exactOptional(),
    partition: text("a partition").exactOptional(),
    qos: text("a quality of service").exactOptional(),
  } satisfies Fields<JobNeeds>)
  .refine(({ gpuNodes, cpuNodes }) => (gpuNodes === undefined) !== (cpuNodes === undefined), {
    params: { allowed: "gpuNodes or cpuNodes, one of them", fix: "write one of them" },
  });
type Needs = z.output<typeof schema>;

/**
 * What a job says to Slurm at a supercomputer so that it gets what it needs; or what is too much there, and the nearest that can be had.
 * Limits that nobody has stated hold nothing back. Never throws.
 */
export function directivesOf(needs: JobNeeds, supercomputer: Supercomputer, owner: JobOwner): Directed {
  const path = `${supercomputer.name}.job`;
  const readNeeds = read(schema, needs, path);
  if ("problems" in readNeeds) return { problems: readNeeds.problems };
  const is = readNeeds.value;
  const account = accountOf(supercomputer, owner, path);
  const choices = choicesOf(is, supercomputer, path);
  if ("problem" in account || "problem" in choices)
    return { problems: [account, choices].flatMap((each) => ("problem" in each ? [each.problem] : [])) };
  const chosen = choices.value.find((choice) => lacksOf(is, choice).length === 0);
  if (!chosen) return { problems: tooMuch(is, choices.value, path) };
  const project = chosen.partition.project ?? account.value.projects[0];
  if (project === undefined) {
    const allowed = `a project of ${account.value.user} that it is charged to`;
    return { problems: [{ path, value: undefined, allowed, fix: "add one to its account in the site file" }] };
  }
  return { directives: said(is, chosen, project), unstated: unstatedIn(is, chosen) };
}

/** A partition, and the quality of service in it. */
interface Choice {
  readonly name: string;
  readonly partition: Partition;
  readonly qos?: { readonly name: string; readonly is: Qos };
}

type Found<T> = { readonly value: T } | { readonly problem: Problem };

function accountOf(
  { accounts, people, name }: Supercomputer,
  { environment, person }: JobOwner,
  path: string,
): Found<Account> {
  const all = person === undefined ? accounts : people;
  const found = own(all as Readonly<Record<string, Account>>, person ?? environment);
  if (found) return { value: found };
  const known = Object.keys(all);
  const wanted = person ?? environment;
  const allowed = `who computes at ${name}: ${listed(known)}`;
  return {
    problem: {
      path: `${path}.account`,
      value: wanted,
      allowed,
      fix: didYouMean(wanted, known, "add it to the site file"),
    },
  };
}

/** Everything of the kind that a job asks for, in the order in which it is chosen. */
function choicesOf(needs: Needs, { name, partitions, qos }: Supercomputer, path: string): Found<readonly Choice[]> {
  for (const [key, known] of [
    ["partition", partitions],
    ["qos", qos],
  ] as const) {
    const wanted = needs[key];
    if (wanted === undefined || Object.hasOwn(known, wanted)) continue;
    const allowed = `${key === "qos" ? "a quality of service" : "a partition"} of ${name}: ${listed(Object.keys(known))}`;
    return {
      problem: {
        path: `${path}.${key}`,
        value: wanted,
        allowed,
        fix: didYouMean(wanted, Object.keys(known), "name one of them"),
      },
    };
  }
  const isGpu = needs.gpuNodes !== undefined;
  const kind = Object.entries(partitions).filter(([, { gpus }]) => gpus > 0 === isGpu);
  const all = kind
    .flatMap(([name, partition]): readonly Choice[] => [
      ...(partition.needsQos ? [] : [{ name, partition }]),
      ...Object.entries(qos)
        .filter(([, is]) => is.partitions?.includes(name) ?? true)
        .map(([each, is]) => ({ name, partition, qos: { name: each, is } })),
    ])
    // A quality of service may ask for more nodes than a partition has.
    .filter((choice) => leastNodes(choice) <= (mostNodes(choice) ?? Number.POSITIVE_INFINITY));
  const choices = all.filter(
    (choice) =>
      (needs.partition === undefined || choice.name === needs.partition) &&
      (needs.qos === undefined || choice.qos?.name === needs.qos),
  );
  if (choices.length > 0) return { value: choices };
  const what = `nodes ${isGpu ? "with" : "without"} GPUs`;
  const key =
    needs.partition !== undefined ? "partition" : needs.qos !== undefined ? "qos" : isGpu ? "gpuNodes" : "cpuNodes";
  const allowed =
    kind.length > 0
      ? `${what} of ${name}: ${listed(new Set(all.map(titleOf)))}`
      : `nodes ${isGpu ? "without" : "with"} GPUs alone: ${listed(Object.keys(partitions))}`;
  const fix =
    all.length > 0
      ? "name one of them, or leave it out"
      : kind.length > 0
        ? "correct its partitions in the site file"
        : `ask for ${isGpu ? "cpuNodes" : "gpuNodes"}`;
  return { problem: { path: `${path}.${key}`, value: needs[key], allowed, fix } };
}

const leastNodes = ({ qos }: Choice): number => qos?.is.minNodes ?? 1;
const mostNodes = ({ partition, qos }: Choice): number | undefined => qos?.is.maxNodes ?? partition.maxNodes;
const titleOf = ({ name, qos }: Choice): string => (qos ? `${name} with ${qos.name}` : name);

/** What can be too much, or too little: how it is asked for, and the nearest to that which a choice has. */
interface Limit {
  readonly key: "nodes" | "walltime" | "memory" | "tasks";
  readonly asked: (is: Needs) => number;
  /** As `asked`; where nobody has stated a limit, what was asked. */
  readonly nearest: (is: Needs, choice: Choice) => number;
  readonly shown: (amount: number) => string;
}

const nodesOf = ({ gpuNodes, cpuNodes }: Needs): number => gpuNodes ?? cpuNodes ?? 0;
const atMost = (asked: number, limit: number | undefined): number => Math.min(asked, limit ?? asked);

const nodes: Limit = {
  key: "nodes",
  asked: nodesOf,
  nearest: (is, choice) => atMost(Math.max(nodesOf(is), leastNodes(choice)), mostNodes(choice)),
  shown: (n) => `${n} nodes`,
};
const limits: readonly Limit[] = [
  nodes,
  {
    key: "walltime",
    asked: ({ walltime }) => walltime.seconds,
    nearest: ({ walltime }, { partition, qos }) =>
      atMost(walltime.seconds, (qos?.is.walltime ?? partition.walltime)?.seconds),
    shown: (seconds) => `${Duration.seconds(seconds)}`,
  },
  {
    key: "memory",
    asked: ({ memory }) => memory?.gib ?? 0,
    nearest: ({ memory }, { partition }) => atMost(memory?.gib ?? 0, partition.memory?.gib),
    shown: (n) => `${gib(n)}`,
  },
  {
    key: "tasks",
    asked: ({ tasks }) => tasks ?? 0,
    // On as many nodes as it would have.
    nearest: (is, choice) => atMost(is.tasks ?? 0, nodes.nearest(is, choice) * choice.partition.cores),
    shown: (n) => `${n} tasks`,
  },
];

function unstatedIn({ memory }: Needs, choice: Choice): readonly string[] {
  const { name, partition, qos } = choice;
  return [
    ...(mostNodes(choice) === undefined ? ["nodes"] : []),
    ...((qos?.is.walltime ?? partition.walltime) === undefined ? ["walltime"] : []),
    ...(memory && partition.memory === undefined ? ["memory"] : []),
  ].map((limit) => `${limit} of ${name}`);
}

const lacksOf = (is: Needs, choice: Choice): readonly Limit[] =>
  limits.filter((limit) => limit.nearest(is, choice) !== limit.asked(is));

/**
 * What would have to be otherwise, at the choices that lack least. Where one thing alone would do, each such is told, with the best that
 * a choice has of it; if not, all that the first of them lacks.
 */
function tooMuch(is: Needs, choices: readonly Choice[], path: string): readonly Problem[] {
  const lacking = choices.map((choice) => ({ choice, lacks: lacksOf(is, choice) }));
  const least = Math.min(...lacking.map(({ lacks }) => lacks.length));
  const near = lacking.filter(({ lacks }) => lacks.length === least);
  const told = least === 1 ? near : near.slice(0, 1);
  return limits.flatMap((limit) => {
    const distance = (choice: Choice) => Math.abs(limit.nearest(is, choice) - limit.asked(is));
    const [best] = told
      .filter(({ lacks }) => lacks.includes(limit))
      .map(({ choice }) => choice)
      .sort((a, b) => distance(a) - distance(b));
    return best ? [problemOf(limit, is, best, path)] : [];
  });
}

function problemOf({ key, asked, nearest, shown }: Limit, is: Needs, choice: Choice, path: string): Problem {
  const [wanted, has] = [asked(is), nearest(is, choice)];
  const option = key === "nodes" ? (is.gpuNodes === undefined ? "cpuNodes" : "gpuNodes") : key;
  return {
    path: `${path}.${option}`,
    value: shown(wanted),
    allowed: `${shown(has)} or ${has < wanted ? "less" : "more"} in ${titleOf(choice)}`,
    fix: `ask for ${shown(has)}`,
  };
}

/** @see Troika, docs: directives; sbatch(1) */
function said(is: Needs, { name, partition, qos }: Choice, project: string): Directives {
  const shares = partition.allocation === "resource";
  const memory = is.memory ? `${is.memory.mib}M` : "0";
  return {
    partition: name,
    ...(qos ? { queue: qos.name } : {}),
    billing_account: project,
    total_nodes: `${nodesOf(is)}`,
    ...(partition.gpus > 0 ? { gpus_per_node: `${partition.gpus}` } : {}),
    ...(is.tasks === undefined ? {} : { total_tasks: `${is.tasks}` }),
    walltime: clock(is.walltime),
    // Whole nodes, where jobs would share them; 0 is all the memory of each.
    ...(shares ? { exclusive: "yes" } : {}),
    ...(shares || is.memory ? { memory_per_node: memory } : {}),
  };
}

/** `48:00:00`. */
const clock = ({ seconds }: Duration): string =>
  [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map((part) => `${part}`.padStart(2, "0"))
    .join(":");
