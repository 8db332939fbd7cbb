#!/usr/bin/env node
// The way in to Polytope: nginx reads the configuration that pods have, and leads by it. Who asks for data gets to the frontend, who fetches
// a result to BOBS and to nothing else of it; both are played.   node test/gates/polytope.mjs
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { compile } from "../../cli/prepare.mjs";
import { same } from "./clouds.mjs";
import { libraries, unpacked } from "./debian.mjs";
import { Gate, run } from "./gate.mjs";
import { asNobody } from "./polytope/nobody.mjs";

const load = createRequire(join(compile(), "main.js"));
/** @type {typeof import("../../constructs/polytope/entrance.js")} */
const { entranceConf } = load("./constructs/polytope/entrance.js");

const gate = new Gate();
const address = "polytope.lumi.apps.dte.destination-earth.eu";
const at = (/** @type {string[]} */ ...names) => join(gate.folder, ...names);

/** A certificate and its key, as an account may read them. @param {string} folder */
function certificate(folder) {
  mkdirSync(at(folder), { recursive: true });
  const [key, crt] = [at(folder, "tls.key"), at(folder, "tls.crt")];
  const made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=gate"];
  run("openssl", ["req", "-x509", "-days", "2", ...made, "-keyout", key, "-out", crt]);
  for (const file of [key, crt]) chmodSync(file, 0o644);
  return run("openssl", ["x509", "-in", crt, "-noout", "-serial"]).trim().replace("serial=", "");
}

/** Where the configuration says that files are, and names lead, with nothing to write to but /tmp. @param {string} conf @param {readonly string[]} words */
function inside(conf, words) {
  writeFileSync(at("etc", "nginx", "polytope.conf"), conf);
  const script = `
    mount --bind ${at("etc")} /etc && mount --bind ${at("now")} /run && mount --bind /tmp /tmp
    mount --bind / / && mount -o remount,bind,ro /
    ip link set lo up
    exec "$@"`;
  return run("unshare", ["--mount", "--net", "sh", "-ec", script, "sh", ...words], {
    env: libraries(unpacked("nginx", packages)),
  });
}

const packages = ["nginx", "libpcre2-8-0", "libssl3", "zlib1g", "libcrypt1"];
/** Of a result, as inside.mjs asks for it. */
const key = "3k7p9q2r5s8t1v4w6x0y2z5a8b";
const conf = entranceConf("# of a gate", address);
/** @type {string[]} */
const serials = [];
/** @type {any} */
let seen = {};

/** What is seen of nginx by a configuration. @param {string} by @returns {any} */
const seenOf = (by) =>
  JSON.parse(inside(by, [process.execPath, join(import.meta.dirname, "polytope", "inside.mjs"), gate.folder, address]));

gate.check("nginx of Debian is there, and two certificates", () => {
  chmodSync(gate.folder, 0o755);
  copyFileSync(join(unpacked("nginx", packages), "usr", "sbin", "nginx"), at("nginx"));
  chmodSync(at("nginx"), 0o755);
  serials.push(certificate("now/tls"), certificate("next"));
  const names = [
    "127.0.0.2 polytope-api.polytope.svc.cluster.local",
    "127.0.0.3 polytope-bobs.polytope.svc.cluster.local",
  ];
  mkdirSync(at("etc", "nginx"), { recursive: true });
  writeFileSync(at("etc", "hosts"), ["127.0.0.1 localhost", ...names, ""].join("\n"));
});
gate.check("it takes the configuration, and refuses one with a word that it does not know", () => {
  const words = asNobody(at("nginx"), "-t");
  inside(conf, words);
  const wrong = conf.replace("proxy_buffering", "proxy_bufering");
  let refused = "";
  try {
    inside(wrong, words);
  } catch (error) {
    refused = `${error}`;
  }
  if (!refused.includes('unknown directive "proxy_bufering"')) throw new Error(`not refused: ${refused}`);
});
gate.check("it runs as nobody, with nothing to write to but /tmp", () => {
  seen = seenOf(conf);
  if (!seen.health) throw new Error(seen.told);
  same([seen.health.status, seen.unmade], [200, true]);
});
const askedFor = (/** @type {string} */ url) => seen.asked.find((/** @type {any} */ each) => each.url === url);
gate.check("who asks for data gets to the frontend, with what they log in by", () => {
  same([seen.health.text, askedFor("/api/v2/health?a=b")?.to], ["frontend", "frontend"]);
  const { headers } = askedFor("/api/v2/health?a=b");
  same([headers.authorization, headers.host, headers["x-forwarded-proto"]], ["Bearer of-somebody", address, "https"]);
});
gate.check("who fetches a result gets it of BOBS, which is not shown what they log in by", () => {
  same([seen.download.text, seen.again.text], ["spool", "spool"]);
  const of = seen.asked.filter((/** @type {any} */ { to }) => to === "spool");
  same(
    [...new Set(of.map((/** @type {any} */ { method, url }) => `${method} ${url.replace(/[^/]+$/, "…")}`))],
    ["GET /api/v1/read/…"],
  );
  const { headers } = of[0];
  same([headers.authorization, headers.range, headers["x-forwarded-prefix"]], [undefined, "bytes=0-9", "/download-0"]);
});
gate.check("nothing else of BOBS is reached", () => {
  same(seen.others, {
    [`PUT /download-0/${key}`]: 403,
    [`DELETE /download-0/${key}`]: 403,
    "GET /download-0/api/v1/create": 404,
    "GET /download-0/a/b": 404,
    "GET /download-0/": 404,
    "GET /download-0/../api/v1/delete/a": 200,
  });
  // What leads out of it is the frontend's.
  same(askedFor("/download-0/../api/v1/delete/a")?.to, "frontend");
});
gate.check("a result streams while it is made; a request that is too large is refused", () => {
  same([seen.stream.streamed, seen.stream.text, seen.large], [true, "begunended", 413]);
});
gate.check("another certificate is shown without a restart, which it would not be by a name without a variable", () => {
  same([seen.health.serial, seen.renewed.serial], serials);
  certificate("now/tls");
  const fixed = seenOf(conf.replaceAll("$tls/tls", "/run/tls/tls"));
  same(fixed.health.serial, fixed.renewed.serial);
});
gate.check(
  "its log has a line of JSON for each, and neither that nor what it says of errors has an address of a result",
  () => {
    const lines = seen.log
      .trim()
      .split("\n")
      .map((/** @type {string} */ line) => JSON.parse(line));
    if (lines.length < 8) throw new Error(seen.log);
    same([seen.log.includes(key), lines.some((/** @type {any} */ { path }) => path === "/download-0/")], [false, true]);
    // One that BOBS does not end, bodies that are too large, and what is refused: all of these are errors.
    same([seen.cut, seen.heavy], [502, [413, 413]]);
    same(seen.told.replace(/.*client intended to send too large body.* "POST \/api\/v2\/.*\n/g, ""), "");
  },
);
gate.check("it would have, if errors of downloads were told as others are", () => {
  const { told } = seenOf(conf.replaceAll("error_log stderr emerg;", ""));
  for (const what of ["access forbidden by rule", "upstream prematurely closed", "too large body"])
    if (!new RegExp(`${what}.*${key}`).test(told)) throw new Error(`nothing of ${what}: ${told}`);
});
gate.done();
