import type { SignalNeed } from "../../model/site/signal";
import type { MetricSpec, RecordingSpec } from "../../model/site/telemetry";
import { minutes } from "../../model/words/quantity";

/** Where the relay tells its metrics, to its tenancy alone. @see HAProxy, prometheus-exporter: its documentation's port */
export const relayMetricsPort = 8404;

/** @see HAProxy, addons/promex/README */
export const relayMetrics: readonly MetricSpec[] = [
  { metric: "haproxy_frontend_current_sessions", what: "connections that are open", labels: ["proxy"] },
  { metric: "haproxy_frontend_bytes_in_total", what: "what came in", labels: ["proxy"] },
  { metric: "haproxy_frontend_bytes_out_total", what: "what went out", labels: ["proxy"] },
  { metric: "haproxy_frontend_requests_denied_total", what: "connections that were not let in", labels: ["proxy"] },
  { metric: "haproxy_backend_active_servers", what: "hosts behind it that can serve", labels: ["proxy"] },
];

export const relayServersDown: RecordingSpec = {
  recording: "platform_relay_serving_hosts",
  expr: 'haproxy_backend_active_servers{proxy!="metrics"}',
  what: "how many hosts can serve behind a port of a relay",
  example: {
    given: {
      'haproxy_backend_active_servers{host="a",proxy="tcp-3141"}': 2,
      'haproxy_backend_active_servers{host="a",proxy="metrics"}': 0,
    },
    gives: { 'platform_relay_serving_hosts{host="a",proxy="tcp-3141"}': 2 },
  },
};

export const relayLeadsNowhere: SignalNeed = {
  need: "signal",
  signal: "platform_relay_serving_hosts",
  by: { role: "proxy" },
  each: ["proxy"],
  thresholds: { critical: { below: 1 } },
  for: minutes(5),
  what: "hosts behind a port of the relay",
  why: "whoever comes from outside reaches nobody",
  runbook: "docs/runbooks/monitoring.md#a-relay-leads-nowhere",
};
