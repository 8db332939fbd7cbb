import { plain } from "./plain";
import type { Stack, Tree } from "./stack";

/** What a stack takes of something that a cloud counts. */
export interface Taking {
  readonly stack: string;
  readonly what: string;
  readonly before: number;
  readonly after: number;
}

const counted: Readonly<Record<string, string>> = {
  openstack_compute_instance_v2: "instances",
  openstack_blockstorage_volume_v3: "volumes",
  openstack_networking_floatingip_v2: "floating IPs",
  openstack_networking_port_v2: "ports",
  openstack_networking_secgroup_v2: "security groups",
  openstack_networking_secgroup_rule_v2: "security group rules",
  openstack_compute_servergroup_v2: "server groups",
  openstack_lb_loadbalancer_v2: "load balancers",
};

/** What changes of it, by stack. Flavors are told by name: what they hold, the cloud says. */
export function takings(base: Tree, head: Tree): readonly Taking[] {
  return [...new Set([...base.keys(), ...head.keys()])].sort().flatMap((stack) => {
    const [before, after] = [countsOf(base.get(stack)), countsOf(head.get(stack))];
    return [...new Set([...before.keys(), ...after.keys()])]
      .map((what) => ({ stack, what, before: before.get(what) ?? 0, after: after.get(what) ?? 0 }))
      .filter((taking) => taking.before !== taking.after);
  });
}

function countsOf(stack: Stack | undefined): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const add = (what: string, n = 1) => counts.set(what, (counts.get(what) ?? 0) + n);
  for (const { kind, type, args } of stack?.elements.values() ?? []) {
    if (kind !== "resource") continue;
    if (Object.hasOwn(counted, type)) add(counted[type] ?? type);
    if (type === "openstack_blockstorage_volume_v3") add("GiB of volumes", Number(args.size) || 0);
    if (type === "openstack_compute_instance_v2")
      add(`servers of ${plain(String(args.flavor_name ?? args.flavor_id), 60)}`);
  }
  return counts;
}
