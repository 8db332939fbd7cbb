// The API of a cluster, as whoever has a certificate or a token.
import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";

/** @typedef {{ status: number, body: any }} Answer */
/** @typedef {{ cert?: string, key?: string, token?: string }} Who */

export class Api {
  /** @param {string} address @param {string} ca @param {Who} who */
  constructor(address, ca, { token, ...certificate }) {
    this.address = address;
    this.ca = ca;
    this.token = token;
    this.agent = new Agent({ keepAlive: true, maxSockets: 16, ca, ...certificate });
  }

  /** Whom a kubeconfig names, with all in it. @param {string} file in JSON */
  static of(file) {
    const { clusters, users } = JSON.parse(readFileSync(file, "utf8"));
    const text = (/** @type {string} */ base64) => Buffer.from(base64, "base64").toString();
    const { server, "certificate-authority-data": ca } = clusters[0].cluster;
    const { "client-certificate-data": cert, "client-key-data": key } = users[0].user;
    return new Api(server, text(ca), { cert: text(cert), key: text(key) });
  }

  /** The same, asked by who has a token; without one, by nobody. @param {string} [token] */
  as(token) {
    return new Api(this.address, this.ca, token === undefined ? {} : { token });
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body]
   * @returns {Promise<Answer>}
   */
  ask(method, path, body) {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      "content-type": method === "PATCH" ? "application/merge-patch+json" : "application/json",
      ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
    };
    return new Promise((resolve, reject) => {
      const asked = request(new URL(path, this.address), { method, headers, agent: this.agent }, (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (part) => {
          text += part;
        });
        answer.on("error", reject);
        answer.on("end", () =>
          resolve({ status: answer.statusCode ?? 0, body: text.startsWith("{") ? JSON.parse(text) : text }),
        );
      });
      asked.on("error", reject);
      asked.end(sent);
    });
  }

  /** What must be there. @param {string} path */
  async get(path) {
    return this.must("GET", path);
  }

  /** What must succeed. @param {string} method @param {string} path @param {unknown} [body] @returns {Promise<any>} */
  async must(method, path, body) {
    const { status, body: answer } = await this.ask(method, path, body);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${answer.message ?? answer}`);
    return answer;
  }

  /** What must be refused, in these words. @param {string} path @param {unknown} body @param {RegExp} words */
  async refuses(path, body, words) {
    const { status, body: answer } = await this.ask("POST", path, body);
    if (status !== 403 || !words.test(answer.message))
      throw new Error(`${path}: ${status} ${answer.message ?? "made"}`);
  }
}

/**
 * Waits until something is so.
 * @template T
 * @param {string} what
 * @param {() => Promise<T | undefined>} look
 * @param {number} [seconds]
 * @returns {Promise<T>}
 */
export async function until(what, look, seconds = 60) {
  for (const end = Date.now() + seconds * 1000; ; await sleep(200)) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`${what}: not after ${seconds} s`);
  }
}
