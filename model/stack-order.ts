import type { StepGraph } from "./graph";

/**
 * After which others each stack is applied for the first time, as a controller sees it: what lies between them, a person's step too, is
 * not its own. A step that is bootstrap counts as done, since the controller stands on it; so a site never waits for another through
 * Vault or home. What is applied again is the next look at the same stack.
 * @returns the fewest names that say so, in alphabetic order
 */
export function stackOrder({ steps }: StepGraph): ReadonlyMap<string, readonly string[]> {
  const before = new Map<string, ReadonlySet<string>>();
  const all = new Map<string, ReadonlySet<string>>();
  const stackOf = new Map(steps.map(({ id, stack }) => [id, stack]));
  for (const { id, stack, needs, bootstrap } of steps) {
    if (bootstrap) continue;
    const mine = new Set(
      needs.flatMap((need) => {
        const known = before.get(need);
        const of = stackOf.get(need);
        return known ? [...known, ...(of === undefined ? [] : [of])] : [];
      }),
    );
    before.set(id, mine);
    if (stack !== undefined && !all.has(stack)) all.set(stack, mine);
  }
  const isImplied = (one: string, among: ReadonlySet<string>): boolean =>
    [...among].some((other) => other !== one && all.get(other)?.has(one));
  return new Map([...all].map(([stack, mine]) => [stack, [...mine].filter((one) => !isImplied(one, mine)).sort()]));
}
