#!/usr/bin/env node
// NATS and nginx read what pods of Aviso have, and do as it says: notifications are kept over a restart, by TLS, for whoever has the token,
// and no more than was stated; another certificate is shown. aviso-server is played.   node test/gates/aviso.mjs
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { compile } from "../../cli/prepare.mjs";
import { build, version } from "../../sandbox/nats/build.mjs";
import { same } from "./clouds.mjs";
import { libraries, unpacked } from "./debian.mjs";
import { Gate, isThere, ofPython, run, Skipped } from "./gate.mjs";

const load = createRequire(join(compile(), "main.js"));
/** @type {typeof import("../../constructs/aviso/nats.js")} */
const { natsText } = load("./constructs/aviso/nats.js");
/** @type {typeof import("../../constructs/aviso/nginx.js")} */
const { besideAviso, besideNats } = load("./constructs/aviso/nginx.js");
/** @type {typeof import("../../constructs/aviso/notify.js")} */
const { include } = load("./constructs/aviso/notify.js");
/** @type {typeof import("../../model/site/aviso.js")} */
const { eventsSchema } = load("./model/site/aviso.js");
/** @type {typeof import("../../model/vocabulary.js")} */
const { days } = load("./model/vocabulary.js");

const gate = new Gate();
const at = (/** @type {string[]} */ ...names) => join(gate.folder, ...names);
const identifier = { class: { is: "text" }, date: { is: "date" } };
/** 7000 notifications of 2 KiB. */
const events = eventsSchema.parse({ mars: { identifier, kept: days(7), perDay: 1000 } });
const room = 14 * 2 ** 20;

/** An authority, or what it signs for names. @param {string} folder @param {string} [authority] */
function certificate(folder, authority) {
  mkdirSync(at(folder), { recursive: true });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", at(folder, "tls.key")];
  const names = "subjectAltName=DNS:aviso-nats.aviso.svc.cluster.local,DNS:aviso.example.org";
  const by = authority ? ["-CA", at(authority, "tls.crt"), "-CAkey", at(authority, "tls.key"), "-addext", names] : [];
  run("openssl", [
    "req",
    "-x509",
    "-days",
    "2",
    "-subj",
    `/CN=${folder}`,
    ...key,
    ...by,
    "-out",
    at(folder, "tls.crt"),
  ]);
  for (const file of ["tls.crt", "tls.key"]) chmodSync(at(folder, file), 0o644);
}

/** With files where pods have them, and nothing to write to but the volume and /tmp. @param {readonly string[]} words @param {Record<string, string>} [env] */
function inside(words, env = {}) {
  const script = `
    mount --bind ${at("etc")} /etc && mount --bind ${at("run")} /run && mount --bind ${at("srv")} /srv
    mount --bind /tmp /tmp && mount --bind / / && mount -o remount,bind,ro /
    ip link set lo up
    exec "$@"`;
  const all = ["--mount", "--net", "sh", "-ec", script, "sh", ...words];
  return spawnSync("unshare", all, { encoding: "utf8", env: { ...process.env, ...env }, timeout: 120_000 });
}

/** NATS, which only reads. @param {string} text @param {string} token */
function read(text, token) {
  writeFileSync(at("etc", "nats", "nats.conf"), text);
  const { status, stderr } = inside([at("nats-server"), "-t", "-c", "/etc/nats/nats.conf"], { NATS_TOKEN: token });
  return { status, told: stderr };
}

const packages = ["nginx", "libnginx-mod-stream", "libpcre2-8-0", "libssl3", "zlib1g", "libcrypt1"];
const debian = () => unpacked("nginx-stream", packages);

/** Debian has a part of nginx as a module, and here both pods have one host. @param {string} text @param {string} name */
function nginx(text, name) {
  const own = text
    .replace("pid /tmp/nginx.pid", `pid /tmp/nginx-${name}.pid`)
    .replace("listen 4222 ssl", "listen 127.0.0.2:4222 ssl");
  writeFileSync(at("etc", "nginx", `${name}.conf`), `load_module ${at("stream.so")};\n${own}`);
}
/** As somebody may have chosen it. */
const password = 'of"a\\notifier$HOME';
/** @type {any} */
let seen = {};
let python = "";
const text = natsText(events);

