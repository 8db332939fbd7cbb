import type { Capacity } from "../capacity";
import { type HostEntry, type PlaceEntry, pathTo } from "../entries";
import type { Registers } from "../registers";
import type { CloudService } from "../site/cloud";
import type { Quota } from "../site/tenancy";
import { didYouMean, listed, type Problem } from "../words/problem";
import { gib, Size } from "../words/quantity";

/**
 * What the cloud of a site does not have, or not enough of.
 * @param known whether all facts of a place are what its file says
 */
export const cloudProblems = (
  { places, capacity }: Registers,
  known: (place: PlaceEntry) => boolean,
): readonly Problem[] =>
  places
    .filter(known)
    .flatMap((place) => [...offers(place), ...services(place), ...quota(place, capacity.get(place.id))]);

function offers(place: PlaceEntry): readonly Problem[] {
  const { flavors, images } = place.site.cloud;
  const known = (kind: string, name: string, of: object, path: string): readonly Problem[] => {
    if (Object.hasOwn(of, name)) return [];
    const names = Object.keys(of);
    const allowed = `${kind} of ${place.site.name}.cloud: ${listed(names)}`;
    return [
      {
        path,
        value: name,
        allowed,
        fix: didYouMean(name, names, `choose one of them, or add it to ${place.site.name}.cloud`),
      },
    ];
  };
  const flavorPath = ({ because, name, flavorOption }: HostEntry): string =>
    `${because}.${flavorOption ?? `hosts.${name}.flavor`}`;
  return place.hosts.flatMap((host) => [
    ...known("flavors", host.flavor, flavors, flavorPath(host)),
    ...known("images", host.image, images, `${host.because}.hosts.${host.name}.image`),
  ]);
}

function services(place: PlaceEntry): readonly Problem[] {
  const { has } = place.site.cloud;
  const needs = (
    service: CloudService,
    what: string,
    of: readonly { because: string; name: string }[],
  ): readonly Problem[] =>
    has.includes(service)
      ? []
      : of.map(({ because, name }) => ({
          path: `${because}.${what}.${name}`,
          value: service,
          allowed: `what ${place.site.name}.cloud.has: ${listed(has)}`,
          fix: `leave it out at this site, or add "${service}" if the cloud has it`,
        }));
  return [...needs("octavia", "balancers", place.balancers), ...needs("swift", "buckets", place.buckets)];
}

function quota(place: PlaceEntry, capacity: Capacity | undefined): readonly Problem[] {
  if (!capacity) return [];
  return Object.entries(place.tenancy.quota).flatMap(([key, limit]): readonly Problem[] => {
    const thing = key as keyof Quota;
    const taken = capacity[thing];
    if (limit === undefined || taken <= (limit instanceof Size ? limit.gib : limit)) return [];
    return [
      {
        path: `${pathTo(place)}.quota.${thing}`,
        value: limit,
        allowed: `at least ${limit instanceof Size ? gib(taken) : taken}, which this tenancy takes`,
        fix: "write what openstack quota show tells, ask the operator for more, or run less here",
      },
    ];
  });
}
