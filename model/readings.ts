import type { HostEntry } from "./entries";
import type { Registers } from "./registers";
import { labelsAt, type Reading, type SignalEntry } from "./signal-entries";
import { grouped } from "./words/grouped";
import { hours, minutes } from "./words/quantity";

/**
 * What `platform-expiry` tells of itself on every host: without that, what it does not tell would not be missed.
 * @param stated by components: what is made again and again is missed by rules of its own
 */
export const readings = (
  { places }: Omit<Registers, "signals">,
  stated: readonly SignalEntry[],
): readonly SignalEntry[] => {
  const made = [...grouped(stated, ({ signal }) => signal)]
    .flatMap(([signal, those]) => (those.every(madeBy) ? [signal] : []))
    .sort();
  return places
    .filter(({ hosts }) => hosts.length > 0)
    .flatMap((place) => {
      const common = {
        labels: labelsAt(place),
        by: { hosts: place.hosts.map((host) => ({ host })) },
        owner: place.tenancy.owner,
        because: `${place.site.name}.${place.name}.runs`,
      };
      return [
        {
          id: `${place.id}/platform_expiry_run_timestamp_seconds`,
          signal: "platform_expiry_run_timestamp_seconds",
          ...common,
          thresholds: { warning: { age: hours(1) } },
          for: minutes(15),
          silent: "warning" as const,
          what: "the last look at what ends on the host",
          why: "nobody is told of what ends there",
          runbook: "docs/runbooks/expiry.md#hosts-that-tell-nothing",
        },
        {
          id: `${place.id}/platform_expiry_readable`,
          signal: "platform_expiry_readable",
          ...common,
          thresholds: { warning: { below: 1 } },
          without: { signal: made },
          each: ["file"],
          for: minutes(30),
          what: "a file of which one should see when it ends",
          why: "it is not there, or nobody can read it: whoever needs it has nothing, or something old",
          runbook: "docs/runbooks/expiry.md#files-that-cannot-be-read",
        },
      ];
    });
};

/** The file that hosts make again and again, where what is told is when that was. */
export function madeBy({ by }: SignalEntry): { readonly path: string; readonly hosts: readonly string[] } | undefined {
  const [first] = "hosts" in by ? by.hosts : [];
  if (!("hosts" in by) || first?.from?.kind !== "age-of-file") return undefined;
  return { path: first.from.path, hosts: by.hosts.map(({ host }) => host.id) };
}

/** What a host tells from files. */
export const readingsOf = (
  host: Pick<HostEntry, "id">,
  signals: readonly SignalEntry[],
): readonly { readonly entry: SignalEntry; readonly from: NonNullable<Reading["from"]> }[] =>
  signals.flatMap((entry) =>
    "hosts" in entry.by
      ? entry.by.hosts.flatMap(({ host: { id }, from }) => (id === host.id && from ? [{ entry, from }] : []))
      : [],
  );
