import { type Service, tcp } from "../../model/site/need";
import type { SignalNeed } from "../../model/site/signal";
import type { MetricSpec, RecordingSpec, ScrapeSpec } from "../../model/site/telemetry";
import { hours, minutes } from "../../model/words/quantity";

/** Where a host tells what it has seen of supercomputers. */
export const metricsPort = 9811;

const serviceOf = (role: string): string => `${role}-hpc-metrics`;
/** Its job, by which what one host sees is told from what another does. */
const scrapeName = (role: string): string => `${role}-hpc`;

/** What `platform-hpc-exporter` tells. @see exporters/README.md */
const metrics: readonly MetricSpec[] = [
  { metric: "hpc_up", what: "1 if the last look logged in", labels: ["supercomputer"] },
  { metric: "hpc_source_up", what: "1 if the last look read that", labels: ["supercomputer", "source"] },
  { metric: "hpc_source_timestamp_seconds", what: "when it was last read", labels: ["supercomputer", "source"] },
  { metric: "hpc_jobs", what: "our jobs", labels: ["supercomputer", "partition", "state"] },
  { metric: "hpc_queue_wait_oldest_seconds", what: "how long the first waits", labels: ["supercomputer", "partition"] },
  { metric: "hpc_queue_wait_median_seconds", what: "how long half waited", labels: ["supercomputer", "partition"] },
  { metric: "hpc_queue_wait_p90_seconds", what: "how long nine of ten waited", labels: ["supercomputer", "partition"] },
  { metric: "hpc_jobs_ended", what: "our jobs of a day that ended", labels: ["supercomputer", "partition", "state"] },
  { metric: "hpc_partition_nodes", what: "nodes of partitions", labels: ["supercomputer", "partition", "state"] },
  { metric: "hpc_budget_seconds", what: "budgets", labels: ["supercomputer", "account", "kind", "unit"] },
  {
    metric: "hpc_module_release_timestamp_seconds",
    what: "when our software was moved on",
    labels: ["supercomputer", "cycle", "target"],
  },
  {
    metric: "hpc_module_release_complete",
    what: "1 if what it leads to is there as a whole",
    labels: ["supercomputer", "cycle", "target"],
  },
];

/** Hosts of a role that log in tell what they see there. */
export const hpcServiceOf = (role: string): Service => ({
  service: serviceOf(role),
  on: { role },
  traffic: tcp(metricsPort),
  auth: "none",
});

export const hpcScrapeOf = (role: string): ScrapeSpec => ({
  scrape: scrapeName(role),
  service: serviceOf(role),
  active: true,
  metrics,
});

export const budgetLeft: RecordingSpec = {
  recording: "platform_hpc_budget_left_ratio",
  expr: '1 - hpc_budget_seconds{kind="used"} / ignoring (kind) (hpc_budget_seconds{kind="granted"} > 0)',
  what: "the share of a budget that is left",
  example: {
    given: {
      'hpc_budget_seconds{account="a",kind="used",unit="gpu"}': 3,
      'hpc_budget_seconds{account="a",kind="granted",unit="gpu"}': 4,
      'hpc_budget_seconds{account="b",kind="used",unit="cpu"}': 3,
      'hpc_budget_seconds{account="b",kind="granted",unit="cpu"}': 0,
    },
    gives: { 'platform_hpc_budget_left_ratio{account="a",unit="gpu"}': 0.25 },
  },
};

/** What rings of a supercomputer for the hosts of a role that send jobs there. */
export function hpcSignalsOf(role: string, supercomputer: string): readonly SignalNeed[] {
  const of = (is: Omit<SignalNeed, "need" | "by">): SignalNeed => ({
    need: "signal",
    by: { role, active: true },
    labels: { supercomputer, job: scrapeName(role) },
    ...is,
  });
  return [
    of({
      signal: "hpc_up",
      alert: "HpcUnreachable",
      thresholds: { critical: { below: 1 } },
      for: minutes(15),
      what: `the login to ${supercomputer}`,
      why: "no job can be submitted there, and what others do is not seen",
      runbook: "docs/runbooks/hpc.md#jobs",
    }),
    of({
      signal: "hpc_source_up",
      each: ["source"],
      thresholds: { info: { below: 1 } },
      for: minutes(30),
      what: `what is read of ${supercomputer}`,
      why: "a site reports otherwise than it did: that part of what is shown is old, or missing",
      runbook: "docs/runbooks/monitoring.md#metrics-are-missing",
    }),
    of({
      signal: "hpc_queue_wait_oldest_seconds",
      each: ["partition"],
      thresholds: { warning: { above: hours(1).seconds }, critical: { above: hours(4).seconds } },
      for: minutes(10),
      what: `seconds that our first job waits at ${supercomputer}`,
      why: "the day of the forecast is behind, and its milestones will be",
      runbook: "docs/runbooks/hpc.md#jobs",
    }),
    of({
      signal: "platform_hpc_budget_left_ratio",
      each: ["account", "unit"],
      thresholds: { warning: { below: 0.15 }, critical: { below: 0.03 } },
      for: minutes(30),
      what: `the budget at ${supercomputer}`,
      why: "once it is spent, jobs are refused, or wait behind all others",
      runbook: "docs/runbooks/hpc.md#a-budget-is-nearly-spent",
    }),
    of({
      signal: "hpc_module_release_complete",
      each: ["cycle", "target"],
      thresholds: { warning: { below: 1 } },
      for: minutes(30),
      what: `software of ours at ${supercomputer}`,
      why: "a deployment was broken off: jobs load what is not there",
      runbook: "docs/runbooks/modules.md#a-deployment-has-failed",
    }),
  ];
}
