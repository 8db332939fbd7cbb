import type { Registers } from "../model/registers";
import { stacksOf } from "../model/stacks";
import { type GrantEntry, grantsOf, isGiven, operatorOf } from "../model/standing";
import { listed } from "../model/words/problem";
import type { Change } from "./change";

/** Addresses that others have written down, by the type of resource that has them. */
const identities: Readonly<Record<string, string>> = {
  openstack_networking_floatingip_v2: "public address",
  openstack_networking_router_v2: "egress address",
};

/**
 * What operators have to do before a change can work: open what new flows need, and write down addresses that change.
 * @param base what its sites say, read by the code of the head; none if they do not fit
 */
export function needsFirst(
  changes: readonly Change[],
  base: Registers | undefined,
  head: Registers,
): readonly string[] {
  const asked = new Set(base?.places.flatMap((place) => grantsOf(place, base.flows)).map(keyOf));
  return head.places.flatMap((place) => {
    const grants = grantsOf(place, head.flows);
    const stacks = stacksOf(place).map(({ name }) => name);
    const opened = grants
      .filter((entry) => !isGiven(entry.is) && base && !asked.has(keyOf(entry)))
      .map(
        ({ grant, flows, is }) =>
          `${operatorOf(grant, head.sites)} · opens ${grant} for ${place.id}: ${listed(new Set(flows.map(({ why }) => why)))}${is ? ` (${is.state}, ${is.ticket})` : ""}`,
      );
    const operators = [...new Set(grants.map(({ grant }) => operatorOf(grant, head.sites)))];
    const moved = changes
      .filter(({ stack }) => stacks.includes(stack))
      .flatMap((change) => identityLost(change))
      .flatMap((what) => operators.map((operator) => `${operator} · writes down another ${what} of ${place.id}`));
    return [...opened, ...new Set(moved)];
  });
}

const keyOf = ({ grant, place }: GrantEntry): string => `${place.id} ${grant}`;

/** The address that others know and that is another afterwards. */
function identityLost({ action, before, differences }: Change): readonly string[] {
  const what =
    before?.kind === "resource" && Object.hasOwn(identities, before.type) ? identities[before.type] : undefined;
  const isOther = differences.some(({ path, effect }) => effect === "changes" && path.startsWith("external_"));
  return what !== undefined && (action === "delete" || action === "replace" || isOther) ? [what] : [];
}
