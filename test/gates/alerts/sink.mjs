// What takes notifications of an Alertmanager, and keeps which alerts ring.
import { createServer } from "node:http";

/** @typedef {import("./rung.mjs").Told} Told */

export async function listening() {
  /** @type {Told[]} */
  const told = [];
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    /** @type {{ alerts: { status: string, labels: Record<string, string> }[] }} */
    const { alerts } = JSON.parse(Buffer.concat(parts).toString());
    const firing = alerts.filter(({ status }) => status === "firing").map(({ labels }) => labels);
    if (firing.length > 0) told.push({ receiver: decodeURIComponent((request.url ?? "/").slice(1)), alerts: firing });
    response.end();
  });
  await /** @type {Promise<void>} */ (new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve())));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    told,
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A port on which nobody listens now. */
export async function freePort() {
  const { url, close } = await listening();
  close();
  return new URL(url).port;
}
