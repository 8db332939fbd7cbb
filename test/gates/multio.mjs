#!/usr/bin/env node
// Plans as they are rendered for a site are run by MultIO as ECMWF publishes it, of the newest version and of that which supercomputers
// have: over fields that ecCodes makes, into files and into an FDB of this machine with the site's layout. What is there is listed and read
// back; and MultIO is asked what it says of plans that are refused here. It starts nothing that stays.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse, stringify } from "yaml";
import { root } from "../../cli/prepare.mjs";
import { same } from "./clouds.mjs";
import { Gate, isThere, run, Skipped } from "./gate.mjs";
import { misspelt } from "./multio/misspelt.mjs";
import { everyWord, plansOfSites, rendered } from "./multio/plans.mjs";
import { Programs, packages, reasonOf, versions } from "./multio/programs.mjs";

/** @typedef {import("./multio/programs.mjs").Version} Version */
/** @typedef {import("./multio/plans.mjs").Options} Options */
/** @typedef {import("./multio/plans.mjs").Action} Action */

const gate = new Gate();
const at = (/** @type {string[]} */ ...names) => join(gate.folder, ...names);
const here = join(import.meta.dirname, "multio");
const date = "20261127";
const request = `class=d1,dataset=extremes-dt,expver=0001,stream=oper,date=${date},time=0000`;
const programs = new Programs(gate.folder, request);

const select = /** @type {const} */ ({ type: "select", match: [{ paramId: 167 }] });
const encode = /** @type {const} */ ({
  type: "encode",
  format: "grib",
  template: at("template.grib"),
  "additional-metadata": {
    class: "d1",
    dataset: "extremes-dt",
    expver: "0001",
    setLocalDefinition: 1,
    localDefinitionNumber: 1,
    productionStatusOfProcessedData: 12,
  },
});
const sink = /** @type {const} */ ({ type: "sink", sinks: [{ type: "file", path: at("out.grib") }, { type: "fdb5" }] });
/** @param {string} home @param {Action[]} actions @returns {Options} */
const values = (home, ...actions) => ({ home, plans: { fields: { actions: [...actions, sink] } } });
/** @param {string} home @param {Action[]} actions @returns {Options} */
const encoded = (home, ...actions) => ({ home, plans: { fields: { of: "grib", actions: [...actions, sink] } } });

const keep = (/** @type {string} */ text) => text;
const { schema } = rendered(encoded("/x"));
/** An empty FDB with the layout of the site's. */
const ofSite = (change = keep) => programs.fdb(change(schema));
const withoutTimespan = (/** @type {string} */ text) => text.replace(/, timespan\?/, "");
const withTimespan = (/** @type {string} */ text) =>
  withoutTimespan(text).replace("levelist?, param", "levelist?, param, timespan?");

/** A file of plans of ours, with which something may have been done. @param {Options} options */
function planned(options, spoil = keep) {
  const { yaml, problems } = rendered(options);
  same(problems, []);
  writeFileSync(at("plans.yaml"), spoil(yaml));
  return at("plans.yaml");
}

/** What a model has encoded goes as it is; of values, MultIO is told. @param {Version} version @param {string} plans @param {"values" | "grib"} of */
const fed = (version, plans, of = "values", env = {}) => {
  const how = [`--plans=${plans}`, ...(of === "values" ? ["--decode"] : [])];
  return programs.ran(version, "multiolib/bin/multio-feed", [...how, at(`${of}.grib`)], env);
};

/** @param {ReturnType<typeof fed>} result */
function succeeded({ status, said }) {
  if (status !== 0) throw new Error(`it ended with ${status}: ${reasonOf(said)}`);
  return said;
}

function prepare() {
  if (!isThere("python3")) throw new Skipped("no python3");
  for (const version of versions) packages(version);
  programs.done("2.12", "python", [join(here, "fields.py"), "template", at("template.grib")]);
  programs.done("2.12", "python", [join(here, "fields.py"), "model", at("values.grib"), date]);
  programs.done("2.12", "python", [join(root, "test/gates/fdb/fields.py"), at("grib.grib"), date]);
}

