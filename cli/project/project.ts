import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { BuildFailure } from "esbuild";
import * as specs from "../../constructs/specs";
import { projectRoot, type ReadSites, readSites } from "../../engine/world";
import * as vocabulary from "../../model/vocabulary";
import type { Problem } from "../../model/words/problem";

/** In a checkout of ours sites are compiled with the program. Elsewhere the package is installed, and sites are somebody's. */
const compiled = join(__dirname, "..", "..", "sites");
const ours = existsSync(compiled);

/** The folder of the project: our checkout, or that in which the command is called. */
export const root = ours ? projectRoot(__dirname) : process.cwd();

/** Loads the site files of the project. */
export const readOwnSites = (): ReadSites =>
  ours ? readSites(compiled, root, words()) : readCompiling(join(root, "sites"));

/** What site files are written with. */
const words = (): readonly string[] => [...Object.keys(vocabulary), ...Object.keys(specs)];

/**
 * Loads site files of another version of the project, by the code that is here.
 * @param files texts of all files below its folder of sites, by their path there
 */
export function readSitesOf(files: ReadonlyMap<string, string>): ReadSites {
  // Beside the folder of sites, so that what they import is found: compiled code, or packages.
  // Of its own each time: a module that was loaded from a path is not loaded again.
  const folder = mkdtempSync(ours ? `${compiled}.` : join(root, ".sites."));
  try {
    const problems = [...files].flatMap(([path, text]) => written(join(folder, path), text));
    if (problems.length > 0) return { sites: [], problems };
    return ours ? readSites(folder, root) : readCompiling(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes a file as it can be loaded. @returns why it cannot */
function written(file: string, text: string): readonly Problem[] {
  mkdirSync(dirname(file), { recursive: true });
  if (!ours || !file.endsWith(".ts")) {
    writeFileSync(file, text);
    return [];
  }
  const { transformSync } = require("esbuild") as typeof import("esbuild");
  try {
    const { code } = transformSync(text, { ...target, loader: "ts", logLevel: "silent" });
    writeFileSync(file.replace(/\.ts$/, ".js"), code);
    return [];
  } catch (error) {
    return compileProblems(file, error);
  }
}

const target = { platform: "node", format: "cjs", target: "node20" } as const;

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
    const read = readSites(outdir, root, words());
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
      ...target,
      sourcemap: "inline",
      logLevel: "silent",
    });
    return [];
  } catch (error) {
    return compileProblems(file, error);
  }
}

/** What a compiler says of a file. */
function compileProblems(file: string, error: unknown): readonly Problem[] {
  const site = /([^\\/]+)\.[jt]s$/.exec(file)?.[1] ?? file;
  return (error as BuildFailure).errors.map(({ text, location }) => {
    const at = location ? `${location.file}:${location.line}` : file;
    return { path: site, value: text, allowed: "a file that compiles", fix: `mend ${at}` };
  });
}
