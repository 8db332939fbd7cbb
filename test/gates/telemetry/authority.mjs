// Certificates as Vault issues them: a name as subject, the names beside it, for both ends of a connection.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../gate.mjs";

export class Authority {
  /** @param {string} folder */
  constructor(folder) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    const of = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"];
    run("openssl", ["req", "-x509", ...of, "-subj", "/CN=Root", "-keyout", "root.key", "-out", "root.crt"], {
      cwd: folder,
    });
  }

  get root() {
    return join(this.folder, "root.crt");
  }

  /**
   * Writes tls.crt, tls.key and ca.crt.
   * @param {string} to a folder
   * @param {readonly string[]} names the first is its subject
   * @param {number} [days] less than none for one that has ended
   */
  issue(to, names, days = 30) {
    mkdirSync(to, { recursive: true });
    const [key, request, extensions] = [join(to, "tls.key"), join(to, "request"), join(to, "extensions")];
    const of = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    run("openssl", ["req", "-new", ...of, "-subj", `/CN=${names[0]}`, "-keyout", key, "-out", request]);
    writeFileSync(
      extensions,
      `subjectAltName=${names.map((name) => `DNS:${name}`).join(",")}\nextendedKeyUsage=serverAuth,clientAuth\n`,
    );
    const signs = ["-CA", this.root, "-CAkey", join(this.folder, "root.key"), "-CAcreateserial"];
    if (days < 0) this.#ended(to, request, extensions);
    else
      run("openssl", [
        "x509",
        "-req",
        "-in",
        request,
        ...signs,
        "-days",
        `${days}`,
        "-extfile",
        extensions,
        "-out",
        join(to, "tls.crt"),
      ]);
    run("cp", [this.root, join(to, "ca.crt")]);
  }

  /** By the clock of an authority of another year. @param {string} to @param {string} request @param {string} extensions */
  #ended(to, request, extensions) {
    const at = join(this.folder, "ended");
    run("sh", ["-ec", `rm -rf ${at}; mkdir -p ${at}; : > ${at}/index; echo 01 > ${at}/serial`]);
    writeFileSync(
      join(at, "conf"),
      `[ca]\ndefault_ca=it\n[it]\ndatabase=${at}/index\nserial=${at}/serial\nnew_certs_dir=${at}\ndefault_md=sha256\npolicy=any\n[any]\ncommonName=supplied\n`,
    );
    const dates = ["-startdate", "20200101000000Z", "-enddate", "20200102000000Z"];
    const of = ["-config", join(at, "conf"), "-cert", this.root, "-keyfile", join(this.folder, "root.key")];
    const words = [
      "ca",
      "-batch",
      "-notext",
      ...of,
      ...dates,
      "-extfile",
      extensions,
      "-in",
      request,
      "-out",
      join(to, "tls.crt"),
    ];
    run("openssl", words);
  }
}
