import type { PlaceEntry } from "./entries";

/** A stack of the platform: what is deployed together and has one state. */
export interface StackEntry {
  /** `lumi-production-tenancy`. */
  readonly name: string;
  readonly kind: "tenancy";
  readonly place: PlaceEntry;
  /** Where its state stands in the tenancy's store. */
  readonly key: string;
}

/** The stacks of a tenancy. */
export const stacksOf = (place: PlaceEntry): readonly StackEntry[] =>
  (["tenancy"] as const).map((kind) => {
    const name = `${place.id}-${kind}`;
    return { name, kind, place, key: `${place.site.name}/${place.name}/${name}.tfstate` };
  });
