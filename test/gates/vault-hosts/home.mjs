// Home as a bridge sees it: a Vault at the address of its relay, with the configuration that one of its servers has.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { run } from "../gate.mjs";
import { Issuer } from "../vault/people.mjs";

const server = "home-production-vault-1";

export class Home {
  who = "home-production-proxy";
  name = "vault.production.home.apps.dte.destination-earth.eu";
  token = "";
  share = "";
  pid = 0;

  /** @param {import("../hosts/bridge.mjs").Bridge} bridge @param {string} address where home's relay is met; a block for documentation */
  constructor(bridge, address = "203.0.113.20") {
    this.bridge = bridge;
    this.address = address;
    this.folder = join(bridge.folder, "home");
    mkdirSync(this.folder);
    // As somebody has it who reaches Vault, by whichever way.
    writeFileSync(this.at("hosts"), `127.0.0.1 localhost\n${address} ${this.name}\n`);
    this.ca = join(bridge.folder, "trust");
    this.root = join(this.ca, "tls-root.crt");
    this.rootKey = join(this.ca, "tls-root.key");
    this.program =
      run(join(bridge.checkout, "sandbox", "vault", "vault.py"), ["build"])
        .trim()
        .split("\n")
        .at(-1) ?? "";
  }

  get url() {
    return `https://${this.name}:8200`;
  }

  /** The offline root, which everybody trusts then, and a certificate of it. */
  prepare() {
    const { bridge } = this;
    mkdirSync(this.at("raft"));
    must(bridge.databridge("bootstrap-ca", this.ca));
    bridge.learn("home", "production.router=203.0.113.21", `production.public.proxy=${this.address}`);
    bridge.learn("home", `trust.tlsRoot=${readFileSync(this.root, "utf8")}`);
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384", "-nodes", "-keyout", this.at("tls.key")];
    run("openssl", ["req", "-new", ...curve, "-subj", "/CN=vault", "-out", this.at("tls.csr")]);
    must(bridge.databridge("bootstrap-ca", "sign", this.ca, server, this.at("tls.csr")));
  }

  /** @param {string} name */
  at(name) {
    return join(this.folder, name);
  }

  /** Starts it with what is rendered for one server: alone, and at the address of the relay. */
  async start() {
    const { registers } = (await this.bridge.described()).describe();
    const { filesIn } = await this.bridge.compiled("constructs/files.js");
    const place = registers.places.find((/** @type {{ id: string }} */ { id }) => id === "home-production");
    const rendered = filesIn(place, registers).get(`${server}/etc/openbao/openbao.hcl`);
    const alone = rendered
      .replace(/ {2}retry_join \{[^}]*\}\n/g, "")
      .replaceAll("/etc/openbao/tls", this.folder)
      .replace("/srv/raft/openbao", this.at("raft"))
      .replace("/var/log/openbao", this.folder)
      .replace(/(api_addr|cluster_addr) = .*:(\d+)"/g, `$1 = "https://${this.address}:$2"`)
      .replace(/((?:cluster_)?address) = "[\d.]+:/g, `$1 = "${this.address}:`)
      // This machine may have no journal.
      .replace(/audit "syslog"[^}]*\}\n\}?/, "");
    writeFileSync(this.at("openbao.hcl"), alone);
    const log = this.at("log");
    const words = `setsid "${this.program}" server -config="${this.at("openbao.hcl")}" >> "${log}" 2>&1 < /dev/null & echo $!`;
    this.pid = Number(must(this.in(this.who, "sh", "-c", words)).trim());
    await this.until(["operator", "key-status"], (out) => /sealed|permission|key term/i.test(out));
    if (this.token === "") {
      const made = JSON.parse(must(this.bao("operator", "init", "-key-shares=1", "-key-threshold=1", "-format=json")));
      [this.token, this.share] = [made.root_token, made.unseal_keys_b64[0]];
    }
    must(this.bao("operator", "unseal", this.share));
    await this.until(["status"], (out) => /HA Mode\s+active/.test(out));
  }

  /** @param {readonly string[]} words @param {(out: string) => boolean} holds */
  async until(words, holds) {
    let out = "";
    for (let tries = 0; tries < 60; tries += 1) {
      ({ out } = this.bao(...words));
      if (holds(out)) return;
      await sleep(300);
    }
    throw new Error(`${words.join(" ")}: ${out}\n${readFileSync(this.at("log"), "utf8").slice(-2000)}`);
  }

  stop() {
    if (this.pid) process.kill(this.pid, "SIGKILL");
    this.pid = 0;
  }

  /** A command as somebody outside, who finds Vault by its name. @param {string} who @param {readonly string[]} words */
  in(who, ...words) {
    const bound = 'mount --bind "$0" /etc/hosts && exec "$@"';
    const env = this.bridge.env;
    Object.assign(env, { BAO_ADDR: this.url, BAO_CACERT: this.root, VAULT_ADDR: this.url, VAULT_TOKEN: this.token });
    Object.assign(env, { BAO_TOKEN: this.token });
    try {
      return this.bridge.outside(who, "sh", "-c", bound, this.at("hosts"), ...words);
    } finally {
      for (const name of ["BAO_ADDR", "BAO_CACERT", "VAULT_ADDR", "VAULT_TOKEN", "BAO_TOKEN"])
        delete (/** @type {any} */ (env)[name]);
    }
  }

  /** @param {readonly string[]} words */
  bao(...words) {
    return this.in("operators", this.program, ...words);
  }

  /** The public key of a CA of SSH. @param {string} mount */
  authority(mount) {
    return must(this.bao("read", "-field=public_key", `${mount}/config/ca`)).trim();
  }

  /** The stack of Vault as it is synthesized of the copy; whoever vouches for people and pipelines is a key of ours. */
  async apply() {
    const { registers } = (await this.bridge.described()).describe();
    const { main } = await this.bridge.compiled("main.js");
    const out = main(registers, this.at("stacks"), "sandbox");
    const file = out.find((/** @type {{ name: string }} */ { name }) => name === "home-production-vault").file;
    const stack = JSON.parse(readFileSync(file, "utf8"));
    for (const backend of /** @type {any[]} */ (Object.values(stack.resource.vault_jwt_auth_backend ?? {}))) {
      delete backend.oidc_discovery_url;
      backend.jwt_validation_pubkeys = [new Issuer().publicKey];
    }
    writeFileSync(this.at("stack.json"), JSON.stringify(stack));
    const words = [join(import.meta.dirname, "apply.mjs"), this.url, this.root, this.at("stack.json")];
    return Number(
      must(this.in("operators", "node", ...words))
        .trim()
        .split("\n")
        .at(-1),
    );
  }

  /** `databridge configure` of hosts by somebody who may hand out secret ids. @param {readonly string[]} hosts @returns {ReturnType<import("../hosts/bridge.mjs").Bridge["configure"]>} */
  configure(...hosts) {
    const { bridge } = this;
    const words = [join(bridge.checkout, "cli", "databridge.mjs"), "configure", bridge.site, "--hosts", ...hosts];
    const { code, out, stdout } = this.in("operators", "node", ...words, "--json");
    if (!stdout.trim().startsWith("{")) throw new Error(out.slice(-3000));
    return { code, out, report: JSON.parse(stdout) };
  }
}

/** @param {import("../hosts/bridge.mjs").Ran} ran */
export function must({ code, out, stdout }) {
  if (code !== 0) throw new Error(out.slice(-3000));
  return stdout;
}
