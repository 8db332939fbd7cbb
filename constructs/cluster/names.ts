import { serviceDns } from "../../model/certificates";
import { isOurs, type PlaceEntry } from "../../model/entries";
import type { Registers } from "../../model/registers";
import { speaksTls } from "../../model/site/need";
import { grouped } from "../../model/words/grouped";
import { metAt } from "../hosts/names";

/** Names of an address, as pods take them. */
export interface HostAlias {
  readonly ip: string;
  readonly hostnames: readonly string[];
}

/**
 * Names of services on hosts of the tenancy that show a certificate, wherever flows of pods lead straight to one: no DNS has to know
 * them. What goes by the forward proxy is found there, and the API of the cluster by the cluster.
 */
export function aliasesOf(workloads: readonly string[], place: PlaceEntry, { flows }: Registers): readonly HostAlias[] {
  const met = flows.flatMap((flow) => {
    const { from, proxy, service, auth, inCluster } = flow;
    const [cluster] = place.clusters;
    const isApi = isOurs(flow.to) && flow.to.group.role === cluster?.said.servers;
    const isMine = from.pods?.place === place.id && workloads.includes(from.pods.workload);
    if (!isMine || isApi || proxy || inCluster || service === undefined || !speaksTls(auth)) return [];
    return metAt(flow, place).map(([ip]) => ({ ip, name: serviceDns(place, service) }));
  });
  return [...grouped(met, ({ ip }) => ip)].map(([ip, all]) => ({
    ip,
    hostnames: [...new Set(all.map(({ name }) => name))],
  }));
}
