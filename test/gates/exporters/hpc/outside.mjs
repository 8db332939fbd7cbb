// What somebody outside of a supercomputer has of it: a way in as hosts have it, and the exporter.
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "../../../../cli/prepare.mjs";
import { run } from "../../gate.mjs";

/** @typedef {import("../../hpc/supercomputer.mjs").Supercomputer} Supercomputer */

const folder = join(root, "exporters", "hpc");
export const program = join(folder, "platform-hpc-exporter");
export const sandbox = join(root, "sandbox", "hpc", "hpc.py");
/** Files of a host that logs in. */
export const host = join(root, "synthesized", "hosts", "lumi-production-ecflow-prod", "etc", "platform", "hpc");
export const project = "project_465000001";
/** Seconds between two looks, here; readings are shown thrice as long. */
export const every = 2;

/** The program, in one place changed. @param {string} from @param {string} to */
export function changed(from, to) {
  const text = readFileSync(program, "utf8");
  if (text.split(from).length !== 2) throw new Error(`the program does not say once: ${from}`);
  return text.replace(from, to);
}

export class Outside {
  /** What the exporter has said. */
  log = "";
  /** How it ended. @type {number | null | undefined} */
  code = undefined;

  /** @param {string} folder @param {Supercomputer} lumi */
  constructor(folder, lumi) {
    this.folder = folder;
    this.lumi = lumi;
    this.ssh = join(folder, "ssh_config");
  }

  /** Logins as a host has them, to where they are played; a look every two seconds, which is given up after four. */
  prepare() {
    const { told } = this.lumi;
    const key = this.lumi.made("exporter");
    this.lumi.must("admit", this.lumi.user, `${key}.pub`);
    this.fingerprint = run("ssh-keygen", ["-lf", key]).split(" ")[1] ?? "";
    writeFileSync(join(this.folder, "known"), `lumi ${told.hostKey}\n`);
    const config = readFileSync(join(host, "ssh_config"), "utf8")
      .replaceAll("/etc/platform/hpc/known_hosts", join(this.folder, "known"))
      .replaceAll("/etc/platform/hpc/lumi", key)
      .replaceAll("/run/hpc-%u/", `${this.folder}/`);
    writeFileSync(this.ssh, config);
    const text = changed("EVERY, LEAST, LONGEST = 300, 60, 1800", "EVERY, LEAST, LONGEST = 300, 1, 4").replace(
      "LIMIT = 150",
      "LIMIT = 4",
    );
    writeFileSync(join(this.folder, "exporter"), text);
    writeFileSync(join(this.folder, "look.sh"), readFileSync(join(folder, "look.sh")));
    const about = JSON.parse(readFileSync(join(host, "exporter.json"), "utf8"));
    const [computer] = about.supercomputers;
    const as = (/** @type {string} */ name, /** @type {object} */ more) => ({ ...computer, name, ...more });
    const computers = [
      as("lumi", { budget: { kind: "slurm" }, modules: `/project/${project}/modules/production` }),
      as("of-csc", { budget: { kind: "lumi-allocations" }, modules: undefined }),
      as("of-cineca", { budget: { kind: "saldo" }, modules: undefined }),
    ];
    const said = { ...about, listen: "127.0.0.1:9811", ssh: this.ssh, every, supercomputers: computers };
    writeFileSync(join(this.folder, "exporter.json"), JSON.stringify(said));
  }

  /** @param {readonly string[]} words */
  does(...words) {
    const { code, out } = this.lumi.hpc(["outside", "stranger", ...words]);
    if (code !== 0) throw new Error(`${words.join(" ")}: ${out}`);
    return out;
  }

  /** Until it listens. */
  async begin() {
    const words = ["/usr/bin/python3", join(this.folder, "exporter"), join(this.folder, "exporter.json")];
    this.child = spawn(sandbox, ["outside", this.lumi.state, "stranger", ...words]);
    for (const stream of [this.child.stdout, this.child.stderr])
      stream.on("data", (text) => {
        this.log += text;
      });
    this.child.on("exit", (code) => {
      this.code = code;
    });
    for (let i = 0; i < 50 && !this.log.includes("listens at"); i += 1) await sleep(100);
  }

  /** What is told, by series of one supercomputer, without its name. @param {string} [name] */
  scrape(name = "lumi") {
    const text = this.does("curl", "-sSf", "http://127.0.0.1:9811/metrics");
    const mine = text.split("\n").filter((line) => line.includes(`supercomputer="${name}"`));
    return new Map(
      mine.map((line) => {
        const [series = "", value] = line
          .replace(/,?supercomputer="[^"]*"/, "")
          .replace("{}", "")
          .split(/ (?=\S+$)/);
        return /** @type {[string, number]} */ ([series, Number(value)]);
      }),
    );
  }

  /**
   * Waits until these series have these values; undefined is none.
   * @param {Readonly<Record<string, number | undefined>>} wanted
   * @param {number} [seconds]
   */
  async until(wanted, seconds = 30, name = "lumi") {
    const limit = Date.now() + 1000 * seconds;
    for (;;) {
      const told = this.scrape(name);
      const wrong = Object.entries(wanted).filter(([series, value]) => told.get(series) !== value);
      if (wrong.length === 0) return told;
      if (Date.now() > limit) {
        const found = wrong.map(([series, value]) => `${series} is ${told.get(series)}, not ${value}`);
        throw new Error([...found, this.log].join("\n"));
      }
      await sleep(500);
    }
  }

  /** Logins by the key of the exporter, and what was run by them, as sshd has noted it. */
  logins() {
    const log = this.lumi.inside("login", "journalctl -q -o cat -u ssh");
    const count = (/** @type {string} */ text) => log.split("\n").filter((line) => line.includes(text)).length;
    return { logins: count(` ssh2: ED25519 ${this.fingerprint}`), commands: count("Starting session: command") };
  }
}
