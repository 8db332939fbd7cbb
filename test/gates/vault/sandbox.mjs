// A Vault of the sandbox, for as long as a gate runs.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../cli/prepare.mjs";
import { run } from "../gate.mjs";
import { Api } from "./api.mjs";

const program = join(root, "sandbox", "vault", "vault.py");

/** Installs what servers and certificates need. */
export const prepared = () => run(program, ["packages", "--install"]);

export class Sandbox {
  /** @param {string} folder of its state */
  constructor(folder) {
    this.folder = folder;
  }

  /** @param {string} command @param {readonly string[]} args @returns what it printed; throws if it failed */
  vault(command, ...args) {
    return run(program, [command, this.folder, ...args]);
  }

  /** What others may know. */
  get public() {
    return JSON.parse(readFileSync(join(this.folder, "vault.json"), "utf8"));
  }

  /** Whoever has the token of root. @param {number} server */
  api(server = 0) {
    const { addresses, ca, token } = this.public;
    return new Api({ address: addresses[server], ca: readFileSync(ca, "utf8"), token: readFileSync(token, "utf8") });
  }

  /** Of its servers that run. @returns {number[]} */
  get pids() {
    if (!existsSync(this.folder)) return [];
    /** @type {{ servers: { pid: number | null }[] }} */
    const { servers } = JSON.parse(this.vault("status", "--json"));
    return servers.flatMap(({ pid }) => (pid === null ? [] : [pid]));
  }

  /** Ends it, and removes all of it. */
  down() {
    if (existsSync(this.folder)) this.vault("down");
  }
}
