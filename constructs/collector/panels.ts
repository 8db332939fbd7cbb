import { chosen, type PanelSpec } from "../../model/site/telemetry";

const here = `job="collector",${chosen}`;
const on = "collector";
const rate = (metric: string, by = "site, tenancy"): string => `sum by (${by}) (rate(${metric}{${here}}[5m]))`;
/** What was lost in the time that is looked at. */
const lost = (what: "metric_points" | "log_records"): string =>
  `sum(increase(otelcol_exporter_send_failed_${what}_total{${here}}[1h])) + sum(increase(otelcol_exporter_enqueue_failed_${what}_total{${here}}[1h]))`;

export const collectorPanels: readonly PanelSpec[] = [
  {
    panel: "Samples lost in an hour",
    on,
    as: "stat",
    unit: "faults",
    queries: [{ query: `${lost("metric_points")} or vector(0)`, legend: "lost" }],
    what: "Samples that were given up, or found no room in the queue.",
  },
  {
    panel: "Lines lost in an hour",
    on,
    as: "stat",
    unit: "faults",
    queries: [{ query: `${lost("log_records")} or vector(0)`, legend: "lost" }],
    what: "Lines of logs that were given up, or found no room in the queue.",
  },
  {
    panel: "How full queues are",
    on,
    as: "bar-gauge",
    unit: "percentunit",
    signal: "platform_collector_queue_ratio",
    queries: [
      {
        query:
          'sort_desc(max by (site, tenancy, exporter) (platform_collector_queue_ratio{site=~"$site",tenancy=~"$tenancy"}))',
        legend: "{{site}} {{tenancy}} {{exporter}}",
      },
    ],
    what: "A queue grows while nobody takes what is delivered. Once it is full, the rest is lost.",
  },
  {
    panel: "What waits",
    on,
    as: "timeseries",
    unit: "bytes",
    queries: [
      {
        query: `sum by (site, tenancy, data_type) (otelcol_exporter_queue_size{${here}})`,
        legend: "{{site}} {{tenancy}} {{data_type}}",
      },
    ],
    what: "On the disks of collectors. After an outage it falls again.",
  },
  {
    panel: "Samples that are gathered",
    on,
    as: "timeseries",
    unit: "per-second",
    queries: [{ query: rate("otelcol_receiver_accepted_metric_points_total"), legend: "{{site}} {{tenancy}}" }],
    what: "Metrics that collectors take from their tenancy.",
  },
  {
    panel: "Samples that are delivered",
    on,
    as: "timeseries",
    unit: "per-second",
    queries: [{ query: rate("otelcol_exporter_sent_metric_points_total"), legend: "{{site}} {{tenancy}}" }],
    what: "Metrics that home took. Where it is less than what is gathered, a queue grows.",
  },
  {
    panel: "Lines that come",
    on,
    as: "timeseries",
    unit: "per-second",
    queries: [{ query: rate("otelcol_receiver_accepted_log_records_total"), legend: "{{site}} {{tenancy}}" }],
    what: "Logs that hosts bring.",
  },
  {
    panel: "Lines that are delivered",
    on,
    as: "timeseries",
    unit: "per-second",
    queries: [{ query: rate("otelcol_exporter_sent_log_records_total"), legend: "{{site}} {{tenancy}}" }],
    what: "Logs that home took.",
  },
  {
    panel: "What is not taken",
    on,
    as: "timeseries",
    unit: "per-second",
    queries: [
      { query: rate("otelcol_receiver_refused_metric_points_total"), legend: "{{site}} {{tenancy}} samples" },
      { query: rate("otelcol_receiver_refused_log_records_total"), legend: "{{site}} {{tenancy}} lines" },
    ],
    what: "Hosts keep what a collector refuses, and bring it again.",
  },
  {
    panel: "What cannot be measured",
    on,
    as: "timeseries",
    unit: "per-second",
    queries: [
      {
        query: rate("otelcol_scraper_errored_metric_points_total", "site, tenancy, receiver"),
        legend: "{{site}} {{receiver}}",
      },
    ],
    what: "Values that a collector asked for and did not get.",
  },
  {
    panel: "Memory of collectors",
    on,
    as: "timeseries",
    unit: "bytes",
    queries: [
      { query: `max by (site, tenancy) (otelcol_process_memory_rss_bytes{${here}})`, legend: "{{site}} {{tenancy}}" },
    ],
    what: "What the program has. It refuses what comes before it has too much.",
  },
  {
    panel: "Processors of collectors",
    on,
    as: "timeseries",
    unit: "none",
    queries: [{ query: rate("otelcol_process_cpu_seconds_total"), legend: "{{site}} {{tenancy}}" }],
    what: "How many processors the program keeps busy.",
  },
];
