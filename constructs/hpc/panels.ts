import { chosen, type PanelSpec } from "../../model/site/telemetry";

const here = `supercomputer=~"$supercomputer",${chosen}`;
const on = "hpc";

/** Supercomputers, as somebody sees them who logs in there: queues, jobs, nodes and budgets. */
export const hpcPanels: readonly PanelSpec[] = [
  {
    panel: "Supercomputers that nobody reaches",
    on,
    as: "stat",
    unit: "faults",
    queries: [{ query: `count(max by (supercomputer) (hpc_up{${here}}) == 0) or vector(0)`, legend: "unreached" }],
    what: "Where no host of ours could log in at its last look. Jobs that run there go on.",
  },
  {
    panel: "What could not be read",
    on,
    as: "stat",
    unit: "faults",
    queries: [{ query: `count(hpc_source_up{${here}} == 0) or vector(0)`, legend: "unread" }],
    what: "Commands there that failed, or said what nobody understands: what they tell is missing below.",
  },
  {
    panel: "Jobs that wait",
    on,
    as: "stat",
    queries: [{ query: `sum(hpc_jobs{state=~"(?i)pending",${here}}) or vector(0)`, legend: "wait" }],
    what: "Ours, over all partitions.",
  },
  {
    panel: "Jobs that run",
    on,
    as: "stat",
    queries: [{ query: `sum(hpc_jobs{state=~"(?i)running",${here}}) or vector(0)`, legend: "run" }],
    what: "Ours, over all partitions.",
  },
  {
    panel: "Budgets",
    on,
    as: "bar-gauge",
    unit: "percentunit",
    queries: [
      {
        query: `sort_desc(max by (supercomputer, account, unit) (hpc_budget_seconds{kind="used",${here}}) / max by (supercomputer, account, unit) (hpc_budget_seconds{kind="granted",${here}} > 0))`,
        legend: "{{supercomputer}} {{account}} {{unit}}",
      },
    ],
    what: "The share of its time that an account has used. At the end nothing is taken from it.",
  },
  {
    panel: "Longest waits",
    on,
    as: "bar-gauge",
    unit: "seconds",
    queries: [
      {
        query: `sort_desc(max by (supercomputer, partition) (hpc_queue_wait_oldest_seconds{${here}}))`,
        legend: "{{supercomputer}} {{partition}}",
      },
    ],
    what: "For how long the first of our jobs waits that could run.",
  },
  {
    panel: "Where we could log in",
    on,
    as: "state-timeline",
    unit: "bool",
    queries: [{ query: `max by (supercomputer) (hpc_up{${here}})`, legend: "{{supercomputer}}" }],
    what: "When a look was answered, and when it was not.",
  },
  {
    panel: "What was read, and when",
    on,
    as: "table",
    unit: "time",
    queries: [
      {
        query: `sort(max by (supercomputer, source) (hpc_source_timestamp_seconds{${here}}))`,
        legend: "read",
      },
    ],
    what: "What is older than others is not told any more.",
  },
  {
    panel: "How jobs ended in 24 hours",
    on,
    as: "table",
    queries: [
      { query: `sort_desc(max by (supercomputer, partition, state) (hpc_jobs_ended{${here}}) > 0)`, legend: "jobs" },
    ],
    what: "Timeouts and failures beside what was completed.",
  },
  {
    panel: "Our jobs",
    on,
    as: "timeseries",
    queries: [{ query: `sum by (supercomputer, state) (hpc_jobs{${here}})`, legend: "{{supercomputer}} {{state}}" }],
    what: "By state, over all partitions.",
  },
  {
    panel: "Waits",
    on,
    as: "timeseries",
    unit: "seconds",
    queries: [
      {
        query: `max by (supercomputer, partition) (hpc_queue_wait_oldest_seconds{${here}})`,
        legend: "{{supercomputer}} {{partition}}",
      },
    ],
    what: "Whether the queue moves.",
  },
  {
    panel: "Nodes of partitions",
    on,
    as: "timeseries",
    queries: [
      {
        query: `max by (supercomputer, partition, state) (hpc_partition_nodes{${here}})`,
        legend: "{{supercomputer}} {{partition}} {{state}}",
      },
    ],
    what: "Nodes that are drained or down run nothing of anybody.",
  },
  {
    panel: "Jobs that failed in 24 hours",
    on,
    as: "timeseries",
    queries: [
      {
        query: `sum by (supercomputer, state) (hpc_jobs_ended{state!~"(?i)completed",${here}})`,
        legend: "{{supercomputer}} {{state}}",
      },
    ],
    what: "Whether it gets better or worse.",
  },
];
