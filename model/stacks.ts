import type { PlaceEntry } from "./entries";
import { stateUrl } from "./site/state";

/** A stack of the platform: what is deployed together and has one state. */
export interface StackEntry {
  /** `lumi-production-tenancy`. */
  readonly name: string;
  readonly kind: "tenancy" | "vault" | "services" | "control-plane";
  readonly place: PlaceEntry;
  /** Where its state stands in the tenancy's store. */
  readonly key: string;
  /** What tells its state from all others; see {@link stateUrl}. */
  readonly state: string;
}

/** The stacks of a tenancy. */
export const stacksOf = (place: PlaceEntry): readonly StackEntry[] =>
  kindsIn(place).map((kind) => {
    const name = `${place.id}-${kind}`;
    const key = `${place.site.name}/${place.name}/${name}.tfstate`;
    return { name, kind, place, key, state: stateUrl(place.tenancy.state, key) };
  });

function kindsIn({ vault, namespaces, clusters }: PlaceEntry): readonly StackEntry["kind"][] {
  const isControl = (control: boolean): boolean =>
    clusters.length > 0 && namespaces.some((namespace) => namespace.control === control);
  return [
    "tenancy",
    ...(vault.length > 0 ? (["vault"] as const) : []),
    ...(isControl(false) ? (["services"] as const) : []),
    ...(isControl(true) ? (["control-plane"] as const) : []),
  ];
}
