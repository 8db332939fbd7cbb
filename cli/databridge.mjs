#!/usr/bin/env node
// The command `databridge`: finds or makes the compiled program and runs it. See program.ts for what it can do.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

if (Number(process.versions.node.split(".")[0]) < 20) {
  console.error(`databridge needs Node 20 or newer; this is ${process.version}`);
  process.exit(1);
}

const here = dirname(fileURLToPath(import.meta.url));
const preparation = join(here, "prepare.mjs");
const args = process.argv.slice(2);
// `databridge … | head` is no error.
process.stdout.on("error", (error) =>
  process.exit(/** @type {NodeJS.ErrnoException} */ (error).code === "EPIPE" ? 0 : 1),
);
try {
  const compiled = await program();
  process.setSourceMapsEnabled(true);
  const { run } = createRequire(import.meta.url)(join(compiled, "cli", "program.js"));
  process.exitCode = await run(args);
} catch (error) {
  if (!(error instanceof Error && "problems" in error)) throw error;
  if (args.includes("--json")) console.log(JSON.stringify({ problems: error.problems }, undefined, 2));
  else console.error(error.message.trimEnd());
  process.exitCode = 1;
}

/** The folder of the compiled program. The package holds it; a checkout is made ready and compiled. */
async function program() {
  if (!existsSync(preparation)) return join(here, "..", "dist");
  const { compile, prepare } = await import("./prepare.mjs");
  await prepare();
  return compile();
}
