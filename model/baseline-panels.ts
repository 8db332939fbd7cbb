import { chosen, type Panel } from "./site/telemetry";

const ringing = (which: string): string =>
  `sort_desc(count by (site, tenancy, owner, alertname) (ALERTS{alertstate="firing",${which}}))`;

/** All sites at a glance. What is to be mended comes first. */
const platform: readonly Panel[] = [
  {
    panel: "Critical alerts",
    on: "platform",
    as: "stat",
    unit: "faults",
    queries: [{ query: 'count(ALERTS{alertstate="firing",severity="critical"}) or vector(0)', legend: "ring" }],
    what: "How many alerts ring now that wake somebody.",
  },
  {
    panel: "Warnings",
    on: "platform",
    as: "stat",
    unit: "warnings",
    queries: [{ query: 'count(ALERTS{alertstate="firing",severity="warning"}) or vector(0)', legend: "ring" }],
    what: "How many alerts ring now that are looked after in working hours.",
  },
  {
    panel: "Hosts down",
    on: "platform",
    as: "stat",
    unit: "faults",
    queries: [{ query: 'count(up{job="host"} == 0) or vector(0)', legend: "down" }],
    what: "Hosts that do not answer their collector. Those of a site that is silent are not counted: nobody knows.",
  },
  {
    panel: "Services that nobody reaches",
    on: "platform",
    as: "stat",
    unit: "faults",
    queries: [{ query: "count(probe_success == 0) or vector(0)", legend: "unreached" }],
    what: "Services that the collector of their tenancy could not connect to.",
  },
  {
    panel: "What rings critically",
    on: "platform",
    as: "table",
    unit: "none",
    queries: [{ query: ringing('severity="critical"'), legend: "series" }],
    what: "Alerts that wake their owner, and of how many hosts or things. Each names its runbook.",
  },
  {
    panel: "What else rings",
    on: "platform",
    as: "table",
    unit: "none",
    queries: [{ query: ringing('severity!="critical"'), legend: "series" }],
    what: "Alerts that are looked after in working hours, or read within days.",
  },
  {
    panel: "Alerts by severity",
    on: "platform",
    as: "timeseries",
    unit: "none",
    queries: [{ query: 'count by (severity) (ALERTS{alertstate="firing"})', legend: "{{severity}}" }],
    what: "Whether it gets better or worse.",
  },
  {
    panel: "Alerts by site",
    on: "platform",
    as: "timeseries",
    unit: "none",
    queries: [{ query: 'count by (site) (ALERTS{alertstate="firing"})', legend: "{{site}}" }],
    what: "Where something began.",
  },
  {
    panel: "Services that do not answer",
    on: "platform",
    as: "table",
    unit: "none",
    queries: [
      {
        query: "sort_desc(count by (site, tenancy, service) (probe_success == 0))",
        legend: "hosts",
      },
    ],
    what: "Services that clients cannot connect to, and on how many hosts.",
  },
  {
    panel: "Hosts that answer",
    on: "platform",
    as: "bar-gauge",
    unit: "percentunit",
    queries: [{ query: 'sort(avg by (site, tenancy) (up{job="host"}))', legend: "{{site}} {{tenancy}}" }],
    what: "The share of hosts of a tenancy that tell their metrics.",
  },
];

