import { createHash } from "node:crypto";
import type { PlaceEntry } from "../../model/entries";
import type { StatedModules } from "../../model/site/modules";
import type { Software, Target } from "../../model/site/software";
import type { Supercomputer } from "../../model/site/supercomputer";
import { sourceOf } from "../../model/sources";
import { own } from "../../model/words/record";
import { fullName, moduleOf, type Package, readEasyconfig, render } from "./easyconfig";
import { type Job, type JobNames, jobOf, scriptOf } from "./jobs";
import { shipped, shippedIn } from "./shipped";
import { toolsOf } from "./tools";

/** The software of one cycle for one target: what is built, tested and published as a whole. */
export interface Installation {
  readonly cycle: string;
  readonly target: string;
  /** Of everything that decides what is built: the same inputs, the same digest; 12 digits of hex. */
  readonly digest: string;
  /** What somebody has to look at before anything can be built. */
  readonly waits: readonly string[];
  /** By their path in the folder in which it is staged. */
  readonly files: Readonly<Record<string, string>>;
  readonly sources: readonly Source[];
  readonly modules: readonly Module[];
  /** Lines of a shell that make it one for the target. */
  readonly init: readonly string[];
  /** Modules of the operator that it counts on. */
  readonly toolchain: readonly string[];
  readonly build: Job;
  readonly test: Job;
}

interface Source {
  readonly file: string;
  /** @default - not known: it waits */
  readonly sha256: string | null;
  readonly urls: readonly string[];
}

interface Module {
  readonly module: string;
  readonly run: string | null;
  readonly finds: string | null;
}

/** All that is installed by a component, in the order of cycles and targets. */
export function installationsOf(
  said: StatedModules,
  place: PlaceEntry,
  supercomputer: Supercomputer,
): readonly Installation[] {
  const { software } = supercomputer;
  if (!software) return [];
  return Object.keys(said.cycles).flatMap((cycle) =>
    said.on.flatMap((name) => {
      const target = own(software.targets, name);
      return target ? [installation({ said, place, supercomputer, software, cycle, name, target })] : [];
    }),
  );
}

interface Where {
  readonly said: StatedModules;
  readonly place: PlaceEntry;
  readonly supercomputer: Supercomputer;
  readonly software: Software;
  readonly cycle: string;
  readonly name: string;
  readonly target: Target;
}

function installation(where: Where): Installation {
  const { said, place, supercomputer, software, cycle, name, target } = where;
  const packages = packagesOf(said, cycle, target);
  const built = [...packages.values()].map((is) => ({
    is,
    recipe: said.recipes[is.name],
    from: sourceOf(is.name, is.version, said, place.trust),
  }));
  const from = built.flatMap((each) => each.from ?? []);
  const easyconfigs = Object.fromEntries(
    built.flatMap(({ is, recipe, from }) => {
      const { name, version } = is;
      if (recipe?.easyconfig === undefined) return [];
      const rendering = { name, version, sha256: from?.sha256, target, packages };
      return [[`${fullName(is, target)}.eb`, render(recipe.easyconfig, rendering)]];
    }),
  );
  const sources = from.map(({ file, url, sha256 = null }): Source => ({ file, sha256, urls: [url] }));
  const modules = [...packages.values()].map((each): Module => {
    const { test } = said.recipes[each.name] ?? {};
    return {
      module: moduleOf(each, target),
      run: test?.run ?? null,
      finds: test?.finds.replaceAll("{version}", escaped(each.version)) ?? null,
    };
  });
  const init = [...begins, ...target.modules.map((module) => `module load ${module}`)];
  const of = { environment: place.tenancy.environment, supercomputer, name, target };
  const jobs = { build: jobOf(of, "build"), test: jobOf(of, "test") };
  const files = {
    ...Object.fromEntries(Object.entries(easyconfigs).map(([file, text]) => [`easyconfigs/${file}`, text])),
    "easystack.yaml": ["easyconfigs:", ...built.map(({ is }) => `  - ${fullName(is, target)}.eb`), ""].join("\n"),
    ...Object.fromEntries(shippedIn("reframe", ".py").map((file) => [`reframe/${file}`, shipped(`reframe/${file}`)])),
  };
  const tools = toolsOf(software).digest;
  const names = (digest: string): JobNames => ({
    cycle,
    target: name,
    digest,
    prefix: prefixOf(where),
    tools,
    umask: software.umask,
  });
  const scripts = (digest: string) => ({
    "build.job": scriptOf("build", jobs.build, init, names(digest)),
    "test.job": scriptOf("test", jobs.test, init, names(digest)),
  });
  // As it would be without a digest.
  const digest = createHash("sha256")
    .update(JSON.stringify({ files, sources, modules, init, jobs: scripts("") }))
    .digest("hex")
    .slice(0, 12);
  const release = { cycle, target: name, digest, modules };
  return {
    cycle,
    target: name,
    digest,
    waits: from.flatMap(({ sha256, file, url, key }) =>
      sha256 === undefined ? [`the checksum of ${file}, from ${url}: databridge learn home ${key}=…`] : [],
    ),
    files: { ...files, ...scripts(digest), "release.json": `${JSON.stringify(release, undefined, 2)}\n` },
    sources,
    modules,
    init,
    toolchain: [
      ...target.modules,
      ...(target.toolchain === "SYSTEM" ? (target.requires ?? []) : []),
      ...Object.values(target.given).flatMap((given) => (given.by === "module" ? [given.module] : [])),
    ].filter((each, i, all) => all.indexOf(each) === i),
    ...jobs,
  };
}

/** What is built of a cycle at a target. */
export const packagesOf = (
  { cycles, recipes }: Pick<StatedModules, "cycles" | "recipes">,
  cycle: string,
  { without }: Pick<Target, "without">,
): ReadonlyMap<string, Package> =>
  new Map(
    Object.entries(own(cycles, cycle) ?? {}).flatMap(([name, version]) => {
      const recipe = own(recipes, name);
      if (!recipe || without.includes(name)) return [];
      const { system, suffix } = readEasyconfig(recipe.easyconfig);
      return [[name, { name, version, system, suffix }] as const];
    }),
  );

/** In a shell that nobody has logged in to, there may be no modules yet. */
const begins = ['[ "$(type -t module)" = function ] || . /etc/profile'];

/** The folder in which an environment has its own. */
export const prefixOf = ({ place, software }: Pick<Where, "place" | "software">): string =>
  `${software.prefix}/${place.tenancy.environment}`;

const escaped = (text: string): string => text.replace(/[.+]/g, "\\$&");
