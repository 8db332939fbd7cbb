import { inProduction } from "../places";
import type { Rule } from "../rule";

export const statefulWithoutBackup: Rule = {
  name: "stateful-without-backup",
  asks: "What production keeps on volumes has copies at another site.",
  why: "A volume is lost with its cloud, or by a slip of whoever runs it; what is kept nowhere else is then gone.",
  fix: "let its component keep copies at another site",
  judge: (registers) =>
    inProduction(registers).flatMap(({ hosts }) =>
      hosts.flatMap(({ name, because: target, volumes }) =>
        volumes
          .filter(({ fate }) => fate === "keep")
          .map(({ name: volume, backup }) =>
            backup ? { target } : { target, unwise: `${name}/${volume} has no copy at another site` },
          ),
      ),
    ),
};
