import type { PlaceEntry } from "./entries";
import { stateUrl } from "./site/state";

/** A stack of the platform: what is deployed together and has one state. */
export interface StackEntry {
  /** `lumi-production-tenancy`. */
  readonly name: string;
  readonly kind: "tenancy" | "vault";
  readonly place: PlaceEntry;
  /** Where its state stands in the tenancy's store. */
  readonly key: string;
  /** What tells its state from all others; see {@link stateUrl}. */
  readonly state: string;
}

/** The stacks of a tenancy. */
export const stacksOf = (place: PlaceEntry): readonly StackEntry[] =>
  (["tenancy", ...(place.vault.length > 0 ? (["vault"] as const) : [])] as const).map((kind) => {
    const name = `${place.id}-${kind}`;
    const key = `${place.site.name}/${place.name}/${name}.tfstate`;
    return { name, kind, place, key, state: stateUrl(place.tenancy.state, key) };
  });
