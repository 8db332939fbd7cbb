#!/usr/bin/env node
// Terraform plans what databridge review says from two trees alone, and its plans are read. With resources that are part of
// Terraform, so that no cloud is needed.
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { compile, root } from "../../cli/prepare.mjs";
import { tofu } from "../../sandbox/opentofu/build.mjs";
import { Gate, isThere, run, Skipped } from "./gate.mjs";

const gate = new Gate();
const built = createRequire(join(compile(), "main.js"));
const { providerFacts } = built("./cli/project/provider-facts.js");
const { compare } = built("./review/compare.js");
const { readPlan, foreignTo } = built("./review/plan.js");
const { readStack } = built("./review/stack.js");
const facts = providerFacts();

/** @param {Record<string, object>} things @param {object} more */
const stack = (things, more = {}) => ({
  resource: {
    terraform_data: Object.fromEntries(
      Object.entries(things).map(([name, is]) => [name, { "//": `stack/${name}`, ...is }]),
    ),
  },
  ...more,
});
const before = stack({
  same: { input: "a" },
  changed: { input: "a" },
  renewed: { triggers_replace: "a" },
  after: { lifecycle: { replace_triggered_by: ["terraform_data.changed"] } },
  through: { triggers_replace: "${terraform_data.renewed.id}" },
  ignored: { input: "a", lifecycle: { ignore_changes: ["input"] } },
  gone: { input: "a" },
  left: { input: "a" },
  old: { input: "a" },
  moving: { input: "a" },
});
const after = stack(
  {
    same: { input: "a" },
    changed: { input: "b" },
    renewed: { triggers_replace: "b" },
    after: { lifecycle: { replace_triggered_by: ["terraform_data.changed"] } },
    through: { triggers_replace: "${terraform_data.renewed.id}" },
    ignored: { input: "b", lifecycle: { ignore_changes: ["input"] } },
    made: { input: "a" },
    new: { input: "a" },
    moved: { input: "b" },
  },
  {
    moved: [
      { from: "terraform_data.old", to: "terraform_data.new" },
      { from: "terraform_data.moving", to: "terraform_data.moved" },
    ],
    removed: [{ from: "terraform_data.left", lifecycle: { destroy: false } }],
  },
);

/** @param {string} engine @param {string} cwd @param {object} head */
function planOf(engine, cwd, head) {
  writeFileSync(join(cwd, "cdk.tf.json"), JSON.stringify(head));
  const config = join(gate.folder, "empty.tfrc"); // one that is not there makes OpenTofu warn into its JSON
  writeFileSync(config, "");
  const env = { CHECKPOINT_DISABLE: "1", TF_CLI_CONFIG_FILE: config };
  run(engine, ["init", "-no-color"], { cwd, env });
  run(engine, ["plan", "-no-color", "-out", "plan"], { cwd, env });
  return JSON.parse(run(engine, ["show", "-json", "plan"], { cwd, env }));
}

/** @param {readonly any[]} changes */
const told = (changes) =>
  changes
    .filter(({ action, before, after }) => action !== "none" && (after ?? before).kind === "resource")
    .map(({ address, action, from }) => [address, action, from ?? ""].join(" ").trim())
    .sort()
    .join("\n");

const engines = { terraform: isThere("terraform") ? "terraform" : undefined, tofu: tofu() };
for (const [name, engine] of Object.entries(engines)) {
  const cwd = join(gate.folder, name);
  const check = (/** @type {string} */ what, /** @type {(engine: string) => void} */ of) =>
    gate.check(`${name} ${what}`, () => {
      if (!engine) throw new Skipped(`no ${name}; node sandbox/opentofu/build.mjs builds OpenTofu`);
      of(engine);
    });
  /** @type {any} */
  let plan;
  check("plans what two trees tell", (engine) => {
    mkdirSync(cwd);
    planOf(engine, cwd, before);
    run(engine, ["apply", "-no-color", "plan"], { cwd });
    plan = planOf(engine, cwd, after);
    const trees = [before, after].map((json) => new Map([["stack", readStack(json)]]));
    const [expected, found] = [told(compare(trees[0], trees[1], facts)), told(readPlan("stack", plan).changes)];
    if (expected !== found) throw new Error(`from the trees:\n${expected}\nfrom the plan:\n${found}`);
  });
  check("makes plans that join the constructs, and are of what was synthesized", () => {
    const head = readStack(after);
    const read = readPlan("stack", plan, head);
    const paths = read.changes.map((/** @type {any} */ change) => (change.after ?? change.before).path);
    if (!paths.includes("renewed")) throw new Error(JSON.stringify(paths));
    if (foreignTo("stack", read, head).length > 0) throw new Error("its own plan is taken for foreign");
    if (foreignTo("stack", read, readStack(before)).length === 0) throw new Error("a plan of something else is taken");
  });
  check("makes plans that are reviewed alone, without a description", () => {
    const plans = join(gate.folder, `plans-${name}`);
    mkdirSync(plans);
    writeFileSync(join(plans, "network.json"), JSON.stringify(plan));
    const packet = JSON.parse(run("node", ["cli/databridge.mjs", "review", "--plans", plans, "--json"], { cwd: root }));
    const { safe, moved, review } = packet.verdict;
    if (safe !== 7 || moved !== 1 || review !== 1) throw new Error(JSON.stringify(packet.verdict));
  });
}

gate.done();
