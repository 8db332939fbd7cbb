import { chosen, type PanelSpec } from "../../../model/site/telemetry";

const on = "site";

export const objectPanels: readonly PanelSpec[] = [
  {
    panel: "Pods that are missing",
    on,
    as: "bar-gauge",
    unit: "faults",
    signal: "platform_workload_missing_pods",
    queries: [
      {
        query: `sort_desc(max by (tenancy, namespace, workload) (platform_workload_missing_pods{${chosen}}) > 0)`,
        legend: "{{tenancy}} {{namespace}}/{{workload}}",
      },
    ],
    what: "Pods that a workload of a cluster wants, and that do not work. Empty where all do.",
  },
  {
    panel: "Jobs of clusters that failed",
    on,
    as: "bar-gauge",
    unit: "faults",
    signal: "platform_job_failed",
    queries: [
      {
        query: `max by (tenancy, namespace, workload) (platform_job_failed{${chosen}}) > 0`,
        legend: "{{tenancy}} {{namespace}}/{{workload}}",
      },
    ],
    what: "Within the last day. Empty where none did.",
  },
  {
    panel: "Nodes that are Ready",
    on,
    as: "state-timeline",
    unit: "bool",
    signal: "k8s_node_condition_ready",
    queries: [{ query: `max by (node) (k8s_node_condition_ready{${chosen}})`, legend: "{{node}}" }],
    what: "Of clusters. A node that is not loses its pods after some minutes.",
  },
  {
    panel: "Containers that began anew",
    on,
    as: "timeseries",
    queries: [
      {
        query: `sum by (tenancy, namespace) (increase(k8s_container_restarts{${chosen}}[1h]))`,
        legend: "{{tenancy}} {{namespace}}",
      },
    ],
    what: "How often in an hour. One that does so again and again fails at its start, or has too little memory.",
  },
];