/** @param {Version} version */
function runs(version) {
  gate.check(`${version}: what a model has encoded goes unchanged to a file and to an FDB, and comes back`, () => {
    const home = ofSite();
    succeeded(fed(version, planned(encoded(home)), "grib"));
    const written = readFileSync(at("grib.grib"));
    same(readFileSync(at("out.grib")).equals(written), true);
    same(programs.listed(version, home), ["step=0,param=167", "step=1,param=167", "step=2,param=167"]);
    // And by the FDB of bridges, whichever has written it.
    for (const reader of [version, /** @type {const} */ ("2.12")])
      same(programs.readBack(reader, home, "step=0/1/2,param=167").equals(written), true);
  });
  gate.check(`${version}: values that are selected are encoded as the plan says, and found in the FDB by that`, () => {
    const home = ofSite();
    succeeded(fed(version, planned(values(home, select, { type: "print", "only-fields": true }, encode))));
    const is = { class: "d1", dataset: "extremes-dt", expver: "0001", stream: "oper", type: "fc", paramId: "167" };
    const steps = [0, 1, 2, 3, 4, 5, 6];
    const wanted = steps.map((step) => ({ ...is, stepRange: `${step}`, mean: 167 + step }));
    same(programs.saidIn(at("out.grib")), wanted);
    const fields = steps.map((step) => `step=${step},param=167`);
    same(programs.listed(version, home), fields);
    const back = programs.readBack(version, home, `step=${steps.join("/")},param=167`);
    same(back.equals(readFileSync(at("out.grib"))), true);
  });
  gate.check(`${version}: means and maxima of two hours are right, and say what they are`, () => {
    const home = ofSite();
    const statistics = /** @type {const} */ ({
      type: "statistics",
      "output-frequency": "2h",
      operations: ["average", "maximum"],
      options: { "initial-condition-present": true, "use-current-time": true },
    });
    const overTime = { ...encode["additional-metadata"], productDefinitionTemplateNumber: 8 };
    succeeded(fed(version, planned(values(home, select, statistics, { ...encode, "additional-metadata": overTime }))));
    same(
      programs.saidIn(at("out.grib")).map(({ paramId, stepRange, mean }) => [paramId, stepRange, mean]),
      [2, 4, 6].flatMap((to) => [
        ["228004", `${to - 2}-${to}`, 167 + to - 0.5],
        ["201", `${to - 2}-${to}`, 167 + to],
      ]),
    );
    same(programs.listed(version, home).length, 6);
  });
  gate.check(`${version}: text stays text, whatever YAML makes of it elsewhere`, () => {
    const said = succeeded(fed(version, planned(encoded(ofSite(), { type: "print", prefix: "on" })), "grib"));
    if (!/\bon[\]:]/.test(said)) throw new Error("it is a flag to it");
  });
  gate.check(`${version}: I/O servers join the parts of three processes`, () => joined(version));
  gate.check(`${version}: it knows every word that a plan may say`, () => {
    const { site } = packages(version);
    const folder = join(site, "multiolib", "lib64");
    const libraries = readdirSync(folder).filter((name) => name.endsWith(".so"));
    const known = libraries.map((name) => readFileSync(join(folder, name)));
    const { yaml } = rendered(everyWord);
    const words = new Set([...wordsIn(parse(yaml))].filter((word) => !given.has(word)));
    same(words.size > 100, true);
    same(
      [...words].filter((word) => !known.some((library) => library.includes(`${word}\0`))),
      [],
    );
  });
  for (const { what, spoil, says, there } of misspelt)
    gate.check(`${version}: of ${what}, it says ${says === undefined ? "nothing" : "why it ends"}`, () => {
      const [home, other] = [ofSite(), ofSite()];
      const { status, said } = fed(version, planned(values(home, select, encode), spoil), "values", {
        FDB_HOME: other,
      });
      const found = { ends: status !== 0, there: programs.listed(version, home).length };
      same(found, { ends: says !== undefined, there });
      if (says && !says.test(said)) throw new Error(reasonOf(said));
      if (what.includes("another FDB")) same(programs.listed(version, other).length, 7);
    });
}

