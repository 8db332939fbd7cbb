#!/usr/bin/env node
// The command `databridge`: makes the checkout ready, then runs the program. See program.ts for what it can do.
import { createRequire } from "node:module";
import { join } from "node:path";

if (Number(process.versions.node.split(".")[0]) < 20) {
  console.error(`databridge needs Node 20 or newer; this is ${process.version}`);
  process.exit(1);
}

const { compile, prepare, Unprepared } = await import("./prepare.mjs");
const args = process.argv.slice(2);
// `databridge … | head` is no error.
process.stdout.on("error", (error) =>
  process.exit(/** @type {NodeJS.ErrnoException} */ (error).code === "EPIPE" ? 0 : 1),
);
try {
  await prepare();
  const compiled = compile();
  process.setSourceMapsEnabled(true);
  const { run } = createRequire(import.meta.url)(join(compiled, "cli", "program.js"));
  process.exitCode = await run(args);
} catch (error) {
  if (!(error instanceof Unprepared)) throw error;
  if (args.includes("--json")) console.log(JSON.stringify({ problems: error.problems }, undefined, 2));
  else console.error(error.message.trimEnd());
  process.exitCode = 1;
}
