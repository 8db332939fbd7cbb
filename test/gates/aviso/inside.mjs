// What is seen of Aviso's pods, from inside a network that has nothing else: NATS and nginx by their files as pods have them, as nobody,
// with nothing to write to but the volume and /tmp. Both pods are here, so that of NATS is met at another address of this host.
//   node inside.mjs <folder> <python> <bytes of the store>     prints it
import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import tls from "node:tls";

const [folder = "", python = "", bytes = "0"] = process.argv.slice(2);
const at = (/** @type {string[]} */ ...names) => join(folder, ...names);
const token = "a1b2c3";
const natsHost = "aviso-nats.aviso.svc.cluster.local";
/** As aviso-server is told. */
const url = "nats://127.0.0.1:4222";
const straight = `tls://${natsHost}:4222`;

/** @param {string} word @param {readonly string[]} [more] @param {{ as?: string, root?: string, to?: string }} [is] @returns {any} */
function client(word, more = [], { as = token, root = at("ca.crt"), to = url } = {}) {
  const words = [join(import.meta.dirname, "client.py"), to, root, as, word, ...more];
  const { stdout, stderr } = spawnSync(python, words, { encoding: "utf8" });
  try {
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  } catch {
    throw new Error(`${stdout}${stderr}`);
  }
}

/** @param {string} path @returns {Promise<{ status: number | undefined, text: string }>} */
const monitored = (path) =>
  new Promise((done, failed) => {
    http
      .get({ host: "127.0.0.1", port: 8222, path }, (answer) => {
        let text = "";
        answer.on("data", (part) => {
          text += part;
        });
        answer.on("end", () => done({ status: answer.statusCode, text }));
      })
      .on("error", failed);
  });

/** @type {(() => void)[]} */
const endings = [];
/** @type {(() => string)[]} */
const logs = [];

/** As nobody. @param {readonly string[]} words */
function begin(...words) {
  const all = ["--reuid=65532", "--regid=65532", "--clear-groups", ...words];
  const child = spawn("setpriv", all, { env: { ...process.env, NATS_TOKEN: token } });
  let log = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (part) => {
      log += part;
    });
  endings.push(() => child.kill());
  logs.push(() => log);
  const ended = new Promise((done) => child.on("exit", (code) => done(code)));
  return { child, ended };
}
const beginNats = () => begin(at("nats-server"), "--config", "/etc/nats/nats.conf");
const beginNginx = (/** @type {string} */ name) =>
  begin(at("nginx"), "-e", "stderr", "-c", `/etc/nginx/${name}.conf`, "-g", "daemon off;");

/** @param {() => unknown} is */
async function until(is) {
  for (let i = 0; i < 100; i += 1) {
    const found = await Promise.resolve()
      .then(is)
      .catch(() => undefined);
    if (found) return found;
    await sleep(100);
  }
  throw new Error(`waited in vain for ${is}`);
}
const isReady = async () => (await monitored("/healthz")).status === 200;

