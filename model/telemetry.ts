import { baselineRecordings, baselineScrapes } from "./baseline";
import { baselinePanels } from "./baseline-panels";
import { type CertificateEntry, ofHosts, serviceDns } from "./certificates";
import { type HostEntry, type PlaceEntry, type PodsEntry, pathTo, type Said } from "./entries";
import { podsIn } from "./pods";
import { hostsServing, servicesOf } from "./services";
import { type FlowNeed, speaksTls } from "./site/need";
import type { Metric, Panel, Recording, StatedBrought, StatedLog, StatedScrape } from "./site/telemetry";
import { grouped } from "./words/grouped";
import { didYouMean, listed, type Problem } from "./words/problem";
import { pathOf } from "./words/record";

/** The role of hosts that gather what is measured and written in their tenancy. */
export const collectorRole = "collector";

/** The hosts of a tenancy that gather. Where there are none, nothing is asked, and nobody rung. */
export const collectorsIn = ({ hosts }: PlaceEntry): readonly HostEntry[] =>
  hosts.filter(({ roles }) => roles.includes(collectorRole));

/** The workload that asks pods for their metrics, and brings them to the collector of its tenancy, which reaches none. */
export const podCollector = "cluster-collector";

/** Something that the collector of a tenancy asks for metrics, or has asked. */
export interface ScrapeEntry extends Omit<StatedScrape, "active"> {
  /** `lumi-production/ecflow-prod`. */
  readonly id: string;
  readonly place: PlaceEntry;
  /** Who is asked, each at its own address; none, where it is pods. */
  readonly hosts: readonly HostEntry[];
  /** Pods that are asked, each, from inside their cluster. @default - it is hosts */
  readonly pods?: PodsEntry;
  readonly port: number;
  /** The name in its certificate, where it is asked by TLS. @default - it is not */
  readonly tls?: string;
  readonly because: string;
}

/** Metrics that pods bring to the collector of their tenancy. */
export interface BroughtEntry extends StatedBrought {
  readonly place: PlaceEntry;
  readonly because: string;
}

/** Lines of files on hosts, which each brings to its collector by itself. */
export interface LogEntry extends Omit<StatedLog, "by"> {
  readonly place: PlaceEntry;
  readonly hosts: readonly HostEntry[];
  readonly because: string;
}

/** A service that the collector of its tenancy connects to, as clients do. */
export interface ProbeEntry {
  readonly place: PlaceEntry;
  readonly service: string;
  readonly hosts: readonly HostEntry[];
  readonly port: number;
  /** The name that its certificate has to have. @default - it shows none of ours: that it accepts a connection is enough */
  readonly name?: string;
  readonly because: string;
}

/** What is measured and written, and what is made of it. */
export interface Telemetry {
  readonly scrapes: readonly ScrapeEntry[];
  readonly brought: readonly BroughtEntry[];
  readonly logs: readonly LogEntry[];
  readonly probes: readonly ProbeEntry[];
  /** Each once, whoever states it. */
  readonly recordings: readonly Recording[];
  readonly panels: readonly Panel[];
}

/** Metrics by their names: what something exposes, and what home computes. */
export const metricsOf = ({
  scrapes,
  brought,
  recordings,
}: Pick<Telemetry, "scrapes" | "brought" | "recordings">): ReadonlyMap<string, Metric> =>
  new Map<string, Metric>([
    ...[...scrapes, ...brought].flatMap(({ metrics }) => metrics.map((each) => [each.metric, each] as const)),
    ...always.map((each) => [each.metric, each] as const),
    ...recordings.map(({ recording, what }) => [recording, { metric: recording, what, labels: [] }] as const),
  ]);

/** What every scrape tells, and every probe. @see Prometheus, "Jobs and instances"; blackbox_exporter */
const always: readonly Metric[] = [
  { metric: "up", what: "1 where the last scrape was answered", labels: ["job"] },
  { metric: "probe_success", what: "1 where a service accepted a connection", labels: ["service"] },
  { metric: "probe_duration_seconds", what: "how long that took", labels: ["service"] },
  { metric: "probe_ssl_earliest_cert_expiry", what: "the end of the certificate that it showed", labels: ["service"] },
];

