// The HTTP API of Vault or OpenBao, over TLS of its own CA.
import { request } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";

/** @typedef {{ status: number, data: any, auth: any, wrap: any, errors: string[], warnings: string[] }} Answer */

export class Api {
  /**
   * @param {{ address: string, ca: string, token?: string, identity?: { cert: string, key: string }, from?: string }} where
   *   address, certificate of the CA, and who asks: by a token, or by a certificate; from which address of this machine
   */
  constructor({ address, ca, token, identity, from }) {
    this.address = address;
    this.from = from;
    this.ca = ca;
    this.token = token;
    this.identity = identity;
  }

  /** The same server, asked by somebody else: nobody, without a token. @param {string} [token] */
  as(token) {
    const { address, ca, from } = this;
    return new Api({ address, ca, ...(from === undefined ? {} : { from }), ...(token === undefined ? {} : { token }) });
  }

  /** The same server and who asks it, from another address of this machine. @param {string} from */
  at(from) {
    const { address, ca, token } = this;
    return new Api({ address, ca, from, ...(token === undefined ? {} : { token }) });
  }

  /** The same server, asked by who has a certificate. @param {{ cert: string, key: string }} identity */
  identifiedBy(identity) {
    return new Api({ address: this.address, ca: this.ca, identity });
  }

  /**
   * Asks, and tells the status, whatever it is; only a server that does not answer is an error. Waits where a quota says so.
   * @param {string} method
   * @param {string} path below /v1
   * @param {unknown} [body]
   * @param {Record<string, string>} [headers]
   */
  async ask(method, path, body, headers) {
    for (;;) {
      const answer = await this.once(method, path, body, headers);
      if (answer.status !== 429) return answer;
      await sleep(50);
    }
  }

  /**
   * The same, without waiting.
   * @param {string} method
   * @param {string} path below /v1
   * @param {unknown} [body]
   * @param {Record<string, string>} [headers]
   * @returns {Promise<Answer>}
   */
  once(method, path, body, headers = {}) {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const options = {
      method,
      ca: this.ca,
      ...(this.from === undefined ? {} : { localAddress: this.from }),
      ...this.identity,
      minVersion: /** @type {const} */ ("TLSv1.3"),
      headers: { ...(this.token === undefined ? {} : { "X-Vault-Token": this.token }), ...headers },
    };
    return new Promise((resolve, reject) => {
      const asked = request(new URL(`/v1/${path}`, this.address), options, (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (part) => {
          text += part;
        });
        answer.on("error", reject);
        answer.on("end", () => resolve(told(answer.statusCode ?? 0, text)));
      });
      asked.on("error", reject);
      asked.end(sent);
    });
  }
}

/** @param {number} status @param {string} text @returns {Answer} */
function told(status, text) {
  const { data, auth, wrap_info: wrap, errors, warnings } = text.startsWith("{") ? JSON.parse(text) : {};
  return { status, data: data ?? undefined, auth, wrap, errors: errors ?? [], warnings: warnings ?? [] };
}
