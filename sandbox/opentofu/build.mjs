#!/usr/bin/env node
// Builds OpenTofu from the Go module proxy, once, for machines that have none: six minutes on two cores. go.sum says what may
// be built. The sandbox deploys with it, and gates try with it all that they try with terraform.
//   node build.mjs     prints where it is
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cache } from "../cache.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const [, version = "none"] = /opentofu v([\d.]+)/.exec(readFileSync(join(here, "go.mod"), "utf8")) ?? [];
const built = join(cache, `opentofu-${version}`, "tofu");

/** @returns the program: what TOFU names, the one on PATH, or the one that was built; none if there is none */
export const tofu = () => process.env.TOFU ?? (isOnPath() ? "tofu" : existsSync(built) ? built : undefined);

const isOnPath = () => spawnSync("tofu", ["version"]).status === 0;

function build() {
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, "building-"));
  for (const file of ["go.mod", "go.sum"]) cpSync(join(here, file), join(work, file));
  const args = ["build", "-trimpath", "-ldflags=-s -w", "-o", "tofu", "github.com/opentofu/opentofu/cmd/tofu"];
  const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-mod=readonly", GOWORK: "off", GOTOOLCHAIN: "auto" };
  const { status, stderr, error } = spawnSync("go", args, { cwd: work, env, encoding: "utf8" });
  if (status !== 0) throw new Error(`go build: ${error?.message ?? stderr}`);
  mkdirSync(dirname(built), { recursive: true });
  renameSync(join(work, "tofu"), built);
  rmSync(work, { recursive: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (tofu() === undefined) build();
  console.log(tofu());
}
