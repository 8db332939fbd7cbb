import type { PlaceEntry } from "./entries";
import { clusterStacks } from "./site/namespace";
import { stateUrl } from "./site/state";

/** A stack of the platform: what is deployed together and has one state. */
export interface StackEntry {
  /** `lumi-production-tenancy`. */
  readonly name: string;
  readonly kind: "tenancy" | "vault" | (typeof clusterStacks)[number];
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
  const onCluster = clusters.length > 0 ? namespaces : [];
  return [
    "tenancy",
    ...(vault.length > 0 ? (["vault"] as const) : []),
    ...clusterStacks.filter((kind) => onCluster.some(({ stack }) => stack === kind)),
  ];
}
