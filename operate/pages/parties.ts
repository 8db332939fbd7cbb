import type { Flow, Party, PlaceEntry } from "../../model/entries";
import { isOurs } from "../../model/entries";
import type { Traffic } from "../../model/site/need";

/** Who is at an end of a flow: a role or a workload, with its tenancy if that is another than the reader's. */
export function partyName(party: Party, here: PlaceEntry): string {
  if (!isOurs(party)) return party.pods?.workload ?? party.theirs;
  const name = party.pods?.workload ?? (party.group.role === "baseline" ? "every host" : party.group.role);
  return party.group.place === here.id ? name : `${name} of ${party.group.place}`;
}

/** `3141`, `30000-30010`; UDP says so. */
export const portText = ({ proto, from, to }: Traffic): string =>
  `${from === to ? from : `${from}-${to}`}${proto === "udp" ? " udp" : ""}`;

/** Of every host alike, or of what watches them all: true of any tenancy, and more than anybody reads. */
export const isEverywhere = ({ from, to }: Flow): boolean =>
  [from, to].some((party) => isOurs(party) && party.group.role === "baseline" && party.pods === undefined);
