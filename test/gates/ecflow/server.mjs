// A server of ecFlow as Ansible makes it, and those who ask it; what Vault's agent would bring is brought by hand.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../gate.mjs";

/** @typedef {import("../hosts/bridge.mjs").Bridge} Bridge */

/** A CA, an issuer below it, and certificates of that: as Vault's. */
export class Authority {
  /** @type {string} */
  folder;

  /** @param {string} folder */
  constructor(folder) {
    mkdirSync(folder, { recursive: true });
    this.folder = folder;
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384", "-nodes"];
    this.openssl("req", "-x509", ...curve, "-subj", "/CN=root", "-days", "30", "-keyout", "ca.key", "-out", "ca.crt");
    this.openssl("req", "-new", ...curve, "-subj", "/CN=issuer", "-keyout", "issuer.key", "-out", "issuer.csr");
    writeFileSync(join(folder, "issuer.ext"), "basicConstraints=critical,CA:TRUE\n");
    this.sign("issuer.csr", "ca", "issuer.crt", ["-days", "20", "-extfile", "issuer.ext"]);
  }

  /** @param {readonly string[]} words */
  openssl(...words) {
    return run("openssl", words, { cwd: this.folder });
  }

  /** @param {string} request @param {string} by @param {string} into @param {readonly string[]} words */
  sign(request, by, into, words) {
    const signed = ["x509", "-req", "-in", request, "-CA", `${by}.crt`, "-CAkey", `${by}.key`, "-CAcreateserial"];
    this.openssl(...signed, "-out", into, ...words);
  }

  /**
   * Files as the agent writes them, in text.
   * @param {string} name @param {readonly string[]} validity for openssl; without a word, ten days
   */
  issue(name, validity = ["-days", "10"]) {
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    this.openssl("req", "-new", ...curve, "-subj", `/CN=${name}`, "-keyout", "leaf.key", "-out", "leaf.csr");
    this.sign("leaf.csr", "issuer", "leaf.crt", validity);
    const [leaf, issuer, key, root] = ["leaf.crt", "issuer.crt", "leaf.key", "ca.crt"].map((file) =>
      run("cat", [join(this.folder, file)]),
    );
    return { "tls.crt": `${leaf}${issuer}`, "tls.key": key ?? "", "ca.crt": root ?? "" };
  }
}

export class Server {
  passwords = new Map([
    ["ecflow", "ofTheServer"],
    ["probe", "ofTheProbe"],
    ["operators", "ofTheOperators"],
    ["prepifs", "ofPrepifs"],
  ]);

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
    const account =
      "getent passwd ecflow > /dev/null || useradd --system -M -d /nonexistent -s /usr/sbin/nologin ecflow";
    this.bridge.inside(host, `set -e; ${account}; mkdir -p ${folder}; umask 077; ${script}\nchown ecflow ${folder}/*`);
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
