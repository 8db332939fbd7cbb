import { chosen, type PanelSpec } from "../../model/site/telemetry";

const on = "data";
const rate = (series: string, labels: string, by: string): string =>
  `sum by (site, tenancy, ${by}) (rate(${series}{${labels}${chosen}}[5m]))`;

export const panels: readonly PanelSpec[] = [
  {
    panel: "Notifications",
    on,
    as: "timeseries",
    unit: "per-second",
    queries: [
      {
        query: rate("aviso_notifications_total", "", "event_type, status"),
        legend: "{{site}} {{tenancy}} {{event_type}} {{status}}",
      },
    ],
    what: "What Aviso was told, by event. Who may not notify is `rejected`; of an `error` its schema was not met, or it was not kept: who notifies is told.",
  },
  {
    panel: "Who listens",
    on,
    as: "timeseries",
    queries: [
      {
        query: `sum by (site, tenancy, event_type) (aviso_sse_connections_active{route="/api/v1/watch",${chosen}})`,
        legend: "{{site}} {{tenancy}} {{event_type}}",
      },
    ],
    what: "Connections of people and programs that wait for notifications.",
  },
  {
    panel: "Notifications that are told",
    on,
    as: "timeseries",
    unit: "per-second",
    queries: [
      {
        query: rate("aviso_sse_events_sent_total", "", "event_type"),
        legend: "{{site}} {{tenancy}} {{event_type}} told",
      },
      {
        query: rate("aviso_sse_stream_errors_total", "", "event_type"),
        legend: "{{site}} {{tenancy}} {{event_type}} not told",
      },
    ],
    what: "To who listens, each time to each of them; and what could not be told.",
  },
  {
    panel: "How long NATS takes",
    on,
    as: "timeseries",
    unit: "seconds",
    queries: [
      {
        query: `${rate("aviso_backend_operation_duration_seconds_sum", 'operation="publish",', "operation")} / ${rate("aviso_backend_operation_duration_seconds_count", 'operation="publish",', "operation")}`,
        legend: "{{site}} {{tenancy}} {{operation}}",
      },
    ],
    what: "To keep a notification. Where it grows while nothing else does, its volume is slow.",
  },
];
