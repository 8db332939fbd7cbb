import { ofHosts } from "./certificates";
import { type PlaceEntry, pathTo } from "./entries";
import type { Registers } from "./registers";
import { labelsAt, type SignalEntry } from "./signal-entries";
import type { Thresholds } from "./site/signal";
import { collectorsIn } from "./telemetry";
import { Duration, minutes } from "./words/quantity";

const page = "docs/runbooks/monitoring.md";

/** What rings of every tenancy, whoever runs there: nobody has to state it. */
export const platformSignals = (registers: Omit<Registers, "signals">): readonly SignalEntry[] =>
  registers.places
    .filter((place) => collectorsIn(place).length > 0)
    .flatMap((place) => [
      ...ofScrapes(place, registers),
      ...ofProbes(place, registers),
      ...ofEveryHost(place),
      ofSilence(place),
    ]);

/** What the alert is called, with `Silent` behind it, that tells of a whole tenancy. */
export const silentSite = "Site";

type Stated = Omit<SignalEntry, "id" | "labels" | "owner" | "because"> & {
  readonly own?: Readonly<Record<string, string>>;
};

const entry = (place: PlaceEntry, { own = {}, ...is }: Stated, because = `${pathTo(place)}.runs`): SignalEntry => ({
  id: [place.id, is.signal, ...(is.alert === undefined ? [] : [is.alert]), ...Object.values(own)].join("/"),
  labels: { ...labelsAt(place), ...own },
  owner: place.tenancy.owner,
  because,
  ...is,
});

/** Who does not answer when it is asked for its metrics. Where that is the host itself, nothing else of it is heard either. */
const ofScrapes = (place: PlaceEntry, { telemetry }: Omit<Registers, "signals">): readonly SignalEntry[] =>
  telemetry.scrapes
    .filter((each) => each.place.id === place.id)
    .map(({ scrape, hosts, pods, every, because }) => {
      const isHost = scrape === "host";
      return entry(
        place,
        {
          signal: "up",
          own: { job: scrape },
          // What pods tell bears the host to which it is brought.
          by: { hosts: (pods ? collectorsIn(place) : hosts).map((host) => ({ host })) },
          ...(pods ? { each: ["pod"] } : {}),
          alert: isHost ? "HostDown" : "ScrapeDown",
          thresholds: isHost ? { critical: { below: 1 } } : { warning: { below: 1 } },
          for: Duration.seconds(Math.max(300, 3 * every.seconds)),
          what: isHost ? "the host" : `metrics of ${scrape}`,
          why: isHost ? "what runs there is down, or cut off" : "nobody sees whether it works",
          runbook: isHost ? `${page}#a-host-is-down` : `${page}#metrics-are-missing`,
        },
        because,
      );
    });

/** Whom clients cannot reach, and what is shown to them, whatever lies in the file: a program may go on with what it read before. */
const ofProbes = (place: PlaceEntry, { telemetry, certificates }: Omit<Registers, "signals">): readonly SignalEntry[] =>
  telemetry.probes
    .filter((each) => each.place.id === place.id)
    .flatMap(({ service, hosts, because }) => {
      const common = { own: { service }, by: { hosts: hosts.map((host) => ({ host })) } };
      const shown = ofHosts(certificates).find((each) => each.place.id === place.id && each.service === service);
      return [
        entry(
          place,
          {
            ...common,
            signal: "probe_success",
            alert: "ServiceDown",
            thresholds: { critical: { below: 1 } },
            for: minutes(5),
            what: service,
            why: "clients of it cannot connect",
            runbook: `${page}#a-service-is-down`,
          },
          because,
        ),
        ...(shown
          ? [
              entry(
                place,
                {
                  ...common,
                  signal: "probe_ssl_earliest_cert_expiry",
                  alert: "ShownCertificateExpiry",
                  thresholds: left(shown.lifetime),
                  for: minutes(15),
                  what: `the certificate that ${service} shows`,
                  why: "clients refuse it from then on; where the file is newer, the program has not read it",
                  runbook: "docs/runbooks/expiry.md#certificates",
                },
                shown.because,
              ),
            ]
          : []),
      ];
    });

/** Later than that of the file: there, renewal has failed; here, nobody has taken what was renewed. */
const left = (lifetime: Duration): Thresholds => ({
  warning: { left: Duration.seconds(Math.floor(lifetime.seconds * 0.25)) },
  critical: { left: Duration.seconds(Math.floor(lifetime.seconds * 0.08)) },
});

function ofEveryHost(place: PlaceEntry): readonly SignalEntry[] {
  const by = { hosts: place.hosts.map((host) => ({ host })) };
  return [
    entry(place, {
      signal: "platform_filesystem_free_ratio",
      by,
      each: ["mountpoint"],
      thresholds: { warning: { below: 0.15 }, critical: { below: 0.05 } },
      for: minutes(15),
      what: "room in a file system",
      why: "what writes there stops, and may lose what it knows",
      runbook: `${page}#a-file-system-is-full`,
    }),
    entry(place, {
      signal: "platform_memory_available_ratio",
      by,
      thresholds: { warning: { below: 0.08 } },
      for: minutes(30),
      what: "memory of the host",
      why: "the kernel ends a program, and not the one that one would",
      runbook: `${page}#memory-is-short`,
    }),
    entry(place, {
      signal: "platform_unit_failed",
      by,
      each: ["name"],
      thresholds: { warning: { above: 0 } },
      for: minutes(15),
      what: "a unit that has failed",
      why: "what it does is not done, on a host that looks well",
      runbook: `${page}#a-unit-has-failed`,
    }),
  ];
}

/** Nothing at all comes from a tenancy: it is cut off, or who gathers is down. What else it would ring for is not heard. */
const ofSilence = (place: PlaceEntry): SignalEntry =>
  entry(place, {
    signal: "up",
    own: { job: "collector" },
    by: { hosts: collectorsIn(place).map((host) => ({ host })) },
    alert: silentSite,
    thresholds: {},
    silent: "critical",
    for: minutes(10),
    what: "everything that comes from the tenancy",
    why: "nobody sees what happens there, and no alert of it can ring",
    runbook: `${page}#a-site-is-silent`,
  });
