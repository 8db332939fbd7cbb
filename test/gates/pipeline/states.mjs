// Keeps states as GitLab does, by HTTP: one at each path, locked by whoever changes it.
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";

export class States {
  user = "jobs";
  password = randomBytes(12).toString("hex");
  /** By path. @type {Map<string, string>} */
  states = new Map();
  /** @type {Map<string, string>} */
  locks = new Map();
  /** How often somebody locked one. */
  locked = 0;

  server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    const { pathname, searchParams } = new URL(request.url ?? "", "http://127.0.0.1");
    const end = (/** @type {number} */ code, text = "") => response.writeHead(code).end(text);
    const who = Buffer.from(`${this.user}:${this.password}`).toString("base64");
    if (request.headers.authorization !== `Basic ${who}`) return end(401);
    if (pathname.endsWith("/lock")) {
      const path = pathname.slice(0, -"/lock".length);
      const held = this.locks.get(path);
      if (request.method === "DELETE") this.locks.delete(path);
      else if (held !== undefined) return end(423, held);
      else {
        this.locks.set(path, body);
        this.locked += 1;
      }
      return end(200);
    }
    const held = this.locks.get(pathname);
    if (request.method === "POST") {
      if (held !== undefined && JSON.parse(held).ID !== searchParams.get("ID")) return end(409, held);
      this.states.set(pathname, body);
      return end(200);
    }
    const state = this.states.get(pathname);
    return state === undefined ? end(404) : end(200, state);
  });

  /** @returns {Promise<string>} where it is */
  async start() {
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", () => resolve(undefined)));
    const address = this.server.address();
    if (address === null || typeof address === "string") throw new Error("it listens nowhere");
    return `http://127.0.0.1:${address.port}`;
  }

  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }
}
