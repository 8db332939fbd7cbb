import type { Cycles, StatedModules } from "../../model/site/modules";
import type { Architecture, Partition } from "../../model/site/partition";
import type { Software, Target } from "../../model/site/software";
import type { Supercomputer } from "../../model/site/supercomputer";
import type { Environment } from "../../model/words/environment";
import { didYouMean, listed, type Problem } from "../../model/words/problem";
import { own } from "../../model/words/record";
import { readEasyconfig } from "./easyconfig";
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
    ...unknownPackages(cycles, recipes),
    ...on.flatMap((name) => {
      const target = own(software.targets, name);
      if (!target) return [];
      return [
        ...Object.keys(cycles).flatMap((cycle) => ungiven(is, cycle, name, target, supercomputer)),
        ...unknownNames(is, name, target),
        ...unfit(supercomputer, name, target),
        ...(["build", "test"] as const).flatMap((kind) =>
          jobProblems({ environment, supercomputer, name, target }, kind).map((problem) => ({
            ...problem,
            path: `on.${name}.${kind}.${problem.path.split(".").at(-1)}`,
          })),
        ),
      ];
    }),
  ];
}

const unknownPackages = (cycles: Stated["software"], recipes: Stated["recipes"]): readonly Problem[] =>
  Object.entries(cycles).flatMap(([cycle, packages]) =>
    Object.keys(packages)
      .filter((name) => !Object.hasOwn(recipes, name))
      .map((name) => ({
        path: `software.${cycle}.${name}`,
        value: name,
        allowed: `packages of which we know how they are built: ${listed(Object.keys(recipes))}`,
        fix: didYouMean(name, Object.keys(recipes), "correct it, or add it to recipes"),
      })),
  );

/** What a package needs stands beside it, or the target says who gives it. */
function ungiven(
  { software: cycles, recipes }: Stated,
  cycle: string,
  name: string,
  target: Target,
  { name: supercomputer }: Supercomputer,
): readonly Problem[] {
  const packages = packagesOf({ cycles, recipes }, cycle, target);
  return [...packages.keys()].flatMap((each) =>
    readEasyconfig(recipes[each]?.easyconfig)
      .needs.filter((need) => !packages.has(need) && !Object.hasOwn(target.given, need))
      .map((need) => ({
        path: `software.${cycle}.${each}`,
        value: need,
        allowed: `what it needs: of the cycle, or given at ${name} of ${supercomputer}`,
        fix: Object.hasOwn(recipes, need)
          ? `add ${need} to the cycle, or take ${each} out at ${name}: without`
          : `say who gives it: ${need}: ofModule("…"), ofSystem or ofEasyBuild("…")`,
      })),
  );
}

/** A name that nothing bears was meant for something, and an option that nothing takes too. */
const unknownNames = (
  { recipes, software: cycles }: Stated,
  name: string,
  { without, options }: Target,
): readonly Problem[] => {
  const deaf = Object.keys(options).filter((each) => {
    const recipe = own(recipes, each);
    return recipe && !readEasyconfig(recipe.easyconfig).takesOptions;
  });
  const known = new Set([
    ...Object.values(cycles).flatMap((packages) => Object.keys(packages)),
    ...Object.keys(recipes),
  ]);
  return [
    ...Object.entries({ without, options: Object.keys(options) }).flatMap(([key, names]) =>
      names
        .filter((each) => !known.has(each))
        .map((each) => ({
          path: `on.${name}.${key}`,
          value: each,
          allowed: `packages: ${listed(known)}`,
          fix: didYouMean(each, [...known], "leave it out"),
        })),
    ),
    ...deaf.map((each) => ({
      path: `on.${name}.options`,
      value: each,
      allowed: "packages whose easyconfig has a place for options",
      fix: `write '@options@' where they belong in the easyconfig of ${each}`,
    })),
  ];
};

/** Compilers that build for some hardware alone, by the name of their toolchain. @see LUMI user guide, toolchains; EasyBuild, --list-toolchains */
const builds: readonly (readonly [toolchain: RegExp, can: (is: Architecture) => boolean, hardware: string])[] = [
  [/^cpeAMD\//, (is) => is.startsWith("gfx"), "GPUs of AMD"],
  [/^cpeAOCC\//, (is) => !is.startsWith("gfx") && !is.startsWith("sm_"), "processors without GPUs"],
  [/^(NVHPC|nvompi|nvofbf|nvpsmpi)\//, (is) => !is.startsWith("gfx"), "GPUs of NVIDIA, or processors"],
  [/^(intel|iimpi|iccifort)\//, (is) => !is.startsWith("gfx") && !is.startsWith("sm_"), "processors without GPUs"],
];

/** Toolchain and hardware that do not go together, and partitions that are not there, or build for another processor. */
function unfit({ partitions, name: supercomputer }: Supercomputer, name: string, target: Target): readonly Problem[] {
  const partition = own(partitions, name);
  if (!partition)
    return [
      {
        path: "on",
        value: name,
        allowed: `a target by the partition on which it is tested: ${listed(Object.keys(partitions))}`,
        fix: didYouMean(name, Object.keys(partitions), "rename the target"),
      },
    ];
  const wrong = builds.find(([pattern, can]) => pattern.test(target.toolchain) && !can(partition.architecture));
  const where = target.build.partition === undefined ? partition : own(partitions, target.build.partition);
  return [
    ...(wrong
      ? [
          {
            path: `on.${name}.toolchain`,
            value: target.toolchain,
            allowed: `a toolchain for ${partition.architecture}; that one builds for ${wrong[2]}`,
            fix: "choose another",
          },
        ]
      : []),
    ...(where && !isLike(where, partition)
      ? [
          {
            path: `on.${name}.build.partition`,
            value: target.build.partition,
            allowed: `a partition of ${supercomputer} with ${partition.architecture}, for which it is built`,
            fix: "build where it is tested: leave it out",
          },
        ]
      : []),
  ];
}

/** What is built on processors of one kind runs on no other; code for GPUs is made without any. */
const isLike = (some: Partition, other: Partition): boolean =>
  some.architecture === other.architecture || (other.gpus > 0 && some.gpus === 0);
