import { serviceDns } from "../../model/certificates";
import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { Registers } from "../../model/registers";
import { labelsAt } from "../../model/signal-entries";
import type { StatedCollector } from "../../model/site/collector";
import type { Metric } from "../../model/site/telemetry";
import type { ProbeEntry, ScrapeEntry } from "../../model/telemetry";
import { rootFile } from "../hosts/roots";
import { memoryLimiter, type OtelConfig, queued, stored, telemetry } from "./otel";
import { names, ports, queueFolder } from "./places";
import { bytesOf } from "./queue";

/** The header by which a collector says where it is; home holds it against its certificate. */
export const placeHeader = "x-databridge-place";

/** `lumi/production/production`: its site, tenancy and environment. */
export const placeWord = (place: PlaceEntry): string => Object.values(labelsAt(place)).join("/");

/**
 * What the collector of a tenancy does: asks all that is stated for its metrics, connects to what clients connect to, takes what hosts
 * bring, and delivers everything to home.
 */
export function gatheringConfig(
  host: HostEntry,
  place: PlaceEntry,
  said: StatedCollector,
  { places, telemetry: all }: Registers,
): OtelConfig {
  const home = places.find(({ site, name }) => site.name === said.deliversTo.site && name === said.deliversTo.tenancy);
  const labels = labelsAt(place);
  const bytes = bytesOf(said);
  const tls = { ca_file: `${names.tls}/ca.crt`, cert_file: `${names.tls}/tls.crt`, key_file: `${names.tls}/tls.key` };
  const isBrought = all.brought.some((each) => each.place.id === place.id);
  return {
    extensions: {
      // Two signals have a queue each, and either may be all that comes.
      [queue]: stored(queueFolder, bytes),
    },
    receivers: {
      otlp: {
        protocols: {
          http: {
            endpoint: `${host.address}:${ports.otlp}`,
            tls: { cert_file: tls.cert_file, key_file: tls.key_file, reload_interval: "5m" },
          },
        },
      },
      prometheus: {
        config: {
          scrape_configs: [
            ...all.scrapes.filter((each) => each.place.id === place.id && each.hosts.length > 0).map(scraping),
            ...probing(all.probes.filter((each) => each.place.id === place.id)),
          ],
        },
      },
    },
    processors: {
      // Of what flavors of the size have that is stated, a quarter.
      memory_limiter: memoryLimiter(1024),
      "resource/place": {
        attributes: Object.entries(labels).map(([key, value]) => ({ key, value, action: "upsert" })),
      },
      "attributes/place": { actions: Object.entries(labels).map(([key, value]) => ({ key, value, action: "upsert" })) },
      // What pods bring is told by this host: who is down then is it.
      ...(isBrought ? { "attributes/host": { actions: [{ key: "host", value: host.id, action: "upsert" }] } } : {}),
    },
    exporters: {
      "otlp_http/home": {
        endpoint: home ? `https://${serviceDns(home, "telemetry")}:${ports.otlp}` : "",
        tls: { ...tls, reload_interval: "5m" },
        headers: { [placeHeader]: placeWord(place) },
        compression: "zstd",
        ...queued({ storage: queue, bytes }),
      },
    },
    service: {
      extensions: [queue],
      pipelines: {
        metrics: {
          receivers: ["prometheus"],
          processors: ["memory_limiter", "attributes/place"],
          exporters: ["otlp_http/home"],
        },
        ...(isBrought
          ? {
              "metrics/brought": {
                receivers: ["otlp"],
                processors: ["memory_limiter", "attributes/place", "attributes/host"],
                exporters: ["otlp_http/home"],
              },
            }
          : {}),
        logs: {
          receivers: ["otlp"],
          processors: ["memory_limiter", "resource/place"],
          exporters: ["otlp_http/home"],
        },
      },
      telemetry: telemetry(host.address, ports.metrics),
    },
  };
}

const queue = "file_storage/queue";

/** What a target says of itself stays: `platform-expiry` writes the labels of its host. @see Prometheus, configuration: honor_labels */
const scraping = ({ scrape, hosts, port, path, every, place, metrics, tls }: ScrapeEntry): object => ({
  job_name: scrape,
  scrape_interval: `${every.seconds}s`,
  scrape_timeout: `${Math.min(10, every.seconds)}s`,
  ...askedAt(path),
  ...(tls === undefined ? {} : { scheme: "https", tls_config: { ca_file: rootFile, server_name: tls } }),
  honor_labels: true,
  static_configs: hosts.map(({ id, address }) => ({
    targets: [`${address}:${port}`],
    labels: { ...labelsAt(place), host: id },
  })),
  metric_relabel_configs: [
    keepsAlone(metrics, "platform_.*"),
    // Of five states, the one that rings.
    ...(metrics.some(({ metric }) => metric === "node_systemd_unit_state")
      ? [
          {
            source_labels: ["__name__", "state"],
            regex: "node_systemd_unit_state;(active|activating|deactivating|inactive)",
            action: "drop",
          },
        ]
      : []),
  ],
});

/** What nobody may ask for is not kept. @param others besides, by a pattern */
export const keepsAlone = (metrics: readonly Metric[], ...others: readonly string[]): object => ({
  source_labels: ["__name__"],
  regex: [...metrics.map(({ metric }) => metric), ...others].join("|"),
  action: "keep",
});

/** A path alone would be asked with its question mark as a letter. */
export function askedAt(path: string): object {
  const { pathname, searchParams } = new URL(path, "http://host");
  const params = Object.fromEntries([...searchParams.keys()].map((key) => [key, searchParams.getAll(key)]));
  return { metrics_path: pathname, ...(searchParams.size === 0 ? {} : { params }) };
}

/** By the exporter that connects for it. @see blackbox_exporter, "Multi-target exporter pattern" */
const probing = (probes: readonly ProbeEntry[]): readonly object[] =>
  probes.length === 0
    ? []
    : [
        {
          job_name: "probe",
          scrape_interval: "60s",
          scrape_timeout: "15s",
          metrics_path: "/probe",
          static_configs: probes.flatMap(({ service, hosts, port, name, place }) =>
            hosts.map(({ id, address }) => ({
              targets: [`${address}:${port}`],
              labels: { ...labelsAt(place), host: id, service, __param_module: name === undefined ? "tcp" : service },
            })),
          ),
          relabel_configs: [
            { source_labels: ["__address__"], target_label: "__param_target" },
            { source_labels: ["__param_target"], target_label: "instance" },
            { target_label: "__address__", replacement: `127.0.0.1:${ports.probes}` },
          ],
          metric_relabel_configs: [
            {
              source_labels: ["__name__"],
              regex: "probe_success|probe_duration_seconds|probe_ssl_earliest_cert_expiry",
              action: "keep",
            },
          ],
        },
      ];
