import { pathOf } from "../../model/words/record";
import type { Rule } from "../rule";

export const userRunOut: Rule = {
  name: "user-run-out",
  asks: "Users of ecFlow servers are there no longer than it was said.",
  why: "Who has left keeps a password, and whoever has that may do all that the user may.",
  fix: "take the user out of the list, or write another day",
  judge: ({ places }, today) =>
    places.flatMap(({ ecflow }) =>
      ecflow.flatMap(({ said, because }) =>
        Object.entries(said.users).flatMap(([user, { until }]) => {
          if (until === undefined) return [];
          const target = pathOf(because, "users", user);
          return [until < today ? { target, unwise: `${user} was to stay until ${until}` } : { target }];
        }),
      ),
    ),
};
