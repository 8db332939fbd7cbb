import type { Target } from "../../model/site/software";
import type { Supercomputer } from "../../model/site/supercomputer";
import type { Environment } from "../../model/words/environment";
import type { Problem } from "../../model/words/problem";
import { own } from "../../model/words/record";
import { type Directed, type Directives, directivesOf } from "../hpc/directives";
import { shipped } from "./shipped";

/** A job of a deployment, as Slurm is asked for it. */
export interface Job {
  readonly partition: string;
  readonly qos: string | null;
  readonly account: string;
  /** How long it runs at most. */
  readonly seconds: number;
  /** What Troika makes options of sbatch of. */
  readonly directives: Directives;
}

export interface JobOf {
  readonly environment: Environment;
  readonly supercomputer: Supercomputer;
  readonly name: string;
  readonly target: Target;
}

type Kind = "build" | "test";

/** A whole node, on which it is built or tested. */
export function directedFor({ environment, supercomputer, name, target }: JobOf, kind: Kind): Directed {
  const { qos, walltime } = target[kind];
  const partition = kind === "build" ? (target.build.partition ?? name) : name;
  const gpus = own(supercomputer.partitions, partition)?.gpus ?? 0;
  return directivesOf(
    {
      ...(gpus > 0 ? { gpuNodes: 1 } : { cpuNodes: 1 }),
      walltime,
      partition,
      ...(qos === undefined ? {} : { qos }),
    },
    supercomputer,
    { environment },
  );
}

/** What of a job could not be had. */
export const jobProblems = (of: JobOf, kind: Kind): readonly Problem[] => {
  const directed = directedFor(of, kind);
  return "problems" in directed ? directed.problems : [];
};

/** @throws of a description with problems */
export function jobOf(of: JobOf, kind: Kind): Job {
  const directed = directedFor(of, kind);
  if ("problems" in directed) throw new Error(`${kind} at ${of.name} cannot be had: ${directed.problems[0]?.allowed}`);
  const { directives } = directed;
  return {
    partition: directives.partition ?? "",
    qos: directives.queue ?? null,
    account: directives.billing_account ?? "",
    seconds: of.target[kind].walltime.seconds,
    directives,
  };
}

export interface JobNames {
  readonly cycle: string;
  readonly target: string;
  readonly digest: string;
  /** Of the environment. */
  readonly prefix: string;
  /** Digest of the tools that it is built and tested by. */
  readonly tools: string;
  readonly umask: string;
}

/** The script of a job: what Slurm is told, where everything is, what makes a shell one for the target, and what is done everywhere. */
export function scriptOf(kind: Kind, job: Job, init: readonly string[], names: JobNames): string {
  const { cycle, target, digest, prefix, tools, umask } = names;
  const folder = `${prefix}/${cycle}/${target}`;
  const variables = {
    DATABRIDGE_WORK: `${folder}/work/${digest}`,
    DATABRIDGE_RELEASE: `${folder}/releases/${digest}`,
    DATABRIDGE_TOOLS: `${prefix}/tools/${tools}`,
    DATABRIDGE_SOURCES: `${prefix}/sources`,
    DATABRIDGE_UMASK: umask,
  };
  return [
    "#!/bin/bash -l",
    // Begun anew by Slurm, it would not be the job that is waited for.
    "#SBATCH --no-requeue",
    // Two that were submitted by mistake do not build one release at once.
    "#SBATCH --dependency=singleton",
    // By its name it is found again, if the answer to a submission was lost.
    `# troika name=modules-${cycle}-${target}-${digest}-${kind}`,
    "# troika join_output_error=yes",
    ...Object.entries(job.directives).map(([key, value]) => `# troika ${key}=${value}`),
    "set -eo pipefail",
    ...Object.entries(variables).map(([key, value]) => `export ${key}=${value}`),
    ...init,
    "",
    shipped(`jobs/${kind}.sh`),
  ].join("\n");
}
