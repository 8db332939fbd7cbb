import { type Flow, type HostEntry, isOurs, type PlaceEntry, type Said } from "../entries";
import type { Registers } from "../registers";
import { hostsServing } from "../services";
import type { FdbClient, FdbServer, StatedFdb } from "../site/fdb";
import { overlaps, shown, type Traffic } from "../site/need";
import { listed, type Problem } from "../words/problem";
import { pathOf } from "../words/record";

/** FDB asks nobody who he is, and speaks in the clear: who reaches its servers is whom it names, and they are met at private addresses alone. */
export const fdbProblems = ({ places, flows }: Pick<Registers, "places" | "flows">): readonly Problem[] =>
  places.flatMap((place) =>
    place.fdb.flatMap((fdb) => {
      const doors = doorsOf(place, fdb.said);
      return [
        ...entrances(place, doors),
        ...flows.filter((flow) => leadsTo(flow, place, doors)).flatMap((flow) => stranger(flow, place, fdb)),
      ];
    }),
  );

/** Hosts and ports at which a server answers, by whatever name a service leads there. */
interface Door {
  readonly hosts: readonly HostEntry[];
  readonly traffic: Traffic;
}

const doorsOf = (place: PlaceEntry, { catalogue, store }: StatedFdb): readonly Door[] =>
  [catalogue, store].flatMap(({ role, service, data }: FdbServer) =>
    place.services
      .filter(({ said }) => said.service === service || said.service === data)
      .map(({ said: { traffic } }) => ({ hosts: hostsServing(place, { on: { role } }), traffic })),
  );

const isBehind = (doors: readonly Door[], hosts: readonly HostEntry[], traffic: Traffic): boolean =>
  doors.some((door) => overlaps(door.traffic, traffic) && hosts.some((host) => door.hosts.includes(host)));

/** Relays, public addresses and ingresses pass on whoever comes. */
const entrances = (place: PlaceEntry, doors: readonly Door[]): readonly Problem[] =>
  place.services.flatMap(({ said: { service, on, traffic, entrance }, because }) =>
    entrance === undefined || entrance === "routed" || !isBehind(doors, hostsServing(place, { on }), traffic)
      ? []
      : [
          {
            path: `${because}.services.${service}.entrance`,
            value: typeof entrance === "string" ? entrance : Object.values(entrance)[0],
            allowed: 'none, or "routed": its protocol has neither passwords nor TLS',
            fix: "leave it out; who has to come from elsewhere comes by a gate that asks, or a service that does",
          },
        ],
  );

const leadsTo = ({ to, traffic }: Flow, { id }: PlaceEntry, doors: readonly Door[]): boolean =>
  isOurs(to) && to.group.place === id && isBehind(doors, to.hosts, traffic);

function stranger(
  { from, because, service, traffic }: Flow,
  place: PlaceEntry,
  { said: fdb, because: component }: Said<StatedFdb>,
): readonly Problem[] {
  const known: readonly FdbClient[] = [...fdb.clients, { role: fdb.catalogue.role }];
  // Which networks are, the component says by itself; that they are private and nobody else's is seen to where flows are resolved.
  if (
    isOurs(from)
      ? from.group.place === place.id && known.some((client) => isClient(from, client))
      : because === component
  )
    return [];
  const who = isOurs(from) ? (from.pods ? `pods of ${from.pods.workload}` : from.group.role) : from.theirs;
  return [
    {
      path: because,
      value: `${who} to ${service ?? shown(traffic)}`,
      allowed: `a client of the FDB: ${listed(known.map(nameOf))}`,
      fix:
        isOurs(from) && from.group.place === place.id
          ? `add ${nameOf(from.pods ?? { role: from.group.role })} to ${pathOf(component, "clients")}`
          : "ask for fields by a service that knows who asks",
    },
  ];
}

const isClient = ({ group, pods }: Extract<Flow["from"], { hosts: unknown }>, client: FdbClient): boolean =>
  "workload" in client ? pods?.workload === client.workload : !pods && group.role === client.role;

const nameOf = (client: FdbClient): string =>
  "workload" in client ? `{ workload: "${client.workload}" }` : `{ role: "${client.role}" }`;
