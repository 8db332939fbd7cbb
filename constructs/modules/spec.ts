import { z } from "zod";
import { type Component, component, type Place } from "../../model/site/component";
import {
  type Cycles,
  cyclesSchema,
  type KeptReleases,
  keptSchema,
  type Recipe,
  recipesSchema,
} from "../../model/site/modules";
import { tcp } from "../../model/site/need";
import type { Software } from "../../model/site/software";
import { awaitedForLogin, type Supercomputer } from "../../model/site/supercomputer";
import { cron, image } from "../../model/site/workload";
import type { DescribedFields } from "../../model/words/assumed";
import type { Environment } from "../../model/words/environment";
import { type Fields, names } from "../../model/words/parse";
import type { Problem } from "../../model/words/problem";
import { type Duration, days, gib, hours, mib, time } from "../../model/words/quantity";
import { softwareProblems } from "./checks";
import { recipes } from "./recipes";

/** Software that is installed on the supercomputer of the site, as modules. */
export interface ModulesOptions {
  /** Versions of packages, by cycle: one list for all sites. */
  readonly software: Cycles;
  /** Targets of the site's supercomputer for which it is built: what is special there is said of the supercomputer. */
  readonly on: readonly string[];
  /** What the job on the cluster is made of, with its digest: `constructs/modules/image` tells how. */
  readonly image: string;
  /** How packages are built that are not ECMWF's, or otherwise. @default - as hpc/easyconfigs has them */
  readonly recipes?: Readonly<Record<string, Recipe>>;
  /** When the job looks whether something is to be done, by cron, in UTC. @default "17 * * * *" */
  readonly schedule?: string;
  /** Releases that stay when another is published. @default - the last three, and what was current within a week */
  readonly kept?: KeptReleases;
  /** How often what is current is tested again, so that it is known when the site has changed. @default 1 day */
  readonly tested?: Duration;
}

const schema = z.strictObject({
  software: cyclesSchema,
  on: names("a target of the site's supercomputer"),
  image,
  recipes: recipesSchema.default({}),
  schedule: cron.default("17 * * * *"),
  kept: keptSchema.prefault({}),
  tested: time.default(days(1)),
} satisfies Fields<ModulesOptions>);

const fallback = { software: {}, on: [], image: `example.org/it:0@sha256:${"0".repeat(64)}` };
const workload = "modules";

/**
 * Installs ECMWF's software as modules on the supercomputer beside the site, from a job on its cluster; or, where a person has to log in,
 * waits for that: `databridge modules deploy`.
 */
export const modules = (options: DescribedFields<ModulesOptions>): Component =>
  component("modules", "modules", { schema, input: options, fallback }, (is, place) => {
    const { supercomputer, environment } = place;
    if (!supercomputer?.software) return { problems: [nowhere(place)] };
    const { software, name } = supercomputer;
    const known = { ...recipes, ...is.recipes };
    const used = [...new Set(Object.values(is.software).flatMap((packages) => Object.keys(packages)))];
    const problems = softwareProblems({ ...is, recipes: known }, supercomputer, software, environment);
    const suspended = waitsFor(supercomputer, software, environment);
    return {
      problems,
      unobserved: "its job is seen with those of the whole cluster, and what it has installed at the supercomputer",
      namespaces: [
        {
          namespace: "modules",
          stack: "modules",
          quota: { milliCpu: 200, memory: gib(1), pods: 2 },
          why: `installs software on ${name}`,
        },
      ],
      workloads: [
        {
          workload,
          namespace: "modules",
          runs: {
            kind: "CronJob",
            schedule: is.schedule,
            // A build, and as long a wait for it; what is cut off goes on in the next run.
            deadline: hours(12),
            ...(suspended === undefined ? {} : { suspended }),
          },
          containers: [{ name: workload, image: is.image, milliCpu: 100, memory: mib(256) }],
          user: 1000,
          why: `installs software on ${name}`,
        },
      ],
      modules:
        problems.length > 0
          ? []
          : [
              {
                supercomputer: name,
                cycles: is.software,
                recipes: Object.fromEntries(
                  used.flatMap((each) => (known[each] ? [[each, known[each]] as const] : [])),
                ),
                on: is.on,
                workload,
                kept: is.kept,
                tested: is.tested,
              },
            ],
      needs: [
        {
          need: "flow",
          from: { workload },
          to: { supercomputer: name, nodes: "login" },
          traffic: tcp(22),
          why: `a job of the cluster installs software on ${name}`,
        },
      ],
    };
  });

/** There is nothing to install on, or nobody knows how. */
const nowhere = ({ supercomputer, site }: Place): Problem =>
  supercomputer
    ? {
        path: "",
        value: supercomputer.name,
        allowed: "a supercomputer of which its site file says how software is installed there",
        fix: "add software to it, or leave modules() out here",
      }
    : { path: "", value: site, allowed: "a site with a supercomputer", fix: "leave modules() out here" };

/** Why the job is not begun by itself; nothing if it is. */
function waitsFor(supercomputer: Supercomputer, { sources }: Software, environment: Environment): string | undefined {
  const { auth, name } = supercomputer;
  const [awaited] = awaitedForLogin(supercomputer, environment);
  if (awaited !== undefined) return `waits for an answer: ${awaited}`;
  if (sources === "brought") return "somebody brings sources";
  if (auth.kind === "registered-key") return undefined;
  return auth.kind === "operator-certificate" && auth.renewal === "person"
    ? "its operator certifies people alone"
    : `pods have no certificate for ${name}`;
}
