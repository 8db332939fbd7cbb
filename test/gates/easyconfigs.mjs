#!/usr/bin/env node
// EasyBuild reads the easyconfigs that are rendered of all installations of all sites: it parses them, resolves what they need,
// and holds them against what its maintainers ask of a contribution. It builds nothing.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../cli/prepare.mjs";
import { easyBuild } from "./easyconfigs/easybuild.mjs";
import { Gate, run, Skipped } from "./gate.mjs";

/** @typedef {import("./easyconfigs/easybuild.mjs").Easyconfigs} Easyconfigs */

/** Of a folder that has one for each installation. @param {string} folder @returns {ReadonlyMap<string, Easyconfigs>} */
function rendered(folder) {
  const of = (/** @type {string} */ installation) => {
    const names = readdirSync(join(folder, installation)).filter((name) => name.endsWith(".eb"));
    return new Map(names.map((name) => [name, readFileSync(join(folder, installation, name), "utf8")]));
  };
  return new Map(readdirSync(folder).map((installation) => [installation, of(installation)]));
}

/**
 * As few sets as there can be without two texts for one name: EasyBuild takes seconds to start.
 * @param {Iterable<Easyconfigs>} installations
 */
function together(installations) {
  /** @type {Map<string, string>[]} */
  const sets = [];
  for (const easyconfigs of installations) {
    const fits = (/** @type {Easyconfigs} */ set) =>
      [...easyconfigs].every(([name, text]) => (set.get(name) ?? text) === text);
    const set = sets.find(fits) ?? sets[sets.push(new Map()) - 1];
    for (const [name, text] of easyconfigs) set?.set(name, text);
  }
  return sets;
}

const gate = new Gate();
const templates = join(root, "hpc", "easyconfigs");
const files = readdirSync(templates).filter((name) => name.endsWith(".eb"));
const [folder = ""] = process.argv.slice(2);
const installations = existsSync(folder) ? rendered(folder) : new Map();
const sets = together(installations.values());
const needed = () => {
  if (installations.size === 0) throw new Skipped("no folder of rendered easyconfigs was given");
};

gate.check("a template is valid Python, and its last line says what was seen of it", () => {
  const program = "import ast, sys\nfor file in sys.argv[1:]: ast.parse(open(file).read(), file)";
  run("python3", ["-c", program, ...files.map((name) => join(templates, name))]);
  const silent = files.filter(
    (name) =>
      !/\n# (built|parsed only|version not verified)(:.*)?\n$/.test(readFileSync(join(templates, name), "utf8")),
  );
  if (files.length === 0 || silent.length > 0) throw new Error(silent.join(", ") || "there are none");
});

gate.check("no word of a template is left in what is rendered of it", () => {
  needed();
  for (const [installation, easyconfigs] of installations)
    for (const [name, text] of easyconfigs) {
      const [word] = /@[\w.+-]+@/.exec(text) ?? [];
      if (word) throw new Error(`${installation}: ${name} has ${word}`);
    }
});

gate.check("EasyBuild parses every easyconfig, and finds all that it needs", () => {
  needed();
  for (const set of sets) {
    const said = easyBuild(gate.folder, set, ["--dry-run"]);
    const missing = [...set.keys()].filter((name) => !said.includes(`/${name} (module: `));
    if (missing.length > 0) throw new Error(`not told of: ${missing.join(", ")}`);
  }
});

gate.check("they could be offered to EasyBuild: style, checksums", () => {
  needed();
  for (const set of sets) easyBuild(gate.folder, set, ["--check-contrib"]);
});

/** @type {readonly (readonly [string, (text: string) => string, string, RegExp])[]} */
const faults = [
  ["a misspelt key", (text) => text.replace("builddependencies", "builddependancies"), "--dry-run", /typos/],
  ["a key that it does not know", (text) => `${text}wibble = 1\n`, "--dry-run", /unknown.*wibble/],
  [
    "a dependency that nobody has",
    (text) => text.replace("('ecBuild', '", "('ecBuild', '9"),
    "--dry-run",
    /Missing.*ecBuild/,
  ],
  [
    "a toolchain that it does not know",
    (text) => text.replace(/^toolchain = .*/m, "toolchain = {'name': 'fos', 'version': '1'}"),
    "--dry-run",
    /fos not found/,
  ],
  [
    "a toolchain of a version that is not",
    (text) => text.replace(/^toolchain = .*/m, "toolchain = {'name': 'foss', 'version': '1999a'}"),
    "--dry-run",
    /Missing.*foss\/1999a/,
  ],
  [
    "a source without a checksum",
    (text) => text.replace(/^checksums = .*/m, "checksums = []"),
    "--check-contrib",
    /Checksums missing/,
  ],
  ["a line too long", (text) => text.replace(/^name = .*/m, `$&  # ${"x".repeat(120)}`), "--check-contrib", /E501/],
];
for (const [what, spoil, check, told] of faults)
  gate.check(`EasyBuild finds ${what}`, () => {
    needed();
    const [name, text] = sets.flatMap((set) => [...set]).find(([name]) => name.startsWith("eckit-")) ?? [];
    if (!name || !text) throw new Error("no eckit, to spoil");
    const spoiled = new Map([[name, spoil(text)]]);
    if (spoiled.get(name) === text) throw new Error("nothing was spoiled");
    let found = "";
    try {
      easyBuild(gate.folder, spoiled, [check]);
    } catch (error) {
      found = String(error);
    }
    if (!told.test(found)) throw new Error(`it says: ${found || "nothing"}`);
  });
gate.done();
