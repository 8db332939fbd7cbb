#!/usr/bin/env node
// Compiles what package.json exports into dist/. `npm pack` and `npm publish` run it.
import { spawnSync } from "node:child_process";
import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { prepare, root } from "../cli/prepare.mjs";

await prepare();
const dist = join(root, "dist");
const aside = `${dist}.${process.pid}`;
try {
  const args = [join(root, "node_modules", "typescript", "bin", "tsc"), "--project", "library", "--outDir", aside];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Error("the library does not compile");
  rmSync(dist, { recursive: true, force: true });
  renameSync(aside, dist);
} finally {
  rmSync(aside, { recursive: true, force: true });
}
