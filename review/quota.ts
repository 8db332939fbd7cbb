import type { Capacity } from "../model/capacity";
import type { Registers } from "../model/registers";
import { stacksOf } from "../model/stacks";
import { plain } from "./plain";
import type { Stack, Tree } from "./stack";

/** What a stack takes of something that a cloud counts. */
export interface Taking {
  readonly stack: string;
  readonly what: string;
  readonly before: number;
  readonly after: number;
}

const words: Readonly<Record<keyof Capacity, string>> = {
  vcpus: "vCPU",
  ram: "GiB of RAM",
  instances: "instances",
  volumes: "volumes",
  gigabytes: "GiB of volumes",
  floatingIps: "floating IPs",
  ports: "ports",
  securityGroups: "security groups",
  securityGroupRules: "security group rules",
  serverGroups: "server groups",
  loadBalancers: "load balancers",
};

const counted: Readonly<Record<string, keyof Capacity>> = {
  openstack_compute_instance_v2: "instances",
  openstack_blockstorage_volume_v3: "volumes",
  openstack_networking_floatingip_v2: "floatingIps",
  openstack_networking_port_v2: "ports",
  openstack_networking_secgroup_v2: "securityGroups",
  openstack_networking_secgroup_rule_v2: "securityGroupRules",
  openstack_compute_servergroup_v2: "serverGroups",
  openstack_lb_loadbalancer_v2: "loadBalancers",
};

/**
 * What changes of it, by stack; servers also by flavor.
 * @param described what both sides describe: it counts what a quota does, also volumes of pods and ports of a router. Where it is not
 * known, resources of the trees are counted, which are fewer
 */
export function takings(
  base: Tree,
  head: Tree,
  described?: Readonly<Record<"base" | "head", Registers>>,
): readonly Taking[] {
  const sides = described && { base: capacities(described.base), head: capacities(described.head) };
  const trees = [...base.keys(), ...head.keys()];
  const all = [...trees, ...(sides ? [...sides.base.keys(), ...sides.head.keys()] : [])];
  return [...new Set(all)].sort().flatMap((stack) => {
    const before = countsOf(base.get(stack), sides && (sides.base.get(stack) ?? []));
    const after = countsOf(head.get(stack), sides && (sides.head.get(stack) ?? []));
    return [...new Set([...before.keys(), ...after.keys()])]
      .map((what) => ({ stack, what, before: before.get(what) ?? 0, after: after.get(what) ?? 0 }))
      .filter((taking) => taking.before !== taking.after);
  });
}

type Counts = readonly (readonly [what: string, n: number])[];

/** What tenancies take, by the stack of each. */
const capacities = ({ places, capacity }: Registers): ReadonlyMap<string, Counts> =>
  new Map(
    places.flatMap((place) => {
      const takes = capacity.get(place.id);
      const counts = Object.entries(words).map(([of, what]) => [what, takes?.[of as keyof Capacity] ?? 0] as const);
      return stacksOf(place).flatMap(({ name, kind }) => (kind === "tenancy" ? [[name, counts] as const] : []));
    }),
  );

function countsOf(stack: Stack | undefined, described: Counts | undefined): ReadonlyMap<string, number> {
  const counts = new Map(described);
  const add = (what: string, n = 1) => counts.set(what, (counts.get(what) ?? 0) + n);
  for (const { kind, type, args } of stack?.elements.values() ?? []) {
    if (kind !== "resource") continue;
    const of = Object.hasOwn(counted, type) ? counted[type] : undefined;
    if (of !== undefined && !described) add(words[of]);
    if (type === "openstack_blockstorage_volume_v3" && !described) add(words.gigabytes, Number(args.size) || 0);
    if (type === "openstack_compute_instance_v2")
      add(`servers of ${plain(String(args.flavor_name ?? args.flavor_id), 60)}`);
  }
  return counts;
}
