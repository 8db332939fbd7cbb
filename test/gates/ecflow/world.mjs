// What checks of ecFlow have in common: a bridge with a server and its standby, who asks it, and what Vault would bring.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Supercomputer } from "../hpc/supercomputer.mjs";
import { Authority, Client, Server } from "./server.mjs";

/** @typedef {import("../gate.mjs").Gate} Gate */
/** @typedef {import("../hosts/bridge.mjs").Bridge} Bridge */

/** The one login node of Leonardo by which its jobs report. */
const node = "login01-ext.leonardo.cineca.it";

export class World {
  first = "ecflow-prod";
  second = "ecflow-prod-standby";
  /** By which clients know it. */
  seen = "ecflow-prod.production.lumi.apps.dte.destination-earth.eu";

  /** @param {Gate} gate @param {Bridge} bridge */
  constructor(gate, bridge) {
    this.gate = gate;
    this.bridge = bridge;
    this.server = new Server(bridge, "prod");
    this.authority = new Authority(join(gate.folder, "authority"));
    this.root = join(this.authority.folder, "ca.crt");
    this.supercomputers = ["lumi", "leonardo"].map((name) => new Supercomputer(name, bridge.world, gate.folder));
  }

  /** Supercomputers, and beside them a bridge with keys that are learned, and what Vault would bring. */
  async up() {
    const { bridge } = this;
    bridge.prepare();
    // What Vault brings is brought by hand here.
    bridge.edit("sites/lumi.ts", "vaultAgent(),", "");
    bridge.edit("sites/lumi.ts", 'submitsTo: ["lumi"],', 'submitsTo: ["lumi", "leonardo"],');
    // Of two servers, one can have the port by which jobs report.
    bridge.edit("sites/leonardo.ts", 'submitsTo: ["leonardo"],', "");
    bridge.edit(
      "sites/leonardo.ts",
      "agreement: pending",
      `jobs: { callback: tunnel("${node}", "login01") },\n    agreement: pending`,
    );
    bridge.edit("sites/leonardo.ts", "  tib,", "  tib,\n  tunnel,");
    bridge.learn("home", `trust.tlsRoot=${readFileSync(this.root, "utf8").trim()}`);
    const { code, out } = bridge.databridge("sandbox", "up", "hpc", ...this.supercomputers.map(({ name }) => name));
    if (code !== 0) throw new Error(out.slice(-3000));
    await bridge.up();
    for (const each of this.supercomputers) each.must("join", bridge.state);
    await bridge.learnKeys();
    for (const host of [this.first, this.second].filter((name) => bridge.names.includes(name))) this.bring(host);
  }

  /** Brings a host what Vault's agent would. @param {string} host */
  bring(host) {
    this.server.bringPasswords(host);
    this.server.bringCertificate(host, this.authority.issue(this.seen));
  }

  /**
   * Somebody of the front ends, by the relay.
   * @param {string} user @param {Partial<ConstructorParameters<typeof Client>[1]>} [more]
   */
  client(user, more = {}) {
    const password = this.server.passwords.get(user);
    const trusts = readFileSync(this.root, "utf8");
    const of = { user, host: this.bridge.proxy, trusts, ...(password === undefined ? {} : { password }), ...more };
    return new Client(join(this.gate.folder, `client-${user}-${Math.random()}`), of);
  }

  /** What a client is told: "" if nothing was refused. @param {Client} who @param {readonly string[]} words */
  told(who, ...words) {
    const { code, out } = this.bridge.outside("front-ends", ...who.words(...words));
    return code === 0 ? "" : out;
  }

  /** @param {readonly string[]} hosts, or all that are booted */
  configured(hosts = this.bridge.ids) {
    return this.bridge.configured(hosts);
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
