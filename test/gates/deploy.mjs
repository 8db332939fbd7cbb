#!/usr/bin/env node
// Terraform and OpenTofu apply just the plans that were shown, and end in order; with resources that are part of Terraform, so that no
// cloud is needed.
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { compile } from "../../cli/prepare.mjs";
import { tofu } from "../../sandbox/opentofu/build.mjs";
import { Gate, isThere, Skipped } from "./gate.mjs";

const gate = new Gate();
const built = compile();
const load = createRequire(join(built, "main.js"));
const { Deployment, reviewedDigest } = load("./operate/deployment.js");
const { readPlan } = load("./review/plan.js");
const { withoutAllBut } = load("./operate/destruction.js");

/** @param {Record<string, object>} things @param {object} more */
const stack = (things, more = {}) => ({
  terraform: { backend: { local: { path: "s.tfstate" } } },
  resource: { terraform_data: things },
  ...more,
});
const kept = { lifecycle: { prevent_destroy: true } };
const files = (/** @type {object} */ json) => new Map([["cdk.tf.json", JSON.stringify(json)]]);
/** @param {unknown} found @param {unknown} wanted */
function same(found, wanted) {
  if (JSON.stringify(found) !== JSON.stringify(wanted))
    throw new Error(`found ${JSON.stringify(found)}, wanted ${JSON.stringify(wanted)}`);
}
/** @param {Promise<unknown>} what @param {RegExp} why */
async function refused(what, why) {
  try {
    await what;
  } catch (error) {
    if (why.test(String(error))) return;
    throw error;
  }
  throw new Error(`was not refused: ${why}`);
}

