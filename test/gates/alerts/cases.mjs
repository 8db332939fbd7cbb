// What each signal has to do, from what the register says of it, and from nothing that rules say: it rings just past a threshold, keeps
// quiet just before it, and while it has not been so for long enough. Written as tests of promtool.
import { createRequire } from "node:module";
import { join } from "node:path";
import { compile } from "../../../cli/prepare.mjs";

/** @type {typeof import("../../../model/words/grouped.js")} */
const { grouped } = createRequire(join(compile(), "main.js"))("./model/words/grouped.js");

/** @typedef {import("../../../model/signal-entries.js").SignalEntry} Signal */
/** @typedef {import("../../../model/site/telemetry.js").Recording} Recording */
/** @typedef {"info" | "warning" | "critical"} Severity */
/** @typedef {{ alert: string, labels: Record<string, string>, annotations: Record<string, string> }} Alert */
/** @typedef {"rings" | "keeps quiet" | "waits"} Kind */
/** @typedef {{ kind: Kind, of: string, series: { series: string, values: string }[], at: number, alerts: Alert[], names: string[], earlier?: Alert[] }} Case */

const minute = 60;
/** @type {readonly Severity[]} */
const severities = ["info", "warning", "critical"];
/** When it is looked, in seconds after the beginning: later than the longest that something has to be so. */
const end = 40 * minute;

/** Where rules of a signal are looked for. @param {Signal} signal */
export const fileOf = ({ signal }) => `${signal}.yml`;

/** @param {readonly Signal[]} signals of one name @returns {Case[]} */
export const casesOf = (signals) => [
  ...severities.flatMap((severity) => {
    const those = signals.filter(({ thresholds }) => thresholds[severity]);
    const daily = those.filter((signal) => timeOfDay(signal, severity) !== undefined);
    const others = those.filter((signal) => !daily.includes(signal));
    return [
      ...(others.length === 0 ? [] : kinds.map((kind) => passing(others, severity, kind))),
      ...ofDay(daily, severity),
    ];
  }),
  ...made(signals.filter((signal) => madeOf(signal))),
  ...silences(signals.filter(({ silent }) => silent)),
];

/** By when it is to be done each day, in seconds. @param {Signal} signal @param {Severity} severity */
function timeOfDay({ thresholds }, severity) {
  const threshold = thresholds[severity];
  if (!threshold || !("by" in threshold)) return undefined;
  const [hour = 0, minutes = 0] = threshold.by.split(":").map(Number);
  return (hour * 60 + minutes) * minute;
}

const day = 24 * 60 * minute;

/** When one that is late rings, in seconds. @param {Signal} signal @param {Severity} severity */
const ringsAt = (signal, severity) =>
  day + (timeOfDay(signal, severity) ?? Number.POSITIVE_INFINITY) + signal.for.seconds;

/**
 * What is to be done each day by a time, on the second day. Not done since a second before midnight, so late yesterday, it rings from that
 * minute on; done in the first second of today it keeps quiet; so it does once it was done at last. All of a name are looked at in one world,
 * in which it is looked when each would ring.
 * @param {readonly Signal[]} signals @param {Severity} severity @returns {Case[]}
 */
function ofDay(signals, severity) {
  const lasts = (3 * day) / minute;
  const late = `${day - 1}+0x${lasts}`;
  const told = "last at 1970-01-01 23:59:59 +0000 UTC";
  const is = (
    /** @type {Kind} */ kind,
    /** @type {string} */ of,
    /** @type {number} */ at,
    /** @type {(signal: Signal) => string} */ valuesOf,
  ) => ({
    kind,
    of: `${severity}, ${of}`,
    series: signals.map((signal) => ({ series: seriesOf(signal), values: valuesOf(signal) })),
    at,
    names: [...new Set(signals.map(nameOf))],
    alerts: signals
      .filter((signal) => valuesOf(signal) === late)
      .flatMap((signal) =>
        severities
          .filter((each) => ringsAt(signal, each) <= at)
          .map((each) => alert(signal, each, nameOf(signal), `${subjectOf(signal)}: ${told}`, labelsOf(signal))),
      ),
  });
  return signals.flatMap((signal) => {
    const at = ringsAt(signal, severity);
    return [
      is("rings", "not done by its time", at, () => late),
      is("waits", "a minute before", at - minute, () => late),
      is("keeps quiet", "done today", at, () => `${day}+0x${lasts}`),
      is("keeps quiet", "done today at last", at, (each) => {
        const done = ringsAt(each, severity);
        return `${day - 1}+0x${done / minute - 1} ${done}+0x${lasts}`;
      }),
    ];
  });
}

/** What its summary says it is. @param {Signal} signal */
const subjectOf = (signal) => [signal.what, ...(signal.each ?? []).map((label) => labelsOf(signal)[label])].join(", ");

