#!/usr/bin/env node
// Builds the real provider from the Go module proxy, once, and lays it out as a filesystem mirror, since nothing else
// serves it here. go.sum says what may be built.
//   node build.mjs        prints the CLI configuration to use: export TF_CLI_CONFIG_FILE=$(node build.mjs)
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const { version } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));
const modules = ["go.mod", "go.sum"].map((file) => join(here, "provider", file));
const source = "registry.terraform.io/terraform-provider-openstack/openstack";

/** The folder for what takes long to make, outside the checkout. */
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "data-bridge-cdk");

/**
 * The provider, built if it is not there.
 * @returns path of a CLI configuration by which terraform and tofu find it
 */
export function provider() {
  const hash = createHash("sha256");
  for (const file of modules) hash.update(readFileSync(file));
  const folder = join(cache, `provider-openstack-${version}-${hash.digest("hex").slice(0, 12)}`);
  const config = join(folder, "cli.tfrc");
  if (existsSync(config)) return config;
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, "building-"));
  const goos = go(["env", "GOOS"], here);
  const platform = `${goos}_${go(["env", "GOARCH"], here)}`;
  const mirror = join(work, "mirror", source, version, platform);
  mkdirSync(mirror, { recursive: true });
  for (const file of modules) cpSync(file, join(work, file.endsWith(".mod") ? "go.mod" : "go.sum"));
  const binary = join(mirror, `terraform-provider-openstack_v${version}${goos === "windows" ? ".exe" : ""}`);
  go(
    [
      "build",
      "-trimpath",
      "-ldflags=-s -w",
      "-o",
      binary,
      "github.com/terraform-provider-openstack/terraform-provider-openstack/v3",
    ],
    work,
  );
  writeFileSync(
    join(work, "cli.tfrc"),
    `provider_installation {\n  filesystem_mirror {\n    path = "${join(folder, "mirror")}"\n  }\n}\n`,
  );
  if (existsSync(folder)) rmSync(work, { recursive: true });
  else renameSync(work, folder);
  return config;
}

/**
 * Runs Go, with nothing but what go.sum says.
 * @param {readonly string[]} args
 * @param {string} cwd
 */
export function go(args, cwd) {
  const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-mod=readonly", GOWORK: "off" };
  const { status, stdout, stderr, error } = spawnSync("go", args, { cwd, env, encoding: "utf8" });
  if (status !== 0) throw new Error(`go ${args[0]}: ${error?.message ?? stderr}`);
  return stdout.trim();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(provider());
