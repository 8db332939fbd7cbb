import { baselineServices } from "./baseline";
import { type PlaceEntry, pathTo, type Said } from "./entries";
import type { Service } from "./site/need";

/** What can be asked of a place by name. */
export const servicesOf = (place: PlaceEntry): readonly Said<Service>[] => [
  ...place.services,
  ...baselineServices.map((said) => ({ said, because: `${pathTo(place)}.runs` })),
];
