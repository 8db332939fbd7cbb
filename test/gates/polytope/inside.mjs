// What is seen of the way in to Polytope, from inside a network that has nothing else: nginx by its configuration as pods have it, as nobody
// and with nothing to write to; behind it two servers, which say what they were asked.
//   node inside.mjs <folder>     prints it
import { spawn } from "node:child_process";
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { asNobody } from "./nobody.mjs";

const [folder = "", address = ""] = process.argv.slice(2);
/** @typedef {{ to: string, method?: string | undefined, url?: string | undefined, headers: http.IncomingHttpHeaders }} Asked */
/** @type {Asked[]} */
const asked = [];
/** A stream that says more once it is let. */
let more = () => {};

/** @param {string} to @param {string} host */
const behind = (to, host) =>
  new Promise((ready) => {
    const server = http.createServer((request, answer) => {
      const { method, url, headers } = request;
      asked.push({ to, method, url, headers });
      request.resume().on("end", () => {
        if (url?.endsWith("cut")) return request.socket.destroy();
        if (!url?.includes("stream")) return answer.end(to);
        answer.write("begun");
        more = () => answer.end("ended");
      });
    });
    server.listen(3000, host, () => ready(server));
  });

/** @param {string} path @param {https.RequestOptions & { body?: string }} [is] */
const ask = (path, { body, ...is } = {}) =>
  new Promise((done, failed) => {
    const options = {
      host: "127.0.0.1",
      port: 8443,
      path,
      servername: address,
      rejectUnauthorized: false,
      agent: false,
    };
    const request = https.request({ ...options, ...is, headers: { host: address, ...is.headers } }, async (answer) => {
      const socket = /** @type {import("node:tls").TLSSocket} */ (answer.socket);
      const serial = socket.getPeerCertificate().serialNumber;
      let text = "";
      let streamed = false;
      answer.on("data", (part) => {
        text += part;
        if (`${part}` === "begun") {
          streamed = true;
          more();
        }
      });
      answer.on("end", () => done({ status: answer.statusCode, text, serial, streamed }));
    });
    request.on("error", failed);
    request.setTimeout(5000, () => request.destroy(new Error(`no answer to ${path}`)));
    request.end(body);
  });

await behind("frontend", "127.0.0.2");
await behind("spool", "127.0.0.3");
const [program = "", ...words] = asNobody(join(folder, "nginx"));
const nginx = spawn(program, words);
const ended = new Promise((done) => nginx.on("exit", done));
let log = "";
let told = "";
nginx.stdout.on("data", (part) => {
  log += part;
});
nginx.stderr.on("data", (part) => {
  told += part;
});
for (let i = 0; i < 50; i += 1) {
  if (await ask("/ready").catch(() => undefined)) break;
  await sleep(100);
}
asked.length = 0;

/** @type {Record<string, unknown>} */
const seen = {};
const authorization = "Bearer of-somebody";
const key = "3k7p9q2r5s8t1v4w6x0y2z5a8b";
try {
  seen.health = await ask("/api/v2/health?a=b", { headers: { authorization } });
  seen.download = await ask(`/download-0/${key}`, { headers: { authorization, range: "bytes=0-9" } });
  seen.again = await ask(`/download-0/api/v1/read/${key}`);
  seen.stream = await ask("/download-0/stream");
  seen.others = Object.fromEntries(
    await Promise.all(
      [
        ["PUT", `/download-0/${key}`],
        ["DELETE", `/download-0/${key}`],
        ["GET", "/download-0/api/v1/create"],
        ["GET", "/download-0/a/b"],
        ["GET", "/download-0/"],
        ["GET", "/download-0/../api/v1/delete/a"],
      ].map(async ([method, path]) => [`${method} ${path}`, (await ask(`${path}`, { method })).status]),
    ),
  );
  seen.cut = (await ask(`/download-0/${key}cut`)).status;
  seen.heavy = await Promise.all(
    [key, `a/${key}`].map(
      async (to) => (await ask(`/download-0/${to}`, { method: "POST", body: "x".repeat(2 ** 20 + 1) })).status,
    ),
  );
  seen.large = (await ask("/api/v2/all/requests", { method: "POST", body: "x".repeat(2 ** 20 + 1) })).status;
  for (const file of ["tls.crt", "tls.key"]) copyFileSync(join(folder, "next", file), join("/run/tls", file));
  seen.renewed = await ask("/api/v2/health");
  seen.unmade = existsSync("/tmp/nginx.pid");
} finally {
  if (seen.unmade) process.kill(Number(readFileSync("/tmp/nginx.pid", "utf8")), "SIGQUIT");
  await ended;
  console.log(JSON.stringify({ ...seen, asked, log, told }));
  process.exit(0);
}
