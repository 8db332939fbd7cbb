// What checks of ecFlow have in common: a bridge with a server and its standby, who asks it, and what Vault would bring.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Supercomputer } from "../hpc/supercomputer.mjs";
import { Client, Server } from "./server.mjs";

/** @typedef {import("../gate.mjs").Gate} Gate */
/** @typedef {import("../hosts/bridge.mjs").Bridge} Bridge */

/** The one login node of Leonardo by which its jobs report. */
const node = "login01-ext.leonardo.cineca.it";

export class World {
  first = "ecflow-prod";
  second = "ecflow-prod-standby";
  /** By which clients know it. */
  seen = "ecflow-prod.production.lumi.apps.dte.destination-earth.eu";

  /** @typedef {{ root: string, issue: (names: readonly string[], days?: number) => { certificate: string, key: string, issuers: string } }} Authority */
  /** One of a folder, which it makes. @type {(folder: string) => Authority} */
  authorityAt = () => {
    throw new Error("nothing is up");
  };
  /** That of this world. @type {Authority} */
  authority = { root: "", issue: () => ({ certificate: "", key: "", issuers: "" }) };

  /** @param {Gate} gate @param {Bridge} bridge @param {boolean} isFull whether its standby is booted too */
  constructor(gate, bridge, isFull) {
    this.gate = gate;
    this.isFull = isFull;
    this.bridge = bridge;
    this.server = new Server(bridge, "prod");
    this.authorityFolder = join(bridge.world, "vault", "authority");
    this.supercomputers = ["lumi", "leonardo"].map((name) => new Supercomputer(name, bridge.world, gate.folder));
  }

  /** What `databridge sandbox up ecflow` makes: supercomputers, and beside them a bridge, configured, with what Vault would bring. */
  async up() {
    const { bridge } = this;
    bridge.prepare();
    bridge.edit("sites/lumi.ts", 'submitsTo: ["lumi"],', 'submitsTo: ["lumi", "leonardo"],');
    // Of two servers, one can have the port by which jobs report.
    bridge.edit("sites/leonardo.ts", /submitsTo: \["leonardo"\],\s*milestones: dailyForecastMilestones,/, "");
    bridge.edit(
      "sites/leonardo.ts",
      "agreement: pending",
      `jobs: { callback: tunnel("${node}", "login01") },\n    agreement: pending`,
    );
    bridge.edit("sites/leonardo.ts", "  tib,", "  tib,\n  tunnel,");
    // Nobody stands by but in full: it would be a host more to configure, and roles more.
    if (!this.isFull) {
      bridge.edit("sites/lumi.ts", /standby: true,\s*/, "");
      bridge.takes("packages", "dns", "users", "base", "volumes", "proxy");
    }
    const { code, out } = bridge.databridge("sandbox", "up", "ecflow", bridge.site);
    if (code !== 0) throw new Error(out.slice(-5000));
    const { Authority } = await bridge.compiled("cli/sandbox/authority.js");
    this.authorityAt = (folder) => new Authority(folder);
    this.authority = this.authorityAt(this.authorityFolder);
    const values = join(bridge.world, "vault", bridge.place, "ecflow", "prod");
    for (const user of ["ecflow", "probe", "operators", "prepifs"])
      this.server.passwords.set(user, readFileSync(join(values, user), "utf8"));
  }

  /** An authority that nobody trusts. */
  another() {
    return this.authorityAt(join(this.gate.folder, "another"));
  }

  /**
   * Another certificate for the server.
   * @param {number} [days] for which it holds; less than none for one that has ended
   * @returns files, as Vault's agent writes them
   */
  certificate(days) {
    const { certificate, key, issuers } = this.authority.issue([this.seen], days);
    return { "tls.crt": certificate, "tls.key": key, "ca.crt": issuers };
  }

  /**
   * Somebody of the front ends, by the relay.
   * @param {string} user @param {Partial<ConstructorParameters<typeof Client>[1]>} [more]
   */
  client(user, more = {}) {
    const password = this.server.passwords.get(user);
    const trusts = this.authority.root;
    const of = { user, host: this.bridge.proxy, trusts, ...(password === undefined ? {} : { password }), ...more };
    return new Client(join(this.gate.folder, `client-${user}-${Math.random()}`), of);
  }

  /** What a client is told: "" if nothing was refused. @param {Client} who @param {readonly string[]} words */
  told(who, ...words) {
    const { code, out } = this.bridge.outside("front-ends", ...who.words(...words));
    return code === 0 ? "" : out;
  }

  /** What a server answers to its own account. @param {readonly string[]} words for ecflow_client */
  asked(...words) {
    return this.server.asked(this.first, `ecflow_client ${words.join(" ")}`).trim();
  }

  /** @param {string} task */
  state(task) {
    return this.asked("--query", "state", task);
  }

  /** Waits until it holds. @param {() => unknown} holds @param {number} seconds @param {string} [host] whose journal tells why not */
  async until(holds, seconds, host = this.first) {
    let why = "";
    for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(500)) {
      try {
        if (holds()) return;
        why = "";
      } catch (error) {
        why = `${error}`;
      }
    }
    const journal = this.bridge.inside(host, `journalctl -q -o cat -n 30 -u ${this.server.unit}`);
    throw new Error(`not after ${seconds} s: ${holds} ${why}\n${journal}`);
  }
}
