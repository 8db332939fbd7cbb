#!/usr/bin/env node
// What was ejected goes on where cdktf's output stopped: engines plan nothing by it against the state that this was applied to. Of
// resources that are part of Terraform, so that no cloud is needed; the real stacks are read with their provider, and not applied.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { compile } from "../../cli/prepare.mjs";
import { tofu } from "../../sandbox/opentofu/build.mjs";
import { Gate, isThere, run, Skipped } from "./gate.mjs";

const gate = new Gate();
const built = createRequire(join(compile(), "main.js"));
const { Construct } = built("constructs");
const { PlatformApp } = built("./engine/app.js");
const { ejectedStack } = built("./engine/ejected.js");
const { writeBelow } = built("./engine/host-files.js");
const { PlatformStack } = built("./engine/stack.js");
const { keep } = built("./engine/stateful.js");
const { TerraformData } = built("./constructs/openstack/terraform-data.js");

const env = { CHECKPOINT_DISABLE: "1", TF_VAR_state_passphrase: "sixteen letters of a passphrase" };
const none = { formerly: {}, retired: {}, adopted: {} };

/** A stack of something that is kept, of what stands beside it and needs it, and of a file that a block reads. @param {string} out */
function synthesized(out) {
  mkdirSync(out, { recursive: true });
  const app = new PlatformApp(out, { world: "sandbox" });
  const state = { kind: "s3", bucket: "states", region: "r" };
  const stack = new PlatformStack(app, "stack", { state, key: "stack.tfstate", moves: none });
  stack.files = new Map([["text", "read by a block"]]);
  const at = new Construct(stack, "thing");
  const kept = new TerraformData(at, "Resource", '${file("text")}');
  keep(kept, "thing");
  new TerraformData(at, "beside", "made after it").addOverride("depends_on", ["terraform_data.thing"]);
  const [output] = app.synthesize();
  return output;
}

/** @param {string} engine @param {string} cwd @param {readonly string[]} args */
const engineIn = (engine, cwd, ...args) => run(engine, [...args, "-no-color"], { cwd, env });

/** What a plan says last. @param {string} engine @param {string} cwd */
function planned(engine, cwd) {
  engineIn(engine, cwd, "init", "-input=false");
  const text = engineIn(engine, cwd, "plan", "-input=false");
  return /^(?:Plan: .*|No changes)/m.exec(text)?.[0] ?? text;
}

/** @param {unknown} is @param {unknown} expected */
function same(is, expected) {
  if (JSON.stringify(is) !== JSON.stringify(expected))
    throw new Error(`${JSON.stringify(is)}, not ${JSON.stringify(expected)}`);
}

const engines = { terraform: isThere("terraform") ? "terraform" : undefined, tofu: tofu() };
for (const [name, engine] of Object.entries(engines)) {
  const check = (/** @type {string} */ what, /** @type {(engine: string) => void} */ of) =>
    gate.check(`${name} ${what}`, () => {
      if (!engine) throw new Skipped(`no ${name}; node sandbox/opentofu/build.mjs builds OpenTofu`);
      of(engine);
    });
  const out = join(gate.folder, name, "cdktf.out");
  const ejected = join(gate.folder, name, "ejected");

  check("plans nothing by what was ejected, against the state to which cdktf's output was applied", (engine) => {
    const output = synthesized(out);
    const before = join(out, "stacks", "stack");
    same(planned(engine, before), "Plan: 2 to add, 0 to change, 0 to destroy.");
    engineIn(engine, before, "apply", "-input=false", "-auto-approve");
    writeBelow(ejected, ejectedStack(output));
    const state = readFileSync(join(before, "stack.tfstate"), "utf8");
    // Nothing of cdktf's is there any more but the state.
    rmSync(join(before, "cdk.tf.json"));
    rmSync(join(before, "encryption.tofu.json"));
    same(planned(engine, ejected), "No changes");
    engineIn(engine, ejected, "apply", "-input=false", "-auto-approve");
    same(existsSync(join(ejected, "stack.tfstate")), false);
    const after = readFileSync(join(before, "stack.tfstate"), "utf8");
    // OpenTofu encrypts even the same state anew.
    same("encrypted_data" in JSON.parse(after), name === "tofu");
    if (name === "terraform") same(after === state, true);
  });

  check("plans what somebody edits there, and refuses to destroy what is kept", (engine) => {
    const file = join(ejected, "main.tf.json");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace("made after it", "another"));
    same(planned(engine, ejected), "Plan: 0 to add, 1 to change, 0 to destroy.");
    writeFileSync(file, text);
    const { status, stderr } = spawnSync(engine, ["plan", "-destroy", "-input=false", "-no-color"], {
      cwd: ejected,
      env: { ...process.env, ...env },
      encoding: "utf8",
    });
    same([status, /prevent_destroy/.test(stderr)], [1, true]);
  });
}

const folder = join(gate.folder, "platform");
gate.check("databridge eject writes the platform, once", () => {
  run("node", ["cli/databridge.mjs", "eject", folder]);
  const { status, stderr } = spawnSync("node", ["cli/databridge.mjs", "eject", folder], { encoding: "utf8" });
  same([status, /is not an empty folder/.test(stderr)], [2, true]);
});

for (const [name, engine] of Object.entries(engines))
  gate.check(`${name} accepts every ejected stack of OpenStack`, () => {
    if (!engine) throw new Skipped(`no ${name}; node sandbox/opentofu/build.mjs builds OpenTofu`);
    if (!isThere("go")) throw new Skipped("no Go to build the provider");
    const config = run("node", ["packages/provider-openstack/build.mjs"]).trim();
    const stacks = readdirSync(join(folder, "stacks")).filter((stack) => stack.endsWith("-tenancy"));
    if (stacks.length === 0) throw new Error("there is none");
    for (const stack of stacks) {
      const cwd = join(gate.folder, name, stack);
      mkdirSync(cwd, { recursive: true });
      cpSync(join(folder, "stacks", stack), cwd, { recursive: true });
      run(engine, ["init", "-backend=false", "-no-color"], { cwd, env: { ...env, TF_CLI_CONFIG_FILE: config } });
      run(engine, ["validate", "-no-color"], { cwd, env: { ...env, TF_CLI_CONFIG_FILE: config } });
    }
  });

gate.check("Ansible read its hosts, their files and the playbook, wherever the folder is", () => {
  const programs = run("node", ["ansible/install.mjs"]).trim();
  const moved = join(gate.folder, "moved");
  renameSync(folder, moved);
  const cwd = join(moved, "ansible");
  const ansible = (/** @type {string} */ program, /** @type {readonly string[]} */ ...args) =>
    run(join(programs, program), args, { cwd });
  ansible("ansible-playbook", "site.yml", "--syntax-check");
  const { _meta } = JSON.parse(ansible("ansible-inventory", "--list"));
  const hosts = Object.keys(_meta.hostvars);
  same([...hosts].sort(), readdirSync(join(cwd, "hosts")).sort());
  const [host = ""] = hosts.filter((id) => id.endsWith("-proxy"));
  const text = ansible(
    "ansible",
    host,
    "-m",
    "debug",
    "-a",
    "msg={{ lookup('file', databridge_folder ~ '/etc/squid/squid.conf') }}",
  );
  if (!text.includes(`# ${host}: `)) throw new Error(text);
});

gate.done();
