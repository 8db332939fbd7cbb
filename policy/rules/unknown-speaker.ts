import { isOurs, type Party } from "../../model/entries";
import { shown } from "../../model/site/need";
import type { Rule } from "../rule";

export const unknownSpeaker: Rule = {
  name: "unknown-speaker",
  asks: "A service that is reached from outside its tenancy asks who speaks.",
  why: "An address block tells where somebody stands, not who it is; a relay or a NAT on the way hides even that.",
  fix: "let the service ask for a password, a token or a certificate",
  judge: ({ flows }) =>
    flows.flatMap(({ from, to, auth, traffic, because }) => {
      if (!isOurs(to) || placeOf(from) === to.group.place) return [];
      return auth === "none" || auth === "tls"
        ? [{ target: because, unwise: `${nameOf(from)} reaches ${shown(traffic)} of ${to.group.role} unasked` }]
        : [{ target: because }];
    }),
};

const placeOf = (party: Party): string | undefined => (isOurs(party) ? party.group.place : undefined);
const nameOf = (party: Party): string => (isOurs(party) ? `${party.group.place} ${party.group.role}` : party.theirs);