gate.check(`NATS ${version} is there, nginx of Debian, a client, and certificates`, () => {
  if (!isThere("go")) throw new Skipped("needs Go, to build NATS");
  chmodSync(gate.folder, 0o755);
  copyFileSync(build(), at("nats-server"));
  copyFileSync(join(debian(), "usr", "sbin", "nginx"), at("nginx"));
  copyFileSync(join(debian(), "usr", "lib", "nginx", "modules", "ngx_stream_module.so"), at("stream.so"));
  chmodSync(at("stream.so"), 0o644);
  python = ofPython("nats-py", "2.16.0", undefined, "python3");
  certificate("authority");
  copyFileSync(at("authority", "tls.crt"), at("ca.crt"));
  certificate("now", "authority");
  certificate("next", "authority");
  certificate("stranger");
  copyFileSync(at("stranger", "tls.crt"), at("other.crt"));
  for (const folder of [
    ["etc", "nats"],
    ["etc", "nginx"],
    ["etc", "aviso"],
    ["run", "tls"],
    ["srv", "notifications"],
  ])
    mkdirSync(at(...folder), { recursive: true });
  run("chown", ["65532:65532", at("srv", "notifications")]);
  for (const file of ["tls.crt", "tls.key"]) copyFileSync(at("now", file), at("run", "tls", file));
  copyFileSync(at("ca.crt"), at("etc", "aviso", "root.crt"));
  writeFileSync(at("etc", "hosts"), "127.0.0.1 localhost\n127.0.0.2 aviso-nats.aviso.svc.cluster.local\n");
  for (const folder of ["platform/aviso", "ssl/certs"]) mkdirSync(at("etc", folder), { recursive: true });
  copyFileSync(at("ca.crt"), at("etc", "ssl", "certs", "ca-certificates.crt"));
  writeFileSync(at("etc", "platform", "aviso", "notifier"), password);
  writeFileSync(
    at("aviso.h"),
    include("# lumi", events, "notifier", { name: "aviso.example.org", at: "127.0.0.1:8444" }),
  );
  nginx(besideAviso(), "aviso");
  nginx(besideNats(), "nats");
});
gate.check("NATS takes its configuration; not with a word that it does not know, and not without a token", () => {
  same(read(text, "a1b2c3").status, 0);
  const wrong = read(text.replace("max_file_store", "max_file_stor"), "a1b2c3");
  same([wrong.status, wrong.told.includes('unknown field "max_file_stor"')], [1, true]);
  const without = inside(["env", "-u", "NATS_TOKEN", at("nats-server"), "-t", "-c", "/etc/nats/nats.conf"]);
  same(without.status, 1);
  // So it says in its rotation: a letter first.
  same(read(text, "123456").status, 1);
});
gate.check(
  "all run as nobody, with nothing to write to but the volume and /tmp, and answer what pods are asked",
  () => {
    writeFileSync(at("etc", "nats", "nats.conf"), text);
    const script = join(import.meta.dirname, "aviso", "inside.mjs");
    const done = inside([process.execPath, script, gate.folder, python, `${room}`], libraries(debian()));
    seen = JSON.parse(done.stdout.trim().split("\n").at(-1) || "{}");
    if (seen.failed || !seen.told) throw new Error(`${seen.failed ?? ""}${seen.log ?? ""}${done.stderr}`);
    same([seen.version, seen.users, seen.alive], [version, ["65532", "65532", "65532"], 200]);
  },
);
gate.check("JetStream is on, with the room that follows from what is kept, on its volume", () => {
  same(seen.jetstream, { memory: 2 ** 20, file: room, folder: "/srv/notifications/jetstream" });
});
gate.check("a stream as aviso-server makes it has all of that room, and no other has any", () => {
  same(seen.kept, { bytes: room, sequence: 1 });
  if (!/insufficient storage/.test(seen.more.refused ?? "")) throw new Error(JSON.stringify(seen.more));
});
gate.check("what was kept is read after NATS has begun anew, and meanwhile nobody is let in", () => {
  same([seen.read, seen.straight], [{ read: "fields have come" }, { read: "fields have come" }]);
  if (!seen.away.refused) throw new Error(JSON.stringify(seen.away));
});
gate.check("who has no token, another one, no TLS, or another root, is refused", () => {
  const { nobody, another } = seen.refused;
  for (const each of [nobody, another])
    if (!/authorization violation/i.test(each.refused ?? "")) throw new Error(JSON.stringify(seen.refused));
  for (const each of Object.values(seen.refused)) if (!each.refused) throw new Error(JSON.stringify(seen.refused));
});
gate.check("to somebody who shows a certificate of others, nobody says a token", () => {
  if (!seen.stranger.refused) throw new Error(JSON.stringify(seen.stranger));
});
gate.check("another certificate is shown without a word, by both, and cuts nobody off", () => {
  same([seen.renewed, seen.stayed], [[true, true], { reconnects: 0 }]);
});
gate.check("what is told goes on while it is told, and who listens with it", () => {
  same(seen.told, ["data: one\n\n", "data: two\n\n"]);
  same(seen.headers, ["Bearer of-somebody", "aviso.example.org", "https"]);
});
gate.check("a task notifies by what it includes, as the account of its host, again where nobody could answer", () => {
  if (!isThere("curl")) throw new Skipped("needs curl");
  same([seen.task[0], seen.task[1].endsWith("of Aviso")], [0, true]);
  const as = `Basic ${Buffer.from(`notifier:${password}`).toString("base64")}`;
  const body = '{"event_type": "mars", "identifier": {"class": "d1", "date": "20261127"}}';
  const [away, taken, refused] = seen.notified;
  same([away, taken], Array(2).fill(`/api/v1/notification ${as} application/json ${body}`));
  // What is refused is said once, with why, and the task fails.
  same(seen.met, 3);
  same([seen.notified.length, refused.includes('"class": "od"')], [3, true]);
  same([seen.refusing[0], seen.refusing[1].includes("of Aviso")], [22, true]);
});
gate.done();
