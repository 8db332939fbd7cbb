// What start-up loads: modules and packages of every command, and how long the command takes against a Node that does nothing.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { compiled, folder, interleaved, run, shown, table, timed, verdict } from "./bench.mjs";

const times = 7;
const out = join(folder, "out");
run("node", ["cli/databridge.mjs", "synth"], { env: { CDKTF_OUTDIR: out } });

/** Said by the process at its end: the files that `require` loaded. */
const told = join(folder, "told.cjs");
writeFileSync(
  told,
  'process.on("exit", () => require("node:fs").writeFileSync(process.env.TOLD, JSON.stringify(Object.keys(require.cache))));',
);

/** What each command may load besides the description of sites; nothing else. */
const description = ["commander", "picocolors", "cli-table3", "string-width", "zod", "ip-address", "graphlib"];
const synthesis = [...description, "cdktf", "constructs", "provider-openstack"];
/** @type {Record<string, readonly [args: readonly string[], packages: readonly string[]]>} */
const commands = {
  "--version": [["--version"], []],
  "--help": [["--help"], []],
  graph: [["graph"], description],
  list: [["list"], synthesis],
  validate: [["validate", "--dir", out], description],
  synth: [["synth"], synthesis],
};

/** @param {readonly string[]} args @returns {readonly string[]} */
function loaded(args) {
  const file = join(folder, "loaded.json");
  run("node", ["--require", told, "cli/databridge.mjs", ...args], { env: { TOLD: file, CDKTF_OUTDIR: out } });
  return JSON.parse(run("cat", [file]));
}
const packageOf = (/** @type {string} */ file) =>
  /.*node_modules\/(?:@[^/]+\/)?([^/]+)/.exec(file)?.[1] ??
  /\/packages\/([^/]+)/.exec(file)?.[1] ??
  (file.startsWith(compiled) ? "" : undefined);

const ms = interleaved(times, {
  node: () => timed("node", ["--eval", ""]),
  ...Object.fromEntries(
    Object.entries(commands).map(([name, [args]]) => [
      name,
      () => timed("node", ["cli/databridge.mjs", ...args], { env: { CDKTF_OUTDIR: out } }),
    ]),
  ),
});
let index = false;
const rows = Object.entries(commands).map(([name, [args]]) => {
  const files = loaded(args);
  const counts = new Map();
  for (const file of files) counts.set(packageOf(file) ?? "?", (counts.get(packageOf(file) ?? "?") ?? 0) + 1);
  index ||= files.some((file) => file.endsWith("provider-openstack/lib/index.js"));
  const packages = [...counts].filter(([of]) => of !== "").map(([of, n]) => `${of} ${n}`);
  return [name, shown(ms[name] ?? 0), String(counts.get("") ?? 0), packages.join(", ")];
});
table(`Start-up, ms, medians of ${times}`, [
  ["", "ms", "files of ours", "of packages"],
  ["node", shown(ms.node)],
  ...rows,
]);
console.log(`\n  the provider's index is never loaded: ${verdict(!index, "")}`);
