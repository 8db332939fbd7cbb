import type { SignalNeed } from "../../../model/site/signal";
import type { MetricSpec, RecordingSpec } from "../../../model/site/telemetry";
import { collectorRole as role } from "../../../model/telemetry";
import { minutes } from "../../../model/words/quantity";

const runbook = (anchor: string): string => `docs/runbooks/cluster.md#${anchor}`;
const here = "site, tenancy, environment, host";

/** @see OpenTelemetry Collector, receiver k8s_cluster, "Default Metrics"; its dots are underscores in Prometheus */
export const objectMetrics: readonly MetricSpec[] = [
  { metric: "k8s_node_condition_ready", what: "1 where a node is Ready, 0 where not, -1 unknown", labels: ["node"] },
  { metric: "k8s_deployment_desired", what: "pods that a Deployment wants", labels: ["namespace", "workload"] },
  { metric: "k8s_deployment_available", what: "pods of it that work", labels: ["namespace", "workload"] },
  { metric: "k8s_statefulset_desired_pods", what: "pods that a StatefulSet wants", labels: ["namespace", "workload"] },
  { metric: "k8s_statefulset_ready_pods", what: "pods of it that work", labels: ["namespace", "workload"] },
  {
    metric: "k8s_daemonset_desired_scheduled_nodes",
    what: "nodes on which a DaemonSet wants a pod",
    labels: ["namespace", "workload"],
  },
  {
    metric: "k8s_daemonset_ready_nodes",
    what: "nodes on which it has one that works",
    labels: ["namespace", "workload"],
  },
  { metric: "k8s_job_failed_pods", what: "pods of a Job that failed", labels: ["namespace", "workload", "run"] },
  {
    metric: "k8s_container_restarts",
    what: "how often a container began anew",
    labels: ["namespace", "pod", "container"],
  },
];

export const objectRecordings: readonly RecordingSpec[] = [
  {
    recording: "platform_cluster_seen",
    expr: `max by (${here}) (k8s_node_condition_ready > bool -2) or max by (${here}) (up{job="collector"} * 0)`,
    what: "1 where somebody tells of the objects of a cluster",
    example: {
      given: {
        'k8s_node_condition_ready{host="a",node="n"}': 0,
        'up{host="a",job="collector"}': 1,
        'up{host="b",job="collector"}': 1,
      },
      gives: { 'platform_cluster_seen{host="a"}': 1, 'platform_cluster_seen{host="b"}': 0 },
    },
  },
  {
    recording: "platform_workload_missing_pods",
    expr: [
      "(k8s_deployment_desired - k8s_deployment_available)",
      "(k8s_statefulset_desired_pods - k8s_statefulset_ready_pods)",
      "(k8s_daemonset_desired_scheduled_nodes - k8s_daemonset_ready_nodes)",
    ].join(" or "),
    what: "pods that a workload wants, and that do not work",
    example: {
      given: {
        'k8s_deployment_desired{host="a",workload="x"}': 3,
        'k8s_deployment_available{host="a",workload="x"}': 1,
        'k8s_statefulset_desired_pods{host="a",workload="y"}': 1,
        'k8s_statefulset_ready_pods{host="a",workload="y"}': 1,
      },
      gives: {
        'platform_workload_missing_pods{host="a",workload="x"}': 2,
        'platform_workload_missing_pods{host="a",workload="y"}': 0,
      },
    },
  },
  {
    recording: "platform_job_failed",
    // One that failed stays for people to look at, and is no news the day after.
    expr: `max by (${here}, namespace, workload) (clamp_max(k8s_job_failed_pods unless k8s_job_failed_pods offset 1d, 1))`,
    what: "1 where a job failed within the last day",
    example: {
      given: {
        'k8s_job_failed_pods{host="a",workload="x",run="x-1"}': 1,
        'k8s_job_failed_pods{host="a",workload="x",run="x-2"}': 0,
        'k8s_job_failed_pods{host="a",workload="y",run="y-1"}': 0,
      },
      gives: { 'platform_job_failed{host="a",workload="x"}': 1, 'platform_job_failed{host="a",workload="y"}': 0 },
    },
  },
];

export const signalsOfObjects: readonly SignalNeed[] = [
  {
    need: "signal",
    signal: "platform_cluster_seen",
    by: { role },
    thresholds: { warning: { below: 1 } },
    for: minutes(10),
    what: "what tells of the objects of the cluster",
    why: "nobody sees which pods and jobs fail there",
    runbook: runbook("nothing-tells-of-its-objects"),
  },
  {
    need: "signal",
    signal: "k8s_node_condition_ready",
    by: { role },
    each: ["node"],
    thresholds: { warning: { below: 1 } },
    for: minutes(10),
    what: "a node of the cluster that is not Ready",
    why: "its pods are made anew elsewhere, if there is room",
    runbook: runbook("a-node-dies-or-is-made-anew"),
  },
  {
    need: "signal",
    signal: "platform_workload_missing_pods",
    by: { role },
    each: ["namespace", "workload"],
    thresholds: { warning: { above: 0 } },
    for: minutes(15),
    what: "pods that are missing",
    why: "what they do is done by fewer, or by nobody",
    runbook: runbook("pods-are-missing"),
  },
  {
    need: "signal",
    signal: "platform_job_failed",
    by: { role },
    each: ["namespace", "workload"],
    thresholds: { warning: { above: 0 } },
    for: minutes(2),
    what: "a job that failed",
    why: "what it was to do is not done, and is not tried again before its next time",
    runbook: runbook("a-job-has-failed"),
  },
];