/** All that can ring, as Alertmanager hears of it. @param {readonly Signal[]} signals */
export function allOf(signals) {
  const names = [...new Set(signals.map(({ signal }) => signal))];
  const alerts = names
    .flatMap((name) => casesOf(signals.filter(({ signal }) => signal === name)))
    .flatMap((each) => each.alerts)
    .map(({ alert, labels }) => ({ ...labels, alertname: alert }));
  return [...new Map(alerts.map((labels) => [JSON.stringify(Object.entries(labels).sort()), labels])).values()];
}

/** Where all that is told of it is when a file was written. @param {Signal} signal */
function madeOf({ by }) {
  const [first] = "hosts" in by ? by.hosts : [];
  return first?.from?.kind === "age-of-file" ? { host: first.host.id, file: first.from.path } : undefined;
}

/**
 * Files that hosts make again and again. One that is gone rings on; one of a host that has to make none any more does not; where there
 * never was one it rings after as long as one may be old, whether or not the host was away for less than an hour.
 * @param {readonly Signal[]} signals @returns {Case[]}
 */
const made = (signals) =>
  signals.length === 0
    ? []
    : [
        ...severities.flatMap((severity) => {
          const those = signals.filter(({ thresholds }) => thresholds[severity]);
          if (those.length === 0) return [];
          const is = passing(those, severity, "rings");
          const gone = is.series.map(({ series, values }) => ({
            series,
            values: values.replace(/x\d+$/, `x${end / minute - 10}`),
          }));
          const others = is.series.map(({ series, values }) => ({
            series: series.replace(/host="[^"]*"/, 'host="another"'),
            values,
          }));
          return [{ ...is, of: `${severity}, gone`, series: [...gone, ...others] }];
        }),
        ...severities.flatMap((severity) => lacking(signals, severity, "rings")),
        ...lacking(signals, "critical", "keeps quiet"),
      ];

/** @param {readonly Signal[]} signals @param {Severity} severity @param {Kind} kind @returns {Case[]} */
function lacking(signals, severity, kind) {
  const those = signals.filter(({ thresholds }) => thresholds[severity]);
  if (those.length === 0) return [];
  const at = Math.max(...those.map((signal) => grace(signal, severity)));
  const is = kind === "rings" ? 0 : 1;
  const series = those.map((signal) => {
    const before = (at - grace(signal, severity)) / minute;
    const half = Math.floor((at / minute - before) / 2);
    return {
      series: `platform_expiry_readable${braced(lacked(signal))}`,
      values: `${before > 0 ? `_x${before} ` : ""}${is}+0x${half - 20} _x40 ${is}+0x${half}`,
    };
  });
  const names = those.map((signal) => `${nameOf(signal)}Missing`);
  const of = `${severity}, none`;
  if (kind !== "rings") return [{ kind, of, series, at, names, alerts: [] }];
  const alerts = those.flatMap((signal) => missed(signal, grace(signal, severity)));
  const earlier = those.flatMap((signal) => missed(signal, grace(signal, severity) - minute));
  return [{ kind, of, series, at, names, alerts, earlier }];
}

/** Whom it rings where there was none for so many seconds. @param {Signal} signal @param {number} seconds */
const missed = (signal, seconds) =>
  severities
    .filter((each) => signal.thresholds[each] && grace(signal, each) <= seconds)
    .map((each) => {
      const labels = lacked(signal);
      const told = `${signal.what}: there is none, ${labels.file}`;
      return alert(signal, each, `${nameOf(signal)}Missing`, told, labels);
    });

/** Labels by which a host tells that it cannot read a file. @param {Signal} signal @returns {Record<string, string>} */
const lacked = (signal) => {
  const { site = "", tenancy = "", environment = "" } = signal.labels;
  return { site, tenancy, environment, signal: signal.signal, ...madeOf(signal) };
};

/** How long there may be none, in seconds. @param {Signal} signal @param {Severity} severity */
function grace({ thresholds }, severity) {
  const threshold = thresholds[severity];
  return Math.min(threshold && "age" in threshold ? threshold.age.seconds : 0, 2 * 24 * 60 * minute);
}

/** @type {readonly Kind[]} */
const kinds = ["rings", "keeps quiet", "waits"];

/** @param {readonly Signal[]} signals @param {Severity} severity @param {Kind} kind @returns {Case} */
const passing = (signals, severity, kind) => ({
  kind,
  of: severity,
  series: signals.flatMap((signal) => {
    const values = valuesOf(signal, severity, kind);
    return [{ series: seriesOf(signal), values }, ...leftOut(signal).map((series) => ({ series, values }))];
  }),
  at: end,
  names: signals.map(nameOf),
  alerts: signals.flatMap((signal) => expected(signal, severity, kind)),
});

