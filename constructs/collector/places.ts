/** Names of services, jobs and folders of a collector. */
export const names = {
  collector: "collector",
  /** What hosts bring their logs to. */
  logs: "logs",
  metrics: "collector-metrics",
  tls: "/etc/platform/tls/collector",
} as const;

/**
 * @see OTLP specification: 4318 is the default port of OTLP over HTTP; OpenTelemetry Collector, "Internal telemetry": 8888;
 * blackbox_exporter: 9115
 */
export const ports = { otlp: 4318, metrics: 8888, agentMetrics: 8889, probes: 9115 } as const;

/** On the volume of the collector. */
export const queueFolder = "/srv/queue/otelcol";
/** How far the agent of a host has come. */
export const agentState = "/var/lib/otelcol-agent";
/** The account of both. */
export const account = "otelcol";
