import { type HostEntry, pathTo } from "../entries";
import type { Registers } from "../registers";
import { copiesBucket } from "../site/copies";
import type { VolumeSpec } from "../site/specs";
import { didYouMean, listed, type Problem } from "../words/problem";

/**
 * Copies that nobody takes, or that are lost with what they are copies of.
 * @param partial whether sites are missing, so that names which nobody here bears prove nothing
 */
export function copiesProblems({ places }: Registers, partial: boolean): readonly Problem[] {
  const takers = places.filter(({ buckets }) => buckets.some(({ name }) => name === copiesBucket));
  return places.flatMap(({ hosts, site }) =>
    hosts.flatMap((host) =>
      host.volumes.flatMap((volume): readonly Problem[] => {
        const { backup } = volume;
        if (!backup) return [];
        const there = places.find(({ site, name }) => site.name === backup.site && name === backup.tenancy);
        const elsewhere = takers.filter((taker) => taker.site.name !== site.name);
        if (there ? !there.whole || elsewhere.includes(there) : partial) return [];
        const names = elsewhere.map(pathTo);
        const those = names.length === 0 ? "" : `: ${listed(names)}`;
        const value = `${backup.site}.${backup.tenancy}`;
        return [
          {
            path: pathOf(host, volume),
            value,
            allowed: `a tenancy of another site that has backups()${those}`,
            fix: there
              ? there.site.name === site.name
                ? "name one of another site"
                : "add backups() there, or name another"
              : didYouMean(value, names, "name one that is described"),
          },
        ];
      }),
    ),
  );
}

const pathOf = ({ because, name }: HostEntry, { backupOption, name: volume }: VolumeSpec): string =>
  `${because}.${backupOption ?? `hosts.${name}.volumes.${volume}.backup`}`;
