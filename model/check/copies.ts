import { type HostEntry, type PlaceEntry, pathTo } from "../entries";
import type { Registers } from "../registers";
import { copiesBucket } from "../site/copies";
import type { VolumeSpec } from "../site/specs";
import { didYouMean, listed, type Problem } from "../words/problem";

/**
 * Copies that nobody takes, that are lost with what they are copies of, or that end up where who tests may delete them.
 * @param partial whether sites are missing, so that names which nobody here bears prove nothing
 */
export function copiesProblems({ places }: Registers, partial: boolean): readonly Problem[] {
  const takers = places.filter(({ buckets }) => buckets.some(({ name }) => name === copiesBucket));
  return places.flatMap(({ hosts, site, tenancy: { environment } }) =>
    hosts.flatMap((host) =>
      host.volumes.flatMap((volume): readonly Problem[] => {
        const { backup } = volume;
        if (!backup) return [];
        const there = places.find(({ site, name }) => site.name === backup.site && name === backup.tenancy);
        const elsewhere = takers.filter(
          (taker) => taker.site.name !== site.name && taker.tenancy.environment === environment,
        );
        if (there ? !there.whole || elsewhere.includes(there) : partial) return [];
        const names = elsewhere.map(pathTo);
        const those = names.length === 0 ? "" : `: ${listed(names)}`;
        const value = `${backup.site}.${backup.tenancy}`;
        return [
          {
            path: pathOf(host, volume),
            value,
            allowed: `a tenancy of another site, for ${environment}, that has backups()${those}`,
            fix: there
              ? instead(there, site.name, environment)
              : didYouMean(value, names, "name one that is described"),
          },
        ];
      }),
    ),
  );
}

function instead({ site, tenancy }: PlaceEntry, own: string, environment: string): string {
  if (site.name === own) return "name one of another site";
  return tenancy.environment === environment ? "add backups() there, or name another" : `name one for ${environment}`;
}

const pathOf = ({ because, name }: HostEntry, { backupOption, name: volume }: VolumeSpec): string =>
  `${because}.${backupOption ?? `hosts.${name}.volumes.${volume}.backup`}`;
