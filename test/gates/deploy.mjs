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
const { Deployment } = load("./operate/deployment.js");
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
  /** @param {boolean} isApproved */
  const deployment = (isApproved = true) => {
    /** @type {string[]} */
    const asked = [];
    const approve = async (/** @type {string} */ of) => {
      asked.push(of);
      if (!isApproved) throw new Error("nobody is there");
      return true;
    };
    const props = { engine, env, output: folder, work: folder, isApproved: approve };
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
