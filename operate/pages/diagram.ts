import { type Flow, isOurs, type PlaceEntry } from "../../model/entries";
import type { Registers } from "../../model/registers";
import { connections, isBalancer, type Stop } from "../../model/route";
import { standingOf } from "../../model/standing";
import { isEverywhere, portText } from "./parties";

/** What stands in some tenancies, by role, and who meets whom: a chart of Mermaid. */
export function diagramOf(registers: Registers, places: readonly PlaceEntry[]): readonly string[] {
  const edges = edgesOf(registers, places);
  const ours = places.flatMap((place) => [
    `  subgraph ${idOf(place.id)}["${place.name}"]`,
    ...rolesIn(place).map(([role, hosts]) => `    ${idOf(place.id, role)}["${label(role, hosts)}"]`),
    "  end",
  ]);
  const drawn = new Set(places.flatMap((place) => rolesIn(place).map(([role]) => idOf(place.id, role))));
  const others = new Map(
    edges.flatMap(({ from, to }) => [from, to]).flatMap(({ id, name }) => (drawn.has(id) ? [] : [[id, name] as const])),
  );
  return [
    "```mermaid",
    "flowchart LR",
    ...ours,
    ...[...others].map(([id, name]) => `  ${id}(["${name}"])`),
    ...edges.map(
      ({ from, to, ports, waits }) =>
        `  ${from.id} ${waits ? "-." : "--"} "${ports}" ${waits ? ".->" : "-->"} ${to.id}`,
    ),
    "```",
    "",
    "Boxes are roles, numbers are ports, dotted is what waits for an address or an operator. Not drawn, since it holds for every host: it is " +
      "reached by SSH from the bastion, asked for metrics by the collector, and itself asks for names, time, packages and secrets.",
  ];
}

interface Drawn {
  readonly id: string;
  readonly name: string;
}

interface Edge {
  readonly from: Drawn;
  readonly to: Drawn;
  readonly ports: string;
  readonly waits: boolean;
}

/** One edge for all flows between two, whatever they need it for. */
function edgesOf({ flows, places: all }: Registers, places: readonly PlaceEntry[]): readonly Edge[] {
  const edges = new Map<string, { from: Drawn; to: Drawn; ports: Set<string>; waits: boolean }>();
  const ids = new Set(places.map(({ id }) => id));
  for (const flow of flows.filter((each) => !isEverywhere(each) && !isOfAgents(each)))
    for (const { from, to, traffic } of connections(flow)) {
      const ends = [drawn(from, places), drawn(to, places)] as const;
      if (![from, to].some((stop) => ids.has(placeOf(stop) ?? "")) || ends[0].id === ends[1].id) continue;
      const place = all.find(({ id }) => id === flow.place);
      const waits = place !== undefined && standingOf(flow, place) === "waiting";
      const key = `${ends[0].id} ${ends[1].id}`;
      const edge = edges.get(key) ?? { from: ends[0], to: ends[1], ports: new Set<string>(), waits: true };
      edge.ports.add(portText(traffic));
      edges.set(key, { ...edge, waits: edge.waits && waits });
    }
  return [...edges.values()]
    .map(({ from, to, ports, waits }) => ({ from, to, ports: portsText([...ports]), waits }))
    .sort((a, b) => (`${a.from.id} ${a.to.id}` < `${b.from.id} ${b.to.id}` ? -1 : 1));
}

/** The collector asks every role for what it exposes. */
const isOfAgents = ({ from }: Flow): boolean =>
  isOurs(from) && from.group.role === "collector" && from.pods === undefined;

const portsText = (ports: readonly string[]): string =>
  ports.length > 4 ? `${ports.slice(0, 3).join(", ")} and ${ports.length - 3} more` : ports.join(", ");

const placeOf = (stop: Stop): string | undefined =>
  isBalancer(stop) ? stop.group.place : isOurs(stop) ? stop.group.place : undefined;

/** Roles of these tenancies; others are one each, and so is whoever is not ours. */
function drawn(stop: Stop, places: readonly PlaceEntry[]): Drawn {
  if (!isBalancer(stop) && !isOurs(stop)) return { id: idOf("their", stop.theirs), name: stop.theirs };
  const { place, role } = stop.group;
  const here = places.find(({ id }) => id === place);
  if (!here) return { id: idOf(place), name: place };
  return { id: idOf(place, role), name: role };
}

const rolesIn = ({ hosts, balancers }: PlaceEntry): readonly (readonly [role: string, hosts: readonly string[]])[] => {
  const roles = [...new Set(hosts.flatMap((host) => host.roles))];
  return [
    ...roles.map((role) => [role, hosts.filter((host) => host.roles.includes(role)).map(({ name }) => name)] as const),
    ...balancers.map(({ name }) => [name, ["a load balancer"]] as const),
  ];
};

const label = (role: string, hosts: readonly string[]): string =>
  hosts.length === 1 && hosts[0] === role
    ? role
    : `${role}, ${hosts.length === 1 ? hosts[0] : `${hosts.length} hosts`}`;

const idOf = (...parts: readonly string[]): string => parts.join("_").replaceAll(/[^A-Za-z0-9]/g, "_");
