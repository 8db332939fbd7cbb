import { controlledStacks } from "./controlled";
import { heldText, holdOf } from "./holds";
import type { Registers } from "./registers";
import type { StackEntry } from "./stacks";

/** Stacks that a controller has to leave alone, and why: somebody holds them, or it could not reach what they are of. */
export function stacksLeftAlone(registers: Pick<Registers, "locks" | "places">): ReadonlyMap<string, string> {
  const homes = registers.places.filter(({ gitops }) => gitops.length > 0).map(({ id }) => id);
  return new Map(
    controlledStacks(registers.places).flatMap((stack): readonly (readonly [string, string])[] => {
      const hold = holdOf(registers, stack.name);
      const why = hold ? heldText(hold, stack.name) : unreached(stack, homes);
      return why === undefined ? [] : [[stack.name, why]];
    }),
  );
}

function unreached({ kind, place }: StackEntry, homes: readonly string[]): string | undefined {
  if (kind !== "tenancy")
    return homes.includes(place.id) ? undefined : `no flow leads to the API of ${place.id}'s cluster`;
  return place.site.cloud.api.length > 0
    ? undefined
    : `nobody knows where ${place.site.name}'s cloud answers: cloud.api`;
}
