import { grouped } from "../../model/words/grouped";
import { inProduction } from "../places";
import type { Rule } from "../rule";

export const productionWithoutStandby: Rule = {
  name: "production-without-standby",
  asks: "What can have a second host on another hypervisor has one in production.",
  why: "Hypervisors fail and are maintained without notice; the forecast then waits until somebody has built a host.",
  fix: "give it a standby, or more servers",
  judge: (registers) =>
    inProduction(registers).flatMap(({ hosts }) => {
      const groups = grouped(
        hosts.filter(({ apart }) => apart !== undefined),
        ({ apart }) => apart?.group ?? "",
      );
      return [...groups.values()].flatMap(([first, ...others]) => {
        if (!first) return [];
        const target = first.because;
        return others.length === 0 ? [{ target, unwise: `${first.name} stands alone` }] : [{ target }];
      });
    }),
};
