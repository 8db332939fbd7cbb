#!/usr/bin/env node
// EasyBuild reads the easyconfigs that are rendered of all installations of all sites: it parses them, resolves what they need,
// and holds them against what its maintainers ask of a contribution. It builds nothing.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { compile, root } from "../../cli/prepare.mjs";
import { easyBuild } from "./easyconfigs/easybuild.mjs";
import { Gate, run } from "./gate.mjs";

/** @typedef {import("./easyconfigs/easybuild.mjs").Easyconfigs} Easyconfigs */

const load = createRequire(join(compile(), "main.js"));
/** @type {typeof import("../../model/gather.js")} */
const { gather } = load("./model/gather.js");
/** @type {typeof import("../../cli/project/project.js")} */
const { readOwnSites } = load("./cli/project/project.js");
/** @type {typeof import("../../constructs/modules/installation.js")} */
const { installationsOf } = load("./constructs/modules/installation.js");

/** Of each installation of each site. @returns {ReadonlyMap<string, Easyconfigs>} */
function rendered() {
  const { registers } = gather(readOwnSites().sites);
  const all = registers.places.flatMap((place) =>
    place.modules.flatMap(({ said }) =>
      installationsOf(said, place).map((each) => ({
        ...each,
        at: `${place.id} ${each.cycle} ${each.target}`,
      })),
    ),
  );
  const isEasyconfig = (/** @type {readonly [string, string]} */ [name]) => name.startsWith("easyconfigs/");
  return new Map(
    all.map(({ at, files }) => [
      at,
      new Map(
        Object.entries(files)
          .filter(isEasyconfig)
          .map(([name, text]) => [name.slice("easyconfigs/".length), text]),
      ),
    ]),
  );
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
const installations = rendered();
const sets = together(installations.values());

gate.check("there are installations to be read", () => {
  if (installations.size < 10) throw new Error([...installations.keys()].join(", "));
});

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
  for (const [installation, easyconfigs] of installations)
    for (const [name, text] of easyconfigs) {
      const [word] = /@[\w.+-]+@/.exec(text) ?? [];
      if (word) throw new Error(`${installation}: ${name} has ${word}`);
    }
});

gate.check("EasyBuild parses every easyconfig, and finds all that it needs", () => {
  for (const set of sets) {
    const said = easyBuild(gate.folder, set, ["--dry-run"]);
    const missing = [...set.keys()].filter((name) => !said.includes(`/${name} (module: `));
    if (missing.length > 0) throw new Error(`not told of: ${missing.join(", ")}`);
  }
});

gate.check("they could be offered to EasyBuild: style, checksums", () => {
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
