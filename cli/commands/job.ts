import { type Directed, directivesOf, type JobNeeds } from "../../constructs/hpc/directives";
import type { Environment } from "../../model/words/environment";
import { didYouMean, listed } from "../../model/words/problem";
import { Duration, gib, type Size, tib } from "../../model/words/quantity";
import { Misused } from "../misused";
import { colors } from "../print/colors";
import { problemLines, problemsJson } from "../print/problems";
import { soundDescription } from "../project/description";

interface Options {
  readonly gpuNodes?: string;
  readonly cpuNodes?: string;
  readonly walltime: string;
  readonly tasks?: string;
  readonly memory?: string;
  readonly partition?: string;
  readonly qos?: string;
  readonly environment: Environment;
  readonly person?: string;
  readonly json?: boolean;
}

/** `databridge job <supercomputer…>`. @returns the exit code: 1 if the job cannot run at one of them */
export function runJob(names: readonly string[], options: Options): number {
  const { environment, person, json = false } = options;
  const needs = needsOf(options);
  const registers = soundDescription([], json);
  if (!registers) return 1;
  const all = new Map(
    registers.sites.flatMap(({ supercomputer }) => (supercomputer ? [[supercomputer.name, supercomputer]] : [])),
  );
  const found = names.map((name) => {
    const supercomputer = all.get(name);
    if (supercomputer)
      return {
        name,
        directed: directivesOf(needs, supercomputer, { environment, ...(person === undefined ? {} : { person }) }),
      };
    throw new Misused(
      `there is no supercomputer "${name}"; ${didYouMean(name, [...all.keys()], `there are ${listed(all.keys())}`)}`,
    );
  });
  if (json)
    console.log(
      JSON.stringify(
        found.map(({ name, directed }) => ({ name, ...inJson(directed) })),
        undefined,
        2,
      ),
    );
  else console.log(found.map(({ name, directed }) => textOf(name, directed)).join("\n\n"));
  return found.every(({ directed }) => "directives" in directed) ? 0 : 1;
}

const inJson = (directed: Directed) =>
  "problems" in directed ? JSON.parse(problemsJson(directed.problems)) : directed;

function textOf(name: string, directed: Directed): string {
  if ("problems" in directed) return [colors.red(name), ...problemLines(directed.problems)].join("\n");
  const { directives, unstated } = directed;
  return [
    colors.green(name),
    ...Object.entries(directives).map(([key, value]) => `# troika ${key}=${value}`),
    ...(unstated.length > 0 ? [colors.dim(` nobody has stated a limit: ${listed(unstated)}`)] : []),
  ].join("\n");
}

/** @throws Misused for what is no number, time or amount */
function needsOf({ gpuNodes, cpuNodes, walltime, tasks, memory, partition, qos }: Options): JobNeeds {
  return {
    ...(gpuNodes === undefined ? {} : { gpuNodes: number("--gpu-nodes", gpuNodes) }),
    ...(cpuNodes === undefined ? {} : { cpuNodes: number("--cpu-nodes", cpuNodes) }),
    walltime: timeOf(walltime),
    ...(tasks === undefined ? {} : { tasks: number("--tasks", tasks) }),
    ...(memory === undefined ? {} : { memory: amountOf(memory) }),
    ...(partition === undefined ? {} : { partition }),
    ...(qos === undefined ? {} : { qos }),
  };
}

function number(option: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new Misused(`${option} ${text} is no whole number`);
  return Number(text);
}

const units: Readonly<Record<string, number>> = { min: 60, h: 3600, d: 86400 };

function timeOf(text: string): Duration {
  const [, amount, unit = ""] = /^(\d+)(min|h|d)$/.exec(text) ?? [];
  if (amount !== undefined) return Duration.seconds(Number(amount) * (units[unit] ?? 0));
  const [, h, m, s = "0"] = /^(\d+):([0-5]\d)(?::([0-5]\d))?$/.exec(text) ?? [];
  if (h === undefined) throw new Misused(`--walltime ${text} is no time: 30min, 2h, 1d or 02:00:00`);
  return Duration.seconds(Number(h) * 3600 + Number(m) * 60 + Number(s));
}

function amountOf(text: string): Size {
  const [, amount, unit] = /^(\d+)\s?(GiB|TiB)$/.exec(text) ?? [];
  if (amount === undefined) throw new Misused(`--memory ${text} is no amount: 256GiB or 1TiB`);
  return unit === "TiB" ? tib(Number(amount)) : gib(Number(amount));
}
