import type { SignalNeed } from "../../model/site/signal";
import { chosen, type MetricSpec, type PanelSpec, type RecordingSpec } from "../../model/site/telemetry";
import { collectorRole as role } from "../../model/telemetry";
import { minutes } from "../../model/words/quantity";

const here = "site, tenancy, environment, host";

/** @see auth-o-tron 0.3.7, authotron/src/metrics/recorder.rs */
export const metrics: readonly MetricSpec[] = [
  { metric: "auth_requests_total", what: "who asked to be let in, by what became of it", labels: ["result", "realm"] },
  {
    metric: "auth_provider_attempts_total",
    what: "how often somebody was asked who that is",
    labels: ["provider_name", "provider_type", "realm", "result"],
  },
  {
    metric: "auth_provider_duration_seconds_sum",
    what: "how long that took",
    labels: ["provider_name", "provider_type", "realm"],
  },
  {
    metric: "auth_provider_duration_seconds_count",
    what: "how often it was measured",
    labels: ["provider_name", "provider_type", "realm"],
  },
];

/** A wrong token counts as an error there, so that nobody is rung for those. */
export const unanswered: RecordingSpec = {
  recording: "platform_login_unanswered",
  expr: `sum by (${here}, provider_name) (increase(auth_provider_attempts_total{result="timeout"}[15m]))`,
  what: "how often who vouches for people did not answer in time, in a quarter of an hour",
  example: {
    given: { 'auth_provider_attempts_total{host="a",pod="x",provider_name="desp-access",result="timeout"}': 3 },
    gives: { 'platform_login_unanswered{host="a",provider_name="desp-access"}': 0 },
  },
};

export const loginUnanswered: SignalNeed = {
  need: "signal",
  signal: "platform_login_unanswered",
  by: { role },
  each: ["provider_name"],
  thresholds: { warning: { above: 5 }, critical: { above: 100 } },
  for: minutes(5),
  what: "answers of who vouches for people",
  why: "nobody who has a token of theirs is let in anywhere",
  runbook: "docs/runbooks/aviso.md#nobody-is-let-in",
};

const rate = (by: string): string => `sum by (site, tenancy, ${by}) (rate(auth_requests_total{${chosen}}[5m]))`;

export const panels: readonly PanelSpec[] = [
  {
    panel: "Who asks to be let in",
    on: "data",
    as: "timeseries",
    unit: "per-second",
    queries: [{ query: rate("result"), legend: "{{site}} {{tenancy}} {{result}}" }],
    what: "Requests to who vouches for people, by what became of them. Tokens that have run out are refused as others are.",
  },
];
