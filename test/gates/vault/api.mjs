// The HTTP API of Vault or OpenBao, over TLS of its own CA.
import { request } from "node:https";

/** @typedef {{ status: number, data: any, auth: any, wrap: any, errors: string[], warnings: string[] }} Answer */

export class Api {
  /** @param {{ address: string, ca: string, token?: string }} where address, certificate of the CA, who asks */
  constructor({ address, ca, token }) {
    this.address = address;
    this.ca = ca;
    this.token = token;
  }

  /** The same server, asked by somebody else. @param {string | undefined} token */
  as(token) {
    return new Api({ address: this.address, ca: this.ca, ...(token === undefined ? {} : { token }) });
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
