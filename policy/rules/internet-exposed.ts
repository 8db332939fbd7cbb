import { isOurs } from "../../model/entries";
import { shown } from "../../model/site/need";
import { isFromInternet } from "../../model/standing";
import type { Rule } from "../rule";

export const internetExposed: Rule = {
  name: "internet-exposed",
  asks: "Nothing is open to everybody, unless a team answers for it.",
  why: "Whatever anybody may connect to is tried by everybody, every day, and somebody has to watch and mend it.",
  fix: "name the networks that need it under outside, or let a team acknowledge it",
  judge: ({ flows }) =>
    flows
      .filter(({ to }) => isOurs(to))
      .map((flow) =>
        isFromInternet(flow)
          ? {
              target: flow.because,
              unwise: `anybody may connect to ${shown((flow.relay ?? flow).traffic)}: ${flow.why}`,
            }
          : { target: flow.because },
      ),
};
