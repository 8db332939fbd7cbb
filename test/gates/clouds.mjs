// A copy of the project, with a world of its own in which the sandbox's clouds are deployed to by the ordinary commands.
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { compile, root } from "../../cli/prepare.mjs";
import { run } from "./gate.mjs";

const load = createRequire(join(compile(), "main.js"));

/** @typedef {{ code: number | null, out: string, err: string }} Ran */

/** What is said of a stack for which the sandbox has no provider. */
export const validated = /^validated, not applied: \d+ blocks$/;

export class Clouds {
  /** @param {string} folder where copy and world are made */
  constructor(folder) {
    this.project = join(folder, "project");
    this.world = join(folder, "world");
    mkdirSync(this.project);
    for (const part of run("git", ["ls-files"], { cwd: root }).split("\n").filter(Boolean))
      cpSync(join(root, part), join(this.project, part), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(this.project, "node_modules"));
    const lib = join("packages", "provider-openstack", "lib");
    if (!existsSync(join(this.project, lib))) symlinkSync(join(root, lib), join(this.project, lib));
    /** @type {Record<string, string | undefined>} */
    this.env = { ...process.env, DATABRIDGE_SANDBOX: this.world };
  }

  /** @param {readonly string[]} args @returns {Ran} */
  databridge(...args) {
    const options = { cwd: this.project, env: this.env, encoding: /** @type {const} */ ("utf8"), maxBuffer: 1 << 28 };
    const { status, stdout, stderr } = spawnSync("node", ["cli/databridge.mjs", ...args], options);
    return { code: status, out: stdout, err: stderr };
  }

  /** The same, going on meanwhile. @param {readonly string[]} args */
  begin(...args) {
    const child = spawn("node", ["cli/databridge.mjs", ...args], { cwd: this.project, env: this.env, detached: true });
    let [out, err] = ["", ""];
    child.stdout.on("data", (data) => {
      out += data;
    });
    child.stderr.on("data", (data) => {
      err += data;
    });
    /** @type {Promise<Ran>} */
    const ended = new Promise((resolve) => child.on("close", (code) => resolve({ code, out, err })));
    return { child, ended };
  }

  /** @param {readonly string[]} args @returns what it printed; throws if it failed */
  must(...args) {
    const { code, out, err } = this.databridge(...args);
    if (code !== 0) throw new Error(`databridge ${args.join(" ")}: ${code}\n${out.slice(-3000)}${err.slice(-3000)}`);
    return out;
  }

  /** Deploys in the sandbox. @param {readonly string[]} args @returns {Record<string, string>} what each step came to */
  deployed(...args) {
    const all = Object.entries(this.steps(...args));
    return Object.fromEntries(all.filter(([, what]) => !validated.test(what)));
  }

  /** As {@link deployed}, and what came of stacks for which the sandbox has no provider. @param {string[]} args @returns {Record<string, string>} */
  steps(...args) {
    return stepsIn(this.must("deploy", ...args, "--world", "sandbox", "--json"));
  }

  /** @param {string} site @param {string} from @param {string} to */
  edit(site, from, to) {
    const file = join(this.project, "sites", `${site}.ts`);
    const text = readFileSync(file, "utf8");
    if (!text.includes(from)) throw new Error(`sites/${site}.ts has no ${from}`);
    writeFileSync(file, text.replace(from, to));
  }

  /** JSON of a file of the world. @param {string[]} path */
  read(...path) {
    return JSON.parse(readFileSync(join(this.world, ...path), "utf8"));
  }

  /** What a project has, as its cloud's services say. @param {string} cloud @returns {Promise<any>} */
  async inventory(cloud) {
    const { Session } = load("./operate/openstack/session.js");
    const { inventoryOf } = load("./operate/openstack/inventory.js");
    return inventoryOf(await Session.open(this.entry(cloud)));
  }

  /**
   * Asks for something that no command of ours does, as somebody at the cloud's console.
   * @param {string} cloud @param {string} service type in the catalog @param {string} path @param {object} [body] @param {string} [method]
   * @returns {Promise<any>}
   */
  async ask(cloud, service, path, body, method = body ? "POST" : "GET") {
    const { authUrl, auth } = this.entry(cloud);
    const login = await fetch(`${authUrl.replace(/\/v3$/, "")}/v3/auth/tokens`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ auth }),
    });
    const { token } = /** @type {any} */ (await login.json());
    const base = token.catalog.find((/** @type {{ type: string }} */ { type }) => type === service).endpoints[0].url;
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { "content-type": "application/json", "x-auth-token": login.headers.get("x-subject-token") ?? "" },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  /** @param {string} name */
  entry(name) {
    return load("./operate/openstack/clouds.js").readCloud(name, [join(this.world, "clouds.yaml")]);
  }

  /** Starts, stops or kills services of a cloud. @param {string} action @param {string} site @param {readonly string[]} args */
  service(action, site, ...args) {
    return run(join(root, "sandbox", "openstack", "cloud.py"), [action, join(this.world, "clouds", site), ...args]);
  }

  /** A module of the project, compiled. @param {string} path @returns {any} */
  load(path) {
    return load(path);
  }

  /** Processes of the clouds, or of whatever works for them. */
  get processes() {
    return readdirSync("/proc").filter((pid) => {
      if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
      try {
        const words = readFileSync(join("/proc", pid, "cmdline"), "utf8");
        const variables = readFileSync(join("/proc", pid, "environ"), "utf8");
        return words.includes(this.world) || variables.includes(`${this.world}/`);
      } catch {
        return false;
      }
    });
  }
}

/** What each step of a report came to. @param {string} report @returns {Record<string, string>} */
export const stepsIn = (report) =>
  Object.fromEntries(
    JSON.parse(report).steps.map((/** @type {{ id: string, what: string }} */ { id, what }) => [
      id,
      what.split("\n")[0],
    ]),
  );

/** What a stack and a plan of it are, as reviews read them. @param {string} stack @param {unknown} json @param {unknown} plan */
export function reviewed(stack, json, plan) {
  const { readPlan, foreignTo } = load("./review/plan.js");
  const head = load("./review/stack.js").readStack(json);
  const read = readPlan(stack, plan, head);
  return { changes: read.changes, foreign: foreignTo(stack, read, head) };
}

/** Fails if two values are not the same. @param {unknown} found @param {unknown} wanted */
export function same(found, wanted) {
  const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`found ${a}, wanted ${b}`);
}

/** How many there are of each. @param {Record<string, unknown[]>} of @returns {Record<string, number>} */
export const counted = (of) => Object.fromEntries(Object.entries(of).map(([kind, all]) => [kind, all.length]));

/** @param {string} path @returns {string[]} files at and below it */
export function filesIn(path) {
  if (!existsSync(path)) return [];
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.parentPath.includes(".terraform"))
    .map((entry) => join(entry.parentPath, entry.name));
}
