#!/usr/bin/env node
// Asks the real provider for its schema and writes schema.json, from which the bindings are generated; and replacing.json,
// the arguments whose change replaces a resource, which no schema tells. Needs Go, and terraform or tofu. For a new version:
// change it in package.json and provider/go.mod, run `go mod tidy` there, then this.
//   node refresh.mjs            writes both
//   node refresh.mjs --check    fails if one differs from what the provider says
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { go, provider } from "./build.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const { version } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));
const source = "registry.terraform.io/terraform-provider-openstack/openstack";

/** Sorted, so that a difference is one of the provider; without prose, which is documentation's. */
const compact = (value) => {
  if (Array.isArray(value)) return value.map(compact);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(
    ([key, item]) => !(key.startsWith("description") && typeof item === "string"),
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, compact(item)]));
};

const engine = ["terraform", "tofu"].find((name) => spawnSync(name, ["version"]).status === 0);
if (!engine) throw new Error("neither terraform nor tofu is on PATH");
const folder = mkdtempSync(join(tmpdir(), "schema-"));
const run = (...args) => {
  const env = { ...process.env, TF_CLI_CONFIG_FILE: provider(), CHECKPOINT_DISABLE: "1" };
  const { status, stdout, stderr } = spawnSync(engine, args, {
    cwd: folder,
    env,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`${engine} ${args.join(" ")}\n${stdout}${stderr}`);
  return stdout;
};
writeFileSync(
  join(folder, "main.tf.json"),
  JSON.stringify({ terraform: { required_providers: { openstack: { source, version } } } }),
);
run("init", "-no-color");
const { format_version, provider_schemas } = JSON.parse(run("providers", "schema", "-json"));
rmSync(folder, { recursive: true });

const schema = `${JSON.stringify(compact({ format_version, provider_schemas: { [source]: provider_schemas[source] } }))}\n`;
const replacing = `${JSON.stringify(JSON.parse(go(["run", "./replacing"], join(here, "provider"))))}\n`;
for (const [file, text] of Object.entries({ "schema.json": schema, "replacing.json": replacing }))
  if (!process.argv.includes("--check")) writeFileSync(join(here, file), text);
  else if (readFileSync(join(here, file), "utf8") !== text) {
    console.error(`${file} differs from what the provider says: node refresh.mjs`);
    process.exitCode = 1;
  }
