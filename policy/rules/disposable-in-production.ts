import { inProduction } from "../places";
import type { Rule } from "../rule";

export const disposableInProduction: Rule = {
  name: "disposable-in-production",
  asks: "What production stores is kept: Terraform refuses to destroy it.",
  why: "What is disposable goes with the line that describes it, in the next apply, and nobody is asked again.",
  fix: 'write fate: "keep"',
  judge: (registers) =>
    inProduction(registers).flatMap(({ hosts, buckets }) =>
      [
        ...hosts.flatMap(({ name, because, volumes }) =>
          volumes.map(({ name: volume, fate }) => ({ what: `${name}/${volume}`, because, fate })),
        ),
        ...buckets.map(({ name, because, fate }) => ({ what: `bucket ${name}`, because, fate })),
      ].map(({ what, because: target, fate }) =>
        fate === "disposable" ? { target, unwise: `${what} may be destroyed` } : { target },
      ),
    ),
};
