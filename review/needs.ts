import type { PlaceEntry } from "../model/entries";
import type { Registers } from "../model/registers";
import { type Hop, route } from "../model/route";
import { shown } from "../model/site/need";
import { stacksOf } from "../model/stacks";
import { grantsOf, isGiven, operatorOf } from "../model/standing";
import { listed } from "../model/words/problem";
import type { Change } from "./change";
import { lossOf } from "./effects";

/**
 * What operators have to do before a change can work: open what is not open, for whom it was not; and write down addresses
 * that change.
 * @param base what its sites say, read by the code of the head
 */
export function needsFirst(changes: readonly Change[], base: Registers, head: Registers): readonly string[] {
  return head.places.flatMap((place) => {
    const before = base.places.find(({ id }) => id === place.id);
    const known = new Map(before ? grantsOf(before, base.flows).map((entry) => [entry.grant, entry]) : []);
    const opened = grantsOf(place, head.flows).flatMap(({ grant, flows, is }) => {
      const was = known.get(grant);
      const withdrawn = was !== undefined && isGiven(was.is) && !isGiven(is);
      const doors = new Set(withdrawn ? [] : (was?.flows ?? []).flatMap((flow) => doorsOf(flow, grant)));
      const more = [...new Set(flows.flatMap((flow) => doorsOf(flow, grant)))].filter((door) => !doors.has(door));
      const state = is ? ` (${is.state}, ${is.ticket})` : "";
      return more.length === 0
        ? []
        : [`${operatorOf(grant, head.sites)} · ${grant} for ${place.id}: ${listed(more)}${state}`];
    });
    return [...opened, ...identityNeeds(changes, place, head)];
  });
}

/** What an operator opens for a flow: `tcp-22 in from lumi-production-router (198.51.100.7)`. */
const doorsOf = (flow: Parameters<typeof route>[0], grant: string): readonly string[] =>
  route(flow).flatMap((hop) => ("grant" in hop.open && hop.open.grant === grant ? [doorText(hop)] : []));

function doorText({ direction, peer, traffic }: Hop): string {
  const ends =
    "addresses" in peer
      ? peer.addresses.map((each) => `${each.name}${"known" in each ? ` (${each.known.replace(/\/32$/, "")})` : ""}`)
      : [peer.group.role];
  return `${shown(traffic)} ${direction === "in" ? "in from" : "out to"} ${ends.join(", ")}`;
}

/** Addresses that others have written down go with some resources, whatever comes in their place. */
function identityNeeds(changes: readonly Change[], place: PlaceEntry, { flows, sites }: Registers): readonly string[] {
  const stacks = stacksOf(place).map(({ name }) => name);
  const operators = [...new Set(grantsOf(place, flows).map(({ grant }) => operatorOf(grant, sites)))];
  const lost = changes.filter((change) => stacks.includes(change.stack)).flatMap(identityIn);
  return [...new Set(lost)].flatMap((what) =>
    operators.map((operator) => `${operator} · writes down another ${what} of ${place.id}`),
  );
}

/** The address that others know and that is another afterwards. */
function identityIn({ action, before, differences }: Change): readonly string[] {
  const loss = before?.kind === "resource" ? lossOf(before.type) : undefined;
  const what = /(public|egress) address/.exec(loss ?? "")?.[0];
  const isOther = differences.some(({ path, effect }) => effect === "changes" && path.startsWith("external_"));
  return what !== undefined && (action === "delete" || action === "replace" || isOther) ? [what] : [];
}