/** Values of plans with every word that are none of MultIO's, and what others read of them. */
const given = new Set(["a", "/a", "d1", "extremes-dt", "0001", "oper", "fc", "1", "template", "mars", "sent", "whole"]);
for (const word of ["fdb_home", "O1", "1h", "mpi"]) given.add(word);
/** @param {unknown} value @returns {Iterable<string>} */
function* wordsIn(value) {
  if (typeof value === "string") yield value;
  else if (Array.isArray(value)) for (const item of value) yield* wordsIn(item);
  else if (typeof value === "object" && value !== null)
    for (const [key, item] of Object.entries(value)) {
      yield key;
      yield* wordsIn(item);
    }
}

/** By MultIO's own trial, in one process, since its packages have no MPI; it holds single fields against what it has sent. @param {Version} version */
function joined(version) {
  const parts = /** @type {const} */ ({ type: "select", match: [{ category: "model-level" }] });
  const name = `parts-${version}`;
  const ends = /** @type {const} */ ({
    type: "sink",
    sinks: [{ type: "file", path: at(name), "per-server": true }],
  });
  const plans = planned({
    plans: { all: { actions: [parts, { type: "transport", target: "server" }] } },
    servers: { plans: { parts: { actions: [parts, { type: "aggregate" }, ends] } } },
  });
  const { client, server } = parse(readFileSync(plans, "utf8"));
  same([client.plans.length, server.transport], [1, "mpi"]);
  const [{ actions }] = server.plans;
  const single = { name: "single", actions: [...actions.slice(0, 2), { type: "single-field-sink" }] };
  writeFileSync(at("servers.yaml"), stringify({ ...server, transport: "thread", plans: [...server.plans, single] }));
  const few = ["clients=3", "servers=1", "steps=1", "levels=1", "params=2"].map((each) => `--nb${each}`);
  const args = [`--config=${at("servers.yaml")}`, "--transport=thread", ...few];
  programs.done(version, "multiolib/bin/multio-hammer", args);
  const [file = ""] = readdirSync(gate.folder).filter((each) => each.endsWith(`-${name}`));
  // Two fields of 29 values.
  same(statSync(at(file)).size, 2 * 29 * 8);
}

/** By MultIO's own Python, which tells it of fields in words of MARS, as IFS does. @param {string} plans */
const modelled = (plans) =>
  programs.ran("2.12", "python", [join(here, "model.py"), date], { MULTIO_SERVER_CONFIG_FILE: plans });
const ofClass = /** @type {const} */ ({ type: "select", match: [{ param: "167", class: "d1" }] });
/** Our plan, with encode-mtg2 whatever the site's layout has a place for. @param {string} home @param {string} before */
const byMars = (home, before = "") =>
  planned(values(home, ofClass, encode), (text) =>
    text.replace(/ {6}- type: "encode"[\s\S]*?(?= {6}- type: "sink")/, `${before}      - type: "encode-mtg2"\n`),
  );
const twoHours = (/** @type {string} */ type) =>
  `      - type: ${type}\n        output-frequency: 2h\n        operations: [average]\n        options: {initial-condition-present: true, use-current-time: true}\n`;

