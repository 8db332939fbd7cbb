import type { SignalNeed } from "../../model/site/signal";
import type { MetricSpec, RecordingSpec } from "../../model/site/telemetry";
import { collectorRole as role } from "../../model/telemetry";
import { minutes } from "../../model/words/quantity";

const here = "site, tenancy, environment, host";
const runbook = (anchor: string): string => `docs/runbooks/aviso.md#${anchor}`;

/** @see aviso-server 0.13.1, src/metrics.rs */
export const metrics: readonly MetricSpec[] = [
  {
    metric: "aviso_http_requests_total",
    what: "requests, by what was asked for and what was answered",
    labels: ["route", "method", "status_code"],
  },
  {
    metric: "aviso_notifications_total",
    what: "notifications, by what became of them",
    labels: ["event_type", "status"],
  },
  {
    metric: "aviso_backend_operations_total",
    what: "what was asked of NATS",
    labels: ["backend", "operation", "outcome"],
  },
  {
    metric: "aviso_backend_operation_duration_seconds_sum",
    what: "how long NATS took",
    labels: ["backend", "operation", "outcome"],
  },
  {
    metric: "aviso_backend_operation_duration_seconds_count",
    what: "how often that was measured",
    labels: ["backend", "operation", "outcome"],
  },
  { metric: "aviso_sse_connections_active", what: "who listens", labels: ["route", "event_type"] },
  { metric: "aviso_sse_unique_users_active", what: "how many people listen", labels: ["route"] },
  { metric: "aviso_sse_events_sent_total", what: "what was told to who listens", labels: ["route", "event_type"] },
  {
    metric: "aviso_sse_stream_errors_total",
    what: "what could not be told to who listens",
    labels: ["route", "event_type"],
  },
  { metric: "aviso_auth_requests_total", what: "who asked to be let in", labels: ["mode", "outcome"] },
];

interface Counted {
  readonly recording: string;
  readonly series: string;
  /** Of which of its series, `status="error"`. */
  readonly where: string;
  readonly within: string;
  readonly what: string;
  /** By event; of what is none, which Aviso has names for too, nothing. @default - of all together */
  readonly each?: "event";
}

/** How much a counter grew, of all pods: it begins anew with each, which `increase` knows. */
function counted({ recording, series, where, within, what, each }: Counted): RecordingSpec {
  const of = (labels: string): string => `${series}{host="a",pod="x",${where}${labels}}`;
  const expr = (by: string, none: string): string =>
    `sum by (${here}${by}) (increase(${series}{${where}${none}}[${within}]))`;
  return each === "event"
    ? {
        recording,
        expr: expr(", event_type", ',event_type!~"unknown|generic"'),
        what,
        example: {
          given: { [of(',event_type="mars"')]: 3, [of(',event_type="unknown"')]: 3 },
          gives: { [`${recording}{host="a",event_type="mars"}`]: 0 },
        },
      }
    : {
        recording,
        expr: expr("", ""),
        what,
        example: { given: { [of("")]: 3 }, gives: { [`${recording}{host="a"}`]: 0 } },
      };
}

export const recordings: readonly RecordingSpec[] = [
  // What becomes of a notification is counted as an error too where it does not fit its schema.
  counted({
    recording: "platform_notifications_lost",
    series: "aviso_backend_operations_total",
    where: 'operation="publish",outcome="error"',
    within: "15m",
    what: "notifications that were not kept, in a quarter of an hour",
  }),
  counted({
    recording: "platform_notifications_wrong",
    series: "aviso_notifications_total",
    where: 'status="error"',
    within: "15m",
    what: "notifications that do not fit their schema, or were not kept, in a quarter of an hour",
    each: "event",
  }),
  // There is a series of each event before anybody notifies. @see aviso-server 0.13.1, src/metrics.rs: preinit_notification_series
  counted({
    recording: "platform_notifications_daily",
    series: "aviso_notifications_total",
    where: 'status="success"',
    within: "1d",
    what: "notifications of a day",
    each: "event",
  }),
  counted({
    recording: "platform_notifications_untold",
    series: "aviso_sse_stream_errors_total",
    where: 'route="/api/v1/watch"',
    within: "15m",
    what: "notifications that were not told to who listens, in a quarter of an hour",
    each: "event",
  }),
  counted({
    recording: "platform_notifiers_unknown",
    series: "aviso_auth_requests_total",
    where: 'outcome="service_unavailable"',
    within: "15m",
    what: "requests of which nobody could say whose they are, in a quarter of an hour",
  }),
];

export const signals: readonly SignalNeed[] = [
  {
    need: "signal",
    signal: "platform_notifications_lost",
    by: { role },
    thresholds: { warning: { above: 0 }, critical: { above: 100 } },
    for: minutes(5),
    what: "notifications that were not kept",
    why: "who listens is not told of fields that are there",
    runbook: runbook("notifications-are-lost"),
  },
  {
    need: "signal",
    signal: "platform_notifications_wrong",
    by: { role },
    each: ["event_type"],
    thresholds: { warning: { above: 10 } },
    for: minutes(10),
    what: "notifications that do not fit their schema",
    why: "who may notify says what nobody can be told",
    runbook: runbook("nobody-notifies"),
  },
  {
    need: "signal",
    signal: "platform_notifications_daily",
    by: { role },
    each: ["event_type"],
    thresholds: { warning: { below: 1 } },
    for: minutes(30),
    what: "notifications of a day",
    why: "nobody is told of anything: either nothing came, or who notifies does not",
    runbook: runbook("nobody-notifies"),
  },
  {
    need: "signal",
    signal: "platform_notifications_untold",
    by: { role },
    each: ["event_type"],
    thresholds: { warning: { above: 10 } },
    for: minutes(10),
    what: "notifications that were not told",
    why: "who listens misses some, and has to ask for them again",
    runbook: runbook("who-listens-misses-some"),
  },
  {
    need: "signal",
    signal: "platform_notifiers_unknown",
    by: { role },
    thresholds: { warning: { above: 5 }, critical: { above: 100 } },
    for: minutes(5),
    what: "requests of which nobody could say whose they are",
    why: "nobody notifies, and nobody listens",
    runbook: runbook("nobody-is-let-in"),
  },
];
