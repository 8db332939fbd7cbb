// What each signal has to do, from what the register says of it, and from nothing that rules say: it rings just past a threshold, keeps
// quiet just before it, and while it has not been so for long enough. Written as tests of promtool.

/** @typedef {import("../../../model/signal-entries.js").SignalEntry} Signal */
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
    return those.length === 0 ? [] : kinds.map((kind) => passing(those, severity, kind));
  }),
  ...made(signals.filter((signal) => madeOf(signal))),
  ...silences(signals.filter(({ silent }) => silent)),
];

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
  const names = those.map(({ signal }) => `${nameOf(signal)}Missing`);
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
      return alert(signal, each, `${nameOf(signal.signal)}Missing`, told, labels);
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
  names: signals.map(({ signal }) => nameOf(signal)),
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
  if ("below" in threshold) {
    const [well, not] = [threshold.below, threshold.below - 0.01];
    const turns = { rings: since, waits: since + minute, "keeps quiet": end + minute }[kind] / minute;
    return `${well}+0x${turns - 1}${kind === "keeps quiet" ? "" : ` ${not}+0x${end / minute - turns}`}`;
  }
  // The second from which on it is past the threshold.
  const from = { rings: since, waits: since + 1, "keeps quiet": end + 1 }[kind];
  const value = "left" in threshold ? from - 1 + threshold.left.seconds : from - 1 - threshold.age.seconds;
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
    const { what } = signal;
    if ("below" in threshold) return [alert(signal, each, nameOf(signal.signal), `${what} /a/file`, labelsOf(signal))];
    const told = "left" in threshold ? `${inWords(value - end)} left` : `${inWords(end - value)} ago`;
    const of = keyed(signal) ? `${what}, a-key` : what;
    return [alert(signal, each, nameOf(signal.signal), `${of}: ${told}`, labelsOf(signal))];
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
  const names = [...new Set(signals.map(({ signal }) => `${nameOf(signal)}Silent`))];
  const rung = (/** @type {(typeof hosts)} */ of) =>
    of.map(({ signal, host }) =>
      alert(signal, /** @type {Severity} */ (signal.silent), `${nameOf(signal.signal)}Silent`, "tells nothing", {
        ...signal.labels,
        host,
      }),
    );
  const [lasts = 0] = signals.map((signal) => signal.for.seconds);
  const one = hosts.slice(-1);
  return [
    { kind: "rings", of: "silent", series: [], at: lasts, names, alerts: rung(hosts) },
    { kind: "rings", of: "silent, one of all", series: series(hosts.slice(0, -1)), at: end, names, alerts: rung(one) },
    { kind: "keeps quiet", of: "silent", series: series(hosts), at: end, names, alerts: [] },
    { kind: "waits", of: "silent", series: [], at: lasts - minute, names, alerts: [] },
  ];
}

/** @param {Signal} signal @param {Severity} severity @param {string} name @param {string} summary @param {Record<string, string>} labels @returns {Alert} */
const alert = ({ owner, why, runbook, by, because }, severity, name, summary, labels) => ({
  alert: name,
  labels: { ...labels, severity, owner },
  annotations: { summary: `${"hosts" in by ? labels.host : because}: ${summary}`, description: why, runbook },
});

/** Of many hosts the first; of a number, with the file that it is of. @param {Signal} signal @returns {Record<string, string>} */
function labelsOf(signal) {
  const { labels, by, thresholds } = signal;
  const isNumber = Object.values(thresholds).some((threshold) => "below" in threshold);
  return {
    ...labels,
    ...("hosts" in by ? { host: by.hosts[0]?.host.id ?? "" } : {}),
    ...(keyed(signal) ? { key: "a-key" } : {}),
    ...(isNumber ? { file: "/a/file" } : {}),
  };
}

/** Of a secret each key has a series. @param {Signal} signal */
const keyed = ({ by }) => "hosts" in by && by.hosts.some(({ from }) => from?.kind === "secret");

/** @param {Signal} signal */
const seriesOf = (signal) => `${signal.signal}${braced(labelsOf(signal))}`;

/** @param {Record<string, string>} labels */
const braced = (labels) =>
  `{${Object.entries(labels)
    .map(([key, value]) => `${key}="${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`)
    .join(", ")}}`;

/** @param {string} signal */
const nameOf = (signal) =>
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

/** Cases as promtool reads them. @param {readonly Case[]} cases @param {readonly string[]} files */
export const testOf = (cases, files) => ({
  rule_files: files,
  evaluation_interval: "1m",
  tests: cases.map(({ kind, of, series, at, alerts, names, earlier }) => ({
    name: `${of} ${kind}`,
    interval: "1m",
    input_series: series,
    alert_rule_test: [...new Set(names)].flatMap((alertname) => [
      ...(earlier ? [asked(alertname, at - minute, earlier)] : []),
      asked(alertname, at, alerts),
    ]),
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
