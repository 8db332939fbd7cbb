import { type Flow, isOurs } from "../../model/entries";
import type { Registers } from "../../model/registers";
import { type Hop, route } from "../../model/route";
import { shown, type Traffic } from "../../model/site/need";
import { grantsOf, operatorOf } from "../../model/standing";
import { counted } from "../../model/words/problem";
import { addressText } from "./address-text";

/** One opening that somebody else has to make for a tenancy. */
export interface Opening {
  /** `lumi.login`. */
  readonly grant: string;
  /** `lumi-production`. */
  readonly tenancy: string;
  /** As seen from them: in, or out. */
  readonly direction: "in" | "out";
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly traffic: Traffic;
  readonly why: readonly string[];
  /** @default - nobody has asked yet */
  readonly ticket?: string;
  /** `to be asked for`, `requested`, `granted` or `proven`. */
  readonly state: string;
  /** The last day, ISO 8601. @default - it does not run out, or is not granted */
  readonly until?: string;
}

/** What one operator is asked for. */
export interface RequestSheet {
  readonly operator: string;
  readonly openings: readonly Opening[];
}

/** What operators have to open for the tenancies of some sites, by operator; each opening once. */
export function firewallRequests(registers: Registers, isWanted: (site: string) => boolean): readonly RequestSheet[] {
  const sheets = new Map<string, Map<string, Opening>>();
  for (const place of registers.places.filter(({ site }) => isWanted(site.name)))
    for (const { grant, flows, is } of grantsOf(place, registers.flows))
      for (const flow of flows)
        for (const hop of route(flow).filter(({ open }) => "grant" in open && open.grant === grant)) {
          const operator = operatorOf(grant, registers.sites);
          const openings = sheets.get(operator) ?? new Map<string, Opening>();
          const ends = endsOf(hop, flow);
          const key = JSON.stringify([grant, place.id, hop.direction, ends, hop.traffic]);
          openings.set(key, {
            grant,
            tenancy: place.id,
            direction: hop.direction,
            ...ends,
            traffic: hop.traffic,
            why: [...new Set([...(openings.get(key)?.why ?? []), flow.why])],
            state: is?.state ?? "to be asked for",
            ...(is?.ticket === undefined ? {} : { ticket: is.ticket }),
            ...(is && "until" in is && is.until !== undefined ? { until: String(is.until) } : {}),
          });
          sheets.set(operator, openings);
        }
  return [...sheets].map(([operator, openings]) => ({ operator, openings: [...openings.values()] }));
}

/** Both ends as the operator of the fenced one sees them. */
function endsOf({ direction, peer }: Hop, { from, to }: Flow): Pick<Opening, "from" | "to"> {
  const theirs = [from, to].flatMap((party) => (isOurs(party) ? [] : party.addresses));
  const others = "addresses" in peer ? peer.addresses : [];
  return direction === "in"
    ? { from: others.map(addressText), to: theirs.map(addressText) }
    : { from: theirs.map(addressText), to: others.map(addressText) };
}

/** A sheet as text to send. */
export const requestText = ({ operator, openings }: RequestSheet): string =>
  [
    `To the network team of ${operator}: ${counted(openings.length, "opening")}`,
    ...openings.flatMap((opening, i) => [
      "",
      `${i + 1}. ${opening.grant}, for ${opening.tenancy}`,
      `   direction  ${opening.direction === "in" ? "into" : "out of"} your network`,
      `   from       ${opening.from.join(", ")}`,
      `   to         ${opening.to.join(", ")}`,
      `   port       ${shown(opening.traffic).replace("-", " ")}`,
      `   why        ${opening.why.join("; ")}`,
      `   state      ${[opening.state, opening.ticket, opening.until && `until ${opening.until}`].filter(Boolean).join(", ")}`,
    ]),
  ].join("\n");
