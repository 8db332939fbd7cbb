// Programs of the Go module proxy, built once and kept outside of every checkout.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cache } from "./cache.mjs";

const env = {
  ...process.env,
  CGO_ENABLED: "0",
  GOFLAGS: "-mod=mod -buildvcs=false",
  GOSUMDB: "off",
  GOTOOLCHAIN: "local",
  GOWORK: "off",
};

/** @param {string} cwd @param {string} command @param {readonly string[]} args */
export function must(cwd, command, args) {
  const { status, stderr, error } = spawnSync(command, args, { cwd, env, encoding: "utf8", maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${error?.message ?? stderr.slice(-4000)}`);
}

/** @param {string} to @param {(work: string) => string} make says where it is @returns {string} `to` */
export function built(to, make) {
  if (existsSync(to)) return to;
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, "building-"));
  try {
    const made = make(work);
    mkdirSync(dirname(to), { recursive: true });
    renameSync(made, to);
  } finally {
    rmSync(work, { recursive: true });
  }
  return to;
}

/**
 * @param {string} work @param {string} name @param {string} module @param {string} version
 * @param {{ main?: string, go?: string }} [more] its package, if that is another than the module; the version of the language
 */
export function fromModule(work, name, module, version, { main = module, go = "1.25.0" } = {}) {
  writeFileSync(join(work, "go.mod"), `module databridge.invalid/${name}\ngo ${go}\nrequire ${module} v${version}\n`);
  must(work, "go", ["build", "-trimpath", "-ldflags=-s -w", "-o", name, main]);
  return join(work, name);
}
