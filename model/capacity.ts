import type { PlaceEntry } from "./entries";
import type { Rule } from "./rules";
import { waits } from "./rules";
import type { Quota } from "./site/tenancy";
import { isPending } from "./words/public-address";
import type { Size } from "./words/quantity";
import { own } from "./words/record";

/** What a tenancy takes of each thing that a quota limits; RAM and gigabytes in GiB. */
export type Capacity = Readonly<Record<keyof Quota, number>>;

/** Every tenancy has its four networks only where something stands in them; balancers are the only ones that may lack. */
export const subnetsIn = (place: PlaceEntry): readonly (keyof PlaceEntry["subnets"])[] =>
  place.balancers.length > 0 ? ["edge", "services", "data", "balancers"] : ["edge", "services", "data"];

/** Every project has a security group `default` with four rules, which counts though nothing uses it. */
export const defaultGroup = { securityGroups: 1, securityGroupRules: 4 };

/**
 * Counts as OpenStack does: a router's interfaces and reserved addresses are ports too, and an address that is still
 * asked for takes nothing yet. DHCP's own ports are the cloud's and not counted. Volumes of pods are there once pods are.
 */
export function capacityOf(place: PlaceEntry, rules: readonly Rule[]): Capacity {
  const { hosts, balancers, sharedAddresses, site } = place;
  const flavors = hosts.flatMap((host) => own(site.cloud.flavors, host.flavor) ?? []);
  const volumes = [...hosts.flatMap((host) => host.volumes), ...claimsOf(place)];
  const roles = new Set(hosts.flatMap((host) => host.roles));
  return {
    vcpus: sum(flavors.map((flavor) => flavor.vcpus)),
    ram: sum(flavors.map(({ ram }) => ram.gib)),
    gigabytes: sum(volumes.map(({ size }) => size.gib)),
    floatingIps: hosts.filter((host) => host.public && !isPending(host.public.how)).length,
    instances: hosts.length,
    volumes: volumes.length,
    ports: hosts.length + sharedAddresses.length + balancers.length + subnetsIn(place).length,
    securityGroups: defaultGroup.securityGroups + (hosts.length === 0 ? 0 : 1 + roles.size),
    securityGroupRules:
      defaultGroup.securityGroupRules + rules.filter((rule) => !rule.group.balancer && !waits(rule)).length,
    serverGroups: new Set(hosts.flatMap((host) => host.apart?.group ?? [])).size,
    loadBalancers: balancers.length,
  };
}

/** Volumes that the cloud gives pods, one for each. */
const claimsOf = ({ clusters, workloads }: PlaceEntry): readonly { readonly size: Size }[] =>
  clusters.some(({ said }) => said.cloud)
    ? workloads.flatMap(({ said: { runs } }) =>
        runs.kind === "StatefulSet" ? Array.from({ length: runs.replicas }, () => runs.volume) : [],
      )
    : [];

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);
