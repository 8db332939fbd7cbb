#!/usr/bin/env node
// promtool reads the rules that ring, and has each of them ring just past its threshold, and none just before.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { root } from "../../cli/prepare.mjs";
import { allOf, casesOf, fileOf, recordedTest, statedTest, testOf, watchdogTest } from "./alerts/cases.mjs";
import { routing } from "./alerts/routing.mjs";
import { heartbeat, planted, teams } from "./alerts/world.mjs";
import { same } from "./clouds.mjs";
import { Gate, run } from "./gate.mjs";
import { promtool } from "./promtool.mjs";

/** @typedef {import("./alerts/cases.mjs").Case} Case */
/** @typedef {{ alert?: string, record?: string, expr: string, for: string, labels: Record<string, string>, annotations: Record<string, string> }} Rule */
/** @typedef {{ groups: { name: string, rules: Rule[] }[] }} Rules */

/** What is wrong with the rules of a file; nothing, if all is well. @param {string} name @param {string} text */
function failureOf(name, text) {
  const folder = join(gate.folder, `${tried++}`);
  mkdirSync(folder);
  writeFileSync(join(folder, name), text);
  const cases = casesOf(signals.filter((signal) => fileOf(signal) === name));
  const of = special[name] ?? { test: () => testOf(cases, [name]), unlike: () => uncovered(text, cases) };
  const test = of.test();
  writeFileSync(join(folder, "it.test"), stringify(test, { aliasDuplicateObjects: false }));
  const done = spawnSync(promtool(), ["test", "rules", "it.test"], { cwd: folder, encoding: "utf8" });
  const told = done.status === 0 ? "" : `${done.stdout}${done.stderr}`.slice(0, 4000) || "promtool fails";
  return `${of.unlike(text)}${told}`;
}
let tried = 0;

const stated = "platform-stated.yml";
const recorded = "platform-recorded.yml";
const watchdog = "platform-watchdog.yml";
/** Files whose rules ring no team. @type {Record<string, { test: () => object, unlike: (text: string) => string }>} */
const special = {
  [stated]: { test: () => statedTest(signals, [stated]), unlike: strangers },
  [recorded]: { test: () => recordedTest(recordings, [recorded]), unlike: untried },
  [watchdog]: { test: () => watchdogTest([watchdog]), unlike: () => "" },
};

/** @param {string} text @returns {Rule[]} */
const rulesIn = (text) => /** @type {Rules} */ (parse(text)).groups.flatMap((group) => group.rules);

/** Rules by which a series is made that nobody has stated. @param {string} text */
function strangers(text) {
  const count = signals.filter(({ by }) => "ends" in by).length;
  return rulesIn(text).length === count ? "" : `${rulesIn(text).length} rules for ${count} signals\n`;
}

/** Recordings of which no example says what they make, and examples of none. @param {string} text */
function untried(text) {
  const made = rulesIn(text).map(({ record }) => record ?? "");
  const tried = recordings.filter(({ example }) => example).map(({ recording }) => recording);
  return [
    ...made.filter((each, i) => !tried.includes(each) || made.indexOf(each) !== i),
    ...tried.filter((each) => !made.includes(each)),
  ]
    .map((each) => `${each}: not one rule and one example\n`)
    .join("");
}

/** Rules of which no case has each ring, or none has all keep quiet. @param {string} text @param {readonly Case[]} cases */
function uncovered(text, cases) {
  const all = rulesIn(text).map(({ alert, labels }) => `${alert} ${labels.severity}`);
  return [...new Set(all)]
    .map((of) => {
      const count = all.filter((each) => each === of).length;
      const { size } = new Set(cases.filter(({ kind }) => kind === "rings").flatMap((each) => signalsOf(each, of)));
      const isQuiet = cases.some(
        (each) => each.kind === "keeps quiet" && isAsked(each, of) && signalsOf(each, of).length === 0,
      );
      return `${size === count ? "" : `${of}: ${count} rules, and ${size} ring in cases\n`}${isQuiet ? "" : `${of}: keeps quiet in no case\n`}`;
    })
    .join("");
}

/** @param {Case} is @param {string} of */
const isAsked = ({ names }, of) => names.some((name) => of.startsWith(`${name} `));

