import type { Rule } from "../rule";

export const accountRunOut: Rule = {
  name: "account-run-out",
  asks: "Accounts at supercomputers have not expired.",
  why: "From the day on which an account expires nothing can be submitted, whatever else is sound.",
  fix: "ask the operator to renew it, and write the new day",
  judge: ({ sites }, today) =>
    sites.flatMap(({ name, supercomputer: { accounts = {}, people = {} } = {} }) =>
      Object.entries({ accounts, people }).flatMap(([key, all]) =>
        Object.entries(all).flatMap(([who, { user, expires }]) => {
          if (expires === undefined) return [];
          const target = `${name}.supercomputer.${key}.${who}`;
          return expires < today ? [{ target, unwise: `${user} expired on ${expires}` }] : [{ target }];
        }),
      ),
    ),
};
