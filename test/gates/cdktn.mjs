#!/usr/bin/env node
// The whole suite on cdktn, the community's continuation, in place of cdktf: in a copy of the project, packages installed anew.
// Takes minutes; run by hand, its result in README.md.
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../../cli/prepare.mjs";
import { Gate, run } from "./gate.mjs";

const gate = new Gate();
const folder = join(gate.folder, "project");
for (const file of run("git", ["ls-files", "-z"]).split("\0")) {
  if (file === "" || file === "package-lock.json" || !existsSync(join(root, file))) continue;
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  cpSync(join(root, file), join(folder, file));
}
const written = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
const engine = { cdktf: "npm:cdktn@0.24.0", constructs: "~10.7.0" };
const { peerDependencies: _, ...rest } = written;
const packages = {
  ...rest,
  devDependencies: { ...written.devDependencies, ...engine },
  overrides: { ...written.overrides, cdktf: "$cdktf", constructs: "$constructs" },
};
writeFileSync(join(folder, "package.json"), JSON.stringify(packages, undefined, 2));

gate.check("installs", () => {
  run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: folder });
  const { name, version } = JSON.parse(readFileSync(join(folder, "node_modules", "cdktf", "package.json"), "utf8"));
  if (`${name}@${version}` !== "cdktn@0.24.0") throw new Error(`${name}@${version}`);
});

gate.check("the suite passes", () => {
  run("npx", ["biome", "format", "--write", "package.json"], { cwd: folder });
  console.log(run("npm", ["test"], { cwd: folder }).trim().split("\n").at(-1));
});

gate.check("synthesized/ is the same", () => {
  run("node", ["cli/databridge.mjs", "synth", "--check"], { cwd: folder });
});

gate.done();
