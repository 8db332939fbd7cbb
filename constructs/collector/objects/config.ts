import { serviceDns } from "../../../model/certificates";
import type { PlaceEntry } from "../../../model/entries";
import type { ScrapeEntry } from "../../../model/telemetry";
import { askedAt, keepsAlone } from "../gathering";
import { memoryLimiter, type OtelConfig, queued, stored, telemetry, verbatim } from "../otel";
import { names, ports } from "../places";
import { redaction } from "../redaction";
import { files, healthPort } from "./places";

/**
 * Tells the collector of the tenancy how the objects of its cluster are, each minute, brings events as lines, and what pods answer that
 * are asked for metrics. What is not taken waits on a disk that ends with the pod: it is the collector that keeps everything through an outage.
 * @see OpenTelemetry Collector, receivers k8s_cluster, k8s_objects and prometheus
 */
export function objectsConfig(place: PlaceEntry, scrapes: readonly ScrapeEntry[]): OtelConfig {
  const asked = scrapes.filter((each) => each.place.id === place.id && each.pods);
  return {
    extensions: {
      [queue]: stored(files.queue, 16 * mib),
      health_check: { endpoint: `0.0.0.0:${healthPort}` },
    },
    receivers: {
      k8s_cluster: {
        auth_type: "serviceAccount",
        collection_interval: "60s",
        node_conditions_to_report: ["Ready"],
        allocatable_types_to_report: [],
        metrics: Object.fromEntries(unasked.map((metric) => [metric, { enabled: false }])),
      },
      k8s_objects: {
        auth_type: "serviceAccount",
        objects: [{ name: "events", mode: "watch", group: "events.k8s.io" }],
      },
      ...(asked.length > 0 ? { prometheus: { config: { scrape_configs: asked.map(scraping) } } } : {}),
    },
    processors: {
      memory_limiter: memoryLimiter(192),
      "transform/labels": { error_mode: "ignore", metric_statements: labels },
      "transform/events": { error_mode: "ignore", log_statements: [...events, ...redaction] },
    },
    exporters: {
      "otlp_http/collector": {
        endpoint: `https://${serviceDns(place, names.logs)}:${ports.otlp}`,
        tls: { ca_file: files.root, reload_interval: "1h" },
        ...queued({ storage: queue, bytes: 16 * mib }),
      },
    },
    service: {
      extensions: [queue, "health_check"],
      pipelines: {
        metrics: {
          receivers: ["k8s_cluster"],
          processors: ["memory_limiter", "transform/labels"],
          exporters: ["otlp_http/collector"],
        },
        ...(asked.length > 0
          ? {
              "metrics/pods": {
                receivers: ["prometheus"],
                processors: ["memory_limiter"],
                exporters: ["otlp_http/collector"],
              },
            }
          : {}),
        logs: {
          receivers: ["k8s_objects"],
          processors: ["memory_limiter", "transform/events"],
          exporters: ["otlp_http/collector"],
        },
      },
      telemetry: telemetry("127.0.0.1", ports.metrics),
    },
  };
}

/** Each pod of a workload that runs, at its own address, which the API tells. @see Prometheus, configuration: kubernetes_sd_config, role pod */
function scraping({ scrape, pods, port, path, every, metrics, tls }: ScrapeEntry): object {
  const { namespace = "", workload = "", labels: its = {} } = pods ?? {};
  const label = Object.entries(its)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
  return {
    job_name: scrape,
    scrape_interval: `${every.seconds}s`,
    scrape_timeout: `${Math.min(10, every.seconds)}s`,
    ...askedAt(path),
    ...(tls === undefined ? {} : { scheme: "https", tls_config: { ca_file: files.root, server_name: tls } }),
    kubernetes_sd_configs: [{ role: "pod", namespaces: { names: [namespace] }, selectors: [{ role: "pod", label }] }],
    relabel_configs: [
      { source_labels: ["__meta_kubernetes_pod_phase"], regex: "Running", action: "keep" },
      {
        source_labels: ["__meta_kubernetes_pod_ip"],
        target_label: "__address__",
        replacement: verbatim(`$1:${port}`),
      },
      { source_labels: ["__meta_kubernetes_pod_name"], target_label: "pod" },
      { target_label: "namespace", replacement: namespace },
      { target_label: "workload", replacement: workload },
    ],
    metric_relabel_configs: [keepsAlone(metrics)],
  };
}

const mib = 2 ** 20;
const queue = "file_storage/queue";

/** What is in descriptions already, and what no panel and no rule is of. */
const unasked: readonly string[] = [
  ...["pod.phase", "namespace.phase", "replicaset.available", "replicaset.desired", "cronjob.active_jobs"],
  ...["active", "successful", "desired_successful", "max_parallel"].map((pods) => `job.${pods}_pods`),
  ...["cpu", "memory", "storage", "ephemeralstorage"].flatMap((what) => [
    `container.${what}_limit`,
    `container.${what}_request`,
  ]),
  "container.ready",
].map((metric) => `k8s.${metric}`);

/** Labels of each sample, from what it is a sample of. Runs of a CronJob are those of one workload. */
const labels: readonly string[] = [
  ...[
    ["namespace", "k8s.namespace.name"],
    ["node", "k8s.node.name"],
    ["pod", "k8s.pod.name"],
    ["container", "k8s.container.name"],
    ["run", "k8s.job.name"],
    ...["deployment", "statefulset", "daemonset", "job"].map((kind) => ["workload", `k8s.${kind}.name`]),
  ].map(
    ([label, from]) =>
      `set(datapoint.attributes["${label}"], resource.attributes["${from}"]) where resource.attributes["${from}"] != nil`,
  ),
  'replace_pattern(datapoint.attributes["workload"], "-[0-9]{8,}$$", "") where resource.attributes["k8s.job.name"] != nil',
];

/** An event as a line, with what it is about. @see Kubernetes API, events.k8s.io/v1: Event */
const events: readonly string[] = [
  'set(resource.attributes["log"], "kubernetes-events")',
  "set(log.time, log.observed_time)",
  'set(log.attributes["kind"], log.body["object"]["regarding"]["kind"])',
  'set(log.attributes["namespace"], log.body["object"]["regarding"]["namespace"])',
  'set(log.attributes["about"], log.body["object"]["regarding"]["name"])',
  'set(log.attributes["reason"], log.body["object"]["reason"])',
  'set(log.severity_number, SEVERITY_NUMBER_WARN) where log.body["object"]["type"] == "Warning"',
  'set(log.severity_text, log.body["object"]["type"])',
  'set(log.body, log.body["object"]["note"])',
];
