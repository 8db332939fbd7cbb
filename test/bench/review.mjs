// How long a review takes, by the number of sites, of which each has the same change; in a process of its own, timed inside:
// from the text of both trees to the comment.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../cli/prepare.mjs";
import { compiled, folder, interleaved, median, run, shown, table } from "./bench.mjs";

const times = 5;
const sizes = /** @type {const} */ ([4, 50, 200]);

const stack = readFileSync(join(root, "synthesized", "stacks", "leonardo-production-tenancy.json"), "utf8");
writeFileSync(join(folder, "stack.json"), stack);
const program = join(folder, "review.cjs");
const load = (/** @type {string} */ file) => `require(${JSON.stringify(join(compiled, file))})`;
writeFileSync(
  program,
  `const { readFileSync } = require("node:fs");
const { providerFacts } = ${load("cli/provider-facts.js")};
const { compare } = ${load("review/compare.js")};
const { packetMarkdown } = ${load("review/markdown.js")};
const { packetOf } = ${load("review/packet.js")};
const { readStack } = ${load("review/stack.js")};
const text = readFileSync(${JSON.stringify(join(folder, "stack.json"))}, "utf8");
const names = Array.from({ length: Number(process.argv[2]) }, (_, i) => "site" + i);
const texts = (edit) => names.map((name) => [name + "-production-tenancy", edit(text.replaceAll("leonardo", name))]);
const [before, after] = [texts((each) => each), texts((each) => each.replaceAll('"medium"', '"large"'))];
const begun = performance.now();
const treeOf = (all) => new Map(all.map(([name, json]) => [name, readStack(JSON.parse(json))]));
const [base, head] = [treeOf(before), treeOf(after)];
const changes = compare(base, head, providerFacts());
const stages = [{ cause: "code", tree: base }, { cause: "site file", tree: head }];
const packet = packetOf({ base: { ref: "a", tree: base }, head: { ref: "b", tree: head }, changes, stages });
const comment = packetMarkdown(packet).length;
const ms = performance.now() - begun;
console.log(JSON.stringify({ ms, entries: packet.entries.length, comment, peak: process.resourceUsage().maxRSS / 1024 }));
`,
);
/** @type {Record<string, { entries: number, comment: number, peak: number[] }>} */
const seen = {};
/** @type {Record<string, number>} */
const ms = interleaved(
  times,
  Object.fromEntries(
    sizes.map((size) => [
      size,
      () => {
        const { ms, entries, comment, peak } = JSON.parse(run("node", [program, String(size)]));
        seen[size] = { entries, comment, peak: [...(seen[size]?.peak ?? []), peak] };
        return ms;
      },
    ]),
  ),
);
table(`Review of one change at many sites, medians of ${times}`, [
  ["sites", "ms", "ms a site", "peak, MiB", "entries", "characters of the comment"],
  ...sizes.map((size) => [
    String(size),
    shown(ms[size] ?? 0),
    shown((ms[size] ?? 0) / size),
    shown(median(seen[size]?.peak ?? [])),
    String(seen[size]?.entries),
    String(seen[size]?.comment),
  ]),
]);
