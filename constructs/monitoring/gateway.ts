import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { Registers } from "../../model/registers";
import type { StatedMonitoring } from "../../model/site/monitoring";
import { collectorsIn } from "../../model/telemetry";
import { placeHeader, placeWord } from "../collector/gathering";
import { memoryLimiter, type OtelConfig, queued, stored, telemetry } from "../collector/otel";
import { ports } from "../collector/places";
import { bytesOf } from "../collector/queue";
import { lines } from "../hosts/lines";
import { portOf } from "./signals";

/** Tenancies whose collectors deliver to this one. */
export const deliveringTo = (here: PlaceEntry, { places }: Registers): readonly PlaceEntry[] =>
  places.filter(
    (place) =>
      collectorsIn(place).length > 0 &&
      place.collectors.some(
        ({ said: { deliversTo } }) => deliversTo.site === here.site.name && deliversTo.tenancy === here.name,
      ),
  );

/** The headers by which the gateway is told whose metrics and logs these are; only what stands before it sets them. */
const headers = ["site", "tenancy", "environment"] as const;
const headerOf = (label: string): string => `x-databridge-${label}`;
/** Behind what knows certificates. */
const inside = 4319;

/**
 * Who connects by the certificate of a collector is that collector, whatever it says. Its tenancy is told on by headers, and one that
 * says to be elsewhere is refused.
 * @see HAProxy Configuration Manual: "crt", ssl-load-extra-del-ext, "verify", ssl_c_s_dn, map_str, strcmp
 */
export const doorConfig = (at: string, host: HostEntry, tls: string): string =>
  lines(
    at,
    "global",
    "  user haproxy",
    "  group haproxy",
    "  log stdout format raw local0",
    // The key beside a certificate has its name, and another end.
    "  ssl-load-extra-del-ext",
    "  ssl-default-bind-options ssl-min-ver TLSv1.2",
    "",
    "defaults",
    "  mode http",
    "  log global",
    "  option httplog",
    "  option dontlog-normal",
    "  timeout connect 5s",
    "  timeout client 60s",
    "  timeout server 60s",
    "  timeout http-request 30s",
    "",
    "frontend telemetry",
    `  bind ${host.address}:${ports.otlp} ssl crt ${tls}/tls.crt ca-file ${tls}/ca.crt verify required alpn h2,http/1.1`,
    `  http-request set-var(txn.place) ssl_c_s_dn(cn),map_str(${places})`,
    "  http-request deny deny_status 403 unless { var(txn.place) -m found }",
    `  http-request set-var(txn.said) req.hdr(${placeHeader})`,
    "  http-request deny deny_status 403 unless { var(txn.said),strcmp(txn.place) eq 0 } || !{ var(txn.said) -m found }",
    ...headers.map((label, i) => `  http-request set-header ${headerOf(label)} %[var(txn.place),field(${i + 1},/)]`),
    `  http-request del-header ${placeHeader}`,
    "  default_backend gateway",
    "",
    "backend gateway",
    `  server gateway 127.0.0.1:${inside} check`,
  );

const places = "/etc/haproxy/collectors.map";

/** By the first name of the certificate of each collector. */
export const doorMap = (here: PlaceEntry, registers: Registers): string =>
  lines(
    ...deliveringTo(here, registers).flatMap((place) =>
      collectorsIn(place).map(({ dns }) => `${dns} ${placeWord(place)}`),
    ),
  );

/** What waits for the platform that keeps it for good, in bytes. */
const deliveryBytes = (here: PlaceEntry, { delivery }: StatedMonitoring, registers: Registers): number =>
  delivery === undefined
    ? 0
    : deliveringTo(here, registers).reduce(
        (sum, place) =>
          sum + place.collectors.reduce((all, { said }) => all + bytesOf({ ...said, survives: delivery.survives }), 0),
        0,
      );

/**
 * Takes what sites deliver, writes to each series and line whose it is, and hands it to the stores before it says that it has it: what a
 * store does not take stays on the disk of the site. For good it goes on from a queue of its own.
 */
export function gatewayConfig(
  host: HostEntry,
  here: PlaceEntry,
  said: StatedMonitoring,
  registers: Registers,
): OtelConfig {
  const { delivery } = said;
  const bytes = deliveryBytes(here, said, registers);
  const bound = headers.map((label) => ({ key: label, from_context: `metadata.${headerOf(label)}`, action: "upsert" }));
  const logsGoOn =
    delivery === undefined ? [] : [delivery.by === "otlp" ? "otlp_http/delivery" : "opensearch/delivery"];
  // That of OpenSearch takes no metrics.
  const metricsGoOn = delivery?.by === "otlp" ? logsGoOn : [];
  return {
    extensions: delivery ? { [queue]: stored(deliveryFolder, bytes) } : {},
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${inside}`, include_metadata: true } } } },
    processors: {
      memory_limiter: memoryLimiter(2048),
      "attributes/bound": { actions: bound },
      "resource/bound": { attributes: bound },
    },
    exporters: {
      "prometheus_remote_write/store": {
        http: { endpoint: `http://${host.address}:${portOf("prometheus")}/api/v1/write` },
        remote_write_queue: { enabled: false },
        retry_on_failure: { enabled: false },
        add_metric_suffixes: false,
        target_info: { enabled: false },
        disable_scope_info: true,
      },
      "otlp_http/store": {
        logs_endpoint: `http://${host.address}:${portOf("log-store")}/insert/opentelemetry/v1/logs`,
        headers: { "VL-Stream-Fields": [...headers, "host", "log", "unit", "program"].join(",") },
        sending_queue: { enabled: false },
        retry_on_failure: { enabled: false },
      },
      ...(delivery?.by === "otlp"
        ? { "otlp_http/delivery": { endpoint: delivery.url, ...queued({ storage: queue, bytes }) } }
        : {}),
      ...(delivery?.by === "opensearch"
        ? {
            "opensearch/delivery": {
              http: { endpoint: delivery.url },
              logs_index: "databridge-logs",
              ...queued({ storage: queue, bytes }),
            },
          }
        : {}),
    },
    service: {
      extensions: delivery ? [queue] : [],
      pipelines: {
        metrics: {
          receivers: ["otlp"],
          processors: ["memory_limiter", "attributes/bound"],
          exporters: ["prometheus_remote_write/store", ...metricsGoOn],
        },
        logs: {
          receivers: ["otlp"],
          processors: ["memory_limiter", "resource/bound"],
          exporters: ["otlp_http/store", ...logsGoOn],
        },
      },
      telemetry: telemetry(host.address, portOf("gateway")),
    },
  };
}

const queue = "file_storage/delivery";
/** On the volume. */
export const deliveryFolder = "/srv/metrics/delivery";
