#!/usr/bin/env node
// The same bytes on every machine: from another folder, in another time zone and language, by another version of Node.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../../cli/prepare.mjs";
import { cache, Gate, run, Skipped } from "./gate.mjs";

const gate = new Gate();

/**
 * A digest of every file of a synthesis, by its path.
 * @param {string} name
 * @param {{ folder?: string, node?: string, env?: Record<string, string> }} how
 * @returns {string}
 */
function bytes(name, { folder = root, node = process.execPath, env = {} } = {}) {
  const out = join(gate.folder, "out", name);
  mkdirSync(dirname(out), { recursive: true });
  run(node, [join(folder, "cli", "databridge.mjs"), "synth"], { cwd: folder, env: { ...env, CDKTF_OUTDIR: out } });
  const files = readdirSync(out, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.json$|^hosts\//.test(file) && statSync(join(out, file)).isFile())
    .sort();
  if (files.length < 11) throw new Error(`only ${files.length} files`);
  return files
    .map(
      (file) =>
        `${file} ${createHash("sha256")
          .update(readFileSync(join(out, file)))
          .digest("hex")}`,
    )
    .join("\n");
}

/** The tracked files of this checkout, elsewhere. */
function copy() {
  const folder = join(gate.folder, "another folder", "ü");
  for (const file of run("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).split("\0")) {
    if (file === "" || file.startsWith("packages/") || !existsSync(join(root, file))) continue;
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  for (const part of ["node_modules", "packages"]) symlinkSync(join(root, part), join(folder, part));
  return folder;
}

/** @param {string} version */
function nodeOf(version) {
  const folder = join(cache, `node-${version}`);
  const program = join(folder, "node_modules", `node-${process.platform}-${process.arch}`, "bin", "node");
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    const args = ["install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", folder];
    spawnSync("npm", [...args, `node-${process.platform}-${process.arch}@${version}`], { cwd: folder });
  }
  if (!existsSync(program)) throw new Skipped(`no Node ${version} for this machine in the registry`);
  return program;
}

const first = bytes("first");
/**
 * @param {string} what
 * @param {() => Parameters<typeof bytes>[1]} how
 */
const same = (what, how) =>
  gate.check(`the same bytes ${what}`, () => {
    const [a, b] = [first.split("\n"), bytes(what.replaceAll(" ", "-"), how()).split("\n")];
    const differ = [...a.filter((line) => !b.includes(line)), ...b.filter((line) => !a.includes(line))];
    if (differ.length > 0) throw new Error(differ.join("\n"));
  });

same("a second time", () => ({}));
same("from another folder", () => ({ folder: copy() }));
same("in another time zone", () => ({ env: { TZ: "Pacific/Chatham" } }));
same("in another language", () => ({ env: { LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" } }));
same("without a language", () => ({ env: { LANG: "", LC_ALL: "C" } }));
for (const version of ["22", "24"]) same(`by Node ${version}`, () => ({ node: nodeOf(version) }));

gate.done();
