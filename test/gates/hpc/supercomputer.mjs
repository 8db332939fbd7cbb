// A supercomputer of the sandbox, as a gate handles it: by its program, and over SSH as one of its users.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../cli/prepare.mjs";
import { run } from "../gate.mjs";

const program = join(root, "sandbox", "hpc", "hpc.py");

/** @typedef {{ code: number | null, out: string }} Ran */
/** States of a job in which nothing more comes of it. */
const over = "COMPLETED|CANCELLED|FAILED|NODE_FAIL|TIMEOUT";

export class Supercomputer {
  user = "ecmwf-dte";

  /** @param {string} name @param {string} world folder of the sandbox @param {string} folder for keys */
  constructor(name, world, folder) {
    this.name = name;
    this.state = join(world, "hpc", name);
    this.folder = folder;
    /** Of whom it is known that he is let in. */
    this.key = "";
  }

  /** What others may know of it. */
  get told() {
    return JSON.parse(readFileSync(join(this.state, "hpc.json"), "utf8"));
  }

  /** @param {readonly string[]} words @returns {Ran} */
  hpc([command = "", ...rest]) {
    return ran(program, [command, this.state, ...rest]);
  }

  /** The same, which has to succeed. @param {readonly string[]} words */
  must(...words) {
    const { code, out } = this.hpc(words);
    if (code !== 0) throw new Error(`${words.join(" ")}: ${out.slice(-3000)}`);
    return out;
  }

  /** As root in a machine. @param {string} machine @param {string} script */
  inside(machine, script) {
    return this.must("exec", machine, "sh", "-c", script);
  }

  /** Condition of each machine. @returns {Record<string, string>} */
  conditions() {
    const { machines } = JSON.parse(ran(program, ["status", this.state, "--json"]).out);
    return Object.fromEntries(
      machines.map((/** @type {{ name: string, condition: string }} */ { name, condition }) => [name, condition]),
    );
  }

  /** A new key; nobody lets it in yet. @param {string} name */
  made(name) {
    const key = join(this.folder, `${this.name}-${name}`);
    run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", key]);
    return key;
  }

  /**
   * Somebody outside logs in, by a key and by what is beside it.
   * @param {string} command
   * @param {{ key?: string, user?: string, to?: string }} how
   * @returns {Ran}
   */
  ssh(command, { key = this.key, user = this.user, to = this.told.host } = {}) {
    const options = ["BatchMode=yes", "IdentitiesOnly=yes", "StrictHostKeyChecking=yes", "ConnectTimeout=3"];
    options.push(`UserKnownHostsFile=${this.told.knownHosts}`, "GlobalKnownHostsFile=none", "LogLevel=ERROR");
    const words = ["ssh", "-F", "none", "-i", key, ...options.flatMap((option) => ["-o", option]), `${user}@${to}`];
    return this.hpc(["outside", "stranger", "timeout", "70", ...words, command]);
  }

  /** The same, which has to succeed. @param {string} command @param {Parameters<Supercomputer["ssh"]>[1]} [how] */
  login(command, how) {
    const { code, out } = this.ssh(command, how);
    if (code !== 0) throw new Error(`${this.name}: ${command}: ${out}`);
    return out;
  }

  /** Submits a script. @param {string} options @param {string} script @returns its number */
  submit(options, script) {
    return this.login(`sbatch --parsable ${options} --wrap '${script}'`).trim();
  }

  /** What Slurm says of jobs, none of which does anything. @param {readonly string[]} asked options of each */
  tried(asked) {
    const each = asked.map((options) => `sbatch ${options} --wrap true 2>&1 | tail -n 1`);
    return this.login(`${each.join("; ")}; scancel -u $USER`).split("\n");
  }

  /** Waits for a job. @param {string} job @param {string} [states] @param {number} [seconds] @returns its state */
  until(job, states = over, seconds = 25) {
    const is = `sacct -nXPj ${job} -o state`;
    const script = `for i in $(seq ${5 * seconds}); do ${is} | grep -E "^(${states})" && exit; sleep 0.2; done; ${is}; squeue; sinfo; exit 1`;
    return this.login(script).trim();
  }

  /** Runs a job to its end. @param {string} options @param {string} script @returns what it printed */
  ran(options, script) {
    const job = this.submit(options, script);
    const state = this.until(job);
    const printed = this.login(`cat slurm-${job}.out`).trim();
    if (state !== "COMPLETED") throw new Error(`${this.name}: ${options}: ${state}\n${printed}`);
    return printed;
  }
}

/** @param {string} command @param {readonly string[]} words @returns {Ran} */
function ran(command, words) {
  const { status, stdout, stderr } = spawnSync(command, words, { encoding: "utf8", maxBuffer: 1 << 26 });
  return { code: status, out: `${stdout}${stderr}`.trim() };
}
