// Synthesis of all sites against the floor: the same resources written with raw bindings. Both bundled, each in a process of
// its own, timed inside: from the site files, or the first resource, to the last file.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../cli/prepare.mjs";
import { bundle, folder, interleaved, run, shown, table, verdict } from "./bench.mjs";
import { floorProgram } from "./floor.mjs";

const times = 15;

/** @param {string} outdir @returns {ReadonlyMap<string, any>} */
const stacksIn = (outdir) =>
  new Map(
    readdirSync(join(outdir, "stacks")).map((name) => [
      name,
      JSON.parse(readFileSync(join(outdir, "stacks", name, "cdk.tf.json"), "utf8")),
    ]),
  );

const sites = readdirSync(join(root, "sites")).filter((file) => file.endsWith(".ts"));
const from = (/** @type {string} */ file) => JSON.stringify(join(root, file));
const measured = (/** @type {string} */ work) => `
const [outdir, traces] = process.argv.slice(2);
const begun = performance.now();
${work}
console.log(JSON.stringify({ ms: performance.now() - begun, description: described - begun }));
`;
writeFileSync(
  join(folder, "ours.ts"),
  `import { main } from ${from("main")};
import { gather } from ${from("model/gather")};
import { production, readLocks } from ${from("engine/world")};
import { withoutTraces } from ${from("engine/traces")};
${measured(`const sites = [${sites.map((file) => `require(${from(`sites/${file}`)})`).join(", ")}].map((site) => site.default);
const { registers, problems } = gather(sites, readLocks(production(${from("")})));
if (problems.length > 0) throw new Error(JSON.stringify(problems));
const described = performance.now();
if (traces === "off") withoutTraces(() => main(registers, outdir));
else main(registers, outdir);`)}`,
);
const ours = bundle(join(folder, "ours.ts"), "ours");
run("node", [ours, join(folder, "ours-out"), "off"]);

writeFileSync(join(folder, "floor-stacks.ts"), floorProgram(stacksIn(join(folder, "ours-out"))));
writeFileSync(
  join(folder, "floor.ts"),
  `import { App } from "cdktf";
import { withoutTraces } from ${from("engine/traces")};
import { build } from "./floor-stacks";
${measured(`const described = begun;
const work = () => {
  const app = new App({ outdir, stackTraces: false });
  build(app);
  app.synth();
};
if (traces === "off") withoutTraces(work);
else work();`)}`,
);
const floor = bundle(join(folder, "floor.ts"), "floor");

/** Stacks without the paths of constructs, in which the two differ. @param {string} outdir */
const bare = (outdir) => JSON.stringify([...stacksIn(outdir)].map(([name, stack]) => [name, ordered(stack)]));
/** @param {any} value @returns {any} */
const ordered = (value) =>
  Array.isArray(value)
    ? value.map(ordered)
    : typeof value === "object" && value
      ? Object.fromEntries(
          Object.entries(value)
            .filter(([key]) => key !== "//")
            .sort()
            .map(([key, item]) => [key, ordered(item)]),
        )
      : value;
run("node", [floor, join(folder, "floor-out"), "off"]);
if (bare(join(folder, "ours-out")) !== bare(join(folder, "floor-out")))
  throw new Error("the floor writes something else");

/** @type {number[]} */
const descriptions = [];
const measure = (/** @type {string} */ program, /** @type {string} */ traces) => () => {
  const { ms, description } = JSON.parse(run("node", [program, join(folder, "out"), traces]));
  if (program === ours && traces === "off") descriptions.push(description);
  return ms;
};
const ms = interleaved(times, {
  ours: measure(ours, "off"),
  floor: measure(floor, "off"),
  oursTraced: measure(ours, "on"),
  floorTraced: measure(floor, "on"),
});
const row = (/** @type {string} */ what, /** @type {number} */ a, /** @type {number} */ b, target = "") => [
  what,
  shown(a),
  shown(b),
  `${(a / b).toFixed(2)}×`,
  target,
];
table(`Synthesis of ${stacksIn(join(folder, "out")).size} stacks, ms, medians of ${times}`, [
  ["", "ours", "floor", "ratio", ""],
  row("both without traces, as main.ts runs", ms.ours, ms.floor, verdict(ms.ours <= 1.1 * ms.floor, "at most 1.1×")),
  row("both with traces, cdktf's default", ms.oursTraced, ms.floorTraced),
  row(
    "ours without, the floor as cdktf does it by default",
    ms.ours,
    ms.floorTraced,
    verdict(ms.ours < ms.floorTraced, "below"),
  ),
]);
console.log(
  `\n  of ours, reading and checking the description: ${shown(descriptions.sort((a, b) => a - b)[descriptions.length >> 1] ?? 0)} ms`,
);
