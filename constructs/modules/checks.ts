import { alg, Graph } from "@dagrejs/graphlib";
import type { Cycles, StatedModules } from "../../model/site/modules";
import type { Architecture, Partition } from "../../model/site/partition";
import type { Software, Target } from "../../model/site/software";
import type { Supercomputer } from "../../model/site/supercomputer";
import type { Environment } from "../../model/words/environment";
import { didYouMean, listed, type Problem } from "../../model/words/problem";
import { own } from "../../model/words/record";
import { lacks, readEasyconfig } from "./easyconfig";
import { packagesOf } from "./installation";
import { jobProblems } from "./jobs";

/** What is to be installed, and where. */
interface Stated {
  /** Versions of packages, by cycle. */
  readonly software: Cycles;
  readonly recipes: StatedModules["recipes"];
  /** Targets. */
  readonly on: readonly string[];
}

/** Software that could be described, and could not be built there. Paths begin at the component. */
export function softwareProblems(
  is: Stated,
  supercomputer: Supercomputer,
  software: Software,
  environment: Environment,
): readonly Problem[] {
  const targets = Object.keys(software.targets);
  const { on, software: cycles, recipes } = is;
  return [
    ...on
      .filter((name) => !targets.includes(name))
      .map((name) => ({
        path: "on",
        value: name,
        allowed: `targets of ${supercomputer.name}: ${listed(targets)}`,
        fix: didYouMean(name, targets, "name one of them, or add it to software of the supercomputer"),
      })),
    ...unfetched(supercomputer, software),
    ...unknownPackages(cycles, recipes),
    ...recipeProblems(cycles, recipes),
    ...distinct(
      on.flatMap((name) => {
        const target = own(software.targets, name);
        return target ? targetProblems({ is, supercomputer, software, name, target, environment }) : [];
      }),
    ),
  ];
}

/** What is wrong with a fact is told where the component counts on it, and mended where it stands. */
const distinct = (problems: readonly Problem[]): readonly Problem[] =>
  [
    ...new Map([...problems].reverse().map((each) => [`${each.path} ${each.value} ${each.fix}`, each])).values(),
  ].reverse();

const unfetched = ({ internet, name }: Supercomputer, { sources }: Software): readonly Problem[] =>
  sources === "brought" || internet.login
    ? []
    : [
        {
          path: "on",
          value: sources,
          allowed: `sources that somebody brings, since login nodes of ${name} do not reach the internet`,
          fix: `write sources: "brought" to software of ${name}`,
        },
      ];

const unknownPackages = (cycles: Cycles, recipes: Stated["recipes"]): readonly Problem[] =>
  Object.entries(cycles).flatMap(([cycle, packages]) =>
    Object.entries(packages).flatMap(([name, version]): readonly Problem[] => {
      const path = `software.${cycle}.${name}`;
      const recipe = own(recipes, name);
      if (!recipe) {
        const known = Object.keys(recipes);
        const allowed = `packages of which we know how they are built: ${listed(known)}`;
        return [{ path, value: name, allowed, fix: didYouMean(name, known, "correct it, or add it to recipes") }];
      }
      const { versions } = recipe;
      if (versions === undefined || versions.includes(version)) return [];
      const allowed = `a version of which EasyBuild has an easyconfig: ${listed(versions)}`;
      return [{ path, value: version, allowed, fix: "write one of them, or add your own easyconfig to recipes" }];
    }),
  );