/** Which signals ring in a case by alerts of a name and severity: of all hosts of one, there is one rule. @param {Case} is @param {string} of */
const signalsOf = ({ alerts }, of) =>
  alerts
    .filter(({ alert, labels }) => `${alert} ${labels.severity}` === of)
    .map(({ labels: { host: _, ...labels } }) => JSON.stringify(Object.entries(labels).sort()));

/** A file with its last rule changed, of those whose alert or series is called so. @param {string} name @param {(rule: Rule) => readonly Rule[]} change @param {string} [alert] */
function changed(name, change, alert) {
  const parsed = /** @type {Rules} */ (parse(rules.get(name) ?? "groups: []"));
  const [group] = parsed.groups;
  const at = group?.rules.findLastIndex((rule) => alert === undefined || (rule.alert ?? rule.record) === alert) ?? -1;
  const last = group?.rules[at];
  if (!group || !last) throw new Error(`no such rule in ${name} of ${[...rules.keys()].join(", ")}`);
  group.rules.splice(at, 1, ...change(last));
  return stringify(parsed);
}

const copies = "platform_copies_timestamp_seconds.yml";
const { signals, recordings, rules, alertmanager } = planted();
const gate = new Gate();

gate.check("promtool takes the rules as they are committed, and refuses others", () => {
  const hosts = join(root, "synthesized", "hosts");
  const folders = readdirSync(hosts)
    .map((host) => join(hosts, host, "etc", "prometheus", "rules"))
    .filter((folder) => existsSync(folder));
  const files = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  if (files.length < 8) throw new Error(`it has looked at ${files.length}`);
  run(promtool(), ["check", "rules", ...files]);
  const wrong = join(gate.folder, "wrong.yml");
  writeFileSync(wrong, readFileSync(files.at(-1) ?? "", "utf8").replace("expr: ", "expr: time( - "));
  if (spawnSync(promtool(), ["check", "rules", wrong]).status === 0) throw new Error("it takes anything");
});
gate.check("every signal has its file of rules, and there is no other", () => {
  const wanted = new Set([...signals.map(fileOf), ...Object.keys(special)]);
  const found = [...rules.keys()];
  if (wanted.size < 15) throw new Error(`only ${wanted.size} kinds of signals`);
  same([...wanted].sort(), found.sort());
});
for (const [name, text] of rules) {
  const { length } = rulesIn(text);
  const what =
    name in special
      ? "tell what is stated"
      : "ring just past their thresholds, and keep quiet on them, and until it was so for long enough";
  gate.check(`${name}: ${length} rules ${what}`, () => {
    const why = failureOf(name, text);
    if (why) throw new Error(why);
  });
}

