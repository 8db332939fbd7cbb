// The stacks of this project that stand on clusters, as they are synthesized.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../cli/prepare.mjs";

const folder = join(root, "synthesized", "stacks");

/** All of them. @type {{ name: string, stack: any }[]} */
export const stacks = readdirSync(folder).flatMap((file) => {
  const stack = JSON.parse(readFileSync(join(folder, file), "utf8"));
  return stack.terraform.required_providers.kubernetes ? [{ name: file.replace(/\.json$/, ""), stack }] : [];
});

/** @param {any} stack @returns {any[]} */
const releasesOf = ({ resource }) => Object.values(resource.helm_release ?? {});

/** Names of classes of priority, in pods and in values of charts. @param {any} stack @returns {string[]} */
export const classesIn = (stack) =>
  [
    ...new Set([
      ...named(stack.resource),
      ...releasesOf(stack).flatMap(({ values }) =>
        values.flatMap((/** @type {string} */ text) => named(JSON.parse(text))),
      ),
    ]),
  ].sort();

/** @param {any} value @returns {string[]} */
function named(value) {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    /^priority_?class_?name$/i.test(key) && typeof inner === "string" ? [inner] : named(inner),
  );
}

/** Charts of others, and what would try each where it can be fetched. @type {{ name: string, command: string }[]} */
export const charts = [
  ...new Map(
    stacks.flatMap(({ name, stack }) =>
      releasesOf(stack)
        // Ours stands beside the stack.
        .filter(({ chart }) => !chart.startsWith("${path.module}"))
        .map((release) => [`${release.chart} ${release.version}`, commandOf(name, release)]),
    ),
  ),
].map(([name, command]) => ({ name, command }));

/** @param {string} stack @param {any} release */
function commandOf(stack, { name, chart, version, repository }) {
  const from = repository === undefined ? chart : `${chart} --repo ${repository}`;
  const values = `jq -r '.resource.helm_release[] | select(.name == "${name}") | .values[0]' synthesized/stacks/${stack}.json`;
  return `${values} | helm template ${name} ${from} --version ${version} --values - | kubectl apply --server-side --dry-run=server --validate=strict --filename -`;
}
