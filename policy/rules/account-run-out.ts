import type { Rule } from "../rule";
import { runOut } from "../run-out";

export const accountRunOut: Rule = {
  name: "account-run-out",
  asks: "Accounts at supercomputers have not expired.",
  why: "From the day on which an account expires nothing can be submitted, whatever else is sound.",
  fix: "ask the operator to renew it, and write the new day",
  judge: (registers, today) => runOut("account", registers, today, ({ of, until }) => `${of} expired on ${until}`),
};
