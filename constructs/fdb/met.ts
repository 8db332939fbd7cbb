import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { FdbServer, StatedFdb } from "../../model/site/fdb";
import type { Listens } from "./server";

export const hostsOf = ({ hosts }: PlaceEntry, { role }: Pick<FdbServer, "role">): readonly HostEntry[] =>
  hosts.filter(({ roles }) => roles.includes(role));

export function listensAt({ services }: PlaceEntry, { service, data }: FdbServer): Listens {
  const at = (name?: string) => services.find(({ said }) => said.service === name)?.said.traffic;
  const dataPorts = at(data);
  return { port: at(service)?.from ?? 0, ...(dataPorts ? { dataPorts } : {}) };
}

/** A server, and the port of a job's own node that leads to it by the gate. */
interface Met {
  /** `10.20.8.11:10000` */
  readonly at: string;
  readonly inside: number;
}

/** Ports of nodes, where whoever comes by the gate meets the catalogue, and stores in their order. */
const firstInside = 11000;

/** Where servers are met: the catalogue, then its stores. */
export const serversOf = (place: PlaceEntry, { catalogue, store }: StatedFdb): readonly Met[] =>
  [catalogue, store]
    .flatMap((server) => hostsOf(place, server).map(({ address }) => `${address}:${listensAt(place, server).port}`))
    .map((at, i) => ({ at, inside: firstInside + i }));
