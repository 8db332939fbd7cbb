// databridge validate against terraform validate, of all stacks with the real OpenStack provider. Terraform takes one process
// a stack, and another of the provider; ours takes one in all.
import { cpSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { root } from "../../cli/prepare.mjs";
import { compiled, folder, interleaved, run, shown, table, timed, verdict } from "./bench.mjs";

const times = 7;
const out = join(folder, "out");
run("node", ["cli/databridge.mjs", "synth"], { env: { CDKTF_OUTDIR: out } });
const env = {
  TF_CLI_CONFIG_FILE: run("node", ["packages/provider-openstack/build.mjs"]).trim(),
  CHECKPOINT_DISABLE: "1",
};
const stacks = readdirSync(join(out, "stacks")).map((name) => {
  const cwd = join(folder, name);
  mkdirSync(cwd);
  for (const file of readdirSync(join(out, "stacks", name))) cpSync(join(out, "stacks", name, file), join(cwd, file));
  run("terraform", ["init", "-backend=false"], { cwd, env });
  return { name, cwd };
});

const load = createRequire(import.meta.url);
const { validate } = load(join(compiled, "engine", "validate", "validate.js"));
const { readSchemas } = load(join(compiled, "engine", "validate", "schemas.js"));

/** From the files of stacks and schemas to the verdict, as every process does it once. */
function check() {
  const begun = performance.now();
  const schemas = readSchemas([join(root, "packages", "provider-openstack", "schema.json")]);
  for (const { name, cwd } of stacks) {
    const { problems } = validate(name, JSON.parse(readFileSync(join(cwd, "cdk.tf.json"), "utf8")), schemas);
    if (problems.length > 0) throw new Error(JSON.stringify(problems));
  }
  return performance.now() - begun;
}
const cold = check();
const ms = interleaved(times, {
  check,
  process: () => timed("node", ["cli/databridge.mjs", "validate", "--dir", out]),
  synth: () => timed("node", ["cli/databridge.mjs", "validate"]),
  terraform: () => stacks.reduce((sum, { cwd }) => sum + timed("terraform", ["validate"], { cwd, env }), 0),
  init: () => stacks.reduce((sum, { cwd }) => sum + timed("terraform", ["init", "-backend=false"], { cwd, env }), 0),
});
const row = (/** @type {string} */ what, /** @type {number} */ ours, /** @type {number} */ terraform, target = 0) => [
  what,
  shown(ours),
  shown(terraform),
  `${(terraform / ours).toFixed(1)}×`,
  target > 0 ? verdict(terraform >= target * ours, `${target}× or more`) : "",
];
table(`Validation of ${stacks.length} stacks, ms, medians of ${times}`, [
  ["", "ours", "terraform", "ratio", ""],
  row("validation alone, in a process that runs on", ms.check, ms.terraform, 20),
  row("validation alone, the first in a process", cold, ms.terraform),
  row("whole processes over written stacks", ms.process, ms.terraform),
  row("whole processes, with synthesis here and init there", ms.synth, ms.terraform + ms.init),
]);
