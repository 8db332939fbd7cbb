#!/usr/bin/env node
// Terraform and the real OpenStack provider read every stack. The provider is built once, in a minute, and cached.
import { cpSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Gate, isThere, run, Skipped } from "./gate.mjs";

const gate = new Gate();
const out = join(gate.folder, "out");
run("node", ["cli/databridge.mjs", "synth"], { env: { CDKTF_OUTDIR: out } });

gate.check("schema.json is what the provider says", () => {
  if (!isThere("go")) throw new Skipped("no Go to build the provider");
  run("node", ["packages/provider-openstack/refresh.mjs", "--check"]);
});

for (const engine of ["terraform", "tofu"])
  gate.check(`${engine} accepts every stack`, () => {
    if (!isThere(engine)) throw new Skipped(`no ${engine} on PATH`);
    if (!isThere("go")) throw new Skipped("no Go to build the provider");
    const config = run("node", ["packages/provider-openstack/build.mjs"]).trim();
    const env = { TF_CLI_CONFIG_FILE: config, CHECKPOINT_DISABLE: "1" };
    for (const stack of readdirSync(join(out, "stacks"))) {
      const cwd = join(gate.folder, engine, stack);
      mkdirSync(cwd, { recursive: true });
      cpSync(join(out, "stacks", stack, "cdk.tf.json"), join(cwd, "cdk.tf.json"));
      run(engine, ["init", "-backend=false", "-no-color"], { cwd, env });
      run(engine, ["validate", "-no-color"], { cwd, env });
    }
  });

gate.done();
