import type { Rule } from "../rule";
import { runOut } from "../run-out";

export const grantRunOut: Rule = {
  name: "grant-run-out",
  asks: "What operators have opened is open today.",
  why: "An operator closes what has run out, and the flow ends without anybody having changed anything.",
  fix: "ask the operator again, and write the new ticket and day",
  judge: (registers, today) => runOut("grant", registers, today, ({ of, until }) => `${of} ran out on ${until}`),
};
