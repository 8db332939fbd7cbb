import { stringify } from "yaml";
import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { HostFile } from "../../model/host-file";
import { silentSite } from "../../model/platform-signals";
import { madeBy } from "../../model/readings";
import type { Registers } from "../../model/registers";
import type { SignalEntry } from "../../model/signal-entries";
import { isAsked } from "../../model/signals";
import { numberOf, type Severity, type Sort, severities, sortOf, type Threshold } from "../../model/site/signal";
import { collectorRole } from "../../model/telemetry";
import { grouped } from "../../model/words/grouped";
import { Duration, days, hours } from "../../model/words/quantity";
import { header } from "../hosts/header";
import { selecting } from "./selecting";
import { watchdog } from "./watchdog";

/** A rule as Prometheus reads it. @see Prometheus, recording rules and alerting rules */
type Rule =
  | { readonly record: string; readonly expr: string; readonly labels: Readonly<Record<string, string>> }
  | {
      readonly alert: string;
      readonly expr: string;
      readonly for: string;
      readonly labels: Readonly<Record<string, string>>;
      readonly annotations: Readonly<Record<string, string>>;
    };

/** Rules of all signals that somebody asks for: a file for each name of series; one of what the description knows by itself, one of what is computed. */
export function rulesOf(host: HostEntry, place: PlaceEntry, registers: Registers): readonly HostFile[] {
  const asked = registers.signals.filter((signal) => isAsked(signal, registers.places));
  const file = (name: string, rules: readonly Rule[]): readonly HostFile[] =>
    rules.length === 0
      ? []
      : [
          {
            path: `/etc/prometheus/rules/${name}.yml`,
            role: "monitoring",
            text: `${header(host, place)}\n${stringify({ groups: [{ name, rules }] }, { lineWidth: 0 })}`,
          },
        ];
  return [
    ...file("platform-stated", asked.flatMap(stated)),
    ...file("platform-watchdog", place.monitoring.some(({ said }) => said.heartbeat) ? [always] : []),
    ...file(
      "platform-recorded",
      registers.telemetry.recordings.map(({ recording: record, expr }) => ({ record, expr, labels: {} })),
    ),
    ...[...grouped(asked, ({ signal }) => signal)].flatMap(([signal, those]) => file(signal, those.flatMap(alerts))),
  ];
}

/** Nobody is told of it but whoever is outside, and rings when it ends. */
const always: Rule = {
  alert: watchdog,
  expr: "vector(1)",
  for: "0m",
  labels: {},
  annotations: { summary: "what rings is evaluated, and handed over" },
};

/** A time that the description knows, as a series that never changes. */
const stated = ({ signal, by, labels }: SignalEntry): readonly Rule[] =>
  "ends" in by ? [{ record: signal, expr: `vector(${by.ends})`, labels }] : [];

function alerts(entry: SignalEntry): readonly Rule[] {
  const { thresholds, silent } = entry;
  const made = madeBy(entry);
  return [
    ...severities.flatMap((severity) => {
      const threshold = thresholds[severity];
      if (threshold === undefined) return [];
      return made
        ? [late(entry, made, severity, threshold), missing(entry, made, severity, threshold)]
        : [passed(entry, severity, threshold)];
    }),
    ...(silent === undefined ? [] : unheard(entry, silent)),
  ];
}

/** Its value is past a threshold; of several, the louder rings too. */
function passed(
  entry: SignalEntry,
  severity: Severity,
  threshold: Threshold,
  series = `${entry.signal}${selecting(entry.labels, excluding(entry.without))}`,
): Rule {
  const { compared, told } = sorts[sortOf(threshold)];
  return {
    alert: alertOf(entry),
    expr: compared(series, numberOf(threshold)),
    ...ringing(
      entry,
      severity,
      `${literal(entry.what)}${(entry.each ?? []).map((label) => `, {{ $labels.${label} }}`).join("")}${told}`,
    ),
  };
}

type Made = NonNullable<ReturnType<typeof madeBy>>;

