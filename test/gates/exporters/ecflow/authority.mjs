// Who issues certificates of servers: a root, and leaves that hold for a number of days.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../gate.mjs";

export class Authority {
  /** @readonly @type {string} */
  folder;

  /** @param {string} folder of its own */
  constructor(folder) {
    mkdirSync(folder);
    this.folder = folder;
    this.root = join(folder, "root.crt");
    this.leaf = join(folder, "leaf.crt");
    this.openssl("req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=root -keyout root.key -out root.crt");
    this.openssl("req -newkey rsa:2048 -nodes -subj /CN=server -keyout leaf.key -out leaf.csr");
    this.openssl("dhparam -dsaparam -out dh2048.pem 2048");
    this.issue(7);
  }

  /** @param {string} words */
  openssl(words) {
    return run("openssl", words.split(" "), { cwd: this.folder });
  }

  /** @param {number} days for which it holds; none for one that has ended by the next second */
  issue(days) {
    this.openssl(`x509 -req -in leaf.csr -CA root.crt -CAkey root.key -CAcreateserial -days ${days} -out leaf.crt`);
  }

  /** When the leaf ends, in seconds since 1970. */
  get end() {
    const told = this.openssl("x509 -in leaf.crt -noout -enddate").replace("notAfter=", "");
    return Date.parse(told) / 1000;
  }

  /** Lays down what a server shows, which has it as its home. @param {string} home */
  shown(home) {
    const folder = join(home, ".ecflowrc", "ssl");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "server.crt"), `${readFileSync(this.leaf, "utf8")}${readFileSync(this.root, "utf8")}`);
    copyFileSync(join(this.folder, "leaf.key"), join(folder, "server.key"));
    copyFileSync(join(this.folder, "dh2048.pem"), join(folder, "dh2048.pem"));
  }
}
