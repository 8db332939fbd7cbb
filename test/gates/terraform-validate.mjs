#!/usr/bin/env node
// Terraform and the real OpenStack provider read every stack. The provider is built once, in a minute, and cached.
import { cpSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { tofu } from "../../sandbox/opentofu/build.mjs";
import { Gate, isThere, run, Skipped } from "./gate.mjs";

const gate = new Gate();
const out = join(gate.folder, "out");
run("node", ["cli/databridge.mjs", "synth"], { env: { CDKTF_OUTDIR: out } });

gate.check("schema.json is what the provider says", () => {
  if (!isThere("go")) throw new Skipped("no Go to build the provider");
  run("node", ["packages/provider-openstack/refresh.mjs", "--check"]);
});

const stacks = readdirSync(join(out, "stacks"));
/** The provider of Vault cannot be built here; `databridge validate` and the gate `vault` read its stack. @param {string} stack */
const isOfOpenstack = (stack) => {
  const { provider } = JSON.parse(readFileSync(join(out, "stacks", stack, "cdk.tf.json"), "utf8"));
  return Object.keys(provider).every((name) => name === "openstack");
};

const engines = { terraform: isThere("terraform") ? "terraform" : undefined, tofu: tofu() };
for (const [name, engine] of Object.entries(engines))
  gate.check(`${name} accepts every stack of OpenStack`, () => {
    if (!engine) throw new Skipped(`no ${name}; node sandbox/opentofu/build.mjs builds OpenTofu`);
    if (!isThere("go")) throw new Skipped("no Go to build the provider");
    const config = run("node", ["packages/provider-openstack/build.mjs"]).trim();
    const env = {
      TF_CLI_CONFIG_FILE: config,
      CHECKPOINT_DISABLE: "1",
      TF_VAR_state_passphrase: "sixteen letters of a passphrase",
    };
    for (const stack of stacks.filter(isOfOpenstack)) {
      const cwd = join(gate.folder, name, stack);
      mkdirSync(cwd, { recursive: true });
      for (const file of readdirSync(join(out, "stacks", stack)))
        cpSync(join(out, "stacks", stack, file), join(cwd, file));
      run(engine, ["init", "-backend=false", "-no-color"], { cwd, env });
      run(engine, ["validate", "-no-color"], { cwd, env });
    }
  });

gate.done();
