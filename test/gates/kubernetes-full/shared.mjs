// What moves the address that servers share, as RKE2 would apply it of their files.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { root } from "../../../cli/prepare.mjs";
import { same } from "../clouds.mjs";
import { until } from "./api.mjs";

/** @typedef {import("../kubernetes/adapter.mjs").KubernetesObject} KubernetesObject */
/** @typedef {import("./api.mjs").Api} Api */

const hosts = join(root, "synthesized", "hosts");
const manifest = join("var", "lib", "rancher", "rke2", "server", "manifests", "platform-shared-address.yaml");

/** Of the first server of each site that has one. @type {KubernetesObject[][]} */
export const manifests = readdirSync(hosts)
  .filter((host) => host.endsWith("cluster-server-1"))
  .map((host) => join(hosts, host, manifest))
  .filter(existsSync)
  .map((file) => parseAllDocuments(readFileSync(file, "utf8")).map((document) => document.toJS()));

/** What it may ask of the API. @returns {import("./accounts.mjs").Account} */
export function accountOf() {
  const objects = manifests[0] ?? [];
  const rulesOf = (/** @type {string} */ kind) =>
    objects
      .filter((object) => object.kind === kind)
      .flatMap(({ rules }) =>
        rules.map((/** @type {any} */ { apiGroups, ...rule }) => ({ ...rule, groups: apiGroups })),
      );
  const everywhere = rulesOf("ClusterRole").map((rule) => ({ ...rule, everywhere: true }));
  return { namespace: "kube-system", name: "kube-vip", api: [...rulesOf("Role"), ...everywhere] };
}

/** It runs on each server, and on no worker. @param {Api} api @param {readonly string[]} servers */
export async function onServers(api, servers) {
  const path = "/api/v1/namespaces/kube-system/pods?labelSelector=app%3Dkube-vip";
  const nodes = await until("it runs on servers", async () => {
    const { items } = await api.get(path);
    const running = items.filter((/** @type {any} */ { status }) => status.phase === "Running");
    return running.length >= servers.length ? running.map((/** @type {any} */ { spec }) => spec.nodeName) : undefined;
  });
  same(nodes.sort(), [...servers].sort());
}
