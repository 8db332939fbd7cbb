import { chosen, type PanelSpec } from "../../model/site/telemetry";

export const etcdPanels: readonly PanelSpec[] = [
  {
    panel: "Clusters that have a leader",
    on: "site",
    as: "state-timeline",
    unit: "bool",
    queries: [{ query: `min by (host) (etcd_server_has_leader{${chosen}})`, legend: "{{host}}" }],
    what: "Whether a member of etcd knows a leader. Without one, nothing on the cluster can be changed.",
  },
  {
    panel: "Leaders of clusters that changed",
    on: "site",
    as: "timeseries",
    queries: [
      {
        query: `max by (tenancy) (increase(etcd_server_leader_changes_seen_total{${chosen}}[1h]))`,
        legend: "{{tenancy}}",
      },
    ],
    what: "How often in an hour. More than one or two: disks or the network between servers are too slow.",
  },
  {
    panel: "What clusters keep",
    on: "site",
    as: "timeseries",
    unit: "bytes",
    queries: [{ query: `max by (tenancy) (etcd_mvcc_db_total_size_in_bytes{${chosen}})`, legend: "{{tenancy}}" }],
    what: "The size of etcd. At two GiB it takes no more, unless it was told another limit.",
  },
];
