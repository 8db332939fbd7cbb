import type { PlaceEntry } from "../../model/entries";
import type { Registers } from "../../model/registers";
import { forwardProxyOf } from "../edge/forward-proxy";

/** A variable of a container. */
export interface Variable {
  readonly name: string;
  readonly value: string;
}

/**
 * Variables by which pods go out through the forward proxy of their tenancy, if any flow of these leads through one. What is inside
 * the cluster and the tenancy is met directly.
 */
export function proxyOf(workloads: readonly string[], place: PlaceEntry, { flows }: Registers): readonly Variable[] {
  const isUsed = flows.some(
    ({ from, proxy }) => proxy && from.pods?.place === place.id && workloads.includes(from.pods.workload),
  );
  const url = isUsed ? forwardProxyOf(place) : undefined;
  const [cluster] = place.clusters;
  if (url === undefined || !cluster) return [];
  const inside = [cluster.said.pods, cluster.said.services, place.tenancy.network.cidr, ".svc", ".cluster.local"];
  return [
    { name: "HTTPS_PROXY", value: url },
    { name: "NO_PROXY", value: inside.join(",") },
  ];
}
