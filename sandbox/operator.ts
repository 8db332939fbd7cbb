import { type HostEntry, type PlaceEntry, pathTo } from "../model/entries";
import type { Registers } from "../model/registers";
import type { Site } from "../model/site/site";
import type { Cidr } from "../model/words/address";
import { contains, cut } from "../model/words/address";
import { grouped } from "../model/words/grouped";
import type { Problem } from "../model/words/problem";
import { grantedIn } from "../model/words/public-address";

/** What the operator of a cloud grants, as `openstack/cloud.py prepare` reads it. */
export interface Operator {
  readonly name: string;
  readonly external: { readonly name: string; readonly cidr: string };
  readonly images: readonly { readonly id: string; readonly name: string }[];
  readonly flavors: readonly {
    readonly name: string;
    readonly vcpus: number;
    readonly ramMiB: number;
    readonly diskGiB: number;
  }[];
  readonly tenancies: readonly {
    /** Entry of `clouds.yaml`. */
    readonly cloud: string;
    readonly project: string;
    readonly quota: Readonly<Record<string, number | null>>;
    readonly granted: readonly string[];
  }[];
}

/** Networks of benchmarks, which nobody routes: each cloud has one for its public addresses. @see RFC 2544 */
const externals = cut("198.18.0.0/15" as Cidr, 9);

/** What the operator of a site would grant for what its file says. */
export function operatorOf({ sites, places }: Registers, site: Site): Operator {
  const here = places.filter((place) => place.site.name === site.name);
  return {
    name: site.name,
    external: { name: site.cloud.external, cidr: externalOf(site, sites) },
    images: Object.entries(site.cloud.images).map(([name, id]) => ({ id, name })),
    flavors: Object.values(site.cloud.flavors).map(({ name, vcpus, ram }) => ({
      name,
      vcpus,
      ramMiB: ram.gib * 1024,
      diskGiB: 20,
    })),
    tenancies: here.map((place) => ({
      cloud: place.project,
      project: place.id,
      quota: quotaOf(place),
      granted: place.hosts.flatMap(({ public: facing }) => grantedIn(facing?.how) ?? []),
    })),
  };
}

/** How many hosts for servers a cloud needs, so that what must stand apart can. */
export function hypervisorsFor({ places }: Registers, site: Site): number {
  const groups = places
    .filter((place) => place.site.name === site.name)
    .flatMap((place) => [
      ...grouped(
        place.hosts.filter(({ apart }) => apart),
        ({ apart }: HostEntry) => apart?.group ?? "",
      ).values(),
    ]);
  return Math.max(2, ...groups.map((hosts) => hosts.length));
}

/** Addresses that somebody really granted are of no network of the sandbox. */
export const grantedElsewhere = ({ sites, places }: Registers): readonly Problem[] =>
  places.flatMap((place) =>
    place.hosts.flatMap(({ name, public: facing }): readonly Problem[] => {
      const address = grantedIn(facing?.how);
      const external = externalOf(place.site, sites);
      if (address === undefined || contains(external, address)) return [];
      const allowed = `an address of ${external}, which is all that the sandbox has there`;
      return [
        { path: `${pathTo(place)}.public.${name}`, value: address, allowed, fix: "write allocated to try it here" },
      ];
    }),
  );

const externalOf = (site: Site, sites: readonly Site[]): Cidr => {
  const network = externals[sites.findIndex(({ name }) => name === site.name)];
  if (network === undefined) throw new Error(`the sandbox has networks for ${externals.length} sites`);
  return network;
};

const quotaOf = ({ tenancy: { quota } }: PlaceEntry): Readonly<Record<string, number | null>> => ({
  vcpus: quota.vcpus,
  ramMiB: quota.ram.gib * 1024,
  instances: quota.instances,
  serverGroups: quota.serverGroups,
  gigabytes: quota.gigabytes.gib,
  volumes: quota.volumes,
  ports: quota.ports,
  securityGroups: quota.securityGroups,
  securityGroupRules: quota.securityGroupRules,
  floatingIps: quota.floatingIps,
  loadBalancers: quota.loadBalancers ?? null,
});
