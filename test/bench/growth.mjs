// How time and memory grow with the number of sites: home, and variations of one bridge, each a file with names, domains and a
// network of its own. Bundled, each number in a process of its own, timed inside: from the site files to the last file.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../cli/prepare.mjs";
import { bundle, folder, interleaved, median, run, shown, table, verdict } from "./bench.mjs";

const times = 5;
const sizes = /** @type {const} */ ([4, 50, 500]);

const bridge = readFileSync(join(root, "sites", "leonardo.ts"), "utf8").replaceAll('"../', `"${root}/`);
/** @param {number} i */
const variation = (i) =>
  bridge
    .replaceAll("leonardo", `bridge-${i}`)
    .replace(/cidr: "[^"]+"/, `cidr: "10.${128 + (i >> 6)}.${(i & 63) * 4}.0/22"`);

/** @param {number} size */
function program(size) {
  for (let i = 1; i < size; i += 1) writeFileSync(join(folder, `bridge-${i}.ts`), variation(i));
  const bridges = Array.from({ length: size - 1 }, (_, i) => `require("./bridge-${i + 1}")`);
  const from = (/** @type {string} */ file) => JSON.stringify(join(root, file));
  const entry = join(folder, `sites-${size}.ts`);
  writeFileSync(
    entry,
    `import { main } from ${from("main")};
import { gather } from ${from("model/gather")};
import { withoutTraces } from ${from("engine/traces")};
const begun = performance.now();
const sites = [require(${from("sites/home")}), ${bridges.join(", ")}].map((site) => site.default);
const { registers, problems } = gather(sites);
if (problems.length > 0) throw new Error(JSON.stringify(problems.slice(0, 5)));
const described = performance.now();
const outputs = withoutTraces(() => main(registers, process.argv[2]));
const ms = performance.now() - begun;
const { maxRSS } = process.resourceUsage();
console.log(JSON.stringify({ ms, description: described - begun, stacks: outputs.length, peak: maxRSS / 1024 }));
`,
  );
  return bundle(entry, `sites-${size}`);
}

/** @type {Record<string, number[]>} */
const seen = {};
const ms = interleaved(
  times,
  Object.fromEntries(
    sizes.map((size) => {
      const file = program(size);
      const out = join(folder, `out-${size}`);
      return [
        size,
        () => {
          const measured = JSON.parse(run("node", [file, out]));
          if (measured.stacks !== size) throw new Error(`${measured.stacks} stacks of ${size} sites`);
          for (const what of ["description", "peak"]) {
            seen[`${what} ${size}`] ??= [];
            seen[`${what} ${size}`]?.push(measured[what]);
          }
          return measured.ms;
        },
      ];
    }),
  ),
);
const middle = (/** @type {string} */ what) => median(seen[what] ?? []);
table(`Growth with the number of sites, medians of ${times}`, [
  ["sites", "ms", "ms a site", "description, ms", "peak, MiB", "more MiB a site"],
  ...sizes.map((size, i) => {
    const smaller = sizes[i - 1];
    const more = smaller && (middle(`peak ${size}`) - middle(`peak ${smaller}`)) / (size - smaller);
    return [
      String(size),
      shown(ms[size] ?? 0),
      shown((ms[size] ?? 0) / size),
      shown(middle(`description ${size}`)),
      shown(middle(`peak ${size}`)),
      more ? shown(more) : "",
    ];
  }),
]);
const ratio = (ms[500] ?? 0) / (ms[50] ?? 0);
console.log(`\n  500 sites take ${ratio.toFixed(2)} times as long as 50 · ${verdict(ratio <= 10.5, "within 10.5")}`);
