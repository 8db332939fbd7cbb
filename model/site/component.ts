import type { z } from "zod";
import type { Cidr } from "../words/address";
import { type Assumption, unreasoned, withoutMarks } from "../words/assumed";
import type { Environment } from "../words/environment";
import { isName, nameRule } from "../words/name";
import { type Fallback, repaired } from "../words/parse";
import type { Problem } from "../words/problem";
import type { Cloud } from "./cloud";
import type { Identity } from "./identity";
import type { PlaceName } from "./place-name";
import type { Description } from "./specs";
import type { Supercomputer } from "./supercomputer";

/** Where a component stands. It sees the facts of its site, never other components. */
export interface Place extends PlaceName {
  readonly environment: Environment;
  readonly cloud: Cloud;
  /** The private network of the tenancy. */
  readonly network: Cidr;
  /** The one beside the cloud, if any. */
  readonly supercomputer: Supercomputer | undefined;
  /** Who vouches for people and pipelines, at all sites. @default - nobody does */
  readonly identity?: Identity;
}

/** What runs in a tenancy. Anybody may write one; {@link component} is the short way. */
export interface Component {
  readonly kind: string;
  /** Unique among those of its kind in a tenancy; equal to the kind where there is only ever one. */
  readonly name: string;
  /** What is wrong with its options; paths begin at the component. */
  readonly problems: readonly Problem[];
  /** What of its options nobody has confirmed; paths begin at the component. @default - nothing */
  readonly assumptions?: readonly Assumption[];
  /** What it asks of a place. Pure: the same place gives the same answer. */
  describe(at: Place): Description;
}

/** `ecflow-prod`, or `bastion` where the kind says it all. */
export const idOf = ({ kind, name }: Pick<Component, "kind" | "name">): string =>
  name === kind ? kind : `${kind}-${name}`;

/** The options of a component: how they are read, what the site file wrote, what stands in for a required one that is wrong. */
export interface Options<T> {
  readonly schema: z.ZodType<T>;
  readonly input: unknown;
  readonly fallback?: Fallback;
}

/**
 * A component whose options are read by a schema.
 * @param describe gets sound options, whatever the site file wrote
 */
export function component<T>(
  kind: string,
  name: string,
  options: Options<T>,
  describe: (is: T, at: Place) => Description,
): Component {
  const { input, assumptions } = withoutMarks(options.input, "");
  const { value, problems: wrongOptions } = repaired(options.schema, input, "", options.fallback);
  const problems = [...assumptions.flatMap(unreasoned), ...wrongOptions];
  if (isName(name))
    return {
      kind,
      name,
      problems,
      assumptions,
      describe: (at) => (value === undefined ? {} : describe(value, at)),
    };
  const wrong = { path: "name", value: name, allowed: nameRule, fix: `write ${kind}("name", { … })` };
  return { kind, name: "unnamed", problems: [wrong, ...problems], describe: () => ({}) };
}
