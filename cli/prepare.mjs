// Makes a checkout ready to run: packages, generated bindings, compiled sources; each only if it is not there already.
// Plain JavaScript on Node alone, since nothing else may be installed yet.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bindings = join(root, "packages", "provider-openstack");
/** The rooms whose TypeScript the command runs. */
const rooms = ["model", "sites", "stacks", "constructs", "engine", "operate", "cli"];

/** Thrown for what a person has to mend; its message is all that they need to see. */
export class Unprepared extends Error {}

/** Installs what the lock file says, unless it is installed. */
export function install() {
  if (isInstalled()) return;
  step("installing packages", "npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
}

/** Makes the OpenStack bindings of the provider's schema, unless they are current. */
export async function generate() {
  const { isCurrent } = await import(pathToFileURL(join(bindings, "stamp.mjs")).href);
  if (!isCurrent()) step("generating OpenStack bindings", process.execPath, [join(bindings, "generate.mjs")]);
}

/**
 * Compiles all sources, unless they are compiled.
 * @returns the folder of the compiled files; it bears a digest of the sources, so it is never out of date or half written
 */
export function compile() {
  const files = [join(root, "main.ts"), ...rooms.flatMap((room) => sourcesIn(join(root, room)))];
  const hash = createHash("sha256").update(readFileSync(fileURLToPath(import.meta.url)));
  for (const file of files) hash.update(relative(root, file)).update("\0").update(readFileSync(file)).update("\0");
  const builds = join(root, ".build");
  const outdir = join(builds, hash.digest("hex").slice(0, 16));
  if (existsSync(outdir)) return outdir;

  /** @type {import("esbuild")} */
  const esbuild = createRequire(import.meta.url)("esbuild");
  const temporary = `${outdir}.${process.pid}`;
  /** @type {import("esbuild").BuildOptions} */
  const options = { outdir: temporary, outbase: root, platform: "node", format: "cjs", target: "node20" };
  try {
    esbuild.buildSync({ ...options, entryPoints: files, sourcemap: true, absWorkingDir: root, logLevel: "silent" });
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    const { errors } = /** @type {import("esbuild").BuildFailure} */ (error);
    throw new Unprepared(esbuild.formatMessagesSync(errors, { kind: "error", color: false }).join(""));
  }
  for (const old of readdirSync(builds))
    if (isOld(join(builds, old))) rmSync(join(builds, old), { recursive: true, force: true });
  if (existsSync(outdir)) rmSync(temporary, { recursive: true, force: true });
  else renameSync(temporary, outdir);
  return outdir;
}

const hour = 3_600_000;
/** @param {string} path */
const isOld = (path) => Date.now() - statSync(path).mtimeMs > hour;

/** @param {string} folder */
const sourcesIn = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts"))
        .sort()
        .map((file) => join(folder, file))
    : [];

/** npm keeps a list of what it installed; compared with what it should install, it tells. */
function isInstalled() {
  const list = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(list)) return false;
  const installed = JSON.parse(readFileSync(list, "utf8")).packages;
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional, link }]) =>
      !path.startsWith("node_modules/") || link || optional || installed[path]?.version === version,
  );
}

/**
 * One line for a step that takes long; its own output only if it fails.
 * @param {string} what
 * @param {string} command
 * @param {readonly string[]} args
 */
function step(what, command, args) {
  process.stderr.write(`${what} … `);
  const start = Date.now();
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: root, encoding: "utf8" });
  process.stderr.write(`${status === 0 ? "done" : "failed"} in ${((Date.now() - start) / 1000).toFixed(0)} s\n`);
  if (status !== 0) throw new Unprepared(`${command} ${args.join(" ")}\n${error?.message ?? ""}${stdout}${stderr}`);
}

mkdirSync(join(root, ".build"), { recursive: true });
