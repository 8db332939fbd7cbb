import { type Service, tcp } from "../../model/site/need";
import type { SignalNeed } from "../../model/site/signal";
import type { RecordingSpec, ScrapeSpec } from "../../model/site/telemetry";
import { minutes } from "../../model/words/quantity";

const role = "monitoring";
const page = "docs/runbooks/monitoring.md";

/** Where what runs at home tells its metrics, to its own collector alone. Each is the port that its program has by itself. */
const told = {
  gateway: 8888,
  prometheus: 9090,
  alertmanager: 9093,
  "log-store": 9428,
} as const;
export const portOf = (program: keyof typeof told): number => told[program];

export const monitoringServices: readonly Service[] = Object.entries(told).map(([name, port]) => ({
  service: `${name}-metrics`,
  on: { role },
  traffic: tcp(port),
  auth: "none",
}));

/** @see metrics of Prometheus, Alertmanager and VictoriaLogs */
export const monitoringScrapes: readonly ScrapeSpec[] = [
  {
    scrape: "gateway",
    service: "gateway-metrics",
    metrics: [
      {
        metric: "otelcol_receiver_accepted_metric_points_total",
        what: "samples that came from sites",
        labels: ["receiver"],
      },
      {
        metric: "otelcol_receiver_accepted_log_records_total",
        what: "lines that came from sites",
        labels: ["receiver"],
      },
      {
        metric: "otelcol_exporter_queue_size",
        what: "what waits for ECMWF's platform, in bytes",
        labels: ["exporter", "data_type"],
      },
      { metric: "otelcol_exporter_queue_capacity", what: "how much may wait", labels: ["exporter", "data_type"] },
    ],
  },
  {
    scrape: "prometheus",
    service: "prometheus-metrics",
    metrics: [
      { metric: "prometheus_tsdb_head_series", what: "series that are written to" },
      { metric: "prometheus_tsdb_storage_blocks_bytes", what: "what is kept on disk" },
      {
        metric: "prometheus_rule_evaluation_failures_total",
        what: "rules that could not be evaluated",
        labels: ["rule_group"],
      },
      { metric: "prometheus_notifications_dropped_total", what: "alerts that reached no Alertmanager" },
    ],
  },
  {
    scrape: "alertmanager",
    service: "alertmanager-metrics",
    metrics: [
      { metric: "alertmanager_alerts", what: "alerts that it knows", labels: ["state"] },
      { metric: "alertmanager_notifications_total", what: "notifications that were tried", labels: ["integration"] },
      { metric: "alertmanager_notifications_failed_total", what: "those that nobody took", labels: ["integration"] },
    ],
  },
  {
    scrape: "log-store",
    service: "log-store-metrics",
    metrics: [
      { metric: "vl_rows_ingested_total", what: "lines that were taken", labels: ["type"] },
      { metric: "vl_data_size_bytes", what: "what is kept on disk", labels: ["type"] },
    ],
  },
];

export const monitoringRecordings: readonly RecordingSpec[] = [
  {
    recording: "platform_notifications_failed",
    expr: "increase(alertmanager_notifications_failed_total[15m])",
    what: "notifications of the last quarter of an hour that nobody took",
    example: {
      given: { 'alertmanager_notifications_failed_total{host="a",integration="email"}': 7 },
      gives: { 'platform_notifications_failed{host="a",integration="email"}': 0 },
    },
  },
  {
    recording: "platform_rules_failed",
    expr: "sum without (rule_group) (increase(prometheus_rule_evaluation_failures_total[15m]))",
    what: "evaluations of rules of the last quarter of an hour that failed",
    example: {
      given: { 'prometheus_rule_evaluation_failures_total{host="a",rule_group="x"}': 7 },
      gives: { 'platform_rules_failed{host="a"}': 0 },
    },
  },
];

export const monitoringSignals: readonly SignalNeed[] = [
  {
    need: "signal",
    signal: "platform_notifications_failed",
    by: { role },
    each: ["integration"],
    thresholds: { critical: { above: 0 } },
    for: minutes(5),
    what: "somebody who is to be rung, and is not",
    why: "alerts ring nobody",
    runbook: `${page}#nobody-is-rung`,
  },
  {
    need: "signal",
    signal: "platform_rules_failed",
    by: { role },
    thresholds: { warning: { above: 0 } },
    for: minutes(10),
    what: "rules that cannot be evaluated",
    why: "what they would ring for is not seen",
    runbook: `${page}#nobody-is-rung`,
  },
];