/** Series that it leaves to other rules. @param {Signal} signal */
const leftOut = (signal) =>
  Object.entries(signal.without ?? {}).flatMap(([label, values]) =>
    values.map((value) => `${signal.signal}${braced({ ...labelsOf(signal), [label]: value })}`),
  );

/** A moment after the threshold, or on it: it rings for less than this, or more than that, and not for as much. @param {Signal} signal @param {Severity} severity @param {Kind} kind */
function valuesOf(signal, severity, kind) {
  const { thresholds, for: lasts } = signal;
  const threshold = /** @type {NonNullable<typeof thresholds[Severity]>} */ (thresholds[severity]);
  const since = end - lasts.seconds;
  if ("below" in threshold || "above" in threshold) {
    const well = "below" in threshold ? threshold.below : threshold.above;
    const not = "below" in threshold ? well - 0.01 : well + 0.01;
    const turns = { rings: since, waits: since + minute, "keeps quiet": end + minute }[kind] / minute;
    return `${well}+0x${turns - 1}${kind === "keeps quiet" ? "" : ` ${not}+0x${end / minute - turns}`}`;
  }
  // The second from which on it is past the threshold.
  const from = { rings: since, waits: since + 1, "keeps quiet": end + 1 }[kind];
  const value =
    "left" in threshold
      ? from - 1 + threshold.left.seconds
      : from - 1 - ("age" in threshold ? threshold.age.seconds : 0);
  return `${value}+0x${end / minute}`;
}

/** @param {Signal} signal @param {Severity} severity @param {Kind} kind @returns {Alert[]} */
function expected(signal, severity, kind) {
  const value = Number(valuesOf(signal, severity, kind).split(" ").at(-1)?.split("+")[0]);
  return severities.flatMap((each) => {
    const threshold = signal.thresholds[each];
    if (!threshold) return [];
    // Quieter ones were passed long before, louder ones are far away.
    const isPassed = each === severity ? kind === "rings" : severities.indexOf(each) < severities.indexOf(severity);
    if (!isPassed) return [];
    const isNumber = "below" in threshold || "above" in threshold;
    const told = "left" in threshold ? `${inWords(value - end)} left` : `${inWords(end - value)} ago`;
    return [alert(signal, each, nameOf(signal), `${subjectOf(signal)}: ${isNumber ? value : told}`, labelsOf(signal))];
  });
}

/** A host that tells nothing, while all others do. @param {readonly Signal[]} signals @returns {Case[]} */
function silences(signals) {
  if (signals.length === 0) return [];
  const hosts = signals.flatMap((signal) =>
    "hosts" in signal.by ? signal.by.hosts.map(({ host }) => ({ signal, host: host.id })) : [],
  );
  const series = (/** @type {(typeof hosts)} */ of) =>
    of.map(({ signal, host }) => ({
      series: `${signal.signal}${braced({ ...signal.labels, host })}`,
      values: `${end}+0x${end / minute}`,
    }));
  const names = [...new Set(signals.map((signal) => `${nameOf(signal)}Silent`))];
  const rung = (/** @type {(typeof hosts)} */ of) =>
    of.map(({ signal, host }) =>
      alert(signal, /** @type {Severity} */ (signal.silent), `${nameOf(signal)}Silent`, "tells nothing", {
        ...signal.labels,
        host,
      }),
    );
  // Who gathers there is heard; of a tenancy of which nothing is, another alert tells.
  const heard = [
    ...new Set(
      signals
        .filter((signal) => nameOf(signal) !== "Site")
        .map(({ labels: { site = "", tenancy = "" } }) => `up${braced({ job: "collector", site, tenancy })}`),
    ),
  ].map((series) => ({ series, values: `1+0x${end / minute}` }));
  const [lasts = 0] = signals.map((signal) => signal.for.seconds);
  const one = hosts.slice(-1);
  return [
    { kind: "rings", of: "silent", series: heard, at: lasts, names, alerts: rung(hosts) },
    {
      kind: "rings",
      of: "silent, one of all",
      series: [...heard, ...series(hosts.slice(0, -1))],
      at: end,
      names,
      alerts: rung(one),
    },
    { kind: "keeps quiet", of: "silent", series: [...heard, ...series(hosts)], at: end, names, alerts: [] },
    { kind: "waits", of: "silent", series: heard, at: lasts - minute, names, alerts: [] },
    ...(heard.length > 0
      ? [
          {
            kind: /** @type {const} */ ("keeps quiet"),
            of: "silent, as all is there",
            series: [],
            at: end,
            names,
            alerts: [],
          },
        ]
      : []),
  ];
}

