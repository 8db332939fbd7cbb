import { chosen, type PanelSpec } from "../../model/site/telemetry";

const theirs = `proxy!="metrics",${chosen}`;

export const relayPanels: readonly PanelSpec[] = [
  {
    panel: "Hosts behind relays",
    on: "site",
    as: "bar-gauge",
    signal: "platform_relay_serving_hosts",
    queries: [
      {
        query: `sort(min by (tenancy, proxy) (platform_relay_serving_hosts{${chosen}}))`,
        legend: "{{tenancy}} {{proxy}}",
      },
    ],
    what: "How many hosts can serve behind each port of a relay. Where there are none, whoever comes from outside reaches nobody.",
  },
  {
    panel: "Connections over relays",
    on: "site",
    as: "timeseries",
    queries: [
      {
        query: `sum by (tenancy, proxy) (haproxy_frontend_current_sessions{${theirs}})`,
        legend: "{{tenancy}} {{proxy}}",
      },
    ],
    what: "Connections from outside that are open, by the port at which they came.",
  },
  {
    panel: "What goes over relays",
    on: "site",
    as: "timeseries",
    unit: "bytes-per-second",
    queries: [
      { query: `sum by (tenancy) (rate(haproxy_frontend_bytes_in_total{${theirs}}[5m]))`, legend: "{{tenancy}} in" },
      { query: `sum by (tenancy) (rate(haproxy_frontend_bytes_out_total{${theirs}}[5m]))`, legend: "{{tenancy}} out" },
    ],
    what: "What came from outside, and what went there.",
  },
  {
    panel: "Who is not let in",
    on: "site",
    as: "timeseries",
    unit: "per-second",
    queries: [
      {
        query: `sum by (tenancy, proxy) (rate(haproxy_frontend_requests_denied_total{${theirs}}[5m]))`,
        legend: "{{tenancy}} {{proxy}}",
      },
    ],
    what: "Connections from networks that no flow names.",
  },
];
