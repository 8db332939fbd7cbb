import { baselineServices } from "./baseline";
import { type HostEntry, type PlaceEntry, pathTo, type Said } from "./entries";
import { isServedBy, type Service } from "./site/need";

/** What can be asked of a place by name. */
export const servicesOf = (place: PlaceEntry): readonly Said<Service>[] => [
  ...place.services,
  ...baselineServices.map((said) => ({ said, because: `${pathTo(place)}.runs` })),
];

/** Hosts that listen for a service; none where pods do. */
export const hostsServing = ({ hosts }: PlaceEntry, service: Pick<Service, "on">): readonly HostEntry[] =>
  hosts.filter(({ roles }) => roles.some((role) => isServedBy(service, role)));