/** All of it, over the whole platform. */
export function telemetryOf(
  places: readonly PlaceEntry[],
  certificates: readonly CertificateEntry[],
): { readonly telemetry: Telemetry; readonly problems: readonly Problem[] } {
  const scrapes = places.flatMap((place) => scrapesIn(place));
  const brought = places.flatMap((place) => place.brought.map((said) => broughtOf(place, said)));
  const logs = places.flatMap((place) => place.logs.map((said) => logOf(place, said)));
  const recordings = once(
    [
      ...baselineRecordings.map((said) => ({ said, because: "the platform" })),
      ...places.flatMap((place) => place.recordings),
    ],
    ({ recording }) => recording,
  );
  const panels = once(
    [...baselinePanels.map((said) => ({ said, because: "the platform" })), ...places.flatMap((place) => place.panels)],
    ({ on, panel }) => `${on} ${panel}`,
  );
  return {
    telemetry: {
      scrapes: scrapes.flatMap(({ entry }) => entry ?? []),
      brought: brought.flatMap(({ entry }) => entry ?? []),
      logs: logs.flatMap(({ entry }) => entry ?? []),
      probes: places.flatMap((place) => probesIn(place, certificates)),
      recordings: recordings.all,
      panels: panels.all,
    },
    problems: [
      ...[...scrapes, ...brought, ...logs].flatMap(({ problem }) => problem ?? []),
      ...places.flatMap(({ scrapes, brought, logs }) => [
        ...twice(scrapes, "scrapes", ({ scrape }) => scrape),
        ...twice(brought, "brought", (said) => said.brought),
        ...twice(logs, "logs", ({ log }) => log),
      ]),
      ...recordings.problems,
      ...panels.problems,
    ],
  };
}

interface Found<T> {
  readonly entry?: T;
  readonly problem?: Problem;
}

/** Scrapes of components, and of what every host exposes. */
const scrapesIn = (place: PlaceEntry): readonly Found<ScrapeEntry>[] =>
  place.hosts.length === 0
    ? []
    : [...place.scrapes, ...baselineScrapes.map((said) => ({ said, because: `${pathTo(place)}.runs` }))].map((said) =>
        scrapeOf(place, said),
      );

function scrapeOf(place: PlaceEntry, { said, because }: Said<StatedScrape>): Found<ScrapeEntry> {
  const { active, ...is } = said;
  const { service } = is;
  const services = servicesOf(place);
  const found = services.find((each) => each.said.service === service)?.said;
  const path = pathOf(because, "scrapes", said.scrape, "service");
  const wrong = (value: string, allowed: string, fix: string): Found<ScrapeEntry> =>
    place.whole ? { problem: { path, value, allowed, fix } } : {};
  if (!found) {
    const names = services.map((each) => each.said.service);
    const allowed = `a service of ${pathTo(place)}: ${listed(names)}`;
    return wrong(service, allowed, didYouMean(service, names, "name one of them"));
  }
  const { on } = found;
  const pods = "workload" in on ? podsIn(place).find(({ workload }) => workload === on.workload) : undefined;
  // Of a workload that is not there is told where the service is stated.
  if ("workload" in on && !pods) return {};
  if (pods && collectorsIn(place).length > 0 && !asksPods(place))
    return wrong(service, "a tenancy in which somebody asks pods for metrics", "add clusterCollector()");
  const hosts = pods ? [] : hostsServing(place, found).filter(({ waits }) => !(active && waits));
  const tls = speaksTls(found.auth) ? { tls: serviceDns(place, service) } : {};
  const id = `${place.id}/${is.scrape}`;
  return { entry: { ...is, ...tls, id, place, hosts, ...(pods ? { pods } : {}), port: found.traffic.from, because } };
}

const asksPods = ({ workloads }: PlaceEntry): boolean => workloads.some(({ said }) => said.workload === podCollector);

function broughtOf(place: PlaceEntry, { said, because }: Said<StatedBrought>): Found<BroughtEntry> {
  const workloads = place.workloads.map((each) => each.said.workload);
  if (workloads.includes(said.by.workload)) return { entry: { ...said, place, because } };
  if (!place.whole) return {};
  const value = said.by.workload;
  const allowed = `a workload of ${pathTo(place)}: ${listed(workloads)}`;
  const fix = didYouMean(value, workloads, "name one of them");
  return { problem: { path: pathOf(because, "brought", said.brought, "by"), value, allowed, fix } };
}

