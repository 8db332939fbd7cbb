// The HTTP API of Vault or OpenBao, over TLS of its own CA.
import { request } from "node:https";

/** @typedef {{ status: number, data: any, auth: any, wrap: any, errors: string[], warnings: string[] }} Answer */

export class Api {
  /**
   * @param {{ address: string, ca: string, token?: string, identity?: { cert: string, key: string } }} where address,
   *   certificate of the CA, and who asks: by a token, or by a certificate
   */
  constructor({ address, ca, token, identity }) {
    this.address = address;
    this.ca = ca;
    this.token = token;
    this.identity = identity;
  }

  /** The same server, asked by somebody else: nobody, without a token. @param {string} [token] */
  as(token) {
    return new Api({ address: this.address, ca: this.ca, ...(token === undefined ? {} : { token }) });
  }

  /** The same server, asked by who has a certificate. @param {{ cert: string, key: string }} identity */
  identifiedBy(identity) {
    return new Api({ address: this.address, ca: this.ca, identity });
  }

  /**
   * Asks, and tells the status, whatever it is; only a server that does not answer is an error.
   * @param {string} method
   * @param {string} path below /v1
   * @param {unknown} [body]
   * @param {Record<string, string>} [headers]
   * @returns {Promise<Answer>}
   */
  ask(method, path, body, headers = {}) {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const options = {
      method,
      ca: this.ca,
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
