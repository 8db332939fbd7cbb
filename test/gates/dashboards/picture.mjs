#!/usr/bin/env node
// A picture of a dashboard without a Grafana, for a person's eye: its panels, asked of a Prometheus, drawn by Debian's chromium.
//   node test/gates/dashboards/picture.mjs <url of a Prometheus> <out.png> [dashboard]
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { root } from "../../../cli/prepare.mjs";
import { drawn, escaped } from "./shapes.mjs";

/** @typedef {import("./shapes.mjs").Series} Series */
/** @typedef {import("./shapes.mjs").Panel} Panel */
/** @typedef {{ status: string, error: string, data: { result: Sample[] } }} Answer */
/** @typedef {{ metric: Record<string, string>, value?: [number, string], values?: [number, string][] }} Sample */

const [url, out, name = "platform"] = process.argv.slice(2);
if (!url || !out) {
  console.error("usage: picture.mjs <url of a Prometheus> <out.png> [dashboard]");
  process.exit(2);
}
const folder = join(root, "synthesized/hosts/home-production-monitoring/etc/grafana/dashboards");
/** @type {{ title: string, panels: Panel[], templating: { list: { name: string }[] } }} */
const dashboard = JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"));

const end = Math.floor(Date.now() / 1000);
const [hours, step] = [24, 600];

/** All of each variable, as Grafana writes it. @param {string} expr */
const filled = (expr) => dashboard.templating.list.reduce((text, each) => text.replaceAll(`$${each.name}`, ".*"), expr);

/** @param {Panel["targets"][number]} target @returns {Promise<readonly Series[]>} */
async function asked({ expr, legendFormat, range }) {
  const [path, times] = range
    ? ["query_range", { start: `${end - hours * 3600}`, end: `${end}`, step: `${step}` }]
    : ["query", { time: `${end}` }];
  const body = new URLSearchParams({ query: filled(expr), ...times });
  const answer = /** @type {Answer} */ (
    await (await fetch(new URL(`/api/v1/${path}`, url), { method: "POST", body })).json()
  );
  if (answer.status !== "success") throw new Error(`${expr}: ${answer.error}`);
  return answer.data.result.map((is) => ({
    labels: is.metric,
    legend: legendFormat.replace(/\{\{(\w+)\}\}/g, (_, label) => is.metric[label] ?? "").trim(),
    values: (is.values ?? (is.value ? [is.value] : [])).map(([at, value]) => [at, Number(value)]),
  }));
}

/** @param {Panel} panel */
async function boxOf(panel) {
  const { x, y, w, h } = panel.gridPos;
  const series = (await Promise.all(panel.targets.map(asked))).flat();
  return `<section style="grid-area:${y + 1}/${x + 1}/${y + h + 1}/${x + w + 1}" title="${escaped(panel.description)}">
<h2>${escaped(panel.title)}</h2>${drawn(panel, series, { start: end - hours * 3600, end, step })}</section>`;
}

const [row, gap] = [34, 6];
const height = Math.max(...dashboard.panels.map(({ gridPos: { y, h } }) => y + h)) * (row + gap) + 70;
const boxes = await Promise.all(dashboard.panels.map(boxOf));
const page = `<!doctype html><meta charset="utf-8"><title>${escaped(dashboard.title)}</title>
<style>${readFileSync(join(root, "test/gates/dashboards/picture.css"), "utf8")} main { grid-auto-rows: ${row}px; gap: ${gap}px }</style>
<h1>${escaped(dashboard.title)}</h1><main>${boxes.join("\n")}</main>`;

const work = mkdtempSync(join(tmpdir(), "picture-"));
try {
  const file = join(work, "page.html");
  writeFileSync(file, page);
  const size = `--window-size=1600,${height}`;
  const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", `--user-data-dir=${work}/is`];
  const done = spawnSync("chromium", [...flags, size, `--screenshot=${resolve(out)}`, `file://${file}`], {
    encoding: "utf8",
    timeout: 120_000,
  });
  if (done.status !== 0) throw new Error(done.error?.message ?? done.stderr);
} finally {
  rmSync(work, { recursive: true, force: true });
}