function encodedByMars() {
  gate.check(
    "what encode-mtg2 makes has a timespan: without a place for it FDB refuses every field, and we the plan",
    () => {
      const home = ofSite(withoutTimespan);
      const { status, said } = modelled(byMars(home));
      same([status !== 0, programs.listed("2.12", home)], [true, []]);
      if (!/Keywords not used: \{timespan\}/.test(said)) throw new Error(reasonOf(said));
      const { problems } = rendered(values("/x", ofClass, { type: "encode-mtg2" }));
      same(problems.length, schema.includes("timespan") ? 0 : 1);
    },
  );
  gate.check("with a place for it they are taken", () => {
    const home = ofSite(withTimespan);
    succeeded(modelled(byMars(home)));
    const fields = [0, 1, 2, 3, 4, 5, 6].map((step) => `step=${step},param=167,timespan=none`);
    same(programs.listed("2.12", home), fields);
  });
  gate.check("statistics-mtg2 computes means for it", () => {
    succeeded(modelled(byMars(ofSite(withTimespan), twoHours("statistics-mtg2"))));
    same(
      programs.saidIn(at("out.grib")).map(({ paramId, mean }) => [paramId, mean]),
      // The last stays open until another step comes.
      [2, 4].map((to) => ["228004", 167 + to - 0.5]),
    );
  });
  gate.check("means of the other kind it writes as values of an instant, without a word: so we refuse them", () => {
    const home = ofSite(withTimespan);
    succeeded(modelled(byMars(home, twoHours("statistics"))));
    same(
      programs.saidIn(at("out.grib")).map(({ paramId, stepRange, mean }) => [paramId, stepRange, mean]),
      [2, 4, 6].map((to) => ["167", `${to}`, 167 + to - 0.5]),
    );
    const statistics = /** @type {const} */ ({ type: "statistics", "output-frequency": "2h", operations: ["average"] });
    const { problems } = rendered(values(home, ofClass, statistics, { type: "encode-mtg2" }));
    same(problems.filter(({ value }) => value === "statistics").length, 1);
  });
}

/** ecFlow itself makes a job of what a host has. */
function laid() {
  const python = "/usr/bin/python3";
  if (spawnSync(python, ["-c", "import ecflow"]).status !== 0) throw new Skipped("no python3-ecflow");
  const { yaml, include } = rendered(encoded("/x"));
  const scratch = /=(\/scratch\/[^/]+)\//.exec(include)?.[1] ?? "";
  for (const folder of ["include", "s"]) mkdirSync(at(folder));
  const text = `${yaml}# 100% %TASK%\n`;
  writeFileSync(at("include/multio-gate.yaml"), text);
  writeFileSync(at("include/multio-gate-lumi.h"), include.replace(scratch, gate.folder));
  writeFileSync(at("s/t.ecf"), 'set -e\n%include <multio-gate-%SCHOST%.h>\necho "%TASK% $MULTIO_SERVER_CONFIG_FILE"\n');
  run(python, [join(here, "job.py"), gate.folder]);
  const [once = "", again] = [1, 2].map(() => run("bash", [at("jobs/s/t.job0")]).trim());
  const [task, file = ""] = once.split(" ");
  same([task, again, readFileSync(file, "utf8")], ["t", once, text]);
  same(readdirSync(dirname(file)).length, 1);
}

/** Each with an FDB, a file and a template of this machine. */
function ofSites() {
  for (const { path, text } of plansOfSites()) {
    const { plans = [], client = { plans }, server = { plans: [] } } = parse(text);
    const home = ofSite(withTimespan);
    const all = [...client.plans, ...server.plans].map((plan) => ({
      ...plan,
      actions: plan.actions.map((/** @type {Record<string, any>} */ action) => onThisMachine(action, home)),
    }));
    writeFileSync(at("plans.yaml"), stringify({ plans: all }));
    for (const version of versions) {
      const { status, said } = fed(version, at("plans.yaml"), "grib");
      if (status !== 0) throw new Error(`${path}: ${reasonOf(said)}`);
    }
  }
}

/** @param {Record<string, any>} action @param {string} home */
function onThisMachine(action, home) {
  if (action.type === "transport") return { type: "null" };
  const sinks = action.sinks?.map((/** @type {Record<string, any>} */ each) =>
    each.type === "fdb5" ? { ...each, config: { fdb_home: home } } : { ...each, path: at("site.grib") },
  );
  return { ...action, ...("template" in action ? { template: at("template.grib") } : {}), ...(sinks ? { sinks } : {}) };
}

gate.check("MultIO of both versions is there", prepare);
if (gate.passed === 1) {
  for (const version of versions) runs(version);
  encodedByMars();
  gate.check("a job of ecFlow lays plans where all its nodes see them, and says where", laid);
  gate.check("plans of all sites are read", ofSites);
}
gate.done();
