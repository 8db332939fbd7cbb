import { pathTo } from "../../model/entries";
import { isGiven } from "../../model/standing";
import type { Rule } from "../rule";

export const grantRunOut: Rule = {
  name: "grant-run-out",
  asks: "What operators have opened is open today.",
  why: "An operator closes what has run out, and the flow ends without anybody having changed anything.",
  fix: "ask the operator again, and write the new ticket and day",
  judge: ({ places }, today) =>
    places.flatMap((place) =>
      Object.entries(place.tenancy.grants).flatMap(([grant, is]) => {
        const { until, ticket } = is;
        if (until === undefined || !isGiven(is)) return [];
        const target = `${pathTo(place)}.grants.${grant}`;
        return until < today ? [{ target, unwise: `${ticket} ran out on ${until}` }] : [{ target }];
      }),
    ),
};
