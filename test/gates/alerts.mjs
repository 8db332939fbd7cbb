#!/usr/bin/env node
// promtool reads the rules that ring, and has each of them ring just past its threshold, and none just before. It comes out of Debian's
// package, of which nothing is installed: that would start a server.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { root } from "../../cli/prepare.mjs";
import { casesOf, fileOf, statedTest, testOf } from "./alerts/cases.mjs";
import { planted } from "./alerts/world.mjs";
import { same } from "./clouds.mjs";
import { cache, Gate, isThere, run, Skipped } from "./gate.mjs";

/** @returns {string} where promtool is */
function promtool() {
  if (!isThere("apt-get") || process.getuid?.() !== 0) throw new Skipped("needs Debian and root, for its package");
  const folder = join(cache, "prometheus");
  const program = join(folder, "usr", "bin", "promtool");
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    run("sh", ["-c", "apt-get download prometheus && dpkg -x prometheus_*.deb . && rm prometheus_*.deb"], {
      cwd: folder,
    });
  }
  return program;
}

/** @typedef {import("./alerts/cases.mjs").Case} Case */
/** @typedef {{ alert?: string, record?: string, expr: string, for: string, labels: Record<string, string>, annotations: Record<string, string> }} Rule */
/** @typedef {{ groups: { name: string, rules: Rule[] }[] }} Rules */

/** What is wrong with the rules of a file; nothing, if all is well. @param {string} name @param {string} text */
function failureOf(name, text) {
  const folder = join(gate.folder, `${tried++}`);
  mkdirSync(folder);
  writeFileSync(join(folder, name), text);
  const mine = signals.filter((signal) => fileOf(signal) === name);
  const cases = casesOf(mine);
  const test = name === stated ? statedTest(signals, [name]) : testOf(cases, [name]);
  writeFileSync(join(folder, "it.test"), stringify(test, { aliasDuplicateObjects: false }));
  const done = spawnSync(promtool(), ["test", "rules", "it.test"], { cwd: folder, encoding: "utf8" });
  const told = done.status === 0 ? "" : `${done.stdout}${done.stderr}`.slice(0, 4000) || "promtool fails";
  return `${name === stated ? strangers(text) : uncovered(text, cases)}${told}`;
}
let tried = 0;

/** @param {string} text @returns {Rule[]} */
const rulesIn = (text) => /** @type {Rules} */ (parse(text)).groups.flatMap((group) => group.rules);

/** Rules by which a series is made that nobody has stated. @param {string} text */
function strangers(text) {
  const count = signals.filter(({ by }) => "ends" in by).length;
  return rulesIn(text).length === count ? "" : `${rulesIn(text).length} rules for ${count} signals\n`;
}

/** Rules of which no case has each ring, or none has all keep quiet. @param {string} text @param {readonly Case[]} cases */
function uncovered(text, cases) {
  const all = rulesIn(text).map(({ alert, labels }) => `${alert} ${labels.severity}`);
  return [...new Set(all)]
    .map((of) => {
      const count = all.filter((each) => each === of).length;
      const ringing = cases.filter(({ kind }) => kind === "rings").map((each) => signalsOf(each, of));
      const most = Math.max(0, ...ringing);
      const isQuiet = cases.some(
        (each) => each.kind === "keeps quiet" && isAsked(each, of) && signalsOf(each, of) === 0,
      );
      return `${most === count ? "" : `${of}: ${count} rules, and ${most} ring in a case\n`}${isQuiet ? "" : `${of}: keeps quiet in no case\n`}`;
    })
    .join("");
}

/** @param {Case} is @param {string} of */
const isAsked = ({ names }, of) => names.some((name) => of.startsWith(`${name} `));

/** How many signals ring in a case by alerts of a name and severity: of all hosts of one, there is one rule. @param {Case} is @param {string} of */
const signalsOf = ({ alerts }, of) =>
  new Set(
    alerts
      .filter(({ alert, labels }) => `${alert} ${labels.severity}` === of)
      .map(({ labels: { host: _, ...labels } }) => JSON.stringify(labels)),
  ).size;

/** A file with its last rule changed, of those whose alert is called so. @param {string} name @param {(rule: Rule) => readonly Rule[]} change @param {string} [alert] */
function changed(name, change, alert) {
  const parsed = /** @type {Rules} */ (parse(rules.get(name) ?? "groups: []"));
  const [group] = parsed.groups;
  const at = group?.rules.findLastIndex((rule) => alert === undefined || rule.alert === alert) ?? -1;
  const last = group?.rules[at];
  if (!group || !last) throw new Error(`no such rule in ${name} of ${[...rules.keys()].join(", ")}`);
  group.rules.splice(at, 1, ...change(last));
  return stringify(parsed);
}

const stated = "platform-stated.yml";
const copies = "platform_copies_timestamp_seconds.yml";
const { signals, rules } = planted();
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
  writeFileSync(wrong, readFileSync(files.at(-1) ?? "", "utf8").replace("time()", "time("));
  if (spawnSync(promtool(), ["check", "rules", wrong]).status === 0) throw new Error("it takes anything");
});
gate.check("every signal has its file of rules, and there is no other", () => {
  const wanted = new Set([...signals.map(fileOf), stated]);
  const found = [...rules.keys()];
  if (wanted.size < 15) throw new Error(`only ${wanted.size} kinds of signals`);
  same([...wanted].sort(), found.sort());
});
for (const [name, text] of rules) {
  const { length } = rulesIn(text);
  const what =
    name === stated
      ? "tell the days that are stated"
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
  ["a host that nobody misses", "platform_expiry_run_timestamp_seconds.yml", turned(/ or [^ ]+$/, "")],
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
  ["a day that is another", stated, turned(/\d+/, "1")],
  ["a day that lacks", stated, () => []],
  ["a day that nobody has stated", stated, (rule) => [rule, { ...rule, record: "platform_other" }]],
];
for (const [what, name, change, alert] of faults)
  gate.check(`it is found: ${what}`, () => {
    if (failureOf(name, changed(name, change, alert)) === "") throw new Error("nobody sees it");
  });
gate.done();
