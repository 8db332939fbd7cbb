#!/usr/bin/env node
// Terraform plans what changed its place, and destroys nothing that is kept; OpenTofu encrypts, where there is one (see
// opentofu.mjs). All of resources that are part of Terraform, so that no provider is needed, with states in files.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { compile } from "../../cli/prepare.mjs";
import { tofu } from "../../sandbox/opentofu/build.mjs";
import { Gate, isThere, run, Skipped } from "./gate.mjs";

const gate = new Gate();
const built = createRequire(join(compile(), "main.js"));
const { Construct } = built("constructs");
const { PlatformApp } = built("./engine/app.js");
const { lockedStacks } = built("./engine/lock.js");
const { formerly } = built("./engine/moves/formerly.js");
const { encryptionFile, encryptionText } = built("./engine/encryption.js");
const { PlatformStack } = built("./engine/stack.js");
const { keep } = built("./engine/stateful.js");
const { TerraformData } = built("./constructs/openstack/terraform-data.js");
const { destroyed, released } = built("./model/site/moves.js");

const engines = { terraform: isThere("terraform") ? "terraform" : undefined, tofu: tofu() };
const env = { CHECKPOINT_DISABLE: "1", TF_VAR_state_passphrase: "sixteen letters of a passphrase" };
const none = { formerly: {}, retired: {}, adopted: {} };

/**
 * Something that is kept, with something beside it, as a host is.
 * @param {object} scope
 * @param {string} id
 */
function thing(scope, id) {
  const at = new Construct(scope, id);
  keep(new TerraformData(at, "Resource", "kept"), "thing");
  new TerraformData(at, "beside", "made again at will");
  return at;
}

/**
 * A stack of these things in a folder, and its lock.
 * @param {string} folder
 * @param {(stack: object) => void} build
 * @param {{ moves?: object, locked?: object }} is
 */
function synth(folder, build, { moves = {}, locked = {} } = {}) {
  const lock = { version: 1, stacks: locked, learned: {}, trust: {} };
  const out = mkdtempSync(join(gate.folder, "out-"));
  const app = new PlatformApp(out, { world: "sandbox", locked: lockedStacks(new Map([["here", lock]])) });
  const state = { kind: "s3", bucket: "states", region: "r" };
  build(new PlatformStack(app, "stack", { state, key: "stack.tfstate", moves: { ...none, ...moves } }));
  const [{ stateful }] = app.standing();
  const [{ file }] = app.synthesize();
  mkdirSync(folder, { recursive: true });
  cpSync(file, join(folder, "cdk.tf.json"));
  const addresses = stateful.map((/** @type {{ address: string, what: string }} */ { address, what }) => [
    address,
    what,
  ]);
  return { stack: { state: "s3://states/stack.tfstate", stateful: Object.fromEntries(addresses) } };
}

/**
 * What a plan would do, as its last line tells it.
 * @param {string} engine
 * @param {string} folder
 */
function plan(engine, folder) {
  run(engine, ["init", "-no-color", "-input=false"], { cwd: folder, env });
  const text = run(engine, ["plan", "-no-color", "-input=false", "-out=plan"], { cwd: folder, env });
  // OpenTofu alone counts what it forgets.
  return /^(?:Plan: .*|No changes\..*)$/m.exec(text)?.[0].replace(/, \d+ to forget/, "") ?? text;
}

/**
 * @param {string} engine
 * @param {string} folder
 */
const apply = (engine, folder) => {
  run(engine, ["apply", "-no-color", "-input=false", "-auto-approve", "plan"], { cwd: folder, env });
};

/**
 * @param {unknown} is
 * @param {unknown} expected
 */
function same(is, expected) {
  if (JSON.stringify(is) !== JSON.stringify(expected))
    throw new Error(`${JSON.stringify(is)}, not ${JSON.stringify(expected)}`);
}