const engines = { terraform: isThere("terraform") ? "terraform" : undefined, tofu: tofu() };
for (const [name, engine] of Object.entries(engines)) {
  const folder = join(gate.folder, name);
  const env = { ...process.env, CHECKPOINT_DISABLE: "1" };
  /** @param {boolean} isApproved @param {string} [commit] */
  const deployment = (isApproved = true, commit) => {
    /** @type {string[]} */
    const asked = [];
    const approve = async (/** @type {string} */ of) => {
      asked.push(of);
      if (!isApproved) throw new Error("nobody is there");
      return true;
    };
    const props = { engine, env, output: folder, work: folder, isApproved: approve, ...(commit && { commit }) };
    return { asked, ...bound(new Deployment(props)) };
  };
  const bound = (/** @type {any} */ of) => ({
    apply: of.apply.bind(of),
    plan: of.plan.bind(of),
    applyKept: of.applyKept.bind(of),
  });
  const check = (/** @type {string} */ what, /** @type {() => unknown} */ work) =>
    gate.checked(`${name}: ${what}`, async () => {
      if (!engine) throw new Skipped(`no ${name}`);
      await work();
    });
  const two = stack({ a: { input: 1, ...kept }, b: { input: 1 } });

  await check("what was planned is applied, once, and asked for", async () => {
    const { plan, applyKept, asked } = deployment();
    same(await plan("s", files(two)), "2 to be created");
    same(await applyKept("s", files(two)), "2 created");
    same(asked, ["s"]);
    await refused(applyKept("s", files(two)), /no plan was kept/);
  });
  await check("a plan of other input is refused, and so is another plan in its place", async () => {
    const { plan, applyKept } = deployment();
    const other = stack({ a: { input: 2, ...kept }, b: { input: 1 } });
    await plan("s", files(other));
    await refused(applyKept("s", files(two)), /other input/);
    writeFileSync(join(folder, "plans", "s.plan"), "something else");
    await refused(applyKept("s", files(other)), /not the plan that was kept/);
  });
  /** @param {string} of */
  const read = (of) => reviewedDigest(JSON.parse(readFileSync(join(folder, "plans", `${of}.json`), "utf8")));
  await check("only the plan that was read is applied: its JSON, and none that reviewers did not have", async () => {
    const { plan, applyKept } = deployment();
    const other = stack({ a: { input: 3, ...kept }, b: { input: 1 } });
    await plan("s", files(other));
    const reviewed = new Map([["s", read("s")]]);
    await refused(applyKept("s", files(other), { reviewed: new Map([["t", "0"]]), first: [] }), /was not read/);
    await refused(
      applyKept("s", files(other), { reviewed: new Map([["s", "0"]]), first: [] }),
      /not the one that was read/,
    );
    same(await applyKept("s", files(other), { reviewed, first: [] }), "1 changed");
  });
  await check("a plan of another commit is refused", async () => {
    await deployment(true, "one").plan("s", files(two));
    await refused(deployment(true, "another").applyKept("s", files(two)), /is of one, and here is another/);
    await refused(deployment().applyKept("s", files(two)), /is of one, and here is what no commit has/);
    same(await deployment(true, "one").applyKept("s", files(two)), "1 changed");
  });
  await check("a plan that another has overtaken is stale: the engine refuses it", async () => {
    const { plan, apply, applyKept } = deployment();
    await plan("s", files(stack({ a: { input: 4, ...kept }, b: { input: 1 } })));
    const put = join(folder, "plans", "s.plan");
    const older = readFileSync(put);
    same(await apply("s", files(stack({ a: { input: 5, ...kept }, b: { input: 1 } }))), "1 changed");
    writeFileSync(put, older);
    await refused(applyKept("s", files(stack({ a: { input: 4, ...kept }, b: { input: 1 } }))), /stale.*--plan-only/s);
  });
  await check("a stack waits for those before it, unless they have nothing to do", async () => {
    const { plan, applyKept } = deployment();
    const [one, next] = ["one", "next"].map((id) =>
      files({ ...stack({ a: { input: 1 } }), terraform: { backend: { local: { path: `${id}.tfstate` } } } }),
    );
    await plan("one", one);
    await plan("next", next);
    await refused(applyKept("next", next, { first: ["one"] }), /out of order: one is not applied/);
    // Its plan may be elsewhere: that it was read is enough.
    const reviewed = new Map(["one", "next"].map((of) => [of, read(of)]));
    await refused(applyKept("next", next, { first: ["one"], reviewed }), /out of order: one/);
    same(await applyKept("one", one), "1 created");
    same(await applyKept("next", next, { first: ["one"] }), "1 created");
    await plan("one", one);
    await plan("next", next);
    same(await applyKept("next", next, { first: ["one"] }), "nothing to do");
  });
  await check("what is sensitive stands in no plan that is read, and that it changes is told", async () => {
    const secret = (/** @type {string} */ value) =>
      files(stack({ a: { input: `\${sensitive("${value}")}`, ...kept } }));
    const { plan, applyKept } = deployment();
    await plan("s", secret("first-secret"));
    await applyKept("s", secret("first-secret"));
    await plan("s", secret("other-secret"));
    const json = JSON.parse(readFileSync(join(folder, "plans", "s.json"), "utf8"));
    const { before, after } = json.resource_changes.find((/** @type {any} */ { address }) =>
      /\.a$/.test(address),
    ).change;
    // What its provider says again, and does not mark, is no fault of the plan.
    same([before.input, after.input, json.prior_state], ["(sensitive)", "(sensitive, another)", undefined]);
    const told = readPlan("s", json).changes.flatMap((/** @type {any} */ { differences }) => differences);
    same(
      told.map((/** @type {any} */ { path }) => path),
      ["input"],
    );
    await plan("s", files(two));
    await applyKept("s", files(two));
  });
  await check("a destruction that nobody approved is applied by nobody later", async () => {
    await deployment().plan("s", files(two));
    await refused(deployment(false).apply("s", files(withoutAllBut(two, []))), /nobody is there/);
    same(await deployment().applyKept("s", files(two)), "nothing to do");
  });
  await check("files of somebody else in the folder of a stack are not applied", async () => {
    const stranger = join(folder, "stacks", "s", "x_override.tf.json");
    writeFileSync(stranger, "{}");
    await refused(deployment().apply("s", files(two)), /x_override.tf.json; remove it/);
    rmSync(stranger);
  });
  await check("a destruction leaves what is kept, also what is on its way to another address", async () => {
    const moved = stack(
      { new: { input: 1, ...kept } },
      { moved: [{ from: "terraform_data.a", to: "terraform_data.new" }] },
    );
    same(await deployment().apply("s", files(withoutAllBut(moved, []))), "1 destroyed, 1 moved, adopted or left");
    same(await deployment().apply("s", files(moved)), "nothing to do");
    same(await deployment().apply("s", files(withoutAllBut(moved, ["terraform_data.new"]))), "1 destroyed");
  });
  await check("one that is told to end ends its engine in order: the state has what was made", async () => {
    const slow = stack(
      Object.fromEntries(
        [...Array(6).keys()].map((i) => [
          `made${i}`,
          {
            provisioner: [{ "local-exec": { command: "sleep 1" } }],
            ...(i > 0 ? { depends_on: [`terraform_data.made${i - 1}`] } : {}),
          },
        ]),
      ),
    );
    const program = join(folder, "slow.cjs");
    writeFileSync(
      program,
      `const { Deployment } = require(${JSON.stringify(join(built, "operate", "deployment.js"))});
const { interruptPrograms } = require(${JSON.stringify(join(built, "operate", "program.js"))});
process.on("SIGTERM", interruptPrograms);
new Deployment({ engine: ${JSON.stringify(engine)}, env: process.env, output: ${JSON.stringify(folder)}, work: ${JSON.stringify(folder)}, isApproved: async () => true, onDone: (s, done) => console.log(done) })
  .apply("slow", new Map([["cdk.tf.json", ${JSON.stringify(JSON.stringify({ ...slow, terraform: { backend: { local: { path: "slow.tfstate" } } } }))}]]))
  .then(() => process.exit(0), () => process.exit(3));
`,
    );
    const child = spawn("node", [program], { env, stdio: ["ignore", "pipe", "inherit"] });
    child.stdout.on("data", (data) => String(data).includes("2") && child.kill("SIGTERM"));
    const code = await new Promise((resolve) => child.on("close", resolve));
    const state = JSON.parse(readFileSync(join(folder, "stacks", "slow", "slow.tfstate"), "utf8"));
    const made = state.resources.flatMap((/** @type {any} */ { instances }) => instances).length;
    same(
      [code, made >= 2 && made < 6, existsSync(join(folder, "stacks", "slow", ".slow.tfstate.lock.info"))],
      [3, true, false],
    );
  });
}
gate.done();