/** @param {number} by @returns {(rule: Rule) => Rule[]} */
const moved = (by) => (rule) => [{ ...rule, expr: rule.expr.replace(/\d+$/, (n) => `${Number(n) + by}`) }];
/** @param {string | RegExp} word @param {string} other @returns {(rule: Rule) => Rule[]} */
const turned = (word, other) => (rule) => [{ ...rule, expr: rule.expr.replace(word, other) }];
/** @param {(text: string) => string} change @returns {(rule: Rule) => Rule[]} */
const told = (change) => (rule) => [
  { ...rule, annotations: { ...rule.annotations, summary: change(rule.annotations.summary ?? "") } },
];
const daily = "tiles_milestone_timestamp_seconds.yml";
/** @type {readonly (readonly [string, string, (rule: Rule) => readonly Rule[], string?])[]} */
const faults = [
  ["a threshold that is a second less", "platform_certificate_expiry_timestamp_seconds.yml", moved(-1)],
  ["one that is a second more", "platform_certificate_expiry_timestamp_seconds.yml", moved(1)],
  ["an age that is a second more", "platform_secret_written_timestamp_seconds.yml", moved(1)],
  ["less turned into more", "platform_user_expiry_timestamp_seconds.yml", turned("<", ">")],
  ["what rings on its threshold", "tiles_queue_length.yml", turned("<", "<=")],
  ["what waits a minute less", "platform_account_expiry_timestamp_seconds.yml", (rule) => [{ ...rule, for: "14m" }]],
  ["what waits a minute more", "platform_account_expiry_timestamp_seconds.yml", (rule) => [{ ...rule, for: "16m" }]],
  [
    "another severity",
    "platform_grant_expiry_timestamp_seconds.yml",
    (rule) => [{ ...rule, labels: { ...rule.labels, severity: "info" } }],
  ],
  [
    "another team",
    "platform_grant_expiry_timestamp_seconds.yml",
    (rule) => [{ ...rule, labels: { ...rule.labels, owner: "nobody" } }],
  ],
  [
    "another runbook",
    "platform_grant_expiry_timestamp_seconds.yml",
    (rule) => [{ ...rule, annotations: { ...rule.annotations, runbook: "" } }],
  ],
  ["a rule that lacks", "platform_snapshot_timestamp_seconds.yml", () => []],
  [
    "a rule that no case knows",
    "platform_snapshot_timestamp_seconds.yml",
    (rule) => [rule, { ...rule, expr: "vector(1) < 0" }],
  ],
  ["a rule that rings for all", "platform_root_expiry_timestamp_seconds.yml", turned(/\{.*\}/, "")],
  ["a host that nobody misses", "platform_expiry_run_timestamp_seconds.yml", turned(/ or \S+(?=\) unless)/, "")],
  ["a file that is gone and rings no more", copies, turned(/last_over_time\((.*)\[.*\]\)/, "$1"), "PlatformCopies"],
  ["a host that has to make it no more", copies, turned(/,host=~"[^"]*"/, ""), "PlatformCopies"],
  ["a file that there never was", copies, () => [], "PlatformCopiesMissing"],
  ["one that is missed a minute late", copies, (rule) => [{ ...rule, for: "301m" }], "PlatformCopiesMissing"],
  ["one that is missed a minute early", copies, (rule) => [{ ...rule, for: "299m" }], "PlatformCopiesMissing"],
  [
    "a reboot after which it is waited anew",
    copies,
    turned(/max_over_time\((.*)\[1h\]\)/, "$1"),
    "PlatformCopiesMissing",
  ],
  ["what two rules ring for", "platform_expiry_readable.yml", turned(/,signal!~"[^"]*"/, "")],
  ["a day that begins a minute late", daily, turned("% 86400", "% 86460")],
  ["a minute of the day", daily, turned(/23400/g, "23460")],
  ["what is done today and rings on", daily, turned("<", "<=")],
  ["yesterday's for today's", daily, turned("% 86400", "% 86400 - 86400")],
  ["what rings on a threshold that is to be passed", "tiles_dropped.yml", turned(">", ">=")],
  ["more turned into less", "tiles_dropped.yml", turned(">", "<")],
  [
    "one of several that is not told",
    "tiles_dropped.yml",
    told((text) => text.replace(/, \{\{ \$labels.\w+ \}\}/, "")),
  ],
  ["a host that is down and called otherwise", "up.yml", (rule) => [{ ...rule, alert: "ScrapeDown" }], "HostDown"],
  ["a host whose job is not asked", "up.yml", turned(/job="[^"]*"/, 'job="collector"'), "HostDown"],
  ["a site that is silent, and nobody says so", "up.yml", () => [], "SiteSilent"],
  ["a site that is silent a minute longer", "up.yml", (rule) => [{ ...rule, for: "11m" }], "SiteSilent"],
  ["a recording of something else", recorded, turned("sum", "max"), "tiles_dropped"],
  ["a recording that lacks", recorded, () => []],
  ["a recording that nobody states", recorded, (rule) => [rule, { ...rule, record: "platform_other" }]],
  ["a day that is another", stated, turned(/\d+/, "1")],
  ["a day that lacks", stated, () => []],
  ["a day that nobody has stated", stated, (rule) => [rule, { ...rule, record: "platform_other" }]],
];
for (const [what, name, change, alert] of faults)
  gate.check(`it is found: ${what}`, () => {
    if (failureOf(name, changed(name, change, alert)) === "") throw new Error("nobody sees it");
  });

await routing(gate, { alertmanager, teams, heartbeat, alerts: allOf(signals) });
gate.done();
