// A supercomputer of the sandbox on which software of the gate is described, in a copy of the project.
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Bridge } from "../hosts/bridge.mjs";
import { Supercomputer } from "../hpc/supercomputer.mjs";
import { bring, easyconfig, sha256, versions, wheels } from "./sources.mjs";

/** @typedef {{ code: number | null, out: string, stdout: string }} Ran */
/** @typedef {{ installation: string, wanted: string, current: string | null, held: boolean, drift: string[], test: { passed: boolean } | null, lease: unknown, failed: Record<string, number>, jobs: Record<string, { id: string, state: string }> }} Row */

/** Where software goes there: the account may write in the folder of its project. */
const prefix = "/project/project_465000001/modules";
const tilesOf = { "48r3": "1.0", "49r3": "1.1" };
/** Of a version that is in no cycle at first. */
const next = "1.2";

export class World {
  /** Cycle and target, as they are called. */
  installations = ["48r3/standard", "49r3/standard"];
  prefix = `${prefix}/production`;

  /** @param {string} folder */
  constructor(folder) {
    this.bridge = new Bridge(folder);
    this.lumi = new Supercomputer("lumi", this.bridge.world, folder);
    this.sources = join(folder, "sources");
    this.wheels = "";
  }

  up() {
    const { bridge, sources } = this;
    bridge.prepare();
    this.wheels = wheels();
    bring(sources, [...Object.values(tilesOf), next]);
    this.describe();
    this.look();
    const { code, out } = bridge.databridge("sandbox", "up", "hpc", "lumi");
    if (code !== 0) throw new Error(out.slice(-3000));
    this.lumi.key = join(bridge.world, "modules", "lumi-key");
  }

  /** What a site file would say, of software that can be had here. */
  describe() {
    const { bridge } = this;
    const recipes = {
      hello: recipe("hello", "hello-{version}.tar.gz", "hello --version"),
      // Debian's says that it is 3.7.0.
      ecBuild: recipe("ecBuild", "ecbuild-{version}.tar.gz", "ecbuild --version", "ecbuild version 3"),
      tiles: recipe("tiles", "tiles-{version}.tar.gz", "tiles-version"),
    };
    // That of GNU takes longest to configure: one is enough.
    const { hello, ecBuild } = versions;
    const cycles = {
      "48r3": { ecBuild, tiles: tilesOf["48r3"], hello },
      "49r3": { ecBuild, tiles: tilesOf["49r3"] },
    };
    const file = join(bridge.checkout, "sites", "shared", "tried.ts");
    const target = {
      toolchain: "SYSTEM",
      given: { CMake: { by: "system" } },
      options: { tiles: ["-DPAUSE=0"] },
      build: { partition: "small", walltime: "@" },
    };
    const software = {
      prefix,
      umask: "0027",
      sources: "brought",
      python: { program: "/usr/bin/python3" },
      targets: { standard: target },
    };
    const said = {
      cycles: json(cycles),
      recipes: json(recipes),
      software: `${json(software).replace('"@"', "minutes(60)")} as const`,
    };
    const lines = Object.entries(said).map(([name, text]) => `export const ${name} = ${text};\n`);
    writeFileSync(file, `import { minutes } from "../../model/vocabulary";\n${lines.join("")}`);
    bridge.edit("sites/lumi.ts", /^import /, 'import { cycles, recipes, software } from "./shared/tried";\nimport ');
    bridge.edit("sites/lumi.ts", /^ {4}software: \{[\s\S]*?\n {4}\},\n/m, "    software,\n");
    bridge.edit(
      "sites/lumi.ts",
      /modules\(\{.*\}\)/,
      'modules({ software: cycles, recipes, on: ["standard"], image: modulesImage, kept: { last: 1 } })',
    );
  }

  /** Changes what is described. @param {string | RegExp} what @param {string} into */
  change(what, into) {
    this.bridge.edit("sites/shared/tried.ts", what, into);
  }

  /** Somebody has looked at the sources. @param {Record<string, string>} [others] */
  look(others = {}) {
    const known = {
      "hello-2.10": sha256(join(this.sources, "hello-2.10.tar.gz")),
      "ecBuild-3.7.1": sha256(join(this.sources, "ecbuild-3.7.1.tar.gz")),
      ...Object.fromEntries(
        [...Object.values(tilesOf), next].map((version) => [
          `tiles-${version}`,
          sha256(join(this.sources, `tiles-${version}.tar.gz`)),
        ]),
      ),
      ...others,
    };
    // Of versions that are in a cycle alone.
    const text = readFileSync(join(this.bridge.checkout, "sites", "shared", "tried.ts"), "utf8");
    const used = Object.entries(known).filter(([key]) =>
      text.includes(`"${key.replace(/-.*/, "")}": "${key.replace(/.*-/, "")}"`),
    );
    this.bridge.learn("home", ...used.map(([key, digest]) => `sources.${key}=${digest}`));
  }

  /** @param {string} action @param {readonly string[]} words @returns {Ran} */
  modules(action, ...words) {
    return this.bridge.databridge("modules", action, "lumi", ...words);
  }

  /** @param {readonly string[]} words */
  deploy(...words) {
    return this.modules("deploy", "--sources", this.sources, "--wheels", this.wheels, ...words);
  }

  /** The same, which has to succeed. @param {readonly string[]} words */
  deployed(...words) {
    const { code, out } = this.deploy(...words);
    if (code !== 0) throw new Error(`${code}: ${out.slice(-4000)}`);
    return out;
  }

  /** Begins one, which goes on. @param {readonly string[]} words */
  begun(...words) {
    const args = [
      join(this.bridge.checkout, "cli", "databridge.mjs"),
      "modules",
      "deploy",
      "lumi",
      "--sources",
      this.sources,
      "--wheels",
      this.wheels,
      ...words,
    ];
    const child = spawn("node", args, {
      cwd: this.bridge.checkout,
      env: this.bridge.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let out = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (data) => {
        out += data;
      });
    const ended = new Promise((resolve) => child.on("close", (code) => resolve({ code, out })));
    return { child, ended: /** @type {Promise<{ code: number | null, out: string }>} */ (ended), said: () => out };
  }

  /** @returns {Record<string, Row>} */
  status() {
    const { stdout, out } = this.modules("status", "--json");
    if (!stdout.trim().startsWith("[")) throw new Error(out.slice(-3000));
    return Object.fromEntries(
      JSON.parse(stdout)[0].said.installations.map((/** @type {Row} */ row) => [row.installation, row]),
    );
  }

  /** What is current. @param {string} installation */
  current(installation) {
    return this.lumi
      .inside("login", `readlink ${this.prefix}/${installation}/current || true`)
      .replace("releases/", "");
  }

  /** As a user of the supercomputer has it. @param {string} installation @param {string} command */
  used(installation, command) {
    return this.lumi
      .login(`bash -lc 'module use ${this.prefix}/${installation}/current/modules/all && ${command}' 2>&1`)
      .trim();
  }

  /** How many have logged in so far. */
  logins() {
    return Number(this.lumi.inside("login", "journalctl -u ssh -o cat | grep -c 'Accepted publickey'"));
  }

  down() {
    this.bridge.databridge("sandbox", "down");
  }
}

const json = (/** @type {unknown} */ value) => JSON.stringify(value, undefined, 2);

/** @param {string} name @param {string} file @param {string} run @param {string} [finds] */
const recipe = (name, file, run, finds = "{version}") => ({
  easyconfig: easyconfig(name),
  source: { file, url: `https://example.org/${file}` },
  test: { run, finds },
});
