/** The platform, for programs of other repositories. */
export {
  type Directed,
  type Directives,
  directivesOf,
  type JobNeeds,
  type JobOwner,
} from "../constructs/hpc/directives";
export type { StackOutput } from "../engine/app";
export { readSites } from "../engine/world";
export type { Gathered } from "../model/gather";
export type { Registers } from "../model/registers";
export type { Problem } from "../model/words/problem";
export { describe, type Platform, type Synthesis, synthesize } from "./platform";
