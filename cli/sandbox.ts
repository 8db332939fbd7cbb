import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parse, stringify } from "yaml";
import type { Registers } from "../model/registers";
import { readPublicKey } from "../model/site/lock";
import type { Site } from "../model/site/site";
import { readStackName } from "../review/stack-name";
import { grantedElsewhere, hypervisorsFor, operatorOf } from "../sandbox/operator";
import { claimed } from "./claim";
import { isWanted, soundDescription, tell, world } from "./description";
import { sandboxEnvironment, sandboxFiles, sandboxSettings } from "./engine";
import { runLearn } from "./learn";
import { Misused } from "./misused";
import { root } from "./project";

export type SandboxAction = "up" | "status" | "reset" | "down" | "env" | "test";

interface Options {
  readonly engine?: string;
  readonly json?: boolean;
}

/** `databridge sandbox <action> [site…]`. @returns the exit code */
export async function runSandbox(action: SandboxAction, sites: readonly string[], options: Options): Promise<number> {
  if (!existsSync(cloudProgram))
    throw new Misused("the sandbox is part of a checkout of data-bridge-cdk, not of the package");
  if (action === "env") return environment();
  if (action === "test") return program(process.execPath, [join(root, "test", "gates", "sandbox.mjs")]);
  if (action !== "up" && !existsSync(marker)) {
    console.error(`there is no sandbox in ${world.work}: databridge sandbox up`);
    return action === "down" ? 0 : 1;
  }
  if (action === "status") return status(sites, options);
  if (action === "up") mark();
  return claimed(world.work, async () => {
    if (action === "up") return up(sites, options);
    if (action === "reset") return reset(sites, options);
    return down(sites);
  });
}

/** Says that a folder is a sandbox's: only then is anything in it ended, or removed. */
const marker = join(world.work, "this-is-a-sandbox");

/** @throws Misused for a folder in which other files are */
function mark(): void {
  if (existsSync(marker)) return;
  const others = existsSync(world.work) ? readdirSync(world.work) : [];
  if (others.length > 0)
    throw new Misused(`${world.work} holds other files (${others[0]}, …); name an empty folder by DATABRIDGE_SANDBOX`);
  mkdirSync(world.work, { recursive: true });
  writeFileSync(marker, "All that is in this folder goes with: databridge sandbox down\n");
}

/** Real OpenStack services; see sandbox/README.md. */
const cloudProgram = join(root, "sandbox", "openstack", "cloud.py");
const stateOf = (site: string): string => join(world.work, "clouds", site);
const cloudsThere = (): readonly string[] =>
  existsSync(join(world.work, "clouds")) ? readdirSync(join(world.work, "clouds")).sort() : [];

async function up(sites: readonly string[], options: Options): Promise<number> {
  const registers = soundDescription(sites, false);
  if (!registers) return 1;
  const wanted = registers.sites.filter(({ name }) => isWanted(name, sites));
  const elsewhere = grantedElsewhere(registers).filter(({ path }) =>
    isWanted(
      path.split(".")[0] ?? "",
      wanted.map(({ name }) => name),
    ),
  );
  if (elsewhere.length > 0) {
    tell(elsewhere, false);
    return 1;
  }
  if (!(await packagesThere())) return 1;
  const settings = await prepareEngine(options.engine);
  if (!settings) return 1;
  const codes = await Promise.all(wanted.map((site) => upOne(registers, site)));
  if (codes.some((code) => code !== 0)) return 1;
  writeFileSync(sandboxFiles.settings, `${JSON.stringify(settings, undefined, 2)}\n`);
  mergeClouds();
  if (!existsSync(sandboxFiles.passphrase))
    writePrivately(sandboxFiles.passphrase, `${randomBytes(24).toString("hex")}\n`);
  const trusted = await trust(registers);
  if (trusted !== 0) return trusted;
  const names = wanted.map(({ name }) => name).join(" ");
  console.log(`\n next      databridge deploy ${names} --world sandbox · databridge sandbox env`);
  return 0;
}

/** Debian's packages; says what is missing, and installs it where that can be done. */
async function packagesThere(): Promise<boolean> {
  if ((await cloud(["packages"])) === 0) return true;
  return (await cloud(["packages", "--install"])) === 0;
}

/** The engine, and the provider that it finds. */
async function prepareEngine(asked: string | undefined): Promise<{ engine: string; cliConfig: string } | undefined> {
  const cliConfig = await built(
    "provider of OpenStack",
    join("packages", "provider-openstack", "build.mjs"),
    "a minute",
  );
  const engine = asked ?? (await built("OpenTofu", join("sandbox", "opentofu", "build.mjs"), "six minutes"));
  return cliConfig === undefined || engine === undefined ? undefined : { engine, cliConfig };
}

/** What a script of ours builds once, and where it is then. */
async function built(what: string, script: string, time: string): Promise<string | undefined> {
  const begun = Date.now();
  const telling = setTimeout(() => console.log(`  building ${what}, which takes ${time} the first time`), 2000);
  const result = await output(process.execPath, [join(root, script)]);
  clearTimeout(telling);
  if (result.code === 0) {
    console.log(`✓ ${what}  ${((Date.now() - begun) / 1000).toFixed(1)} s`);
    return result.text.trim();
  }
  console.error(`✗ ${what}\n${result.error}`);
  return undefined;
}

async function upOne(registers: Registers, site: Site): Promise<number> {
  const state = stateOf(site.name);
  const hypervisors = String(hypervisorsFor(registers, site));
  const code = await cloud(["up", state, "--name", site.name, "--hypervisors", hypervisors]);
  return code === 0 ? cloud(["prepare", state, "-"], JSON.stringify(operatorOf(registers, site))) : code;
}

