import { pathTo } from "../entries";
import type { Registers } from "../registers";
import { tenancyFallback } from "../site/tenancy";
import type { Problem } from "../words/problem";
import { cloudProblems } from "./cloud";
import { clusterProblems } from "./clusters";
import { collectionProblems } from "./collections";
import { copiesProblems } from "./copies";
import { eventProblems } from "./events";
import { fdbProblems } from "./fdb";
import { flowProblems } from "./flows";
import { hpcProblems } from "./hpc";
import { hpcPeopleProblems } from "./hpc-people";
import { ingressProblems } from "./ingress";
import { lockProblems } from "./locks";
import { milestoneProblems } from "./milestones";
import { multioProblems } from "./multio";
import { nameProblems } from "./names";
import { networkProblems } from "./networks";
import { secretProblems } from "./secrets";
import { sourceProblems } from "./sources";
import { stateProblems } from "./state";
import { teamProblems } from "./teams";

/**
 * Everything impossible that only shows when the whole platform is looked at.
 * @param told what is wrong with the site files themselves, so that nothing is told that only follows from it
 * @param partial whether sites are missing, so that names which nobody here bears prove nothing
 */
export function check(
  registers: Registers,
  told: readonly Problem[],
  { partial }: { readonly partial: boolean },
): readonly Problem[] {
  const wrong = (path: string) => told.some((problem) => problem.path === path || problem.path.startsWith(`${path}.`));
  const problems = [
    ...nameProblems(registers),
    ...networkProblems(registers, (place) => !wrong(`${pathTo(place)}.network`)),
    ...stateProblems(registers),
    ...lockProblems(registers, { wrong, partial }),
    ...flowProblems(registers),
    ...fdbProblems(registers),
    ...hpcProblems(registers, (site) => !wrong(`${site}.supercomputer`)),
    ...hpcPeopleProblems(registers, (site) => !wrong(`${site}.supercomputer`)),
    ...registers.places.flatMap(multioProblems),
    ...(partial ? [] : milestoneProblems(registers)),
    ...secretProblems(registers),
    ...sourceProblems(registers),
    ...registers.places.flatMap(clusterProblems),
    ...registers.places.flatMap(ingressProblems),
    ...registers.places.flatMap(collectionProblems),
    ...registers.places.flatMap(eventProblems),
    ...copiesProblems(registers, partial),
    ...teamProblems(registers),
    ...cloudProblems(registers, ({ site }) => !wrong(site.name)),
  ];
  // What stands in for an owner that is missing is nobody's mistake.
  const unowned = registers.places.some((place) => wrong(`${pathTo(place)}.owner`));
  return problems.filter(({ value }) => !(unowned && value === tenancyFallback.owner));
}