/** A site and its hosts. */
const site: readonly Panel[] = [
  {
    panel: "Hosts",
    on: "site",
    as: "stat",
    unit: "none",
    queries: [{ query: `count(up{job="host",${chosen}})`, legend: "hosts" }],
    what: "Hosts that are asked for their metrics.",
  },
  {
    panel: "Hosts down",
    on: "site",
    as: "stat",
    unit: "faults",
    queries: [{ query: `count(up{job="host",${chosen}} == 0) or vector(0)`, legend: "down" }],
    what: "Those of them that do not answer.",
  },
  {
    panel: "Units that have failed",
    on: "site",
    as: "stat",
    unit: "faults",
    queries: [{ query: `sum(platform_unit_failed{${chosen}}) or vector(0)`, legend: "failed" }],
    what: "Units of systemd, on all hosts.",
  },
  {
    panel: "Alerts",
    on: "site",
    as: "stat",
    unit: "faults",
    queries: [{ query: `count(ALERTS{alertstate="firing",severity!="info",${chosen}}) or vector(0)`, legend: "ring" }],
    what: "What rings of the site, warnings and critical ones.",
  },
  {
    panel: "What rings",
    on: "site",
    as: "table",
    unit: "none",
    queries: [
      {
        query: `sort_desc(count by (severity, host, owner, alertname) (ALERTS{alertstate="firing",${chosen}}))`,
        legend: "series",
      },
    ],
    what: "Alerts of the site, whose they are, and of which host.",
  },
  {
    panel: "Which units have failed",
    on: "site",
    as: "table",
    unit: "none",
    queries: [{ query: `count by (host, name) (platform_unit_failed{${chosen}} > 0)`, legend: "failed" }],
    what: "On the host, `systemctl status` and `journalctl -u` say more.",
  },
  {
    panel: "Hosts that answer",
    on: "site",
    as: "state-timeline",
    unit: "bool",
    queries: [{ query: `up{job="host",${chosen}}`, legend: "{{host}}" }],
    what: "When a host told its metrics, and when it did not.",
  },
  {
    panel: "Services that answer",
    on: "site",
    as: "state-timeline",
    unit: "bool",
    queries: [{ query: `min by (tenancy, service) (probe_success{${chosen}})`, legend: "{{tenancy}} {{service}}" }],
    what: "When the collector could connect to a service on all of its hosts, as clients do.",
  },
  {
    panel: "Room in file systems",
    on: "site",
    as: "bar-gauge",
    unit: "percentunit",
    signal: "platform_filesystem_free_ratio",
    queries: [
      {
        query: `bottomk(12, min by (host, mountpoint) (platform_filesystem_free_ratio{${chosen}}))`,
        legend: "{{host}} {{mountpoint}}",
      },
    ],
    what: "The fullest file systems, by what is left. A volume is made larger by the description.",
  },
  {
    panel: "Clocks",
    on: "site",
    as: "bar-gauge",
    unit: "seconds",
    queries: [{ query: `topk(12, max by (host) (abs(node_timex_offset_seconds{${chosen}})))`, legend: "{{host}}" }],
    what: "How far clocks are off. Certificates and logins of minutes end early or late with them.",
  },
  {
    panel: "Processors",
    on: "site",
    as: "timeseries",
    unit: "percentunit",
    queries: [
      {
        query: `1 - avg by (host) (rate(node_cpu_seconds_total{mode="idle",${chosen}}[5m]))`,
        legend: "{{host}}",
      },
    ],
    what: "The share of time in which processors of a host had something to do.",
  },
  {
    panel: "Memory that is left",
    on: "site",
    as: "timeseries",
    unit: "percentunit",
    signal: "platform_memory_available_ratio",
    queries: [{ query: `min by (host) (platform_memory_available_ratio{${chosen}})`, legend: "{{host}}" }],
    what: "Of the memory of a host, what programs could still have.",
  },
  {
    panel: "Network, in",
    on: "site",
    as: "timeseries",
    unit: "bytes-per-second",
    queries: [
      {
        query: `sum by (host) (rate(node_network_receive_bytes_total{device!="lo",${chosen}}[5m]))`,
        legend: "{{host}}",
      },
    ],
    what: "What hosts take in, over all their devices.",
  },
  {
    panel: "Network, out",
    on: "site",
    as: "timeseries",
    unit: "bytes-per-second",
    queries: [
      {
        query: `sum by (host) (rate(node_network_transmit_bytes_total{device!="lo",${chosen}}[5m]))`,
        legend: "{{host}}",
      },
    ],
    what: "What hosts send, over all their devices.",
  },
  {
    panel: "Disks",
    on: "site",
    as: "timeseries",
    unit: "percentunit",
    queries: [
      {
        query: `max by (host) (rate(node_disk_io_time_seconds_total{${chosen}}[5m]))`,
        legend: "{{host}}",
      },
    ],
    what: "The share of time in which the busiest disk of a host had something to do.",
  },
  {
    panel: "Load",
    on: "site",
    as: "timeseries",
    unit: "none",
    queries: [{ query: `max by (host) (node_load1{${chosen}})`, legend: "{{host}}" }],
    what: "How many programs run or wait to, of the last minute. More than there are processors wait.",
  },
];

/** What is shown of every host and service, whoever runs there: nobody has to state it. */
export const baselinePanels: readonly Panel[] = [...platform, ...site];