/** An easyconfig that is no template of its package, and packages that need each other in a circle. */
function recipeProblems(cycles: Cycles, recipes: Stated["recipes"]): readonly Problem[] {
  const used = [...new Set(Object.values(cycles).flatMap((packages) => Object.keys(packages)))];
  const graph = new Graph();
  const problems = used.flatMap((name): readonly Problem[] => {
    const text = own(recipes, name)?.easyconfig;
    if (text === undefined) return [];
    const { name: says, needs } = readEasyconfig(text);
    for (const need of needs) if (used.includes(need)) graph.setEdge(name, need);
    return [
      ...(says === name
        ? []
        : [
            {
              path: `recipes.${name}.easyconfig`,
              value: says,
              allowed: `the easyconfig of ${name}`,
              fix: `begin it with name = '${name}'`,
            },
          ]),
      ...lacks(text).map((word) => ({
        path: `recipes.${name}.easyconfig`,
        value: undefined,
        allowed: "words where versions, toolchains and checksums differ: hpc/easyconfigs/README.md",
        fix: `write ${word}`,
      })),
    ];
  });
  const circles = alg.findCycles(graph).map((names) => ({
    path: `recipes.${names[0]}.easyconfig`,
    value: names.join(" needs "),
    allowed: "packages that do not need each other in a circle",
    fix: "take one of them out",
  }));
  return [...problems, ...circles];
}

interface Where {
  readonly is: Stated;
  readonly supercomputer: Supercomputer;
  readonly software: Software;
  readonly name: string;
  readonly target: Target;
  readonly environment: Environment;
}

function targetProblems(where: Where): readonly Problem[] {
  const { is, supercomputer, name, target, environment } = where;
  const partition = own(supercomputer.partitions, name);
  const fact = `software.targets.${name} of ${supercomputer.name}`;
  if (!partition) {
    const known = Object.keys(supercomputer.partitions);
    const allowed = `a target by the partition on which it is tested: ${listed(known)}`;
    return [{ path: "on", value: name, allowed, fix: `${didYouMean(name, known, "rename the target")}, in ${fact}` }];
  }
  return [
    ...Object.keys(is.software).flatMap((cycle) => ungiven(where, cycle)),
    ...unknownNames(where),
    ...unfit(where, partition),
    ...(["build", "test"] as const).flatMap((kind) =>
      jobProblems({ environment, supercomputer, name, target }, kind).map(({ path, value, allowed, fix }) => {
        const what = path.split(".").at(-1) ?? "";
        // Whom jobs are charged to is no matter of the target.
        return what === "account" || what === "job"
          ? { path: "on", value, allowed, fix }
          : { path: `on.${name}.${kind}.${what}`, value, allowed, fix: `${fix}, in ${fact}` };
      }),
    ),
  ];
}

/** What a package needs stands beside it, or the target says who gives it. */
function ungiven(
  { is: { software: cycles, recipes }, name, target, supercomputer, software }: Where,
  cycle: string,
): readonly Problem[] {
  const packages = packagesOf({ cycles, recipes }, cycle, target);
  return [...packages.keys()].flatMap((each) => {
    const path = `software.${cycle}.${each}`;
    return needsOf(recipes, each).flatMap((need): readonly Problem[] => {
      if (packages.has(need)) return [];
      const given = own(target.given, need);
      const allowed = `what it needs: of the cycle, or given at ${name} of ${supercomputer.name}`;
      if (given?.by === "easybuild" && software.sources === "brought")
        return [
          {
            path,
            value: need,
            allowed: `what somebody gives who fetches nothing: sources of ${supercomputer.name} are brought, and EasyBuild's own are not known`,
            fix: `add an easyconfig of ${need} to recipes, and a version to the cycle`,
          },
        ];
      if (given) return [];
      const fix = Object.hasOwn(recipes, need)
        ? `add ${need} to the cycle, or take ${each} out at ${name}: without`
        : `say who gives it: ${need}: ofModule("…"), ofSystem, ofNobody or ofEasyBuild("…")`;
      return [{ path, value: need, allowed, fix }];
    });
  });
}

const needsOf = (recipes: Stated["recipes"], name: string): readonly string[] => {
  const text = own(recipes, name)?.easyconfig;
  return text === undefined ? [] : readEasyconfig(text).needs;
};

