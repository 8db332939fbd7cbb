import type { SignalNeed } from "../../model/site/signal";
import type { MetricSpec, RecordingSpec } from "../../model/site/telemetry";
import { collectorRole as role } from "../../model/telemetry";
import { minutes } from "../../model/words/quantity";

/** @see OpenTelemetry Collector, "Internal telemetry", lists of metrics */
export const collectorMetrics: readonly MetricSpec[] = [
  { metric: "otelcol_process_uptime_seconds_total", what: "how long it runs" },
  { metric: "otelcol_process_memory_rss_bytes", what: "memory that it has" },
  { metric: "otelcol_process_cpu_seconds_total", what: "time of processors that it took" },
  {
    metric: "otelcol_exporter_queue_size",
    what: "what waits to be delivered, in bytes",
    labels: ["exporter", "data_type"],
  },
  { metric: "otelcol_exporter_queue_capacity", what: "how much may wait", labels: ["exporter", "data_type"] },
  { metric: "otelcol_exporter_sent_metric_points_total", what: "samples that were delivered", labels: ["exporter"] },
  { metric: "otelcol_exporter_sent_log_records_total", what: "lines that were delivered", labels: ["exporter"] },
  {
    metric: "otelcol_exporter_send_failed_metric_points_total",
    what: "samples that were given up",
    labels: ["exporter"],
  },
  { metric: "otelcol_exporter_send_failed_log_records_total", what: "lines that were given up", labels: ["exporter"] },
  {
    metric: "otelcol_exporter_enqueue_failed_metric_points_total",
    what: "samples that found no room",
    labels: ["exporter"],
  },
  {
    metric: "otelcol_exporter_enqueue_failed_log_records_total",
    what: "lines that found no room",
    labels: ["exporter"],
  },
  { metric: "otelcol_receiver_accepted_metric_points_total", what: "samples that were gathered", labels: ["receiver"] },
  { metric: "otelcol_receiver_accepted_log_records_total", what: "lines that came", labels: ["receiver"] },
  { metric: "otelcol_receiver_refused_metric_points_total", what: "samples that were not taken", labels: ["receiver"] },
  { metric: "otelcol_receiver_refused_log_records_total", what: "lines that were not taken now", labels: ["receiver"] },
  { metric: "otelcol_scraper_errored_metric_points_total", what: "what could not be measured", labels: ["receiver"] },
];

export const queueFill: RecordingSpec = {
  recording: "platform_collector_queue_ratio",
  expr:
    "sum by (site, tenancy, environment, host) (otelcol_exporter_queue_size)" +
    " / max by (site, tenancy, environment, host) (otelcol_exporter_queue_capacity > 0)",
  what: "how full the disk of a collector is: metrics and logs have a queue each, and each may be all of it",
  example: {
    given: {
      'otelcol_exporter_queue_size{host="a",data_type="logs"}': 1,
      'otelcol_exporter_queue_size{host="a",data_type="metrics"}': 2,
      'otelcol_exporter_queue_capacity{host="a",data_type="logs"}': 4,
      'otelcol_exporter_queue_capacity{host="a",data_type="metrics"}': 4,
    },
    gives: { 'platform_collector_queue_ratio{host="a"}': 0.75 },
  },
};

export const signalsOfCollector: readonly SignalNeed[] = [
  {
    need: "signal",
    signal: "platform_collector_queue_ratio",
    by: { role },
    thresholds: { warning: { above: 0.1 }, critical: { above: 0.6 } },
    for: minutes(10),
    what: "what waits on the disk of the collector",
    why: "once it is full, what is written and measured is lost",
    runbook: "docs/runbooks/monitoring.md#a-queue-grows",
  },
];
