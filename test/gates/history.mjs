#!/usr/bin/env node
// databridge review of every change that this repository's synthesized/ has had: a packet names every resource that differs,
// and beside them only what follows from one. What differs is told here by a comparison of the JSON alone.
import { isDeepStrictEqual } from "node:util";
import { root } from "../../cli/prepare.mjs";
import { Gate, run, Skipped } from "./gate.mjs";

const gate = new Gate();
const folder = "synthesized/stacks";
const git = (/** @type {string[]} */ ...args) => run("git", args, { cwd: root }).trim();
const lines = (/** @type {string} */ text) => text.split("\n").filter(Boolean);

/** @param {string} commit @returns {Map<string, unknown>} blocks by stack and address */
function blocksAt(commit) {
  const files = lines(git("ls-tree", "-r", "--name-only", commit, "--", folder));
  return new Map(
    files.flatMap((file) => {
      const stack = file.replace(/^.*\/|\.json$/g, "");
      const { resource = {} } = JSON.parse(git("show", `${commit}:${file}`));
      return Object.entries(resource).flatMap(([type, named]) =>
        Object.entries(named).map(([name, block]) => /** @type {const} */ ([`${stack} ${type}.${name}`, block])),
      );
    }),
  );
}

/** @param {string} base @param {string} head */
function differing(base, head) {
  const [before, after] = [blocksAt(base), blocksAt(head)];
  const keys = [...new Set([...before.keys(), ...after.keys()])];
  return keys.filter((key) => !isDeepStrictEqual(before.get(key), after.get(key))).sort();
}

/** Resources that a packet names; of equal changes the first stack's. @param {string} base @param {string} head */
function named(base, head) {
  const args = ["cli/databridge.mjs", "review", "--base", base, "--head", head, "--json"];
  const { entries, verdict } = JSON.parse(run("node", args, { cwd: root }));
  const isResource = (/** @type {string} */ address) => /^\w+_\w+\./.test(address);
  const places = entries.flatMap((/** @type {{ stacks: string[], addresses: string[] }} */ { stacks, addresses }) =>
    stacks.flatMap((stack) => addresses.filter(isResource).map((address) => `${stack} ${address}`)),
  );
  return { places: places.sort(), verdict };
}

const commits = lines(git("log", "--first-parent", "--format=%H %s", "--", folder));
// The first one made all; a shallow clone does not know what was before.
const known = commits.filter((line) => {
  const [commit = ""] = line.split(" ");
  return lines(git("rev-list", "--parents", "-n", "1", commit).replace(/ /g, "\n")).length > 1;
});
if (known.length === 0)
  gate.check("changes of synthesized/ in the history", () => {
    throw new Skipped("the clone has no history");
  });
for (const line of known) {
  const [, commit = "", subject = ""] = /^(\w+) (.*)$/.exec(line) ?? [];
  gate.check(`${commit.slice(0, 7)} ${subject}`, () => {
    const base = `${commit}~1`;
    const expected = differing(base, commit);
    const { places, verdict } = named(base, commit);
    const through = places.filter((/** @type {string} */ place) => !expected.includes(place));
    const missing = expected.filter((place) => !places.includes(place));
    const counts = Object.entries(verdict).flatMap(([level, count]) => (count ? [`${count} ${level}`] : []));
    if (missing.length > 0) throw new Error(`not named: ${missing.join(", ")}`);
    console.log(`  ${expected.length} differ, ${through.length} follow · ${counts.join(" · ")}`);
  });
}
gate.done();
