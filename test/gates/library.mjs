#!/usr/bin/env node
// Another repository installs the package and describes a site of its own, with a component that nobody here knows.
import { cpSync, existsSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { root } from "../../cli/prepare.mjs";
import { Gate, run } from "./gate.mjs";

const gate = new Gate();
const consumer = join(realpathSync(gate.folder), "consumer");
const { name, peerDependencies, devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const installed = join(consumer, "node_modules", name);
const south = "south-production-tenancy";

/** @param {unknown} holds @param {string} otherwise */
function assert(holds, otherwise) {
  if (!holds) throw new Error(otherwise);
}

/** Runs a program of the consumer. @param {string} command @param {readonly string[]} args */
const there = (command, ...args) => run(command, args, { cwd: consumer });

/** @param {readonly string[]} args */
const tsc = (...args) =>
  there("node", "node_modules/typescript/bin/tsc", "--target", "es2022", "--strict", "--types", "node", ...args);

/** What a program of the consumer prints as JSON. @param {string} program */
const evaluated = (program) => JSON.parse(there("node", "--eval", program));

gate.check("npm pack makes a tarball, which installs in a repository elsewhere beside cdktf and constructs", () => {
  const printed = run("npm", ["pack", "--json", "--loglevel=error", "--pack-destination", gate.folder]);
  const [{ filename, size, unpackedSize, entryCount }] = JSON.parse(printed.slice(printed.indexOf("[\n")));
  const kib = (/** @type {number} */ bytes) => `${Math.round(bytes / 1024)} KiB`;
  console.log(`  ${filename}: ${kib(size)}, ${entryCount} files of ${kib(unpackedSize)}`);
  cpSync(join(root, "test", "library", "consumer"), consumer, { recursive: true });
  writeFileSync(join(consumer, "package.json"), JSON.stringify({ name: "southern-bridges", private: true }));
  const beside = [...Object.keys(peerDependencies), "typescript", "@types/node"];
  const packages = [join(gate.folder, filename), ...beside.map((each) => `${each}@${devDependencies[each]}`)];
  there("npm", "install", ...packages, "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error");
});

gate.check(
  "its reference is written, without a warning: every export is documented, every link leads somewhere",
  () => {
    const out = join(gate.folder, "reference");
    run("node", [join("node_modules", "typedoc", "bin", "typedoc"), "--out", out]);
    const pages = readdirSync(out, { recursive: true }).map(String);
    for (const page of ["functions/library.synthesize.html", "functions/model_vocabulary.site.html"])
      assert(pages.includes(page), `no ${page} among ${pages.length} pages`);
  },
);

const published = existsSync(installed) ? await publint({ pkgDir: installed, strict: true, pack: false }) : undefined;
gate.check("publint has nothing to say", () => {
  assert(published, "nothing is installed");
  const { messages = [], pkg = {} } = published ?? {};
  assert(messages.length === 0, messages.map((message) => formatMessage(message, pkg)).join("\n"));
});

gate.check("it holds licence and changelog, and no tests, sites, source maps or paths of this machine", () => {
  const files = readdirSync(installed, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name).slice(installed.length + 1));
  for (const wanted of ["LICENSE", "CHANGELOG.md", "README.md"]) assert(files.includes(wanted), `no ${wanted}`);
  const strange = files.filter((file) => /^(dist\/)?(test|sites|synthesized)\/|\.map$|\.test\./.test(file));
  assert(strange.length === 0, strange.join(", "));
  for (const file of files) {
    const text = readFileSync(join(installed, file), "utf8");
    for (const unwanted of [`${root}/`, `${homedir()}/`, "sourceMappingURL="])
      assert(!text.includes(unwanted), `${file} holds ${unwanted}`);
  }
});

for (const [module = "", resolution = ""] of [
  ["node16", "node16"],
  ["esnext", "bundler"],
])
  gate.check(`its types are found as ${resolution} resolves them, and all of them are sound`, () => {
    tsc("--module", module, "--moduleResolution", resolution, "--skipLibCheck", "false", "--noEmit", "main.ts");
  });

gate.check("a compiler that reads them refuses a wrong component", () => {
  const text = readFileSync(join(consumer, "tiles.ts"), "utf8");
  writeFileSync(join(consumer, "wrong.ts"), text.replace('subnet: "services"', 'subnet: "servces"'));
  try {
    tsc("--module", "node16", "--noEmit", "wrong.ts");
  } catch (error) {
    return assert(String(error).includes('"servces"'), String(error));
  }
  throw new Error("it did not");
});

gate.check("a site with a component that nobody here knows is synthesized: its host, its volume, its flows", () => {
  tsc("--module", "node16", "--outDir", "dist", "main.ts");
  there("node", "dist/main.js");
  const file = join(consumer, "cdktf.out", "stacks", south, "cdk.tf.json");
  const { resource } = JSON.parse(readFileSync(file, "utf8"));
  const { openstack_compute_instance_v2: servers, openstack_blockstorage_volume_v3: volumes } = resource;
  const rules = Object.keys(resource.openstack_networking_secgroup_rule_v2);
  assert(servers.host_tiles_server.metadata.because === "south.production.runs.tiles", "no server");
  assert(volumes["host_tiles_volume-cache"].size === 300, "no volume");
  for (const rule of ["group_tiles_in-tcp-8443-from-proxy", "group_proxy_in-tcp-443-from-0-0-0-0-0"])
    assert(rules.includes(rule), `no ${rule}, but ${rules.join(", ")}`);
  assert(existsSync(join(consumer, "synthesized", "stacks", `${south}.json`)), "nothing to review");
});

gate.check("a module of ECMAScript can import it by name", () => {
  const program = 'import { synthesize } from "data-bridge-cdk"; import { site } from "data-bridge-cdk/vocabulary";';
  there("node", "--input-type=module", "--eval", `${program} if (!synthesize || !site) process.exit(1);`);
});

gate.check("a construct of it stands in somebody else's stack", () => {
  const program = `
    const { App, TerraformStack, Testing } = require("cdktf");
    const { Network } = require("data-bridge-cdk/constructs/openstack/network");
    const stack = new TerraformStack(new App(), "s");
    new Network(stack, "net", { name: "net", cidr: "10.0.0.0/24" });
    console.log(Testing.synth(stack));`;
  const { resource } = evaluated(program);
  assert(resource.openstack_networking_subnet_v2, JSON.stringify(resource));
});

gate.check("nothing is loaded from this checkout, and of the provider only what is used", () => {
  const files = evaluated(
    'const { log } = console; console.log = () => {}; require("./dist/main.js"); log(JSON.stringify(Object.keys(require.cache)))',
  );
  const strange = files.filter((/** @type {string} */ file) => !file.startsWith(`${consumer}/`));
  assert(files.length > 100 && strange.length === 0, `${files.length} modules; ${strange.join(", ")}`);
  const bindings = files.filter((/** @type {string} */ file) => file.includes("/provider-openstack/lib/"));
  assert(bindings.length > 10 && bindings.length < 40, `${bindings.length} modules of the provider`);
});

/** Synthesizes the site with other things in it. @param {string} runs @param {string} locks */
const changed = (runs, locks = "sites") =>
  evaluated(`
    const { synthesize } = require("data-bridge-cdk");
    const { default: south } = require("./dist/sites/south");
    const { production } = south.tenancies;
    const runs = production.runs.${runs};
    const site = { ...south, tenancies: { production: { ...production, runs } } };
    console.log(JSON.stringify(synthesize({ sites: [site], locks: "${locks}", outdir: "changed", synthesized: "changed" })));`);

gate.check("its own lock protects it: what is kept does not vanish by an edit", () => {
  const { problems } = changed('filter(({ kind }) => kind !== "tiles")');
  const path = `south.lock.stacks.${south}.stateful.openstack_blockstorage_volume_v3.host_tiles_volume-cache`;
  assert(problems.length === 1 && problems[0].path === path, JSON.stringify(problems));
  assert(!existsSync(join(consumer, "changed")), "something was written");
  const [unprotected] = changed('filter(({ kind }) => kind !== "tiles")', "no-locks").problems;
  assert(unprotected?.path === "locks", "a folder of locks that is not there is taken for none");
});

gate.check("its command works there: sites in TypeScript in, tables, output and locks out", () => {
  const databridge = (/** @type {readonly string[]} */ ...args) => there("npx", "databridge", ...args);
  const [{ stack: listed }] = JSON.parse(databridge("list", "--json"));
  const [{ stack }] = JSON.parse(databridge("synth", "--json")).stacks;
  assert(listed === south && stack === south, `${listed}, ${stack}`);
  databridge("lock");
  const lock = JSON.parse(readFileSync(join(consumer, "sites", "south.lock.json"), "utf8"));
  assert(Object.keys(lock.stacks[south].stateful).length > 3, JSON.stringify(lock));
  const { problems, checked } = JSON.parse(databridge("validate", "--json"));
  assert(problems.length === 0 && checked > 50, `${checked} blocks, ${JSON.stringify(problems)}`);
});

gate.check("what is wrong in a description is told, all at once, and nothing is thrown or written", () => {
  const { problems } = changed(
    'concat(require("data-bridge-cdk/specs").ecflow("two", { port: 80, standbye: true }))',
    "none",
  );
  const paths = problems.map((/** @type {{ path: string }} */ { path }) => path);
  const runs = "south.production.runs";
  for (const path of [`${runs}.ecflow-two.port`, `${runs}.ecflow-two.standbye`])
    assert(paths.includes(path), paths.join(", "));
});

gate.check("the shortest site of the README stands there alone", () => {
  const [, text = ""] = /```ts\n(import [\s\S]*?)```/.exec(readFileSync(join(installed, "README.md"), "utf8")) ?? [];
  for (const file of readdirSync(join(consumer, "sites"))) rmSync(join(consumer, "sites", file));
  writeFileSync(
    join(consumer, "sites", "north.ts"),
    text.replace("../constructs/specs", `${name}/specs`).replace("../model/vocabulary", `${name}/vocabulary`),
  );
  const [{ stack, resources }] = JSON.parse(there("npx", "databridge", "synth", "--json")).stacks;
  assert(stack === "north-production-tenancy" && resources > 30, `${stack}, ${resources}`);
});

gate.done();
