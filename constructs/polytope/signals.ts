import type { SignalNeed } from "../../model/site/signal";
import type { MetricSpec, RecordingSpec, ScrapeSpec } from "../../model/site/telemetry";
import { collectorRole } from "../../model/telemetry";
import { minutes, type Size } from "../../model/words/quantity";
import { services, workloads } from "./places";

const here = "site, tenancy, environment, host";
const page = "docs/runbooks/polytope.md";

/** Of a histogram. */
const histogram = (metric: string, what: string, labels: readonly string[]): readonly MetricSpec[] => [
  { metric: `${metric}_bucket`, what: `${what}: how many took no longer`, labels: [...labels, "le"] },
  { metric: `${metric}_sum`, what: `${what}: all together`, labels },
  { metric: `${metric}_count`, what: `${what}: how many`, labels },
];

/** @see polytope-server at e71520d, docs/metrics.md */
const ofFrontend: readonly MetricSpec[] = [
  { metric: "polytope_broker_requests_accepted_total", what: "requests that were taken" },
  { metric: "polytope_broker_requests_finished_total", what: "requests that came to an end", labels: ["outcome"] },
  ...histogram("polytope_broker_request_duration_seconds", "from a request to its result", ["outcome"]),
  {
    metric: "polytope_broker_collection_requests_accepted_total",
    what: "requests that were taken of a collection",
    labels: ["route_handle"],
  },
  {
    metric: "polytope_broker_collection_requests_finished_total",
    what: "requests of a collection that came to an end",
    labels: ["route_handle", "outcome"],
  },
  { metric: "polytope_broker_dispatcher_queue_depth", what: "requests that wait for a worker" },
  ...histogram("polytope_broker_dispatcher_queue_wait_seconds", "how long a request waited for a worker", []),
];

const ofWorker: readonly MetricSpec[] = [
  {
    metric: "polytope_worker_polls_total",
    what: "how often workers asked for work",
    labels: ["result", "worker_pool"],
  },
  { metric: "polytope_worker_jobs_active", what: "requests that are worked on", labels: ["worker_pool"] },
  {
    metric: "polytope_worker_jobs_processed_total",
    what: "requests that were worked on",
    labels: ["outcome", "worker_pool"],
  },
  { metric: "polytope_worker_delivery_bytes_total", what: "bytes of results", labels: ["outcome", "worker_pool"] },
];

const ofSpool: readonly MetricSpec[] = [
  { metric: "bobs_disk_usage_bytes", what: "bytes of results that wait to be fetched" },
  { metric: "bobs_spools_active", what: "results that there are", labels: ["state"] },
  { metric: "bobs_spools_deleted_total", what: "results that were deleted", labels: ["collection", "reason"] },
  { metric: "bobs_read_active", what: "results that are fetched now", labels: ["collection"] },
  { metric: "bobs_read_bytes_total", what: "bytes that were fetched", labels: ["collection", "mode"] },
  { metric: "bobs_write_bytes_total", what: "bytes that workers brought", labels: ["collection"] },
];

/** @param workers those that there are */
export const scrapesOf = (workers: readonly string[]): readonly ScrapeSpec[] => [
  scrape(workloads.frontend, ofFrontend),
  ...workers.map((worker) => scrape(worker, ofWorker)),
  scrape(workloads.spool, ofSpool),
];

const scrape = (workload: string, metrics: readonly MetricSpec[]): ScrapeSpec => ({
  scrape: workload,
  service: services.metricsOf(workload),
  metrics,
});

/** Of a pod that began anew all are later. */
const lately = (series: string): string => `clamp_min(${series} - (${series} offset 1h or ${series} * 0), 0)`;
const finished = (which = ""): string =>
  `sum by (${here}) (${lately(`polytope_broker_requests_finished_total${which}`)})`;
const depth = `max by (${here}) (polytope_broker_dispatcher_queue_depth)`;