/** @param {{ host: string, port: number, servername: string }} to @returns {Promise<string>} */
const serialOf = (to) =>
  new Promise((done, failed) => {
    const socket = tls.connect({ ...to, ca: readFileSync(at("ca.crt")) }, () => {
      done(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    });
    socket.on("error", failed);
  });
const serialOfNats = () => serialOf({ host: natsHost, port: 4222, servername: natsHost });
const serialOfAviso = () => serialOf({ host: "127.0.0.1", port: 8443, servername: "aviso.example.org" });

/** @param {string} name of the certificate that there is from now on */
const showing = (name) => {
  for (const file of ["tls.crt", "tls.key"]) copyFileSync(at(name, file), join("/run/tls", file));
};

/** @type {Record<string, unknown>} */
const seen = {};
try {
  const first = beginNats();
  const doors = [beginNginx("nats"), beginNginx("aviso")];
  await until(isReady);
  const before = await until(serialOfNats);
  const shown = await until(serialOfAviso);
  seen.alive = (await monitored("/healthz?js-enabled-only=true")).status;
  const { config } = JSON.parse((await monitored("/jsz")).text);
  seen.jetstream = { memory: config.max_memory, file: config.max_storage, folder: config.store_dir };
  seen.version = JSON.parse((await monitored("/varz")).text).version;
  seen.users = [first, ...doors].map(
    ({ child }) => readFileSync(`/proc/${child.pid}/status`, "utf8").match(/^Uid:\s+(\d+)/m)?.[1],
  );
  seen.kept = client("keep", ["MARS", bytes]);
  seen.more = client("keep", ["MORE", "1024"]);
  seen.straight = client("read", ["MARS"], { to: straight });
  seen.refused = {
    nobody: client("enter", [], { as: "-" }),
    another: client("enter", [], { as: "b1b2c3" }),
    "in the clear": client("enter", [], { to: `nats://${natsHost}:4222` }),
    "past what ends TLS": client("enter", [], { to: `nats://${natsHost}:4223` }),
    "by another root": client("enter", [], { to: straight, root: at("other.crt") }),
  };

  const stays = spawn(python, [join(import.meta.dirname, "client.py"), url, at("ca.crt"), token, "stay"]);
  let said = "";
  stays.stdout.on("data", (part) => {
    said += part;
  });
  await until(() => said.includes("in\n"));
  showing("next");
  seen.renewed = [(await serialOfNats()) !== before, (await serialOfAviso()) !== shown];
  stays.stdin.write("\n");
  await new Promise((done) => stays.on("exit", done));
  seen.stayed = JSON.parse(said.trim().split("\n").at(-1) ?? "");
  // Somebody who shows what no authority of ours has signed is nobody to whom a token is said.
  showing("stranger");
  seen.stranger = client("enter");
  showing("now");

  first.child.kill();
  seen.stopped = await first.ended;
  seen.away = client("enter");
  beginNats();
  await until(isReady);
  seen.read = client("read", ["MARS"]);

  /** @type {http.IncomingHttpHeaders} */
  let headers = {};
  let more = () => {};
  /** @type {string[]} */
  const notified = [];
  const aviso = http.createServer((request, answer) => {
    headers = request.headers;
    if (request.method === "POST") {
      let body = "";
      request.on("data", (part) => {
        body += part;
      });
      request.on("end", () => {
        notified.push(`${request.url} ${headers.authorization} ${headers["content-type"]} ${body.trim()}`);
        const isAway = notified.length === 1;
        // As aviso-server answers while NATS is away, once.
        answer.writeHead(isAway ? 503 : /"class": "od"/.test(body) ? 400 : 200, isAway ? { "retry-after": "1" } : {});
        answer.end("of Aviso");
      });
      return;
    }
    answer.writeHead(200, { "content-type": "text/event-stream" });
    answer.write("data: one\n\n");
    more = () => answer.end("data: two\n\n");
  });
  await new Promise((done) => aviso.listen(8000, "127.0.0.1", () => done(undefined)));
  endings.push(() => aviso.close());
  seen.told = await new Promise((done, failed) => {
    /** @type {string[]} */
    const parts = [];
    const options = { host: "127.0.0.1", port: 8443, servername: "aviso.example.org", ca: readFileSync(at("ca.crt")) };
    const listening = { ...options, headers: { host: "aviso.example.org", authorization: "Bearer of-somebody" } };
    https
      .get(listening, (answer) => {
        answer.on("data", (part) => {
          parts.push(`${part}`);
          if (parts.length === 1) more();
        });
        answer.on("end", () => done(parts));
      })
      .on("error", failed)
      .setTimeout(5000, () => failed(new Error("nothing is told")));
  });
  // What passes TLS on takes a connection though nothing is behind it yet, once.
  let met = 0;
  const before8443 = net.createServer((socket) => {
    met += 1;
    if (met === 1) socket.destroy();
    else socket.pipe(net.connect(8443, "127.0.0.1")).pipe(socket);
  });
  await new Promise((done) => before8443.listen(8444, "127.0.0.1", () => done(undefined)));
  endings.push(() => before8443.close());
  // Of a task, which runs beside.
  const told = (/** @type {string[]} */ ...words) =>
    new Promise((done) => {
      const task = spawn("bash", ["-c", '. "$0"; set -eE -o pipefail; platform_notify "$@"', at("aviso.h"), ...words]);
      let said = "";
      for (const stream of [task.stdout, task.stderr])
        stream.on("data", (part) => {
          said += part;
        });
      task.on("close", (code) => done([code, said.trim()]));
    });
  seen.headers = [headers.authorization, headers.host, headers["x-forwarded-proto"]];
  seen.task = await told("mars", "class=d1", "date=20261127");
  seen.refusing = await told("mars", "class=od", "date=20261127");
  seen.notified = notified;
  seen.met = met;
} catch (error) {
  seen.failed = error instanceof Error ? (error.stack ?? error.message) : `${error}`;
} finally {
  for (const end of endings) end();
  seen.log = logs.map((log) => log()).join("");
  console.log(JSON.stringify(seen));
  process.exit(0);
}
