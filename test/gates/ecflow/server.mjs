// A server of ecFlow as Ansible makes it, and those who ask it; what Vault's agent would bring is brought by hand.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** @typedef {import("../hosts/bridge.mjs").Bridge} Bridge */

export class Server {
  /** By user, as they were brought. @type {Map<string, string>} */
  passwords = new Map();

  /** @param {Bridge} bridge @param {string} name of the server */
  constructor(bridge, name) {
    this.bridge = bridge;
    this.role = `ecflow-${name}`;
    this.folder = `/etc/platform/${this.role}`;
    this.about = `${this.folder}/server.json`;
    this.unit = `${this.role}.service`;
  }

  /** Puts files to a host, as the agent does. @param {string} host @param {string} folder @param {Readonly<Record<string, string>>} files */
  bring(host, folder, files) {
    const script = Object.entries(files)
      .map(
        ([file, text]) =>
          `printf '%s' '${text}' > ${folder}/${file}.part && mv ${folder}/${file}.part ${folder}/${file}`,
      )
      .join("\n");
    this.bridge.inside(host, `set -e; umask 077; ${script}\nchown ecflow ${folder}/*`);
  }

  /** @param {string} host */
  bringPasswords(host) {
    this.bring(host, `${this.folder}/passwords`, Object.fromEntries(this.passwords));
  }

  /** @param {string} host @param {Readonly<Record<string, string>>} files */
  bringCertificate(host, files) {
    this.bring(host, `/etc/platform/tls/${this.role}`, files);
  }

  /** As the account of the server, with its environment. @param {string} host @param {string} command */
  asked(host, command) {
    const script = `cd /; setpriv --reuid ecflow --regid ecflow --clear-groups sh -c 'set -a; . ${this.folder}/environment; ${command}'`;
    return this.bridge.inside(host, script);
  }

  /** @param {string} host @returns {{ status: string, checkPointSeconds: number | null }} */
  status(host) {
    return JSON.parse(this.asked(host, `platform-ecflow status ${this.about}`));
  }

  /** @param {string} host @param {string} what of the unit */
  shown(host, what, unit = this.unit) {
    return this.bridge.inside(host, `systemctl show -P ${what} ${unit}`);
  }
}

/** Somebody with a client. */
export class Client {
  /**
   * @param {string} folder of its own
   * @param {{ user: string, password?: string, host: string, port?: number, trusts?: string, tls?: boolean }} who
   *   what it claims to be, and what it holds the server against
   */
  constructor(folder, { user, password, host, port = 3141, trusts, tls = true }) {
    mkdirSync(join(folder, ".ecflowrc", "ssl"), { recursive: true });
    if (trusts !== undefined) writeFileSync(join(folder, ".ecflowrc", "ssl", "server.crt"), trusts);
    const file = join(folder, "password");
    writeFileSync(file, `5.9.2\n${user} ${host} ${port} ${password ?? "none"}\n`, { mode: 0o600 });
    this.env = {
      HOME: folder,
      ECF_HOST: host,
      ECF_PORT: String(port),
      ECF_USER: user,
      ECF_CONNECT_TIMEOUT: "5",
      ...(password === undefined ? {} : { ECF_CUSTOM_PASSWD: file }),
      ...(tls ? { ECF_SSL: "1" } : {}),
    };
  }

  /** Words for `env`. @param {readonly string[]} words for ecflow_client */
  words(...words) {
    const env = Object.entries(this.env).map(([key, value]) => `${key}=${value}`);
    return ["env", "-u", "ECF_PASSWD", ...env, "ecflow_client", ...words];
  }
}