export const recordings: readonly RecordingSpec[] = [
  {
    recording: "polytope_unserved_requests",
    expr: `${depth} * (1 - clamp_max(sum by (${here}) (polytope_worker_jobs_active) or ${depth} * 0, 1))`,
    what: "requests that wait while no worker works",
    example: {
      given: {
        'polytope_broker_dispatcher_queue_depth{host="a"}': 3,
        'polytope_worker_jobs_active{host="a",pod="x"}': 0,
        'polytope_broker_dispatcher_queue_depth{host="b"}': 3,
        'polytope_worker_jobs_active{host="b",pod="x"}': 0,
        'polytope_worker_jobs_active{host="b",pod="y"}': 2,
        'polytope_broker_dispatcher_queue_depth{host="c"}': 3,
      },
      gives: {
        'polytope_unserved_requests{host="a"}': 3,
        'polytope_unserved_requests{host="b"}': 0,
        'polytope_unserved_requests{host="c"}': 3,
      },
    },
  },
  {
    recording: "polytope_spool_gibibytes",
    expr: "bobs_disk_usage_bytes / 2 ^ 30",
    what: "results that wait to be fetched, in GiB",
    example: {
      given: { 'bobs_disk_usage_bytes{host="a",pod="x"}': 53687091200 },
      gives: { 'polytope_spool_gibibytes{host="a",pod="x"}': 50 },
    },
  },
  {
    recording: "polytope_failed_ratio",
    // What users ask for wrongly is an error of theirs. One of two says nothing.
    expr: `${finished('{outcome=~"failed|overloaded"}')} / (${finished()} > 9)`,
    what: "the share of requests of the last hour that failed, where there were ten or more",
    example: {
      given: {
        'polytope_broker_requests_finished_total{host="a",outcome="failed"}': 4,
        'polytope_broker_requests_finished_total{host="a",outcome="overloaded"}': 1,
        'polytope_broker_requests_finished_total{host="a",outcome="error"}': 5,
        'polytope_broker_requests_finished_total{host="a",outcome="redirect"}': 10,
        'polytope_broker_requests_finished_total{host="b",outcome="failed"}': 4,
      },
      gives: { 'polytope_failed_ratio{host="a"}': 0.25 },
    },
  },
];

/** What pods tell bears the host of the collector. @param most requests that wait at most @param room for results */
export function signalsOf(most: number, room: Size): readonly SignalNeed[] {
  const of = (is: Omit<SignalNeed, "need" | "by">): SignalNeed => ({
    need: "signal",
    by: { role: collectorRole },
    ...is,
  });
  return [
    of({
      signal: "polytope_unserved_requests",
      thresholds: { critical: { above: 0 } },
      for: minutes(5),
      what: "requests for data that nobody works on",
      why: "nobody gets data of this bridge",
      runbook: `${page}#nobody-works`,
    }),
    of({
      signal: "polytope_broker_dispatcher_queue_depth",
      each: ["pod"],
      thresholds: { warning: { above: Math.ceil(most / 4) }, critical: { above: Math.ceil((most * 3) / 4) } },
      for: minutes(10),
      what: "requests for data that wait",
      why: "once no more may wait, who asks is turned away",
      runbook: `${page}#requests-wait`,
    }),
    of({
      signal: "polytope_failed_ratio",
      thresholds: { warning: { above: 0.05 }, critical: { above: 0.5 } },
      for: minutes(10),
      what: "the share of requests for data that fail",
      why: "users get no data, for no fault of theirs",
      runbook: `${page}#requests-fail`,
    }),
    of({
      signal: "polytope_spool_gibibytes",
      each: ["pod"],
      thresholds: { warning: { above: shareOf(room, 0.8) }, critical: { above: shareOf(room, 0.95) } },
      for: minutes(5),
      what: "GiB of results that wait to be fetched",
      why: "once the spool is full, results of all requests are lost",
      runbook: `${page}#the-spool-is-full`,
    }),
  ];
}

const shareOf = ({ gib }: Size, share: number): number => Math.floor(gib * share * 100) / 100;