/** A name that nothing bears was meant for something, and an option that nothing takes too. */
function unknownNames({ is: { recipes, software: cycles }, name, target, supercomputer }: Where): readonly Problem[] {
  const { without, options, given } = target;
  const packages = [...new Set([...Object.values(cycles).flatMap((all) => Object.keys(all)), ...Object.keys(recipes)])];
  const needed = [...new Set(packages.flatMap((each) => needsOf(recipes, each)))];
  const deaf = Object.keys(options).filter((each) => {
    const recipe = own(recipes, each);
    return recipe && !(recipe.easyconfig !== undefined && readEasyconfig(recipe.easyconfig).takesOptions);
  });
  const fact = `in software.targets.${name} of ${supercomputer.name}`;
  const unknown = (key: string, names: readonly string[], known: readonly string[], what: string): readonly Problem[] =>
    names
      .filter((each) => !known.includes(each))
      .map((each) => ({
        path: `on.${name}.${key}`,
        value: each,
        allowed: `${what}: ${listed(known)}`,
        fix: `${didYouMean(each, known, "leave it out")}, ${fact}`,
      }));
  return [
    ...unknown("without", without, packages, "packages"),
    ...unknown("options", Object.keys(options), packages, "packages"),
    ...unknown("given", Object.keys(given), needed, "what packages need of others"),
    ...deaf.map((each) => ({
      path: `on.${name}.options`,
      value: each,
      allowed: "packages whose easyconfig has a place for options",
      fix: `write '@options@' where they belong in the easyconfig of ${each}`,
    })),
  ];
}

/** Compilers that build for some hardware alone, by the name of their toolchain. @see LUMI user guide, toolchains; EasyBuild, --list-toolchains */
const builds: readonly (readonly [toolchain: RegExp, can: (is: Architecture) => boolean, hardware: string])[] = [
  [/^cpeAMD\//, (is) => is.startsWith("gfx"), "GPUs of AMD"],
  [/^cpeAOCC\//, (is) => !is.startsWith("gfx") && !is.startsWith("sm_"), "processors without GPUs"],
  [/^(NVHPC|nvompi|nvofbf|nvpsmpi)\//, (is) => !is.startsWith("gfx"), "GPUs of NVIDIA, or processors"],
  [/^(intel|iimpi|iccifort)\//, (is) => !is.startsWith("gfx") && !is.startsWith("sm_"), "processors without GPUs"],
];

/** Toolchain, modules and hardware that do not go together. */
function unfit({ supercomputer, name, target }: Where, partition: Partition): readonly Problem[] {
  const fact = `in software.targets.${name} of ${supercomputer.name}`;
  const wrong = builds.find(([pattern, can]) => pattern.test(target.toolchain) && !can(partition.architecture));
  const built = own(supercomputer.partitions, target.build.partition ?? name);
  return [
    ...(wrong
      ? [
          {
            path: `on.${name}.toolchain`,
            value: target.toolchain,
            allowed: `a toolchain for ${partition.architecture}; that one builds for ${wrong[2]}`,
            fix: `choose another, ${fact}`,
          },
        ]
      : []),
    ...(target.requires && target.toolchain !== "SYSTEM"
      ? [
          {
            path: `on.${name}.requires`,
            value: listed(target.requires),
            allowed: "modules that are needed again, where the compilers are those of the system",
            fix: `leave it out, ${fact}: ${target.toolchain} loads its own`,
          },
        ]
      : []),
    ...(built && processorOf(built) !== processorOf(partition)
      ? [
          {
            path: `on.${name}.build.partition`,
            value: target.build.partition,
            allowed: `a partition of ${supercomputer.name} with processors like those on which it runs: ${processorOf(partition) ?? "not known, host of its partition"}`,
            fix: `build where it is tested: leave it out, ${fact}`,
          },
        ]
      : []),
  ];
}

/** What is built on processors of one kind runs on no other; code for GPUs is made without any. */
const processorOf = ({ architecture, gpus, host }: Partition): string | undefined => (gpus > 0 ? host : architecture);
