import { bootstrapStacks } from "./bootstrap";
import type { PlaceEntry } from "./entries";
import { type StackEntry, stacksOf } from "./stacks";

/** The stacks that what runs in the control plane may apply: all on which it does not stand. */
export function controlledStacks(places: readonly PlaceEntry[]): readonly StackEntry[] {
  const bootstrap = new Set(bootstrapStacks(places).map(({ name }) => name));
  return places.flatMap(stacksOf).filter(({ name }) => !bootstrap.has(name));
}
