// Whom what rings reaches: amtool asks the routes as they are rendered, and a real Alertmanager is told of alerts as the registers know them,
// and tells a sink. There each receiver is a path of the sink, and what waits for minutes waits for a second; routes, what holds back
// what, and days of maintenance are as they are rendered.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parse, stringify } from "yaml";
import { same } from "../clouds.mjs";
import { run } from "../gate.mjs";
import { alertmanager, amtool } from "../promtool.mjs";
import { posted, wrongAtFirst, wrongLater } from "./rung.mjs";
import { freePort, listening } from "./sink.mjs";

/** @typedef {import("./rung.mjs").Labels} Labels */
/** @typedef {{ receiver: string, routes?: Route[], mute_time_intervals?: string[], group_wait?: string, repeat_interval?: string }} Route */
/** @typedef {{ name: string, email_configs?: { to: string }[], webhook_configs?: { url: string }[] }} Receiver */
/** @typedef {{ global?: object, route: Route, inhibit_rules: { equal: string[] }[], receivers: Receiver[] }} Config */

const severities = ["info", "warning", "critical"];
/** @param {string} text @returns {Config} */
const configOf = (text) => parse(text);
/** The text with something in it changed. @param {string} text @param {(config: Config) => unknown} change */
export function altered(text, change) {
  const config = configOf(text);
  change(config);
  return stringify(config, { aliasDuplicateObjects: false });
}

/** amtool takes each, and refuses what is wrong. @param {string} folder @param {readonly string[]} texts */
export function taken(folder, texts) {
  const file = join(folder, "alertmanager.yml");
  for (const text of texts) {
    writeFileSync(file, text);
    run(amtool(), ["check-config", file]);
    writeFileSync(file, text.replace("receiver: ", "receiver: not-"));
    if (spawnSync(amtool(), ["check-config", file]).status === 0) throw new Error("it takes anything");
  }
}

/**
 * Each owner is reached where the description says, however loud, and whatever tenancy it is of.
 * @param {{ folder: string, text: string, teams: Record<string, { email: string, onCall?: string }>, heartbeat: string, alerts: readonly Labels[] }} world
 */
export function routed({ folder, text, teams, heartbeat, alerts }) {
  const file = join(folder, "alertmanager.yml");
  writeFileSync(file, text);
  const { receivers } = configOf(text);
  const reached = (/** @type {Labels} */ labels) => {
    const words = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
    const answer = run(amtool(), ["config", "routes", "test", `--config.file=${file}`, ...words]).trim();
    return answer.split(",").flatMap((name) => {
      const { email_configs: mails = [], webhook_configs: hooks = [] } =
        receivers.find((each) => each.name === name) ?? {};
      return [...mails.map(({ to }) => to), ...hooks.map(({ url }) => url)];
    });
  };
  const places = [{ site: "lumi" }, { site: "leonardo" }, { site: "home" }];
  for (const [owner, { email, onCall }] of Object.entries(teams))
    for (const severity of severities)
      for (const place of places) {
        const labels = { ...place, tenancy: "production", alertname: "Any", owner, severity };
        same(reached(labels), [email, ...(severity === "critical" && onCall ? [onCall] : [])]);
      }
  const owners = new Set(alerts.map(({ owner = "" }) => owner));
  same([...owners].sort(), Object.keys(teams).sort());
  same(reached({ alertname: "Watchdog" }), [heartbeat]);
  // What is nobody's is told to whoever runs monitoring.
  same(reached({ alertname: "Any", owner: "a stranger", severity: "critical" }), [teams["production-services"]?.email]);
}

/** @param {string} folder @param {string} text @param {readonly Labels[]} alerts @returns {Promise<string>} what is wrong with what is told; nothing, if all is well */
export async function rung(folder, text, alerts) {
  mkdirSync(folder, { recursive: true });
  const sink = await listening();
  const port = await freePort();
  const config = stringify(toSink(configOf(text), sink.url), { aliasDuplicateObjects: false });
  writeFileSync(join(folder, "alertmanager.yml"), config);
  const words = ["--config.file=alertmanager.yml", "--storage.path=kept", `--web.listen-address=127.0.0.1:${port}`];
  const [program = "", ...before] = alertmanager();
  const it = spawn(program, [...before, ...words, "--cluster.listen-address="], { cwd: folder, stdio: "ignore" });
  try {
    const api = `http://127.0.0.1:${port}/api/v2`;
    await ready(`${api}/status`);
    const { first, ended } = posted(alerts);
    await post(api, first);
    await until(() => wrongAtFirst(sink.told, alerts));
    const early = [...sink.told];
    await post(api, ended, { endsAt: new Date(Date.now() - 1000).toISOString() });
    const later = () => wrongLater(sink.told.slice(early.length), alerts);
    if (wrongAtFirst(early, alerts) === "") await until(later);
    return wrongAtFirst(early, alerts) || later();
  } finally {
    it.kill();
    sink.close();
  }
}

/** Waits until nothing is wrong, or a slow machine would have been done; and then, for what is not to ring. @param {() => string} wrong */
async function until(wrong) {
  for (let tries = 0; tries < 20 && wrong() !== ""; tries += 1) await pause(1000);
  await pause(3000);
}

/** Receivers by a sink on loopback, and seconds for minutes. @param {Config} config @param {string} url */
function toSink({ global: _, ...config }, url) {
  /** @type {(route: Route) => Route} */
  const quick = (route) => ({
    ...route,
    ...(route.group_wait ? { group_wait: "1s", group_interval: "1s" } : {}),
    ...(route.repeat_interval === "30s" ? { repeat_interval: "500ms" } : {}),
    ...(route.routes ? { routes: route.routes.map(quick) } : {}),
  });
  const receivers = config.receivers.map(({ name }) => ({
    name,
    webhook_configs: [{ url: `${url}/${encodeURIComponent(name)}` }],
  }));
  return { ...config, route: quick(config.route), receivers };
}

/** @param {string} api @param {readonly Labels[]} alerts @param {object} [more] */
async function post(api, alerts, more = {}) {
  const body = JSON.stringify(alerts.map((labels) => ({ labels, ...more })));
  const headers = { "Content-Type": "application/json" };
  const { status } = await fetch(`${api}/alerts`, { method: "POST", headers, body });
  if (status !== 200) throw new Error(`Alertmanager answers ${status}`);
}

/** @param {string} url */
async function ready(url) {
  for (let tries = 0; tries < 200; tries += 1) {
    const isReady = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    await pause(100);
  }
  throw new Error("Alertmanager does not answer");
}
