#!/usr/bin/env node
// Writes the schemas in this folder from those that `databridge schemas` keeps: terraform init of a stack with the new
// version first, then `node engine/validate/providers/refresh.mjs <the folder it keeps them in>`. Validation refuses what is
// not in them, so that what is left out here is not offered to stacks.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** @typedef {{ block: { attributes?: Record<string, object>, block_types?: Record<string, { block: Schema["block"] }> } }} Schema */
/** @typedef {"resource_schemas" | "data_source_schemas" | "ephemeral_resource_schemas"} Section */

/** Of a kind the newest stable version: kubernetes_deployment is kubernetes_deployment_v1 by a name that goes. */
const versioned = /^(\w+)_v(\d+)$/;

/**
 * Of Kubernetes, what has no version, or has a newer one, is left out. Without a version are kubernetes_manifest, which needs
 * the cluster at every plan and has no schema, and what changes objects of others: annotations, labels, env, node_taint, data
 * of config maps and secrets. Besides, by name:
 * @type {Record<Section, Record<string, string>>}
 */
const left = {
  resource_schemas: {
    kubernetes_pod_v1: "a Deployment or a Job makes pods that come back",
    kubernetes_replication_controller_v1: "a Deployment does it",
    kubernetes_endpoints_v1: "a Service and its selector do it",
    kubernetes_endpoint_slice_v1: "the provider does not send its protocol, and says that what is ready does not serve",
    kubernetes_token_request_v1: "state would hold the token; the ephemeral one is offered",
    kubernetes_certificate_signing_request_v1: "certificates are Vault's",
  },
  data_source_schemas: {
    kubernetes_secret_v1: "state would hold the secret",
    kubernetes_pod_v1: "pods come and go, and no plan would be the same as the last",
    kubernetes_endpoints_v1: "as pods",
  },
  ephemeral_resource_schemas: { kubernetes_certificate_signing_request_v1: "certificates are Vault's" },
};

/** Volumes that Kubernetes itself no longer mounts, and those of clouds and storage that no site has. */
const volumes = [
  ["aws_elastic_block_store", "azure_disk", "azure_file", "gce_persistent_disk", "photon_persistent_disk"],
  ["vsphere_volume", "flocker", "glusterfs", "quobyte", "ceph_fs", "rbd", "git_repo", "flex_volume", "iscsi", "fc"],
].flat();

/** @param {Schema["block"]} block @returns {Schema["block"]} */
function mountable({ block_types: nested, ...block }) {
  if (!nested) return block;
  const kept = Object.entries(nested).filter(([name]) => !volumes.includes(name));
  const inside = kept.map(([name, each]) => {
    const { block: of, ...rest } = each;
    const { block_types: sources = {}, ...others } = of;
    // A volume of a pod has no `local`, though the provider says so; a persistent one has.
    const { local: _, ...known } = sources;
    return [name, { block: mountable(name === "volume" ? { ...others, block_types: known } : of), ...rest }];
  });
  return { ...block, block_types: Object.fromEntries(inside) };
}

/** @param {Section} section @param {Record<string, Schema>} schemas */
function offered(section, schemas) {
  const newest = new Map();
  for (const [, kind, version] of Object.keys(schemas).flatMap((name) => [versioned.exec(name) ?? []]))
    if (kind) newest.set(kind, Math.max(Number(version), newest.get(kind) ?? 0));
  const names = [...newest].map(([kind, version]) => `${kind}_v${version}`).filter((name) => !left[section][name]);
  return Object.fromEntries(names.map((name) => [name, { block: mountable(schemas[name]?.block ?? {}) }]));
}

const [folder = "."] = process.argv.slice(2);
for (const name of ["vault", "kubernetes", "helm"]) {
  const source = `registry.terraform.io/hashicorp/${name}`;
  const kept = join(folder, `${source.replaceAll("/", "-")}.json`);
  if (!existsSync(kept)) continue;
  const schema = JSON.parse(readFileSync(kept, "utf8")).provider_schemas[source];
  // No stack of ours makes anything of Vault ephemeral.
  if (name === "vault") delete schema.ephemeral_resource_schemas;
  if (name === "kubernetes")
    for (const section of /** @type {Section[]} */ (Object.keys(left)))
      schema[section] = offered(section, schema[section]);
  const file = join(import.meta.dirname, `hashicorp-${name}.json`);
  writeFileSync(file, `${lines({ provider_schemas: { [source]: schema } }, 4)}\n`);
  // Indented, that of Kubernetes is 870 KB instead of 245: a pod is deep, and stands in five kinds. biome leaves it alone.
  if (name !== "kubernetes") spawnSync("npx", ["biome", "format", "--write", file], { stdio: "inherit" });
}

/** A type a line, so that a new version can be read as a difference. @param {object} value @param {number} depth @returns {string} */
function lines(value, depth) {
  if (depth === 0) return JSON.stringify(value);
  const items = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${lines(item, depth - 1)}`);
  return `{\n${items.join(",\n")}\n}`;
}
