import type { Rule } from "../rule";
import { runOut } from "../run-out";

export const userRunOut: Rule = {
  name: "user-run-out",
  asks: "Users of ecFlow servers are there no longer than it was said.",
  why: "Who has left keeps a password, and whoever has that may do all that the user may.",
  fix: "take the user out of the list, or write another day",
  judge: (registers, today) => runOut("user", registers, today, ({ of, until }) => `${of} was to stay until ${until}`),
};
