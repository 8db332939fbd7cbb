// The object store of another site, at its name in the internet: it holds whoever asks against their key, and what that may.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ofPython, run } from "../gate.mjs";
import { must } from "./home.mjs";

/** What `store.py make` asks before anybody has a key. */
const unasked = 5;

export class Store {
  /** Its halves. @type {readonly string[]} */
  key = [];
  pid = 0;

  /**
   * @param {Pick<import("./home.mjs").Home, "bridge" | "root" | "rootKey" | "at">} home whose certificates hosts trust
   * @param {{ endpoint: string, bucket: string }} copies
   */
  constructor(home, { endpoint, bucket }) {
    this.home = home;
    this.bucket = bucket;
    this.name = endpoint;
    writeFileSync(home.at("store.hosts"), `127.0.0.1 localhost ${endpoint}\n`);
    this.program = ofPython("moto_server", "5.2.5", join(import.meta.dirname, "requirements.txt"));
  }

  /** With a certificate that hosts of the sandbox trust. */
  async start() {
    const { home, name } = this;
    const [key, request, certificate] = ["key", "csr", "crt"].map((end) => home.at(`store.${end}`));
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key ?? ""];
    run("openssl", ["req", "-new", ...curve, "-subj", `/CN=${name}`, "-out", request ?? ""]);
    writeFileSync(home.at("store.names"), `subjectAltName = DNS:${name}\n`);
    const root = ["-CA", home.root, "-CAkey", home.rootKey, "-CAcreateserial"];
    const more = ["-days", "1", "-extfile", home.at("store.names"), "-out", certificate ?? ""];
    run("openssl", ["x509", "-req", "-in", request ?? "", ...root, ...more]);
    const listens = `-H 0.0.0.0 -p 443 -c ${certificate} -k ${key}`;
    // Its buckets are paths, and no names before its own.
    const how = `INITIAL_NO_AUTH_ACTION_COUNT=${unasked} S3_IGNORE_SUBDOMAIN_BUCKETNAME=true`;
    const words = `${how} setsid ${this.program} ${listens} > ${home.at("store.log")} 2>&1 < /dev/null & echo $!`;
    this.pid = Number(must(this.within("sh", "-c", words)).trim());
    for (let tries = 0; !this.said().includes("Running on"); tries += 1) {
      if (tries > 60) throw new Error(this.said());
      await sleep(500);
    }
    this.key = JSON.parse(must(this.asked("make")));
  }

  /** What is in the bucket. @returns {string[]} */
  list() {
    return JSON.parse(must(this.asked("list")));
  }

  stop() {
    if (this.pid) process.kill(this.pid, "SIGKILL");
    this.pid = 0;
  }

  said() {
    return readFileSync(this.home.at("store.log"), "utf8");
  }

  /** @param {string} command */
  asked(command) {
    const [id = "nobody", half = "nothing"] = this.key;
    const keys = [`AWS_ACCESS_KEY_ID=${id}`, `AWS_SECRET_ACCESS_KEY=${half}`];
    const script = join(import.meta.dirname, "store.py");
    const python = join(dirname(this.program), "python");
    const words = [command, `https://${this.name}`, this.home.root, this.bucket];
    return this.within("env", "-u", "AWS_CA_BUNDLE", ...keys, python, script, ...words);
  }

  /** As whoever is where it answers, and finds it by its name. @param {readonly string[]} words */
  within(...words) {
    const bound = 'mount --bind "$0" /etc/hosts && exec "$@"';
    return this.home.bridge.outside("internet", "sh", "-c", bound, this.home.at("store.hosts"), ...words);
  }
}
