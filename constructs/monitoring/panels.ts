import { chosen, type PanelSpec } from "../../model/site/telemetry";

const on = "collector";

/** What home tells of itself. */
export const monitoringPanels: readonly PanelSpec[] = [
  {
    panel: "Rules that failed in a quarter of an hour",
    on,
    as: "stat",
    unit: "faults",
    queries: [{ query: `sum(platform_rules_failed{${chosen}}) or vector(0)`, legend: "failed" }],
    what: "Evaluations of rules. What they would ring for is not seen.",
  },
  {
    panel: "Notifications that failed in a quarter of an hour",
    on,
    as: "stat",
    unit: "faults",
    queries: [{ query: `sum(platform_notifications_failed{${chosen}}) or vector(0)`, legend: "failed" }],
    what: "Notifications that nobody took: somebody is to be rung, and is not.",
  },
  {
    panel: "Alerts that reached no Alertmanager",
    on,
    as: "stat",
    unit: "faults",
    queries: [
      {
        query: `sum(increase(prometheus_notifications_dropped_total{${chosen}}[1h])) or vector(0)`,
        legend: "dropped",
      },
    ],
    what: "Of the last hour. Alertmanager is down, or does not keep up.",
  },
  {
    panel: "Notifications",
    on,
    as: "timeseries",
    queries: [
      {
        query: `sum by (integration) (increase(alertmanager_notifications_total{${chosen}}[1h]))`,
        legend: "{{integration}}",
      },
      {
        query: `sum by (integration) (increase(alertmanager_notifications_failed_total{${chosen}}[1h]))`,
        legend: "{{integration}}, failed",
      },
    ],
    what: "What was tried in an hour, by the way it goes.",
  },
  {
    panel: "Alerts that Alertmanager knows",
    on,
    as: "timeseries",
    queries: [{ query: `sum by (state) (alertmanager_alerts{${chosen}})`, legend: "{{state}}" }],
    what: "Those that are silenced or inhibited are suppressed.",
  },
  {
    panel: "What comes to home",
    on,
    as: "timeseries",
    unit: "per-second",
    queries: [
      {
        query: `sum(rate(otelcol_receiver_accepted_metric_points_total{job="gateway",${chosen}}[5m]))`,
        legend: "samples",
      },
      {
        query: `sum(rate(otelcol_receiver_accepted_log_records_total{job="gateway",${chosen}}[5m]))`,
        legend: "lines",
      },
    ],
    what: "Metrics and logs of all sites.",
  },
  {
    panel: "How full the queue to ECMWF is",
    on,
    as: "bar-gauge",
    unit: "percentunit",
    queries: [
      {
        query: `max by (exporter) (otelcol_exporter_queue_size{job="gateway",${chosen}} / (otelcol_exporter_queue_capacity{job="gateway",${chosen}} > 0))`,
        legend: "{{exporter}}",
      },
    ],
    what: "What is to be kept for good waits here while nobody takes it.",
  },
  {
    panel: "Series",
    on,
    as: "timeseries",
    queries: [{ query: `sum(prometheus_tsdb_head_series{${chosen}})`, legend: "series" }],
    what: "Series of all sites that are written to. Where it leaps, something tells a label that never ends.",
  },
  {
    panel: "What is kept at home",
    on,
    as: "timeseries",
    unit: "bytes",
    queries: [
      { query: `sum(prometheus_tsdb_storage_blocks_bytes{${chosen}})`, legend: "metrics" },
      { query: `sum(vl_data_size_bytes{${chosen}})`, legend: "logs" },
    ],
    what: "On the volume of metrics.",
  },
  {
    panel: "Lines that are kept",
    on,
    as: "timeseries",
    unit: "per-second",
    queries: [{ query: `sum by (type) (rate(vl_rows_ingested_total{${chosen}}[5m]))`, legend: "{{type}}" }],
    what: "What the store of logs takes.",
  },
];
