import { grouped } from "../../model/words/grouped";
import { listed } from "../../model/words/problem";
import { inProduction } from "../places";
import type { Rule } from "../rule";

export const disposableInProduction: Rule = {
  name: "disposable-in-production",
  asks: "What production stores is kept: Terraform refuses to destroy it.",
  why: "What is disposable goes with the line that describes it, in the next apply, and nobody is asked again.",
  fix: 'write fate: "keep"',
  judge: (registers) =>
    inProduction(registers).flatMap(({ hosts, buckets }) => {
      const stores = [
        ...hosts.flatMap(({ name, because, volumes }) =>
          volumes.map(({ name: volume, fate }) => ({ what: `${name}/${volume}`, because, fate })),
        ),
        ...buckets.map(({ name, because, fate }) => ({ what: `bucket ${name}`, because, fate })),
      ];
      return [...grouped(stores, ({ because }) => because)].map(([target, of]) => {
        const loose = of.filter(({ fate }) => fate === "disposable").map(({ what }) => what);
        return loose.length === 0 ? { target } : { target, unwise: `${listed(loose)} may be destroyed` };
      });
    }),
};
