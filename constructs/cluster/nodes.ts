import { serviceDns } from "../../model/certificates";
import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { StatedCluster } from "../../model/site/cluster";
import type { Ipv4 } from "../../model/words/address";
import { forwardProxyOf } from "../edge/forward-proxy";

/** A host of a cluster of ours, and the cluster around it. */
export interface Node {
  readonly host: HostEntry;
  readonly place: PlaceEntry;
  readonly said: StatedCluster;
  /** Whether it runs etcd and the API. */
  readonly isServer: boolean;
  /** Whether it begins the cluster: the first server, as long as nobody has learned that there is one. */
  readonly begins: boolean;
  /** All servers, the first one first: that with the lowest number in the subnet. */
  readonly servers: readonly HostEntry[];
  /** Whether servers carry no workloads. */
  readonly apart: boolean;
  /** Where nodes meet the servers, whichever of them is up. */
  readonly front: Ipv4;
  /** Whether `front` is an address that the servers share. */
  readonly shares: boolean;
  /** Names and addresses by which the API is met. */
  readonly names: readonly string[];
  /** The forward proxy of the tenancy, a URL. @default - there is none */
  readonly proxy?: string;
}

const front = "cluster-api";

/** The node that a host is. @returns nothing for a host of no cluster of ours */
export function nodeOf(host: HostEntry, place: PlaceEntry): Node | undefined {
  const said = place.clusters.find(({ said }) => said.product === "rke2")?.said;
  const servers = place.hosts
    .filter(({ roles }) => said?.servers !== undefined && roles.includes(said.servers))
    .sort((a, b) => a.slot - b.slot);
  const isServer = servers.some(({ id }) => id === host.id);
  const isWorker = said?.nodes !== undefined && host.roles.includes(said.nodes);
  const shared = place.sharedAddresses.find(({ name }) => name === front);
  const met = place.balancers.find(({ name }) => name === front) ?? shared;
  if (!said || !met || !(isServer || isWorker)) return undefined;
  const proxy = forwardProxyOf(place);
  return {
    host,
    place,
    said,
    isServer,
    begins: servers[0]?.id === host.id && place.clusterCa === undefined,
    servers,
    apart: said.nodes !== said.servers,
    front: met.address,
    shares: shared !== undefined,
    names: [met.address, serviceDns(place, "cluster-api"), serviceDns(place, "cluster-join")],
    ...(proxy === undefined ? {} : { proxy }),
  };
}

/** The unit that runs a node. */
export const unitOf = ({ isServer }: Node): string => `rke2-${isServer ? "server" : "agent"}.service`;

/** The port of a service of the tenancy. */
export const portOf = ({ place }: Node, service: string): number =>
  place.services.find(({ said }) => said.service === service)?.said.traffic.from ?? 0;
