import { existsSync } from "node:fs";
import type { StackOutput } from "../engine/app";
import { Refused } from "../engine/refused";
import { writeSynthesized } from "../engine/synthesized";
import { withoutTraces } from "../engine/traces";
import { readLocks, type World } from "../engine/world";
import { main } from "../main";
import { type Gathered, gather } from "../model/gather";
import type { Problem } from "../model/words/problem";

/** A platform that is described in some repository. Paths are relative to the folder that the program runs in. */
export interface Platform {
  /** What site files export. {@link readSites} loads all files of a folder. */
  readonly sites: readonly unknown[];
  /** The folder of `<site>.lock.json`: what must not be lost, and what clouds gave. It may be empty, and has to be there. */
  readonly locks: string;
  /** Where Terraform's files go. @default - what cdktf's CLI says, or `cdktf.out` */
  readonly outdir?: string;
  /** Where normalized output is committed, for the diff that reviewers read. @default "synthesized" */
  readonly synthesized?: string;
}

/** What a synthesis came to: stacks, or all that is wrong, and then nothing was written. */
export interface Synthesis {
  readonly problems: readonly Problem[];
  readonly stacks: readonly StackOutput[];
  /** Paths below `synthesized` of files that changed. */
  readonly changed: readonly string[];
}

/** Reads a description without building anything. Never throws for what is wrong in it; reports all problems at once. */
export function describe(platform: Platform): Gathered {
  const gathered = gather(platform.sites, readLocks(worldOf(platform)));
  if (existsSync(platform.locks)) return gathered;
  const missing = { path: "locks", value: platform.locks, allowed: "a folder; without locks nothing is protected" };
  return { ...gathered, problems: [{ ...missing, fix: "correct it, or make the folder" }, ...gathered.problems] };
}

/** Writes Terraform for all stacks. Never throws for what is wrong in a description; reports all problems at once. */
export function synthesize(platform: Platform): Synthesis {
  const { registers, problems } = describe(platform);
  if (problems.length > 0) return { problems, stacks: [], changed: [] };
  const world = worldOf(platform);
  try {
    const stacks = withoutTraces(() => main(registers, world.output));
    // Whoever wants output elsewhere wants to apply it, and nothing in the repository changed.
    return {
      problems: [],
      stacks,
      changed: process.env.CDKTF_OUTDIR === undefined ? writeSynthesized(world, stacks) : [],
    };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { problems: error.problems, stacks: [], changed: [] };
  }
}

const worldOf = ({ locks, synthesized = "synthesized", outdir }: Platform): World => ({
  name: "production",
  locks,
  synthesized,
  output: outdir ?? process.env.CDKTF_OUTDIR ?? "cdktf.out",
  work: ".databridge",
});
