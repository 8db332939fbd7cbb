import { createHash } from "node:crypto";
import type { PlaceEntry } from "../../model/entries";
import type { StatedModules } from "../../model/site/modules";
import type { Software, Target } from "../../model/site/software";
import type { Supercomputer } from "../../model/site/supercomputer";
import { type Source, sourceOf } from "../../model/sources";
import { own } from "../../model/words/record";
import { fullName, moduleOf, type Package, readEasyconfig, render } from "./easyconfig";
import { type Job, jobOf, scriptOf } from "./jobs";
import { prefixOf } from "./prefix";
import { shipped, shippedIn } from "./shipped";
import { builderOf, toolsOf } from "./tools";

/** The software of one cycle for one target: what is built, tested and published as a whole. */
export interface Installation {
  readonly cycle: string;
  readonly target: string;
  /** Of what decides what is built, and of nothing else: tests and jobs may change, and it stays. 12 digits of hex. */
  readonly digest: string;
  /** What somebody has to look at before anything can be built: keys of `databridge learn home`. */
  readonly waits: readonly string[];
  /** By their path in the folder in which it is staged. */
  readonly files: Readonly<Record<string, string>>;
  readonly sources: readonly Fetched[];
  readonly modules: readonly Module[];
  /** Lines of a shell that make it one for the target. */
  readonly init: readonly string[];
  /** Modules of the operator that it counts on. */
  readonly toolchain: readonly string[];
  readonly build: Job;
  readonly test: Job;
}

/** A source, and where a login node may get it. */
interface Fetched {
  readonly file: string;
  /** `null` while nobody knows it: it waits. */
  readonly sha256: string | null;
  readonly urls: readonly string[];
}

interface Module {
  readonly module: string;
  readonly run: string | null;
  readonly finds: string | null;
}

/** All that is installed by a component, in the order of cycles and targets. */
export const installationsOf = (said: StatedModules, place: PlaceEntry): readonly Installation[] => {
  const { supercomputer } = place.site;
  const { software } = supercomputer ?? {};
  if (!supercomputer || !software) return [];
  return Object.keys(said.cycles).flatMap((cycle) =>
    said.on.flatMap((name) => {
      const target = own(software.targets, name);
      return target ? [installation({ said, place, supercomputer, software, cycle, name, target })] : [];
    }),
  );
};

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
  const all = [...packages.values()].map((is) => ({
    is,
    easyconfig: said.recipes[is.name]?.easyconfig,
    source: sourceOf(is.name, is.version, said, place.trust),
  }));
  const easyconfigs = Object.fromEntries(
    all.flatMap(({ is, easyconfig, source }) =>
      easyconfig === undefined
        ? []
        : [[`${fullName(is, target)}.eb`, render(easyconfig, { ...is, sha256: source?.sha256, target, packages })]],
    ),
  );
  const sources = all.flatMap(({ source }) => source ?? []);
  const init = [...begins, ...target.modules.map((module) => `module load ${module}`)];
  const digest = digestOf({
    easyconfigs,
    sources: Object.fromEntries(sources.map(({ key, sha256 = "" }) => [key, sha256])),
    init,
    prefix: prefixOf(where),
    umask: software.umask,
    builder: builderOf(),
    generation: target.generation,
  });
  const of = { environment: place.tenancy.environment, supercomputer, name, target };
  const jobs = { build: jobOf(of, "build"), test: jobOf(of, "test") };
  const at = {
    cycle,
    target: name,
    digest,
    prefix: prefixOf(where),
    tools: toolsOf(software).digest,
    umask: software.umask,
  };
  const modules = all.map(({ is }) => moduleTold(is, target, said));
  return {
    cycle,
    target: name,
    digest,
    waits: sources.flatMap(waitsFor),
    files: {
      ...Object.fromEntries(Object.entries(easyconfigs).map(([file, text]) => [`easyconfigs/${file}`, text])),
      "easystack.yaml": ["easyconfigs:", ...all.map(({ is }) => `  - ${fullName(is, target)}.eb`), ""].join("\n"),
      ...Object.fromEntries(shippedIn("reframe", ".py").map((file) => [`reframe/${file}`, shipped(`reframe/${file}`)])),
      "build.job": scriptOf("build", jobs.build, init, at),
      "test.job": scriptOf("test", jobs.test, init, at),
      "release.json": `${JSON.stringify({ cycle, target: name, digest, modules }, undefined, 2)}\n`,
    },
    sources: sources.map(({ file, url, sha256 = null }) => ({ file, sha256, urls: [url] })),
    modules,
    init,
    toolchain: countedOn(
      all.map(({ easyconfig }) => easyconfig),
      target,
    ),
    ...jobs,
  };
}

/** The order in which it was written is no matter. */
const digestOf = (what: Readonly<Record<string, unknown>>): string =>
  createHash("sha256")
    .update(JSON.stringify(sorted(what)))
    .digest("hex")
    .slice(0, 12);

const sorted = (value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, item]) => [key, sorted(item)]),
      )
    : value;

/** How one sees that a module works. A version is found as it is, not as a part of another. */
function moduleTold(is: Package, target: Target, { recipes }: StatedModules): Module {
  const { run, finds } = recipes[is.name]?.test ?? {};
  const version = `(?<![\\d.])${is.version.replace(/[.+]/g, "\\$&")}(?!\\.?\\d)`;
  return {
    module: moduleOf(is, target),
    run: run ?? null,
    finds: finds?.replaceAll("{version}", () => version) ?? null,
  };
}

/** By its key, as `databridge learn home` lists it, with where it is found. */
const waitsFor = ({ sha256, key }: Source): readonly string[] => (sha256 === undefined ? [key] : []);

/** Modules of the operator that a target names, and that something of it needs. */
function countedOn(
  easyconfigs: readonly (string | undefined)[],
  { modules, requires = [], given }: Target,
): readonly string[] {
  const needs = easyconfigs.flatMap((text) => (text === undefined ? [] : readEasyconfig(text).needs));
  const needed = Object.entries(given).flatMap(([name, is]) =>
    is.by === "module" && needs.includes(name) ? [is.module] : [],
  );
  return [...new Set([...modules, ...requires, ...needed])];
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
      // EasyBuild's own are for every toolchain.
      const { system, suffix } =
        recipe.easyconfig === undefined ? { system: true, suffix: "" } : readEasyconfig(recipe.easyconfig);
      return [[name, { name, version, system, suffix }] as const];
    }),
  );

/** In a shell that nobody has logged in to, there may be no modules yet. */
const begins = ['[ "$(type -t module)" = function ] || . /etc/profile'];
