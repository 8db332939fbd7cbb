import { hpcLogins } from "../../model/hpc-logins";
import type { Rule } from "../rule";

export const renewedByAPerson: Rule = {
  name: "renewed-by-a-person",
  asks: "Hosts log in to supercomputers by what no person has to renew.",
  why: "A certificate of some hours ends at night and at weekends; what is submitted then aborts.",
  fix: "agree with the operator on a login of a service, or see that nobody counts on it",
  // Of production, it is impossible: the model refuses it, or it waits for the operator's word.
  judge: (registers) =>
    hpcLogins(registers).flatMap(({ place, supercomputer: { name, auth, agreement }, by }) => {
      if (place.tenancy.environment === "production") return [];
      const isPerson =
        auth.kind === "operator-certificate" && auth.renewal === "person" && typeof agreement !== "string";
      return by.map(({ because }) => ({
        target: because,
        ...(isPerson ? { unwise: `its certificate for ${name} lives ${auth.lifetime}, and a person renews it` } : {}),
      }));
    }),
};
