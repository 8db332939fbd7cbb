// A bridge of which some hosts are booted, in a copy of the project with a world of its own, whose sites a gate can change.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../../../cli/prepare.mjs";
import { run } from "../gate.mjs";

/** Where router, bastion and proxy are met; a block for documentation. */
const known = { router: "203.0.113.10", bastion: "203.0.113.11", proxy: "203.0.113.12" };
const hostsProgram = join(root, "sandbox", "hosts", "hosts.py");

/** @typedef {{ code: number | null, out: string, stdout: string }} Ran */
/** @typedef {{ host: string, role: string, changed: number, failed: number, changes: { task: string, diff?: string }[], notes: string[] }} RoleOutcome */
/** @typedef {{ hosts: RoleOutcome[], blocked: unknown[] }} Report */

export class Bridge {
  site = "lumi";
  place = "lumi-production";
  names = ["bastion", "proxy", "ecflow-prod"];
  /** Where relays are met. */
  proxy = known.proxy;

  /** @param {string} folder where all of it is made */
  constructor(folder) {
    this.folder = folder;
    this.checkout = join(folder, "checkout");
    this.world = join(folder, "world");
    this.env = { ...process.env, DATABRIDGE_WORLD: "sandbox", DATABRIDGE_SANDBOX: this.world, CI: "true" };
    this.ca = join(this.world, "ca");
    /** Rules beyond those of the model, by host. @type {Record<string, readonly object[]>} */
    this.doors = {};
  }

  /** As `databridge sandbox up hosts` has it, so that every command finds its way in. */
  get state() {
    return join(this.world, "hosts", this.place);
  }

  get ids() {
    return this.names.map((name) => `${this.place}-${name}`);
  }

  /** @param {string} name of a host */
  dns(name) {
    return `${name}.production.${this.site}.apps.dte.destination-earth.eu`;
  }

