// Shapes of panels as plain HTML and SVG: what each says, not how Grafana draws it.

/**
 * @typedef {{ labels: Record<string, string>, legend: string, values: readonly [at: number, value: number][] }} Series
 * @typedef {{ start: number, end: number, step: number }} Range
 * @typedef {object} Panel
 * @property {string} title
 * @property {string} description
 * @property {string} type
 * @property {{ x: number, y: number, w: number, h: number }} gridPos
 * @property {{ expr: string, legendFormat: string, range: boolean }[]} targets
 * @property {{ defaults: { unit: string, max?: number, thresholds: { steps: { value: number | null, color: string }[] } } }} fieldConfig
 */

/** @param {unknown} text */
export const escaped = (text) =>
  `${text}`.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c] ?? c);

/** @param {Panel} panel @param {readonly Series[]} series @param {Range} range */
export function drawn(panel, series, range) {
  if (series.length === 0) return '<p class="none">nothing</p>';
  return (shapes[panel.type] ?? table)(panel, series, range);
}

/** @type {Record<string, (panel: Panel, series: readonly Series[], range: Range) => string>} */
const shapes = { stat, table, bargauge: bars, "state-timeline": states, timeseries: lines };

/** @param {Series | undefined} series */
const last = (series) => series?.values.at(-1)?.[1] ?? Number.NaN;

/** @param {Panel} panel @param {number} value */
const colour = ({ fieldConfig }, value) =>
  fieldConfig.defaults.thresholds.steps.filter((step) => step.value === null || value >= step.value).at(-1)?.color ??
  "blue";

/** @type {readonly (readonly [number, string])[]} */
const spans = [
  [31536000, "years"],
  [604800, "weeks"],
  [86400, "days"],
  [3600, "hours"],
  [60, "min"],
  [0, "s"],
];
/** @type {readonly (readonly [number, string])[]} */
const sizes = [
  [2 ** 40, "TiB"],
  [2 ** 30, "GiB"],
  [2 ** 20, "MiB"],
  [2 ** 10, "KiB"],
  [0, "B"],
];

/** @param {number} value @param {readonly (readonly [number, string])[]} scale */
function scaled(value, scale) {
  const [by, word] = scale.find(([from]) => Math.abs(value) >= from) ?? [1, ""];
  return `${rounded(value / (by || 1))} ${word}`;
}
/** @param {number} value */
const rounded = (value) => `${Number(value.toPrecision(3))}`;

/** @type {Record<string, (value: number) => string>} */
const units = {
  percentunit: (value) => `${rounded(value * 100)} %`,
  s: (value) => scaled(value, spans),
  bytes: (value) => scaled(value, sizes),
  binBps: (value) => `${scaled(value, sizes)}/s`,
  cps: (value) => `${rounded(value)}/s`,
  dateTimeAsIso: (value) => new Date(value).toISOString().slice(0, 16).replace("T", " "),
  bool_yes_no: (value) => (value === 0 ? "no" : "yes"),
};
/** @param {Panel} panel @param {number} value */
const said = ({ fieldConfig }, value) => (units[fieldConfig.defaults.unit] ?? rounded)(value);

/** @param {Panel} panel @param {readonly Series[]} series */
function stat(panel, [first]) {
  const value = last(first);
  return `<p class="stat ${colour(panel, value)}">${escaped(said(panel, value))}</p>`;
}

/** @param {Panel} panel @param {readonly Series[]} series */
function table(panel, series) {
  const names = [...new Set(series.flatMap(({ labels }) => Object.keys(labels)))];
  const heads = [...names, panel.targets[0]?.legendFormat ?? "value"];
  const rows = series.map((each) => {
    const value = last(each);
    const cells = names.map((name) => `<td>${escaped(each.labels[name] ?? "")}</td>`).join("");
    return `<tr>${cells}<td class="number text-${colour(panel, value)}">${escaped(said(panel, value))}</td></tr>`;
  });
  return `<table><tr>${heads.map((head) => `<th>${escaped(head)}</th>`).join("")}</tr>${rows.join("")}</table>`;
}

/** @param {Panel} panel @param {readonly Series[]} series */
function bars(panel, series) {
  const most = panel.fieldConfig.defaults.max ?? Math.max(...series.map(last), Number.MIN_VALUE);
  const rows = series.map((each) => {
    const value = last(each);
    const share = Math.max(0, Math.min(1, value / most)) * 100;
    return `<tr><td>${escaped(each.legend)}</td><td class="bar"><i class="${colour(panel, value)}" style="width:${share}%"></i></td><td class="number text-${colour(panel, value)}">${escaped(said(panel, value))}</td></tr>`;
  });
  return `<table>${rows.join("")}</table>`;
}

/** @param {Panel} panel @param {readonly Series[]} series @param {Range} range */
function states(panel, series, { start, end, step }) {
  const rows = series.map((each) => {
    const parts = each.values.map(
      ([at, value]) =>
        `<rect x="${((at - start) / (end - start)) * 1000}" width="${(step / (end - start)) * 1000 + 0.5}" height="10" class="fill-${colour(panel, value)}"/>`,
    );
    return `<tr><td>${escaped(each.legend)}</td><td class="bar"><svg viewBox="0 0 1000 10" preserveAspectRatio="none">${parts.join("")}</svg></td></tr>`;
  });
  return `<table>${rows.join("")}</table>`;
}

/** @param {Panel} panel @param {readonly Series[]} series @param {Range} range */
function lines(panel, series, { start, end, step }) {
  const most =
    panel.fieldConfig.defaults.max ?? Math.max(...series.flatMap(({ values }) => values.map(([, v]) => v)), 1);
  const paths = series.map(({ values }, i) => {
    const points = values.map(([at, value], n) => {
      const isGap = n === 0 || at - (values[n - 1]?.[0] ?? 0) > step;
      return `${isGap ? "M" : "L"}${((at - start) / (end - start)) * 1000} ${100 - (Math.max(0, value) / most) * 98}`;
    });
    return `<path d="${points.join("")}" style="stroke:${hue(i)}"/>`;
  });
  const legend = series.map(
    (each, i) => `<b style="color:${hue(i)}">${escaped(each.legend)}</b> ${escaped(said(panel, last(each)))}`,
  );
  return `<svg class="lines" viewBox="0 0 1000 100" preserveAspectRatio="none">${paths.join("")}</svg><p class="legend">0 to ${escaped(said(panel, most))} · ${legend.slice(0, 12).join(" · ")}${legend.length > 12 ? ` · and ${legend.length - 12} more` : ""}</p>`;
}

/** @param {number} i */
const hue = (i) => `hsl(${(i * 67 + 210) % 360} 60% 42%)`;