function logOf(place: PlaceEntry, { said, because }: Said<StatedLog>): Found<LogEntry> {
  const { by, ...is } = said;
  const hosts = place.hosts.filter(({ roles }) => "every" in by || roles.includes(by.role));
  if (hosts.length > 0) return { entry: { ...is, place, hosts, because } };
  if (!place.whole) return {};
  const roles = [...new Set(place.hosts.flatMap((host) => host.roles))].sort();
  const value = "role" in by ? by.role : "every host";
  const allowed = `hosts of the tenancy, by role: ${listed(roles)}`;
  return { problem: { path: pathOf(because, "logs", said.log, "by"), value, allowed, fix: "name one of them" } };
}

/**
 * Who proves who it is to clients is asked as by one of them; so is who asks clients who they are. What lets anybody in is left alone:
 * its flows are its fence.
 */
const probesIn = (place: PlaceEntry, certificates: readonly CertificateEntry[]): readonly ProbeEntry[] =>
  collectorsIn(place).length === 0
    ? []
    : servicesOf(place).flatMap(({ said, because }): readonly ProbeEntry[] => {
        const { service, on, auth, traffic } = said;
        if ("workload" in on || traffic.proto !== "tcp" || traffic.from !== traffic.to || auth === "none") return [];
        const hosts = hostsServing(place, said).filter(({ waits }) => !waits);
        const isOurs = ofHosts(certificates).some((each) => each.place.id === place.id && each.service === service);
        const name = speaksTls(auth) && isOurs ? { name: serviceDns(place, service) } : {};
        return hosts.length === 0 ? [] : [{ place, service, hosts, port: traffic.from, ...name, because }];
      });

/** A collector reaches all that it asks; nobody has to say so. */
export function telemetryNeeds(place: PlaceEntry): readonly Said<FlowNeed>[] {
  if (collectorsIn(place).length === 0) return [];
  const asked = scrapesIn(place).flatMap(({ entry }) =>
    entry
      ? [
          {
            service: entry.service,
            why: `metrics of ${entry.scrape} are scraped`,
            because: entry.because,
            from: entry.pods ? { workload: podCollector } : collectors,
          },
        ]
      : [],
  );
  const probed = probesIn(place, []).map(({ service, because }) => ({
    service,
    why: `a probe tells whether ${service} answers`,
    because,
    from: collectors,
  }));
  return [...grouped([...asked, ...probed], ({ service }) => service)].flatMap(([service, [first]]) =>
    first && !isOfCollectors(place, service)
      ? [
          {
            said: { need: "flow", from: first.from, to: { service }, direct: true, why: first.why },
            because: first.because,
          },
        ]
      : [],
  );
}

const collectors = { role: collectorRole };

/** What it tells of itself never leaves its host. */
const isOfCollectors = (place: PlaceEntry, service: string): boolean =>
  servicesOf(place).some(
    ({ said: { service: name, on } }) => name === service && "role" in on && on.role === collectorRole,
  );

/** What components of one kind say alike is there once; what differs under one name is a problem of whoever says it later. */
function once<T extends object>(
  all: readonly Said<T>[],
  nameOf: (said: T) => string,
): { readonly all: readonly T[]; readonly problems: readonly Problem[] } {
  const groups = [...grouped(all, ({ said }) => nameOf(said)).values()];
  return {
    all: groups.flatMap(([first]) => (first ? [first.said] : [])),
    problems: groups.flatMap(([first, ...others]) =>
      others
        .filter(({ said }) => JSON.stringify(said) !== JSON.stringify(first?.said))
        .map(({ said, because }) => ({
          path: because,
          value: nameOf(said),
          allowed: `one of that name, as ${first?.because} has it`,
          fix: "rename it, or say the same",
        })),
    ),
  };
}

function twice<T>(all: readonly Said<T>[], list: string, nameOf: (said: T) => string): readonly Problem[] {
  const named = all.map(({ said, because }) => ({ name: nameOf(said), because }));
  return named.flatMap(({ name, because }, i) => {
    const other = named.slice(0, i).find((each) => each.name === name);
    if (!other) return [];
    const allowed = `a name that ${other.because} does not have`;
    return [{ path: pathOf(because, list, name), value: name, allowed, fix: "rename it" }];
  });
}