  /** What a cloud and its operator would have given. */
  prepare() {
    run(hostsProgram, ["packages", "--install"]);
    const parts = ["main.ts", "model", "sites", "stacks", "constructs", "engine", "policy", "operate", "review", "cli"];
    const rooms = ["sandbox", "ansible", "exporters", "hpc"];
    const more = [...rooms, "cdktf.json", "package.json", "package-lock.json", "tsconfig.json"];
    for (const part of [...parts, ...more]) cpSync(join(root, part), join(this.checkout, part), { recursive: true });
    for (const part of ["node_modules", "packages"]) symlinkSync(join(root, part), join(this.checkout, part));
    mkdirSync(join(this.world, "hosts"), { recursive: true });
    // As `databridge sandbox up` has it.
    writeFileSync(join(this.world, "this-is-a-sandbox"), "");
    run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "sandbox", "-f", this.ca]);
    this.learn("home", `trust.sshUserCa=${readFileSync(`${this.ca}.pub`, "utf8").trim()}`);
    this.learn(
      this.site,
      `production.router=${known.router}`,
      `production.public.bastion=${known.bastion}`,
      `production.public.proxy=${known.proxy}`,
    );
  }

  /** @param {readonly string[]} words @returns {Ran} */
  databridge(...words) {
    return ran("node", [join(this.checkout, "cli", "databridge.mjs"), ...words], { cwd: this.checkout, env: this.env });
  }

  /** @param {string} site @param {readonly string[]} values */
  learn(site, ...values) {
    const { code, out } = this.databridge("learn", site, ...values);
    if (code !== 0) throw new Error(out);
  }

  /** Takes the keys of hosts from their consoles, as `databridge learn` does where there is a cloud. */
  async learnKeys() {
    const { hostKeyIn } = await this.compiled("operate/host-keys.js");
    const keys = this.names.map((name) => [name, hostKeyIn(this.sandbox(["console", name]).stdout)]);
    this.learn(this.site, ...keys.map(([name, key]) => `production.hostKeys.${name}=${key}`));
  }

  /** A module of the copy, compiled. @param {string} path @returns {Promise<any>} */
  async compiled(path) {
    const { compile } = await import(pathToFileURL(join(this.checkout, "cli", "prepare.mjs")).href);
    return createRequire(import.meta.url)(join(compile(), path));
  }

  /** Boots what is described, and changes what is changed. */
  async up() {
    const { code, out } = this.sandbox(["up", "-"], JSON.stringify(await this.tenancy()));
    if (code !== 0) throw new Error(out.slice(-3000));
  }

  /** Who is in, and outside, as `hosts.py` reads it. */
  async tenancy() {
    const { describe } = await this.described();
    const { registers, problems } = describe();
    if (problems.length > 0) throw new Error(JSON.stringify(problems));
    const { sandboxTenancy } = await this.compiled("sandbox/hosts.js");
    const place = registers.places.find((/** @type {{ id: string }} */ { id }) => id === this.place);
    const options = { hosts: this.names, names: ["example.org", "example.com"] };
    const { hosts, ...tenancy } = sandboxTenancy(place, registers, options);
    const opened = hosts.map((/** @type {{ name: string, rules: readonly object[] }} */ host) => ({
      ...host,
      rules: [...host.rules, ...(this.doors[host.name] ?? [])],
    }));
    return { ...tenancy, hosts: opened };
  }

  /** The description as the world has it. */
  async described() {
    Object.assign(process.env, { DATABRIDGE_WORLD: "sandbox", DATABRIDGE_SANDBOX: this.world });
    return this.compiled("cli/project/description.js");
  }

  /** @param {readonly string[]} words @param {string} [input] @returns {Ran} */
  sandbox([command = "", ...rest], input = "") {
    return ran(hostsProgram, [command, this.state, ...rest], { cwd: this.checkout, env: this.env, input });
  }

  /** As root in a host. @param {string} name @param {string} script @returns what it printed; throws if it failed */
  inside(name, script) {
    const { code, out } = this.sandbox(["exec", name, "sh", "-c", script]);
    if (code !== 0) throw new Error(`${name}: ${script}\n${out}`);
    return out;
  }

  /** As somebody outside. @param {string} who @param {readonly string[]} words */
  outside(who, ...words) {
    return this.sandbox(["outside", who, ...words]);
  }

  /** @param {readonly string[]} words @param {readonly string[]} hosts @returns {{ code: number | null, out: string, report: Report }} */
  configure(words = [], hosts = this.ids) {
    const { code, out, stdout } = this.databridge("configure", this.site, "--hosts", ...hosts, "--json", ...words);
    if (!stdout.trim().startsWith("{")) throw new Error(out.slice(-3000));
    return { code, out, report: JSON.parse(stdout) };
  }

  /** The same, which has to succeed. @param {readonly string[]} [hosts] */
  configured(hosts) {
    const { code, out, report } = this.configure([], hosts);
    if (code !== 0) throw new Error(out.slice(-3000));
    return report;
  }

  /** Changes a file of the copy. @param {string} path @param {string | RegExp} what @param {string} into */
  edit(path, what, into) {
    const file = join(this.checkout, path);
    const before = readFileSync(file, "utf8");
    const after = before.replace(what, into);
    if (after === before) throw new Error(`${path} has no ${what}`);
    writeFileSync(file, after);
  }

  /** Of the roles that every host has, only these: `hosts` in full tries them all. @param {readonly string[]} roles */
  takes(...roles) {
    const playbook = "ansible/site.yml";
    const every = /(?<=roles: &every\n)( {4}.*\n)+/;
    const [text] = every.exec(readFileSync(join(this.checkout, playbook), "utf8")) ?? [];
    const named = new Map(
      (text ?? "").match(/ {4}- .*\n( {6}.*\n)*/g)?.map((role) => [/(\w+)$/m.exec(role)?.[1], role]),
    );
    for (const role of roles) if (!named.has(role)) throw new Error(`${playbook} has no role ${role}`);
    const taken = [...named].flatMap(([name, role]) => (roles.includes(`${name}`) ? [role] : [])).join("");
    // `$'` of a pattern in it would otherwise be all that follows.
    this.edit(playbook, every, taken.replaceAll("$", "$$$$"));
  }

  /** Of what only some hosts have, all but this: a gate of its own tries it. @param {string} task by its name in the playbook */
  leaves(task) {
    this.edit("ansible/site.yml", new RegExp(` {4}- name: ${task}\n( {6}.*\n)+\n`), "");
  }

  /** A key with a certificate. @param {string} name @param {string} principal @param {string} validity @param {string} ca */
  certified(name, principal, validity, ca = this.ca) {
    const key = join(this.folder, name);
    run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
    run("ssh-keygen", ["-q", "-s", ca, "-I", name, "-n", principal, "-V", validity, `${key}.pub`]);
    return key;
  }

  /**
   * Somebody logs in.
   * @param {string} key
   * @param {string} to
   * @param {readonly string[]} words for ssh
   * @param {string} command
   */
  ssh(key, to, words = [], command = "hostname") {
    const config = readFileSync(join(this.world, "ssh", "config"), "utf8");
    const file = `${key}.config`;
    const named = config
      .replace(/IdentityFile .*/, `IdentityFile "${key}"`)
      .replace(/CertificateFile .*/, `CertificateFile "${key}-cert.pub"`);
    writeFileSync(file, named);
    return this.within(30, "ssh", "-F", file, "-o", "BatchMode=yes", ...words, to, command);
  }

  /** A command of this machine, which ends. @param {number} seconds @param {readonly string[]} words */
  within(seconds, ...words) {
    return ran("timeout", [String(seconds), ...words], { cwd: this.folder, env: this.env });
  }
}

/** Roles that changed something, by host. @param {Report} report */
export const changedIn = ({ hosts }) =>
  hosts.filter(({ changed }) => changed > 0).map(({ host, role }) => `${host} ${role}`);

/** @param {string} command @param {readonly string[]} words @param {{ cwd: string, env: NodeJS.ProcessEnv, input?: string }} options @returns {Ran} */
function ran(command, words, options) {
  const more = { encoding: /** @type {const} */ ("utf8"), maxBuffer: 1 << 28 };
  const { status, stdout, stderr } = spawnSync(command, words, { ...options, ...more });
  return { code: status, out: `${stdout}${stderr}`.trim(), stdout };
}
