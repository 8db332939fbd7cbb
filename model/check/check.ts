import type { Registers } from "../registers";
import type { Problem } from "../words/problem";
import { cloudProblems } from "./cloud";
import { flowProblems } from "./flows";
import { nameProblems } from "./names";
import { networkProblems } from "./networks";

/**
 * Everything impossible that only shows when the whole platform is looked at.
 * @param unsound sites whose own facts are wrong
 */
export const check = (registers: Registers, unsound: ReadonlySet<string>): readonly Problem[] => [
  ...nameProblems(registers),
  ...networkProblems(registers),
  ...flowProblems(registers),
  ...cloudProblems(registers, unsound),
];