/** What was last known of a file holds until {@link missing} rings. Of hosts that are to have it alone: one that was replaced makes it no more. */
const late = (entry: SignalEntry, { hosts }: Made, severity: Severity, threshold: Threshold): Rule => {
  const kept = durationOf(Duration.seconds(until(threshold).seconds + hours(2).seconds));
  const series = `${entry.signal}${selecting(entry.labels, [matching("host=~", hosts)])}`;
  return passed(entry, severity, threshold, `last_over_time(${series}[${kept}])`);
};

/** There is none, though its host tells of others. Of the last hour, so that a reboot begins nothing anew. */
const missing = (entry: SignalEntry, { path, hosts }: Made, severity: Severity, threshold: Threshold): Rule => ({
  alert: `${alertOf(entry)}Missing`,
  expr: `max_over_time(platform_expiry_readable${selecting({ signal: entry.signal, file: path }, [matching("host=~", hosts)])}[1h]) < 1`,
  ...ringing(
    { ...entry, for: until(threshold) },
    severity,
    `${literal(entry.what)}: there is none, {{ $labels.file }}`,
  ),
});

/** For how long there may be none: as long as one may be old, but no more than two days, since people hand over what may be much older. */
const until = (threshold: Threshold): Duration => Duration.seconds(Math.min(numberOf(threshold), days(2).seconds));

const sorts: Readonly<
  Record<Sort, { readonly compared: (series: string, number: number) => string; readonly told: string }>
> = {
  left: { compared: (series, n) => `${series} - time() < ${n}`, told: ": {{ $value | humanizeDuration }} left" },
  age: { compared: (series, n) => `time() - ${series} > ${n}`, told: ": {{ $value | humanizeDuration }} ago" },
  below: { compared: (series, n) => `${series} < ${n}`, told: ": {{ $value }}" },
  above: { compared: (series, n) => `${series} > ${n}`, told: ": {{ $value }}" },
  // Before the midnight that began the last day of which that time is over.
  by: {
    compared: (series, n) => `${series} < time() - ${n} - (time() - ${n}) % 86400`,
    told: ": last at {{ $value | humanizeTimestamp }}",
  },
};

/** A host exposes nothing, which no threshold would see. */
const unheard = (entry: SignalEntry, severity: Severity): readonly Rule[] =>
  "hosts" in entry.by
    ? [
        {
          alert: `${alertOf(entry)}Silent`,
          expr: whileHeard(
            entry,
            entry.by.hosts
              .map(({ host: { id } }) => `absent(${entry.signal}${selecting({ ...entry.labels, host: id })})`)
              .join(" or "),
          ),
          ...ringing(entry, severity, "tells nothing"),
        },
      ]
    : [];

/** Of a tenancy of which nothing is heard at all, one alert tells; what is down there is not even known to be any more. */
function whileHeard({ labels: { site = "", tenancy = "" }, alert }: SignalEntry, expr: string): string {
  if (alert === silentSite) return expr;
  return `(${expr}) unless on (site, tenancy) absent(up${selecting({ job: collectorRole, site, tenancy })})`;
}

const ringing = (
  { by, for: lasts, owner, why, runbook, because }: SignalEntry,
  severity: Severity,
  summary: string,
) => ({
  for: durationOf(lasts),
  labels: { severity, owner },
  annotations: {
    summary: `${"hosts" in by ? "{{ $labels.host }}" : literal(because)}: ${summary}`,
    description: literal(why),
    runbook,
  },
});

/** `PlatformCertificateExpiry` of `platform_certificate_expiry_timestamp_seconds`. */
export const alertOf = ({ signal, alert }: SignalEntry): string =>
  alert ??
  signal
    .replace(/_timestamp_seconds$/, "")
    .split("_")
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join("");

const excluding = (without: SignalEntry["without"] = {}): readonly string[] =>
  Object.entries(without).flatMap(([key, values]) => (values.length === 0 ? [] : [matching(`${key}!~`, values)]));

/** Hosts and signals: nothing in their names means more in a regular expression. */
const matching = (what: string, names: readonly string[]): string => `${what}${JSON.stringify(names.join("|"))}`;

/** Text that is no template. @see Prometheus, template reference */
const literal = (text: string): string => text.replaceAll("{{", '{{ "{{" }}');

const durationOf = ({ seconds }: Duration): string => (seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`);
