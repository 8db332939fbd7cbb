// Makes a checkout ready to run: packages, generated bindings, compiled sources; each only if it is not there already.
// Plain JavaScript on Node alone, since nothing else may be installed yet.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { exclusively } from "./exclusive.mjs";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bindings = join(root, "packages", "provider-openstack");
/** The rooms whose TypeScript the command runs. */
const rooms = ["model", "sites", "stacks", "constructs", "engine", "policy", "operate", "review", "sandbox", "cli"];

const builds = join(root, ".build");

/** Thrown for what a person has to mend; its message is all that they need to see. */
export class Unprepared extends Error {
  /** @param {string} message @param {readonly object[]} problems the same, for `--json` */
  constructor(
    message,
    problems = [{ path: ".", value: message, allowed: "a checkout that can be made ready", fix: "mend it" }],
  ) {
    super(message);
    this.problems = problems;
  }
}

/** Installs what the lock file says, and makes the OpenStack bindings of the provider's schema, unless all is there. */
export async function prepare() {
  const { isCurrent } = await import(pathToFileURL(join(bindings, "stamp.mjs")).href);
  if (isInstalled() && isCurrent()) return;
  await exclusively(join(builds, "preparing"), () => {
    // Somebody else may have done it while we waited.
    if (!isInstalled()) {
      refuseLink(join(root, "node_modules"));
      step("installing packages", "npm", npm);
    }
    if (!isCurrent()) step("generating OpenStack bindings", process.execPath, [join(bindings, "generate.mjs")]);
  });
}

/** npm would empty the folder to which a link leads, and that is somebody else's. @param {string} folder */
function refuseLink(folder) {
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink())
    throw new Unprepared(
      `${folder} is a link to a folder that lacks what package-lock.json says: npm ci where that is, or remove the link`,
    );
}

/** Without a way to the registry it fails in seconds. */
const npm = [
  "ci",
  "--ignore-scripts",
  "--no-audit",
  "--no-fund",
  "--loglevel=error",
  "--fetch-retries=2",
  "--fetch-retry-mintimeout=1000",
  "--fetch-retry-maxtimeout=3000",
];

/**
 * Compiles all sources, unless they are compiled.
 * @returns the folder of the compiled files; it bears a digest of the sources, so it is never out of date or half written
 */
export function compile() {
  const files = [join(root, "main.ts"), ...rooms.flatMap((room) => sourcesIn(join(root, room)))];
  const hash = createHash("sha256").update(readFileSync(fileURLToPath(import.meta.url)));
  for (const file of files) hash.update(relative(root, file)).update("\0").update(readFileSync(file)).update("\0");
  const outdir = join(builds, hash.digest("hex").slice(0, 16));
  mkdirSync(builds, { recursive: true });
  if (existsSync(outdir)) {
    const now = new Date();
    utimesSync(outdir, now, now); // the last ones used are kept
    return outdir;
  }

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
    const problems = errors.map(({ text, location }) => {
      const path = location ? `${location.file}:${location.line}` : ".";
      return { path, value: text, allowed: "a file that compiles", fix: `mend ${path}` };
    });
    throw new Unprepared(esbuild.formatMessagesSync(errors, { kind: "error", color: false }).join(""), problems);
  }
  try {
    renameSync(temporary, outdir);
  } catch (error) {
    // Somebody else was faster, with the same files.
    if (!existsSync(outdir)) throw error;
    rmSync(temporary, { recursive: true, force: true });
  }
  removeOld();
  return outdir;
}

/** Keeps the builds that were used last: another command may still load from one of them. */
function removeOld() {
  const found = readdirSync(builds)
    .filter((name) => /^[0-9a-f]{16}(\.\d+)?$/.test(name))
    .map((name) => ({
      path: join(builds, name),
      used: statSync(join(builds, name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
    }))
    .sort((a, b) => b.used - a.used);
  for (const { path } of found.slice(kept)) rmSync(path, { recursive: true, force: true });
}

const kept = 4;

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
  // npm is a script on Windows, which only a shell starts; no argument of ours needs quoting.
  const shell = process.platform === "win32" && command === "npm";
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: root, encoding: "utf8", shell });
  process.stderr.write(`${status === 0 ? "done" : "failed"} in ${((Date.now() - start) / 1000).toFixed(0)} s\n`);
  if (status === 0) return;
  const said = `${error?.message ?? ""}${stdout}${stderr}`.trim().split("\n").slice(-lines).join("\n");
  throw new Unprepared(`${command} ${args.join(" ")}\n${said}`);
}

/** What a person reads of a failed command. */
const lines = 30;
