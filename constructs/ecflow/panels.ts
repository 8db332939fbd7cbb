import { chosen, type PanelSpec } from "../../model/site/telemetry";

const here = `server=~"$server",${chosen}`;
const midnight = (time: string): string => `floor(${time} / 86400) * 86400`;

/** Servers of ecFlow: whether they answer, what their tasks do, and what waits for a person. */
const ofServers: readonly PanelSpec[] = [
  {
    panel: "Servers that do not answer",
    on: "ecflow",
    as: "stat",
    unit: "faults",
    queries: [{ query: `count(ecflow_up{${here}} == 0) or vector(0)`, legend: "down" }],
    what: "Servers that the exporter beside them could not ask. Jobs that run cannot report meanwhile, and try again.",
  },
  {
    panel: "Servers that are halted",
    on: "ecflow",
    as: "stat",
    unit: "faults",
    queries: [{ query: `sum(ecflow_server_state{state!="RUNNING",${here}}) or vector(0)`, legend: "halted" }],
    what: "Servers that begin no jobs: halted or shut down. Somebody has to let them run.",
  },
  {
    panel: "Tasks that were aborted",
    on: "ecflow",
    as: "stat",
    unit: "faults",
    queries: [{ query: `sum(ecflow_tasks{state="aborted",${here}}) or vector(0)`, legend: "aborted" }],
    what: "Each waits for a person, and what depends on it with it.",
  },
  {
    panel: "Nodes that are late",
    on: "ecflow",
    as: "stat",
    unit: "faults",
    queries: [{ query: `sum(ecflow_late_nodes{${here}}) or vector(0)`, legend: "late" }],
    what: "What suites themselves have flagged as late, until somebody clears the flag.",
  },
  {
    panel: "Zombies",
    on: "ecflow",
    as: "stat",
    unit: "faults",
    queries: [{ query: `sum(ecflow_zombies{${here}}) or vector(0)`, legend: "zombies" }],
    what: "Jobs whose server does not take them for its own. Each waits for a person.",
  },
  {
    panel: "Servers",
    on: "ecflow",
    as: "state-timeline",
    unit: "bool",
    queries: [
      { query: `min by (site, tenancy, server) (ecflow_up{${here}})`, legend: "{{site}} {{tenancy}} {{server}}" },
    ],
    what: "When a server answered, and when it did not.",
  },
  {
    panel: "Longest submitted",
    on: "ecflow",
    as: "bar-gauge",
    unit: "seconds",
    queries: [
      {
        query: `sort_desc(max by (site, tenancy, server) (ecflow_submitted_oldest_seconds{${here}}))`,
        legend: "{{site}} {{tenancy}} {{server}}",
      },
    ],
    what: "For how long the task has been submitted that waits longest: the queue is long, or its job is lost.",
  },
  {
    panel: "Since the last check point",
    on: "ecflow",
    as: "bar-gauge",
    unit: "seconds",
    queries: [
      {
        query: `sort_desc(max by (site, tenancy, server) (time() - ecflow_checkpoint_timestamp_seconds{${here}}))`,
        legend: "{{site}} {{tenancy}} {{server}}",
      },
    ],
    what: "What a server that ends at once would forget. While nothing changes, none is written.",
  },
  {
    panel: "Certificates of servers",
    on: "ecflow",
    as: "bar-gauge",
    unit: "seconds",
    queries: [
      {
        query: `sort(min by (site, tenancy, server) (ecflow_certificate_expiry_timestamp_seconds{${here}} - time()))`,
        legend: "{{site}} {{tenancy}} {{server}}",
      },
    ],
    what: "Time that is left of what a server shows, which may be older than its file.",
  },
  {
    panel: "How long it takes to read a server",
    on: "ecflow",
    as: "timeseries",
    unit: "seconds",
    queries: [{ query: `max by (site, server) (ecflow_read_seconds{${here}})`, legend: "{{site}} {{server}}" }],
    what: "It is as slow for everybody else who asks it.",
  },
  {
    panel: "Tasks by state",
    on: "ecflow",
    as: "timeseries",
    queries: [{ query: `sum by (state) (ecflow_tasks{${here}})`, legend: "{{state}}" }],
    what: "Of all servers that are picked.",
  },
  {
    panel: "Tasks that run, by server",
    on: "ecflow",
    as: "timeseries",
    queries: [
      { query: `sum by (site, server) (ecflow_tasks{state="active",${here}})`, legend: "{{site}} {{server}} active" },
      {
        query: `sum by (site, server) (ecflow_tasks{state="submitted",${here}})`,
        legend: "{{site}} {{server}} submitted",
      },
    ],
    what: "Where many are submitted and none is active, the supercomputer takes none.",
  },
];

const milestone = `ecflow_milestone_timestamp_seconds{${chosen}}`;

/** The day of the forecast, by what is to be done each day. Days begin at midnight, UTC. */
const ofTheDay: readonly PanelSpec[] = [
  {
    panel: "Milestones of the day that are to come",
    on: "forecast",
    as: "stat",
    unit: "none",
    queries: [{ query: `count(${milestone} < ${midnight("time()")}) or vector(0)`, legend: "to come" }],
    what: "How many have not been reached since midnight.",
  },
  {
    panel: "Aborted tasks on the way",
    on: "forecast",
    as: "stat",
    unit: "faults",
    queries: [{ query: `sum(ecflow_tasks{state="aborted",${chosen}}) or vector(0)`, legend: "aborted" }],
    what: "Each waits for a person, and what depends on it with it.",
  },
  {
    panel: "Milestones of the day",
    on: "forecast",
    as: "state-timeline",
    unit: "bool",
    queries: [
      {
        query: `min by (site, server, milestone) (${milestone} >= bool ${midnight("time()")})`,
        legend: "{{site}} {{server}} {{milestone}}",
      },
    ],
    what: "From when on a milestone had been reached on its day: each day begins without.",
  },
  {
    panel: "When milestones were reached last",
    on: "forecast",
    as: "table",
    unit: "time",
    queries: [{ query: `sort(max by (site, server, milestone) (${milestone}))`, legend: "reached" }],
    what: "The one that is oldest comes first.",
  },
  {
    panel: "Time of day of milestones",
    on: "forecast",
    as: "timeseries",
    unit: "seconds",
    queries: [
      {
        query: `max by (site, server, milestone) (${milestone} - ${midnight(milestone)})`,
        legend: "{{site}} {{server}} {{milestone}}",
      },
    ],
    what: "How long after midnight they were reached. A line that climbs from day to day will be late some day.",
  },
];

export const ecflowPanels: readonly PanelSpec[] = [...ofServers, ...ofTheDay];
