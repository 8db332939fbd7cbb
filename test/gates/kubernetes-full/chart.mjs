// Our chart hands on what its values say; Helm reads, checks and installs it.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { same } from "../clouds.mjs";
import { until } from "./api.mjs";

/** @typedef {import("./sandbox.mjs").Sandbox} Sandbox */
/** @typedef {import("./platform.mjs").Platform} Platform */
/** @typedef {Record<string, any>} Json */

/** Releases of our chart, as a stack says them. @param {Platform} platform @returns {Json[]} */
const releasesOf = ({ stack }) =>
  Object.values(/** @type {Record<string, Json>} */ (stack.resource.helm_release)).filter(({ chart }) =>
    chart.startsWith("${path.module}"),
  );

/** That of which the cluster knows the kinds. @param {Platform} platform @returns {Json} */
const releaseOf = (platform) => releasesOf(platform).find(({ name }) => name === "things-resources") ?? {};

/** Values as Terraform reads them. @param {Json} release @returns {string} */
const valuesOf = ({ values }) => values[0].replaceAll("$${", "${").replaceAll("%%{", "%{");

/** Values as a file. @param {Platform} platform @param {string} text */
function file({ folder }, text) {
  const path = join(folder, "values.json");
  writeFileSync(path, text);
  return path;
}

/** @param {Sandbox} cluster @param {Platform} platform */
export function handsOn(cluster, platform) {
  const counts = releasesOf(platform).map((release) => {
    const text = valuesOf(release);
    const printed = cluster.helm("template", release.name, platform.chart, "--values", file(platform, text));
    const found = parseAllDocuments(printed).map((document) => document.toJS());
    const { resources } = JSON.parse(text);
    // Helm puts kinds that it does not know one after another, by name.
    const kinds = [...resources].sort((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0));
    same(found.map(sorted), kinds.map(sorted));
    return `${resources.length} of ${release.name}`;
  });
  if (counts.length < 2) throw new Error("there are not both");
  return counts.join(", ");
}

/** @param {Sandbox} cluster @param {Platform} platform */
export function linted(cluster, platform) {
  const printed = cluster.helm(
    "lint",
    "--strict",
    platform.chart,
    "--values",
    file(platform, valuesOf(releaseOf(platform))),
  );
  if (!/1 chart\(s\) linted, 0 chart\(s\) failed/.test(printed) || /\[(WARNING|ERROR)\]/.test(printed))
    throw new Error(printed);
}

/**
 * As the provider installs it: all is there, a change is one, and what is wrong leaves things as they were.
 * @param {Sandbox} cluster @param {Platform} platform
 */
export async function installed(cluster, platform) {
  const { name, timeout } = releaseOf(platform);
  const how = ["--namespace", "one", "--atomic", "--wait", "--wait-for-jobs", "--timeout", `${timeout}s`];
  const { resources } = JSON.parse(valuesOf(releaseOf(platform)));
  const values = (/** @type {Json[]} */ some) => ["--values", file(platform, JSON.stringify({ resources: some }))];
  cluster.helm("install", name, platform.chart, ...how, ...values(resources));
  const at = "/apis/gate.invalid/v1/namespaces/one";
  const sizes = async () => {
    const lists = await Promise.all(["gadgets", "widgets"].map((plural) => cluster.api.get(`${at}/${plural}`)));
    return lists
      .flatMap((/** @type {Json} */ { items }) =>
        items.map((/** @type {Json} */ { metadata, spec }) => `${metadata.name} ${spec.size}`),
      )
      .sort();
  };
  same(await sizes(), ["a 10", "another 1", "words 3"]);
  const [first, ...rest] = resources;
  const changed = [{ ...first, spec: { size: 4 } }, ...rest.slice(0, 1)];
  const change = (/** @type {Json[]} */ some) =>
    cluster.helm("upgrade", name, platform.chart, ...how, "--cleanup-on-fail", ...values(some));
  change(changed);
  same(await sizes(), ["another 1", "words 4"]);
  let told = "";
  try {
    change([{ ...first, spec: { size: 11 } }, ...rest]);
  } catch (error) {
    told = String(error);
  }
  if (!/should be less than or equal to 10/.test(told)) throw new Error(told || "what is wrong was taken");
  await until(
    "it is as it was",
    async () => (JSON.stringify(await sizes()) === '["another 1","words 4"]' ? true : undefined),
    10,
  );
  cluster.helm("uninstall", name, "--namespace", "one", "--wait");
  same(await sizes(), []);
}

/** @param {any} value @returns {any} the same, with keys in order */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}
