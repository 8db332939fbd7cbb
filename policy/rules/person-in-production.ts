import type { Rule } from "../rule";

export const personInProduction: Rule = {
  name: "person-in-production",
  asks: "Production computes under an agreement, as a service.",
  why: "A person is ill, on leave, or leaves; and an operator may close an account that is used unattended.",
  fix: "agree on a service account with the operator",
  judge: ({ sites }) =>
    sites.flatMap(({ name, supercomputer }) => {
      const account = supercomputer?.accounts.production;
      if (!account) return [];
      const target = `${name}.supercomputer.accounts.production`;
      return account.kind === "person" ? [{ target, unwise: `${account.user} is a person` }] : [{ target }];
    }),
};
