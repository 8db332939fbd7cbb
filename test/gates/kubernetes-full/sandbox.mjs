// A cluster of the sandbox, for as long as the gate runs.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../cli/prepare.mjs";
import { Api } from "./api.mjs";

const program = join(root, "sandbox", "kubernetes", "kubernetes.py");

/** Builds the programs, unless they are there; tells what it does meanwhile. */
export function built() {
  const { status, error } = spawnSync(program, ["build"], { stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) throw new Error(`${program} build: ${error?.message ?? status}`);
}

/** @typedef {{ address: string, ca: string, kubeconfig: string, audit: string, kubectl: string, helm: string, version: string }} Public */
/** @typedef {{ service: string, port: number, pid: number | null, well: boolean }} Service */

export class Sandbox {
  /** @param {string} folder in which its state and all that clients write is kept */
  constructor(folder) {
    this.folder = folder;
    this.state = join(folder, "cluster");
  }

  /**
   * Brings it up. Whoever answers what the API asks at its start can do so meanwhile.
   * @param {readonly object[]} nodes @param {Record<string, string>} api options of the API server
   */
  async up(nodes, api) {
    mkdirSync(this.folder, { recursive: true });
    const file = join(this.folder, "nodes.json");
    writeFileSync(file, JSON.stringify(nodes));
    const told = Object.entries(api).flatMap(([name, value]) => ["--api", `${name}=${value}`]);
    const child = spawn(program, ["up", this.state, "--nodes", file, ...told], {
      stdio: ["ignore", "inherit", "pipe"],
    });
    let words = "";
    child.stderr.on("data", (part) => {
      words += part;
    });
    const code = await new Promise((resolve) => child.on("close", resolve));
    if (code !== 0) throw new Error(`no cluster came up: ${words}`);
  }

  /** What others may know. @returns {Public} */
  get public() {
    return JSON.parse(readFileSync(join(this.state, "kubernetes.json"), "utf8"));
  }

  /** @type {Api | undefined} */
  admin;

  /** Who may do everything. */
  get api() {
    this.admin ??= Api.of(this.public.kubeconfig);
    return this.admin;
  }

  /** @returns {Service[]} */
  get services() {
    if (!existsSync(this.state)) return [];
    const { stdout, stderr } = spawnSync(program, ["status", this.state, "--json"], { encoding: "utf8" });
    if (!stdout) throw new Error(stderr);
    return JSON.parse(stdout).services;
  }

  /** @param {readonly string[]} args @param {unknown} [input] an object, or a list of them @returns what it printed */
  kubectl(args, input) {
    return this.client(this.public.kubectl, args, input);
  }

  /** @param {readonly string[]} args */
  helm(...args) {
    return this.client(this.public.helm, args);
  }

  /** @param {string} command @param {readonly string[]} args @param {unknown} [input] */
  client(command, args, input) {
    const [cache, config, data] = ["cache", "config", "data"].map((name) => join(this.folder, name));
    const env = {
      ...process.env,
      ...{ KUBECONFIG: this.public.kubeconfig, KUBECACHEDIR: cache },
      ...{ HELM_CACHE_HOME: cache, HELM_CONFIG_HOME: config, HELM_DATA_HOME: data },
    };
    const items = Array.isArray(input) ? { apiVersion: "v1", kind: "List", items: input } : input;
    const options = { env, encoding: /** @type {const} */ ("utf8"), maxBuffer: 1 << 28 };
    const { status, stdout, stderr, error } = spawnSync(command, args, {
      ...options,
      ...(items === undefined ? {} : { input: JSON.stringify(items) }),
    });
    if (status !== 0)
      throw new Error(`${args.slice(0, 3).join(" ")}: ${error?.message ?? `${stderr}${stdout}`.trim().slice(-4000)}`);
    return stdout;
  }

  /** Ends it, and removes all of it. */
  down() {
    if (!existsSync(this.state)) return;
    const { status, stderr } = spawnSync(program, ["down", this.state], { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
  }
}
