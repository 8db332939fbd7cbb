#!/usr/bin/env node
// Makes lib/ (JavaScript and types) of schema.json. Offline, needs no terraform; does nothing when lib/ is current.
//   node generate.mjs            generate if needed
//   node generate.mjs --force    generate anyway
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isCurrent, stamp, stampFile } from "./stamp.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const source = "registry.terraform.io/terraform-provider-openstack/openstack";
const lib = join(here, "lib");
const { version } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));

if (isCurrent() && !process.argv.includes("--force")) process.exit(0);

// The generator asks for newer versions over the network and runs `terraform version`, which may complain about a
// user's CLI configuration; neither matters here.
process.env.CHECKPOINT_DISABLE = "1";
process.env.TF_CLI_CONFIG_FILE = "";

// Deep import: the package's main module needs jsii, this one does not.
const { TerraformProviderGenerator } = require("@cdktf/provider-generator/lib/get/generator/provider-generator");
const { TerraformProviderConstraint, ConstructsMakerProviderTarget, Language } = require("@cdktf/commons");
const { CodeMaker } = require("codemaker");
const ts = require("typescript");

const schema = JSON.parse(readFileSync(join(here, "schema.json"), "utf8"));
schema.provider_versions = { [source]: version }; // `terraform providers schema -json` leaves it out
// Full source address: OpenTofu would look a short one up elsewhere.
const constraint = new TerraformProviderConstraint(`${source}@~> ${version}`);

const generated = join(here, ".generated");
rmSync(generated, { recursive: true, force: true });
rmSync(lib, { recursive: true, force: true });
const generator = new TerraformProviderGenerator(new CodeMaker(), schema);
generator.generate(new ConstructsMakerProviderTarget(constraint, Language.TYPESCRIPT));
await generator.save(generated);

const rootDir = join(generated, "providers", "openstack");
const options = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.CommonJS,
  moduleResolution: ts.ModuleResolutionKind.Node10,
  declaration: true,
  strict: true,
  skipLibCheck: true,
  types: [],
  rootDir,
  outDir: lib,
};
// Without the index: who imports it pays for 170 modules; who imports a submodule pays for one.
const submodules = ts.sys.readDirectory(rootDir, [".ts"]).filter((file) => dirname(file) !== rootDir);
const program = ts.createProgram(submodules, options);
const { diagnostics } = program.emit();
const problems = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
if (problems.length > 0) {
  console.error(
    ts.formatDiagnostics(problems.slice(0, 20), {
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => here,
      getNewLine: () => "\n",
    }),
  );
  process.exit(1);
}
rmSync(generated, { recursive: true, force: true });
mkdirSync(lib, { recursive: true });
writeFileSync(stampFile, stamp());
