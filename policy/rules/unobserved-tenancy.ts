import { pathTo } from "../../model/entries";
import { collectorsIn } from "../../model/telemetry";
import type { Rule } from "../rule";

export const unobservedTenancy: Rule = {
  name: "unobserved-tenancy",
  asks: "Somebody gathers in every tenancy that has hosts.",
  why: "Without metrics and logs nothing rings there, and that nothing rings looks as if all were well.",
  fix: "add collector({ … })",
  judge: ({ places }) =>
    places
      .filter(({ hosts }) => hosts.length > 0)
      .map((place) => {
        const target = `${pathTo(place)}.runs`;
        return collectorsIn(place).length > 0 ? { target } : { target, unwise: "nobody gathers there" };
      }),
};
