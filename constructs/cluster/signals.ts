import type { SignalNeed } from "../../model/site/signal";
import type { MetricSpec } from "../../model/site/telemetry";
import { minutes } from "../../model/words/quantity";

/** Where etcd tells its metrics, if RKE2 is told so. @see RKE2, server configuration: etcd-expose-metrics */
export const etcdMetricsPort = 2381;

/** @see etcd, "Metrics" */
export const etcdMetrics: readonly MetricSpec[] = [
  { metric: "etcd_server_has_leader", what: "1 where a member knows a leader" },
  { metric: "etcd_server_leader_changes_seen_total", what: "how often the leader changed" },
  { metric: "etcd_mvcc_db_total_size_in_bytes", what: "size of what it keeps" },
];

/** @param role of servers */
export const etcdWithoutLeader = (role: string): SignalNeed => ({
  need: "signal",
  signal: "etcd_server_has_leader",
  by: { role },
  thresholds: { critical: { below: 1 } },
  for: minutes(5),
  what: "a leader of etcd",
  why: "nothing on the cluster can be changed, and pods that end do not come back",
  runbook: "docs/runbooks/cluster.md#it-is-cut-off-from-its-majority",
});