/** @param {Signal} signal @param {Severity} severity @param {string} name @param {string} summary @param {Record<string, string>} labels @returns {Alert} */
const alert = ({ owner, why, runbook, by, because }, severity, name, summary, labels) => ({
  alert: name,
  labels: { ...labels, severity, owner },
  annotations: { summary: `${"hosts" in by ? labels.host : because}: ${summary}`, description: why, runbook },
});

/** Of many hosts the first, and of several series one. @param {Signal} signal @returns {Record<string, string>} */
const labelsOf = ({ labels, by, each = [] }) => ({
  ...labels,
  ...("hosts" in by ? { host: by.hosts[0]?.host.id ?? "" } : {}),
  ...Object.fromEntries(each.map((label) => [label, `a ${label}`])),
});

/** @param {Signal} signal */
const seriesOf = (signal) => `${signal.signal}${braced(labelsOf(signal))}`;

/** @param {Record<string, string>} labels */
const braced = (labels) =>
  `{${Object.entries(labels)
    .map(([key, value]) => `${key}="${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`)
    .join(", ")}}`;

/** @param {Signal} signal */
const nameOf = ({ signal, alert }) =>
  alert ??
  signal
    .replace(/_timestamp_seconds$/, "")
    .replace(/(^|_)(.)/g, (/** @type {string} */ _, /** @type {string} */ __, /** @type {string} */ first) =>
      first.toUpperCase(),
    );

/** As Prometheus writes a time. @see Prometheus, template reference: humanizeDuration @param {number} seconds */
function inWords(seconds) {
  const [d, h, m, s] = [seconds / 86400, (seconds % 86400) / 3600, (seconds % 3600) / 60, seconds % 60].map(Math.floor);
  if (d) return `${d}d ${h}h ${m}m ${s}s`;
  if (h) return `${h}h ${m}m ${s}s`;
  return m ? `${m}m ${s}s` : `${s}s`;
}

/** Cases as promtool reads them: those of the same series are one test, which takes its time. @param {readonly Case[]} cases @param {readonly string[]} files */
export const testOf = (cases, files) => ({
  rule_files: files,
  evaluation_interval: "1m",
  tests: [...grouped(cases, ({ series }) => JSON.stringify(series)).values()].map((of) => ({
    name: of.map(({ of, kind }) => `${of} ${kind}`).join("; "),
    interval: "1m",
    input_series: of[0]?.series,
    alert_rule_test: of.flatMap(({ at, alerts, names, earlier }) =>
      [...new Set(names)].flatMap((alertname) => [
        ...(earlier ? [asked(alertname, at - minute, earlier)] : []),
        asked(alertname, at, alerts),
      ]),
    ),
  })),
});

/** @param {string} alertname @param {number} at @param {readonly Alert[]} alerts */
const asked = (alertname, at, alerts) => ({
  eval_time: `${at / minute}m`,
  alertname,
  exp_alerts: alerts
    .filter(({ alert }) => alert === alertname)
    .map(({ labels, annotations }) => ({ exp_labels: labels, exp_annotations: annotations })),
});

/** What each recording makes of its example. @param {readonly Recording[]} recordings @param {readonly string[]} files */
export const recordedTest = (recordings, files) => ({
  rule_files: files,
  evaluation_interval: "1m",
  tests: recordings.map(({ recording, example: { given, gives } }) => ({
    name: recording,
    interval: "1m",
    input_series: Object.entries(given).map(([series, value]) => ({ series, values: `${value}+0x${end / minute}` })),
    promql_expr_test: [
      {
        expr: recording,
        eval_time: `${end / minute}m`,
        exp_samples: Object.entries(gives).map(([labels, value]) => ({ labels, value })),
      },
    ],
  })),
});

/** That what always rings does. @param {readonly string[]} files */
export const watchdogTest = (files) => ({
  rule_files: files,
  evaluation_interval: "1m",
  tests: [
    {
      interval: "1m",
      alert_rule_test: ["0m", `${end / minute}m`].map((at) => ({
        eval_time: at,
        alertname: "Watchdog",
        exp_alerts: [{ exp_annotations: { summary: "what rings is evaluated, and handed over" } }],
      })),
    },
  ],
});

/** That what the description knows is a series, with its value. @param {readonly Signal[]} signals @param {readonly string[]} files */
export function statedTest(signals, files) {
  const stated = signals.flatMap(({ signal, labels, by }) => ("ends" in by ? [{ signal, labels, ends: by.ends }] : []));
  return {
    rule_files: files,
    evaluation_interval: "1m",
    tests: [
      {
        interval: "1m",
        promql_expr_test: [...new Set(stated.map(({ signal }) => signal))].map((signal) => ({
          expr: signal,
          eval_time: "1m",
          exp_samples: stated
            .filter((each) => each.signal === signal)
            .map(({ labels, ends }) => ({ labels: `${signal}${braced(labels)}`, value: ends })),
        })),
      },
    ],
  };
}