const nothing = "Plan: 0 to add, 0 to change, 0 to destroy.";
/** @type {Record<string, { before: (stack: any) => void, after: (stack: any) => void, moves?: object, plan: string }>} */
const cases = {
  renamed: {
    before: (stack) => thing(stack, "a"),
    after: (stack) => thing(stack, "b"),
    moves: { formerly: { b: "a" } },
    plan: nothing,
  },
  wrapped: {
    before: (stack) => thing(stack, "a"),
    after: (stack) => thing(new Construct(stack, "a"), "inner"),
    moves: { formerly: { "a/inner": "a" } },
    plan: nothing,
  },
  unwrapped: {
    before: (stack) => thing(new Construct(stack, "a"), "inner"),
    after: (stack) => thing(stack, "a"),
    moves: { formerly: { a: "a/inner" } },
    plan: nothing,
  },
  split: {
    before: (stack) => {
      const one = new Construct(stack, "one");
      for (const id of ["x", "y"]) thing(one, id);
    },
    after: (stack) => {
      for (const id of ["x", "y"]) thing(stack, id);
    },
    moves: { formerly: { x: "one/x", y: "one/y" } },
    plan: nothing,
  },
  "given another parent by its own word": {
    before: (stack) => thing(new Construct(stack, "a"), "x"),
    after: (stack) => formerly(thing(new Construct(stack, "b"), "x"), "a/x"),
    plan: nothing,
  },
  released: {
    before: (stack) => thing(stack, "a"),
    after: (stack) => thing(stack, "b"),
    moves: { retired: { a: released("somebody else takes it") } },
    // What stood beside it, and is not kept, goes.
    plan: "Plan: 2 to add, 0 to change, 1 to destroy.",
  },
  destroyed: {
    before: (stack) => thing(stack, "a"),
    after: () => undefined,
    moves: { retired: { a: destroyed("it is empty") } },
    plan: "Plan: 0 to add, 0 to change, 2 to destroy.",
  },
  adopted: {
    before: () => undefined,
    after: (stack) => thing(stack, "a"),
    moves: { adopted: { a: "8b1e7c9e-0000-4000-8000-000000000000" } },
    plan: "Plan: 1 to import, 1 to add, 1 to change, 0 to destroy.",
  },
};

for (const [name, engine] of Object.entries(engines)) {
  const check = (/** @type {string} */ what, /** @type {(folder: string, engine: string) => void} */ of) =>
    gate.check(`${name} ${what}`, () => {
      if (!engine) throw new Skipped(`no ${name}; node sandbox/opentofu/build.mjs builds OpenTofu`);
      of(join(gate.folder, `${name} ${what}`.replaceAll(" ", "-")), engine);
    });

  for (const [what, { before, after, moves = {}, plan: expected }] of Object.entries(cases))
    check(`plans what is ${what}`, (folder, engine) => {
      const locked = synth(folder, before);
      plan(engine, folder);
      apply(engine, folder);
      synth(folder, after, { moves, locked });
      same(plan(engine, folder), expected);
      apply(engine, folder);
      same(plan(engine, folder).split(".")[0], "No changes");
    });

  check("would destroy what is renamed without a word", (folder, engine) => {
    synth(folder, (stack) => thing(stack, "a"));
    plan(engine, folder);
    apply(engine, folder);
    synth(folder, (stack) => thing(stack, "b"));
    same(plan(engine, folder), "Plan: 2 to add, 0 to change, 2 to destroy.");
  });

  check(name === "tofu" ? "encrypts state and plan" : "takes no notice of OpenTofu's encryption", (folder, engine) => {
    synth(folder, (stack) => thing(stack, "a"));
    writeFileSync(join(folder, encryptionFile), encryptionText);
    plan(engine, folder);
    apply(engine, folder);
    const state = JSON.parse(readFileSync(join(folder, "stack.tfstate"), "utf8"));
    same("encrypted_data" in state, name === "tofu");
  });
}

gate.done();
