#!/usr/bin/env node
// checkov reads all stacks, as a second opinion of what is unwise. It is installed from PyPI into a folder of its own, once.
import { cpSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../cli/prepare.mjs";
import { Gate, ofPython, run } from "./gate.mjs";

const version = "3.3.30";

/** What it finds and we mean, each with its reason. */
const meant = new Set([
  // A limit of processor time holds pods back while cores idle; what each is sure to have it asks for.
  "CKV_K8S_11",
  // Where a program reads what is secret from a variable alone; all others have files.
  "CKV_K8S_35",
]);

/** @param {string} folder @returns {{ passed: number, failed: { check_id: string, resource: string }[] }} */
function scan(folder) {
  // Named `terraform`, its framework reads no JSON, finds nothing and is content.
  const args = ["-d", folder, "--framework", "terraform_json", "--skip-download", "--output", "json", "--soft-fail"];
  const said = JSON.parse(run(ofPython("checkov", version), args));
  /** @type {{ check_id: string, resource: string }[]} */
  const failed = said.results?.failed_checks ?? [];
  return {
    passed: said.summary?.passed ?? said.passed ?? 0,
    failed: failed.filter(({ check_id }) => !meant.has(check_id)),
  };
}

const gate = new Gate();
gate.check("checkov finds a door that a stack opens to everybody", () => {
  const folder = join(gate.folder, "open");
  mkdirSync(folder);
  const rule = { direction: "ingress", ethertype: "IPv4", protocol: "tcp", remote_ip_prefix: "0.0.0.0/0" };
  const open = { ...rule, port_range_min: 22, port_range_max: 22, security_group_id: "x" };
  const stack = { resource: { openstack_networking_secgroup_rule_v2: { open } } };
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(stack));
  const { failed } = scan(folder);
  if (!failed.some(({ check_id }) => check_id === "CKV_OPENSTACK_2")) throw new Error(JSON.stringify(failed));
});
gate.check("checkov finds nothing in our stacks", () => {
  const stacks = join(root, "synthesized", "stacks");
  for (const file of readdirSync(stacks)) {
    mkdirSync(join(gate.folder, "stacks", file), { recursive: true });
    cpSync(join(stacks, file), join(gate.folder, "stacks", file, "cdk.tf.json"));
  }
  const { passed, failed } = scan(join(gate.folder, "stacks"));
  if (passed === 0) throw new Error("it has looked at nothing");
  if (failed.length > 0) throw new Error(failed.map(({ check_id, resource }) => `${check_id} ${resource}`).join("\n"));
});
gate.done();
