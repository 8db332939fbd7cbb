import { chosen, type PanelSpec } from "../../model/site/telemetry";

const on = "data";
const by = "{{site}} {{tenancy}}";

const rate = (metric: string, labels: string): string => `sum by (${labels}) (rate(${metric}{${chosen}}[5m]))`;
const quantile = (share: number, metric: string): string =>
  `histogram_quantile(${share}, sum by (site, tenancy, le) (rate(${metric}_bucket{${chosen}}[5m])))`;

export const panels: readonly PanelSpec[] = [
  {
    panel: "Requests that wait",
    on,
    as: "timeseries",
    signal: "polytope_broker_dispatcher_queue_depth",
    queries: [{ query: `max by (site, tenancy) (polytope_broker_dispatcher_queue_depth{${chosen}})`, legend: by }],
    what: "Requests for data that no worker has taken yet. Past the upper line who asks is soon turned away.",
  },
  {
    panel: "Requests that are worked on",
    on,
    as: "timeseries",
    queries: [
      {
        query: `sum by (site, tenancy, worker_pool) (polytope_worker_jobs_active{${chosen}})`,
        legend: `${by} {{worker_pool}}`,
      },
    ],
    what: "By pool of workers. None, while some wait, is told by an alert.",
  },
  {
    panel: "How requests end",
    on,
    as: "timeseries",
    unit: "per-second",
    queries: [
      { query: rate("polytope_broker_requests_finished_total", "site, tenancy, outcome"), legend: `${by} {{outcome}}` },
    ],
    what: "`redirect` leads to the result; `error` is what was asked wrongly, `failed` what went wrong here, `overloaded` who was turned away.",
  },
  {
    panel: "Requests by collection",
    on,
    as: "timeseries",
    unit: "per-second",
    queries: [
      {
        query: rate("polytope_broker_collection_requests_accepted_total", "site, tenancy, route_handle"),
        legend: `${by} {{route_handle}}`,
      },
    ],
    what: "What is asked for.",
  },
  {
    panel: "Time to the result",
    on,
    as: "timeseries",
    unit: "seconds",
    queries: [
      { query: quantile(0.5, "polytope_broker_request_duration_seconds"), legend: `${by} median` },
      { query: quantile(0.95, "polytope_broker_request_duration_seconds"), legend: `${by} 95th percentile` },
    ],
    what: "From a request to its end, waiting included. The longest that is told is two minutes: beyond, lines are flat.",
  },
  {
    panel: "Time spent waiting",
    on,
    as: "timeseries",
    unit: "seconds",
    queries: [{ query: quantile(0.95, "polytope_broker_dispatcher_queue_wait_seconds"), legend: by }],
    what: "95th percentile of what requests waited for a worker. If it grows, workers are too few, or the FDB is slow.",
  },
  {
    panel: "Data that is fetched",
    on,
    as: "timeseries",
    unit: "bytes-per-second",
    queries: [{ query: rate("bobs_read_bytes_total", "site, tenancy, collection"), legend: `${by} {{collection}}` }],
    what: "By users, of results.",
  },
  {
    panel: "Results that wait to be fetched",
    on,
    as: "timeseries",
    unit: "bytes",
    queries: [{ query: `max by (site, tenancy) (bobs_disk_usage_bytes{${chosen}})`, legend: by }],
    what: "On the disk of the spool. Each goes some minutes after it was fetched, or was to be.",
  },
];
