#!/usr/bin/env node
// The command `databridge`: makes the checkout ready, then runs the program. See program.ts for what it can do.
import { createRequire } from "node:module";
import { join } from "node:path";

if (Number(process.versions.node.split(".")[0]) < 20) {
  console.error(`databridge needs Node 20 or newer; this is ${process.version}`);
  process.exit(1);
}

const { compile, generate, install, Unprepared } = await import("./prepare.mjs");
try {
  install();
  await generate();
  const compiled = compile();
  process.setSourceMapsEnabled(true);
  const { run } = createRequire(import.meta.url)(join(compiled, "cli", "program.js"));
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Unprepared)) throw error;
  console.error(error.message.trimEnd());
  process.exitCode = 1;
}
