// Runs jobs of a pipeline as GitLab's runner does: each in a clean checkout of the commit, with what the jobs before it handed on. What
// it makes ready of the machine (`before_script`), and what Vault would give (`secrets`), is here already.
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { run } from "../gate.mjs";

/** @typedef {{ script?: string[], needs?: (string | { job: string })[], stage: string, variables?: Record<string, string>, secrets?: Record<string, unknown>, artifacts?: { paths: string[], when?: string }, trigger?: object }} Job */

/** What is no part of a commit, and stays from one job to the next. */
const prepared = ["node_modules", ".build", "packages/provider-openstack/lib"];

/** One that names no needs takes what all jobs of earlier stages hand on. @param {string} yaml @returns {Record<string, Job>} */
export function jobsIn(yaml) {
  const { default: _, variables: __, stages, workflow: ___, ...jobs } = parse(yaml);
  const all = /** @type {[string, Job][]} */ (Object.entries(jobs));
  const before = (/** @type {string} */ stage) =>
    all.filter(([, other]) => stages.indexOf(other.stage) < stages.indexOf(stage)).map(([name]) => name);
  return Object.fromEntries(all.map(([name, job]) => [name, { needs: before(job.stage), ...job }]));
}

export class Runner {
  /** @param {string} project its checkout @param {string} store where artifacts are kept @param {Record<string, string>} env @param {Record<string, string>} secrets what Vault would give, by variable */
  constructor(project, store, env, secrets) {
    this.project = project;
    this.store = store;
    this.env = env;
    this.secrets = secrets;
  }

  /** Takes a job's artifacts. @param {string} job @param {string} path */
  artifact(job, path) {
    return join(this.store, job.replaceAll(" ", "_"), path);
  }

  /** Makes the checkout clean, and gives it what jobs handed on. @param {readonly string[]} needs */
  checkout(needs) {
    const kept = prepared.flatMap((each) => ["-e", each]);
    run("git", ["checkout", "--quiet", "--force", "HEAD"], { cwd: this.project });
    run("git", ["clean", "-ffdxq", ...kept], { cwd: this.project });
    for (const need of needs)
      if (existsSync(this.artifact(need, ""))) cpSync(this.artifact(need, ""), this.project, { recursive: true });
  }

  /**
   * @param {string} name @param {Job} job @param {{ more?: Record<string, string>, before?: () => void }} [how] variables that whoever starts it adds; what is done to its checkout first
   * @returns {Promise<{ code: number | null, out: string }>}
   */
  async run(name, { script = [], needs = [], variables = {}, secrets = {}, artifacts }, { more = {}, before } = {}) {
    this.checkout(needs.map((need) => (typeof need === "string" ? need : need.job)));
    before?.();
    const given = Object.keys(secrets).map((variable) => {
      const value = this.secrets[variable];
      if (value === undefined) throw new Error(`${name} wants ${variable} of Vault, which the gate has not`);
      return [variable, value];
    });
    const env = { ...this.env, ...variables, ...Object.fromEntries(given), ...more };
    const child = spawn("bash", ["-eo", "pipefail", "-c", script.join("\n")], { cwd: this.project, env });
    let out = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (data) => {
        out += data;
      });
    const code = await new Promise((resolve) => child.on("close", resolve));
    if (artifacts && (code === 0 || artifacts.when === "always"))
      for (const path of artifacts.paths.filter((each) => existsSync(join(this.project, each)))) {
        rmSync(this.artifact(name, path), { recursive: true, force: true });
        mkdirSync(dirname(this.artifact(name, path)), { recursive: true });
        cpSync(join(this.project, path), this.artifact(name, path), { recursive: true });
      }
    return { code, out };
  }

  /** @param {string} name @param {Job} job @param {Parameters<Runner["run"]>[2]} [how] @returns what it printed; throws if it failed */
  async must(name, job, how) {
    const { code, out } = await this.run(name, job, how);
    if (code !== 0) throw new Error(`${name}: ${code}\n${out.slice(-3000)}`);
    return out;
  }
}
