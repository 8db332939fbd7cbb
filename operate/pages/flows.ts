import { type Address, type Flow, isOurs, type PlaceEntry } from "../../model/entries";
import type { Registers } from "../../model/registers";
import { route } from "../../model/route";
import { flowsOf, isGiven, type Standing, shownSource, standingOf } from "../../model/standing";
import { own } from "../../model/words/record";
import { rows } from "./markdown";
import { partyName, portText } from "./parties";

const order: readonly Standing[] = ["waiting", "granted", "open"];

/** Who reaches whom, by how far it is; what waits first, with what it waits for. */
export const flowsSection = (place: PlaceEntry, { flows }: Registers): readonly string[] =>
  order.flatMap((standing) => {
    const those = merged(
      flowsOf(place, flows).filter((flow) => standingOf(flow, place) === standing),
      place,
    );
    if (those.length === 0) return [];
    return [
      "",
      `### ${place.name}, ${standing}`,
      "",
      ...rows(
        ["from", "to", "port", "by", "for", ...(standing === "waiting" ? ["waits for"] : [])],
        standing === "waiting" ? those : those.map((row) => row.slice(0, -1)),
      ),
    ];
  });

/** A row for all flows that differ in their reasons alone. */
function merged(flows: readonly Flow[], place: PlaceEntry): readonly (readonly string[])[] {
  const found = new Map<string, { readonly ends: readonly string[]; why: string[]; awaited: string[] }>();
  for (const flow of flows) {
    const by = [flow.proxy, flow.relay].flatMap((station) => (station ? [partyName(station.party, place)] : []));
    const ends = [
      partyName(flow.from, place),
      flow.service === undefined || !isOurs(flow.to)
        ? partyName(flow.to, place)
        : serviceText(flow.service, flow, place),
      portText(flow.traffic),
      [...by, ...(flow.balancer ? [flow.balancer.name] : [])].join(", "),
    ];
    const row = found.get(ends.join("\n")) ?? { ends, why: [], awaited: [] };
    row.why.push(flow.why);
    row.awaited.push(...awaitedOf(flow, place));
    found.set(ends.join("\n"), row);
  }
  return [...found.values()].map(({ ends, why, awaited }) => [
    ...ends,
    [...new Set(why)].join("; "),
    [...new Set(awaited)].join("; "),
  ]);
}

/** A service, and who offers it where its name does not say so. */
function serviceText(service: string, { to }: Flow, place: PlaceEntry): string {
  const on = partyName(to, place);
  return on === service || on.startsWith(`${service} `) ? on : `${service} (${on})`;
}

/** What a flow waits for: addresses, by what brings them, and openings. */
const awaitedOf = (flow: Flow, { tenancy }: PlaceEntry): readonly string[] =>
  route(flow).flatMap(({ open, peer }) => [
    ...("addresses" in peer ? peer.addresses.flatMap(sourceOf) : []),
    ...("grant" in open && !isGiven(own(tenancy.grants, open.grant)) ? [`the opening ${open.grant}`] : []),
  ]);

const sourceOf = (address: Address): readonly string[] =>
  "awaited" in address
    ? ["learn" in address.awaited ? `\`${shownSource(address.awaited)}\`` : address.awaited.ask]
    : [];
