import { originName, type StatedMilestone } from "../../model/site/milestone";
import type { SignalNeed } from "../../model/site/signal";
import type { LogSpec, MetricSpec, ScrapeSpec } from "../../model/site/telemetry";
import { listed } from "../../model/words/problem";
import { hours, minutes } from "../../model/words/quantity";
import { homeOf, keptOf, metricsOf } from "./places";

const page = "docs/runbooks/ecflow.md";

/** How old the last copy of a server's state is, on its host and on one that stands by: one is kept each quarter of an hour. */
export const signalOfCopies = (role: string, volume: string): SignalNeed => ({
  need: "signal",
  signal: "platform_snapshot_timestamp_seconds",
  by: { role, file: { kind: "age-of-file", path: `${keptOf(homeOf(volume))}/*.check.gz` } },
  labels: { of: role },
  thresholds: { warning: { age: hours(1) }, critical: { age: hours(6) } },
  what: `the last copy of what ${role} knows`,
  why: "what suites have done since is lost with the host",
  runbook: "docs/runbooks/expiry.md#snapshots",
});

/** What `platform-ecflow-exporter` tells. @see exporters/README.md */
const metrics: readonly MetricSpec[] = [
  { metric: "ecflow_up", what: "1 if the server answered, and let itself be read", labels: ["server"] },
  { metric: "ecflow_server_state", what: "1 in the state that it is in", labels: ["server", "state"] },
  { metric: "ecflow_checkpoint_timestamp_seconds", what: "when its check point was written", labels: ["server"] },
  { metric: "ecflow_checkpoint_slow", what: "1 once saving took too long", labels: ["server"] },
  { metric: "ecflow_tasks", what: "its tasks, by their state", labels: ["server", "state"] },
  { metric: "ecflow_late_nodes", what: "nodes with the flag of late", labels: ["server"] },
  { metric: "ecflow_zombies", what: "zombies, of which each waits for a person", labels: ["server"] },
  { metric: "ecflow_submitted_oldest_seconds", what: "the longest that a task waits to begin", labels: ["server"] },
  { metric: "ecflow_active_oldest_seconds", what: "the longest that a task runs", labels: ["server"] },
  { metric: "ecflow_certificate_expiry_timestamp_seconds", what: "the end of what it shows", labels: ["server"] },
  {
    metric: "ecflow_milestone_timestamp_seconds",
    what: "when a milestone was last reached",
    labels: ["server", "milestone"],
  },
  { metric: "ecflow_suites", what: "suites", labels: ["server"] },
  { metric: "ecflow_read_timestamp_seconds", what: "when it was last read", labels: ["server"] },
  { metric: "ecflow_read_seconds", what: "how long that took", labels: ["server"] },
];

/** The exporter of a server, which is none where it stands by. */
export const scrapeOf = (role: string): ScrapeSpec => ({
  scrape: role,
  service: metricsOf(role),
  active: true,
  metrics,
});

export const logOf = (role: string, volume: string): LogSpec => ({
  log: role,
  by: { role },
  files: `${homeOf(volume)}/ecf.log`,
  parser: "ecflow",
  why: "what the server was asked, and what it did",
});

/** What rings of a server by itself; with a default that a site changes where its suites differ. */
export function signalsOf(server: string, role: string): readonly SignalNeed[] {
  const of = (is: Omit<SignalNeed, "need" | "by">): SignalNeed => ({
    need: "signal",
    by: { role, active: true },
    ...is,
    labels: { server, ...is.labels },
  });
  return [
    of({
      signal: "ecflow_up",
      thresholds: { critical: { below: 1 } },
      for: minutes(2),
      what: `ecFlow ${server}`,
      why: "no job is submitted, and none can report",
      runbook: `${page}#it-does-not-run`,
    }),
    of({
      signal: "ecflow_server_state",
      labels: { state: "HALTED" },
      thresholds: { critical: { above: 0 } },
      for: minutes(10),
      what: `ecFlow ${server}, which is halted`,
      why: "no job is submitted: it begins so, and waits for a person",
      runbook: `${page}#it-does-not-run`,
    }),
    of({
      signal: "ecflow_tasks",
      labels: { state: "aborted" },
      thresholds: { warning: { above: 0 } },
      for: minutes(10),
      what: `tasks of ecFlow ${server} that were aborted`,
      why: "what waits for them does not begin",
      runbook: "docs/runbooks/hpc.md#jobs",
    }),
    of({
      signal: "ecflow_zombies",
      thresholds: { warning: { above: 0 } },
      for: minutes(15),
      what: `zombies of ecFlow ${server}`,
      why: "a job that the server does not believe waits for a person",
      runbook: "docs/runbooks/hpc.md#jobs",
    }),
    of({
      signal: "ecflow_late_nodes",
      thresholds: { warning: { above: 0 } },
      for: minutes(5),
      what: `nodes of ecFlow ${server} that are late`,
      why: "their suites say that they should be further",
      runbook: "docs/runbooks/monitoring.md#a-milestone-is-late",
    }),
    of({
      signal: "ecflow_submitted_oldest_seconds",
      thresholds: { warning: { above: hours(1).seconds }, critical: { above: hours(3).seconds } },
      for: minutes(5),
      what: `seconds that a task of ecFlow ${server} waits to begin`,
      why: "its queue is full, or its job was lost on the way",
      runbook: "docs/runbooks/hpc.md#jobs",
    }),
    of({
      signal: "ecflow_checkpoint_slow",
      thresholds: { warning: { above: 0 } },
      what: `ecFlow ${server}, whose check points take long to write`,
      why: "its disk is slow or full, and it answers nobody meanwhile",
      runbook: "docs/runbooks/monitoring.md#a-file-system-is-full",
    }),
  ];
}

/** Today's run is behind: what is to be reached each day, and was not. */
export const signalsOfMilestones = (
  server: string,
  role: string,
  milestones: Readonly<Record<string, StatedMilestone>>,
): readonly SignalNeed[] =>
  Object.entries(milestones).map(([milestone, { by, critical, what, from }]) => ({
    need: "signal",
    signal: "ecflow_milestone_timestamp_seconds",
    by: { role, active: true },
    labels: { server, milestone },
    thresholds: { warning: { by }, ...(critical === undefined ? {} : { critical: { by: critical } }) },
    for: minutes(1),
    what: from.length > 0 ? `${what} (by ${listed(from.map(originName))})` : what,
    why: "today's run is late",
    runbook: "docs/runbooks/monitoring.md#a-milestone-is-late",
  }));
