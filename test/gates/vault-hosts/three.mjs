// The three servers of Vault at home, and commands in them.
import { setTimeout as sleep } from "node:timers/promises";

export const names = ["vault-1", "vault-2", "vault-3"];
const domain = "production.home.apps.dte.destination-earth.eu";
const root = "/usr/local/share/ca-certificates/platform-root.crt";

export class Three {
  /** Of root, and what opens it. */
  token = "";
  share = "";

  /** @param {import("../hosts/bridge.mjs").Bridge} bridge */
  constructor(bridge) {
    this.bridge = bridge;
  }

  /** `bao` at a server, which asks that server alone. @param {string} host @param {string} words @param {string} [token] */
  bao(host, words, token = "") {
    const where = `BAO_CACERT=${root} BAO_ADDR=https://${host}.${domain}:8200`;
    return this.bridge.inside(host, `BAO_TOKEN='${token}' ${where} bao ${words}`);
  }

  /** Waits until it says so, and tells what it said. @param {string} host @param {string} words @param {RegExp} holds @param {string} [token] */
  async until(host, words, holds, token) {
    let out = "";
    for (let tries = 0; tries < 60; tries += 1) {
      out = this.bao(host, `${words} 2>&1 || true`, token);
      if (holds.test(out)) return out;
      await sleep(1000);
    }
    // Its journal has every request, too.
    const log = this.bridge.inside(host, "journalctl -q -o cat -n 400 -u openbao | grep -v '^{' | tail -20");
    throw new Error(`${host}: ${words}: ${out}\n${log}`);
  }

  /** Makes a Vault with one share. @param {string} host */
  begin(host) {
    const made = JSON.parse(this.bao(host, "operator init -key-shares=1 -key-threshold=1 -format=json"));
    return { token: made.root_token, share: made.unseal_keys_b64[0] };
  }

  /** Opens a server once it knows of a Vault. @param {string} host @param {string} [share] */
  async open(host, share = this.share) {
    await this.until(host, "status", /Initialized\s+true/);
    this.bao(host, `operator unseal ${share}`);
  }

  /** Waits until one of them is active; those on standby read meanwhile. @param {readonly string[]} among */
  async active(among) {
    for (let tries = 0; tries < 60; tries += 1) {
      const found = among.find((each) => /HA Mode\s+active/.test(this.bao(each, "status || true")));
      if (found) return found;
      await sleep(1000);
    }
    throw new Error(`none of ${among.join(", ")} is active`);
  }

  /** Waits until all three vote. */
  async voting() {
    await this.until(names[0] ?? "", "operator raft list-peers", /^(?!.*false)[\s\S]*vault-3/, this.token);
  }
}