async function reset(sites: readonly string[], options: Options): Promise<number> {
  const code = await forClouds(sites, (site) => cloud(["reset", stateOf(site)]));
  if (code !== 0) return code;
  for (const site of cloudsThere().filter((name) => isWanted(name, sites))) forget(site);
  return up(sites.length > 0 ? sites : cloudsThere(), options);
}

/** All that a sandbox has in its folder, where other files may be somebody's. */
const ours = [
  ...Object.values(sandboxFiles),
  `${sandboxFiles.ca}.pub`,
  world.locks,
  world.synthesized,
  world.output,
  ...["clouds", "logs", "plans", "report.json"].map((name) => join(world.work, name)),
];

async function down(sites: readonly string[]): Promise<number> {
  const code = await forClouds(sites, (site) => cloud(["down", stateOf(site)]));
  if (code !== 0) return code;
  for (const site of sites) forget(site);
  if (cloudsThere().length > 0) mergeClouds();
  else for (const path of [...ours, marker]) rmSync(path, { recursive: true, force: true });
  return 0;
}

/** What was made of a site in its cloud is gone with it: states and what was learned. */
function forget(site: string): void {
  rmSync(join(world.locks, `${site}.lock.json`), { force: true });
  const stacks = join(world.output, "stacks");
  for (const name of existsSync(stacks) ? readdirSync(stacks) : [])
    if (readStackName(name).site === site) rmSync(join(stacks, name), { recursive: true, force: true });
}

/** For programs, one document for all clouds. */
async function status(sites: readonly string[], { json = false }: Options): Promise<number> {
  if (!json) return forClouds(sites, (site) => cloud(["status", stateOf(site)]));
  const told: unknown[] = [];
  const code = await forClouds(sites, async (site) => {
    const { code: own, text } = await output(cloudProgram, ["status", stateOf(site), "--json"]);
    told.push(JSON.parse(text));
    return own;
  });
  console.log(JSON.stringify(told, undefined, 2));
  return code;
}

async function forClouds(sites: readonly string[], work: (site: string) => Promise<number>): Promise<number> {
  const there = cloudsThere();
  const missing = sites.find((site) => !there.includes(site));
  if (missing !== undefined)
    throw new Misused(`there is no cloud "${missing}" in the sandbox; there are ${there.join(", ") || "none"}`);
  const codes = await Promise.all(there.filter((site) => isWanted(site, sites)).map(work));
  return codes.every((code) => code === 0) ? 0 : 1;
}

/** One file of clouds for all sites, as clients of OpenStack want it. */
function mergeClouds(): void {
  const clouds = Object.assign(
    {},
    ...cloudsThere().map((site) => {
      const file = join(stateOf(site), "clouds.yaml");
      return existsSync(file) ? (parse(readFileSync(file, "utf8")) as { clouds: object }).clouds : {};
    }),
  );
  writePrivately(sandboxFiles.clouds, stringify({ clouds }));
}

/** A CA that signs SSH logins in this world alone; without it no plan is made. */
async function trust(registers: Registers): Promise<number> {
  if ([...registers.locks.values()].some(({ trust }) => trust.sshUserCa !== undefined)) return 0;
  if (!existsSync(sandboxFiles.ca)) {
    const args = ["-q", "-t", "ed25519", "-N", "", "-C", "sandbox", "-f", sandboxFiles.ca];
    const { status, stderr } = spawnSync("ssh-keygen", args, { encoding: "utf8" });
    if (status !== 0) throw new Misused(`ssh-keygen is needed: ${stderr}`);
  }
  const key = readPublicKey(readFileSync(`${sandboxFiles.ca}.pub`, "utf8")) ?? "";
  const home = registers.sites.find(({ name }) => name === "home") ?? registers.sites[0];
  return runLearn(home?.name ?? "", [`trust.sshUserCa=${key}`], {});
}

function environment(): number {
  const { engine, cliConfig } = sandboxSettings();
  const variables = {
    ...sandboxEnvironment({ cliConfig }),
    TERRAFORM_BINARY_NAME: engine,
    DATABRIDGE_WORLD: "sandbox",
    DATABRIDGE_SANDBOX: world.work,
    CHECKPOINT_DISABLE: "1",
  };
  console.log(
    [
      ...Object.entries(variables).map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'`),
      "# then, for example:",
      "#   openstack --os-cloud lumi-production server list",
      `#   npx cdktf-cli@0.21 deploy --output ${relative(process.cwd(), world.output)} --skip-provider-lock lumi-production-tenancy`,
      `#   $TERRAFORM_BINARY_NAME -chdir=${relative(process.cwd(), world.output)}/stacks/lumi-production-tenancy plan`,
    ].join("\n"),
  );
  return 0;
}

function writePrivately(file: string, text: string): void {
  mkdirSync(world.work, { recursive: true });
  rmSync(file, { force: true });
  writeFileSync(file, text, { mode: 0o600 });
}

const cloud = (args: readonly string[], input?: string): Promise<number> => program(cloudProgram, args, input);

/** Lets a program speak for itself. @returns its exit code */
function program(file: string, args: readonly string[], input?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: [input === undefined ? "ignore" : "pipe", "inherit", "inherit"] });
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
    child.stdin?.end(input);
  });
}

function output(program: string, args: readonly string[]) {
  return new Promise<{ readonly code: number; readonly text: string; readonly error: string }>((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    let [text, error] = ["", ""];
    child.stdout.on("data", (data) => {
      text += data;
    });
    child.stderr.on("data", (data) => {
      error += data;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, text, error }));
  });
}
