import { grouped } from "../../model/words/grouped";
import { listed } from "../../model/words/problem";
import { inProduction } from "../places";
import type { Rule } from "../rule";

export const statefulWithoutBackup: Rule = {
  name: "stateful-without-backup",
  asks: "What production keeps on volumes has copies at another site.",
  why: "A volume is lost with its cloud, or by a slip of whoever runs it; what is kept nowhere else is then gone.",
  fix: "let its component keep copies at another site",
  judge: (registers) =>
    inProduction(registers).flatMap(({ hosts, site }) => {
      const kept = hosts.flatMap((host) =>
        host.volumes.filter(({ fate }) => fate === "keep").map((volume) => ({ host, volume })),
      );
      return [...grouped(kept, ({ host }) => host.because)].map(([target, of]) => {
        const bare = of.filter(({ volume }) => volume.backup === undefined || volume.backup.site === site.name);
        const names = listed(bare.map(({ host, volume }) => `${host.name}/${volume.name}`));
        return bare.length === 0 ? { target } : { target, unwise: `no other site has copies of ${names}` };
      });
    }),
};
