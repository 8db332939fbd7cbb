import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { BuildFailure } from "esbuild";
import { projectRoot, type ReadSites, readSites } from "../engine/world";
import type { Problem } from "../model/words/problem";

/** In a checkout of ours sites are compiled with the program. Elsewhere the package is installed, and sites are somebody's. */
const compiled = join(__dirname, "..", "sites");
const ours = existsSync(compiled);

/** The folder of the project: our checkout, or that in which the command is called. */
export const root = ours ? projectRoot(__dirname) : process.cwd();

/** Loads the site files of the project. */
export const readOwnSites = (): ReadSites => (ours ? readSites(compiled, root) : readCompiling(join(root, "sites")));

/** Compiles site files, each with what it imports from its own repository, and loads them. */
function readCompiling(folder: string): ReadSites {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => /^[^.]+\.[jt]s$/.test(file)) : [];
  if (files.length === 0)
    return { sites: [], problems: [{ path: "sites", value: 0, allowed: "site files", fix: "write sites/<site>.ts" }] };
  // Inside the project, so that what they import from packages is found.
  const cache = join(root, "node_modules", ".cache", "data-bridge-cdk");
  mkdirSync(cache, { recursive: true });
  const outdir = mkdtempSync(join(cache, "sites-"));
  try {
    const problems = files.flatMap((file) => compile(join(folder, file), outdir));
    const read = readSites(outdir, root);
    return { sites: read.sites, problems: [...problems, ...read.problems] };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

function compile(file: string, outdir: string): readonly Problem[] {
  // Loaded late: our own checkout needs no compiler here.
  const { buildSync } = require("esbuild") as typeof import("esbuild");
  try {
    buildSync({
      entryPoints: [file],
      outdir,
      absWorkingDir: root,
      bundle: true,
      packages: "external",
      platform: "node",
      format: "cjs",
      target: "node20",
      sourcemap: "inline",
      logLevel: "silent",
    });
    return [];
  } catch (error) {
    const site = /([^\\/]+)\.[jt]s$/.exec(file)?.[1] ?? file;
    return (error as BuildFailure).errors.map(({ text, location }) => {
      const at = location ? `${location.file}:${location.line}` : file;
      return { path: site, value: text, allowed: "a file that compiles", fix: `mend ${at}` };
    });
  }
}
