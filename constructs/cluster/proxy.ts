import { isOurs, type PlaceEntry } from "../../model/entries";
import type { Registers } from "../../model/registers";
import type { Variable } from "./release";

/**
 * Variables by which pods go out through the forward proxy of their tenancy, if any flow of these leads through one. What is inside
 * the cluster and the tenancy is met directly.
 */
export function proxyOf(workloads: readonly string[], place: PlaceEntry, { flows }: Registers): readonly Variable[] {
  const flow = flows.find(
    ({ from, proxy }) => proxy && from.pods?.place === place.id && workloads.includes(from.pods.workload),
  );
  const [host] = flow?.proxy && isOurs(flow.proxy.party) ? flow.proxy.party.hosts : [];
  const [cluster] = place.clusters;
  if (!flow?.proxy || !host || !cluster) return [];
  const url = `http://${host.address}:${flow.proxy.traffic.from}`;
  const inside = [cluster.said.pods, cluster.said.services, place.tenancy.network.cidr, ".svc", ".cluster.local"];
  return [
    { name: "HTTPS_PROXY", value: url },
    { name: "NO_PROXY", value: inside.join(",") },
  ];
}
