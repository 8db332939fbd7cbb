// What start-up loads: modules and packages of every command, and how long the command takes against a Node that does nothing.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../cli/prepare.mjs";
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

/** Each command, and which of our dependencies it may load. @type {Record<string, readonly [args: readonly string[], packages: string]>} */
const commands = {
  "--version": [["--version"], "commander"],
  "--help": [["--help"], "commander"],
  validate: [["validate", "--dir", out], "commander fastest-levenshtein"],
  graph: [["graph"], "commander picocolors fastest-levenshtein zod ip-address @dagrejs/graphlib"],
  list: [["list"], "commander picocolors cli-table3 fastest-levenshtein zod ip-address"],
  synth: [
    ["synth"],
    "commander picocolors cli-table3 fastest-levenshtein zod ip-address yaml @grafana/grafana-foundation-sdk cdktf constructs @cdktf/provider-openstack",
  ],
};
const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const ours = Object.keys({ ...dependencies, ...peerDependencies });

/** @param {readonly string[]} args @returns {readonly string[]} */
function loaded(args) {
  const file = join(folder, "loaded.json");
  run("node", ["--require", told, "cli/databridge.mjs", ...args], { env: { TOLD: file, CDKTF_OUTDIR: out } });
  return JSON.parse(readFileSync(file, "utf8"));
}
/** The package of a file; "" for what we compiled. @param {string} file */
const packageOf = (file) =>
  file.startsWith(compiled)
    ? ""
    : file.includes("/packages/provider-openstack/")
      ? "@cdktf/provider-openstack"
      : (/.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? file);

/** @type {Record<string, number>} */
const ms = interleaved(times, {
  node: () => timed("node", ["--eval", ""]),
  ...Object.fromEntries(
    Object.entries(commands).map(([name, [args]]) => [
      name,
      () => timed("node", ["cli/databridge.mjs", ...args], { env: { CDKTF_OUTDIR: out } }),
    ]),
  ),
});
/** @type {string[]} */
const needless = [];
const rows = Object.entries(commands).map(([name, [args, allowed]]) => {
  const files = loaded(args).filter((file) => file !== told);
  const count = (/** @type {(of: string) => boolean} */ counts) =>
    files.filter((file) => counts(packageOf(file))).length;
  const direct = ours.filter((each) => count((of) => of === each) > 0);
  needless.push(...direct.filter((each) => !allowed.split(" ").includes(each)).map((each) => `${name} ${each}`));
  needless.push(...files.filter((file) => file.endsWith("provider-openstack/lib/index.js")));
  const shares = direct.map((each) => `${each} ${count((of) => of === each)}`).join(", ");
  const others = count((of) => of !== "" && !ours.includes(of));
  return [name, shown(ms[name] ?? 0), String(count((of) => of === "")), String(others), shares];
});
table(`Start-up, ms, medians of ${times}; files that are loaded`, [
  ["", "ms", "ours", "of others' dependencies", "of our dependencies"],
  ["node", shown(ms.node ?? 0)],
  ...rows,
]);
console.log(`\n  ${verdict(needless.length === 0, "no library that a command does not need, no index of a provider")}`);
for (const each of needless) console.log(`  ${each}`);
