#!/usr/bin/env node
// An FDB of a bridge on hosts of the sandbox: a catalogue, a store of two spaces, a gate, and a host that writes and reads fields. Who gets
// through and how, where fields lie, what is deleted, what is found again after each was lost or broken. Of our playbook, the roles that
// concern it; the others have gates of their own.   node test/gates/fdb.mjs
// Besides, a store that fills up, one that dies while it is written to, and how fast all that is beside an FDB without any of us; in full, all
// of it by the whole playbook, twice:   node test/gates/fdb.mjs faults|full
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "../../cli/prepare.mjs";
import { same } from "./clouds.mjs";
import { unpacked } from "./debian.mjs";
import { datamover } from "./fdb/datamover.mjs";
import { faults } from "./fdb/faults.mjs";
import { Gate, isThere, ofPython, run, Skipped } from "./gate.mjs";
import { Bridge, changedIn } from "./hosts/bridge.mjs";

const isFull = process.argv.includes("full");
const hasFaults = isFull || process.argv.includes("faults");
const gate = new Gate();
const bridge = new Bridge(gate.folder);
const [client, catalogue, store, door] = ["proxy", "fdb-catalogue", "fdb-store-1", "fdb-gate"];
bridge.names = ["bastion", client, catalogue, store, door];
const configured = [client, catalogue, store, door].map((host) => `${bridge.place}-${host}`);
const programs = "/opt/fdb/fdb5lib/bin";
const dates = ["20261126", "20261127", "20261128", "20261129"];
const of = (/** @type {string} */ date) =>
  `class=d1,dataset=extremes-dt,expver=0001,stream=oper,date=${date},time=0000`;

/** What the role of packages, or another, would have brought. @param {string} host @param {string} name @param {readonly string[]} packages */
function bring(host, name, packages) {
  const folder = unpacked(name, packages);
  const packed = run("sh", ["-c", `tar -C "${folder}" -cz --exclude=./usr/share . | base64 -w 0`]);
  const { code, out } = bridge.sandbox(
    ["exec", host, "sh", "-c", "base64 -d | tar -C / -xz --keep-directory-symlink"],
    packed,
  );
  if (code !== 0) throw new Error(out);
}

/** As a client does. @param {string} host @param {string} command */
const asked = (host, command, within = 60) =>
  bridge.inside(
    host,
    `cd /tmp && FDB_HOME=/tmp FDB_CONFIG_FILE=/etc/platform/fdb/client.yaml timeout ${within} ${programs}/${command} </dev/null 2>&1`,
  );

/** What a command says that fails. @param {string} host @param {string} command */
function refused(host, command, within = 60) {
  try {
    asked(host, command, within);
  } catch (error) {
    return `${error}`;
  }
  throw new Error(`${command} went through`);
}

/** Fields of a day on the client, as they were written. @param {string} date @returns {string} their base64 */
function brought(date) {
  const python = join(dirname(ofPython("eccodes", "2.50.0", undefined, "pip")), "python");
  const file = join(gate.folder, `${date}.grib`);
  run(python, [join(root, "test", "gates", "fdb", "fields.py"), file, date]);
  const text = readFileSync(file).toString("base64");
  bridge.inside(client, `echo ${text} | base64 -d > /tmp/${date}.grib`);
  return text;
}

/** Steps that are listed. @param {string} date */
const steps = (date, host = client) =>
  [...asked(host, `fdb-list ${of(date)}`).matchAll(/step=(\d+)/g)].map(([, step]) => Number(step)).sort();

/** Whether all fields of a day come back as they were written. @param {string} date */
function comesBack(date) {
  bridge.inside(client, `echo retrieve,${of(date)},domain=g,type=fc,levtype=sfc,step=0/1/2,param=167 > /tmp/request`);
  asked(client, "fdb-read /tmp/request /tmp/read.grib");
  bridge.inside(client, `cmp /tmp/read.grib /tmp/${date}.grib; rm /tmp/read.grib`);
}

/** @param {string} host @param {string} unit @param {string} words it is to have said */
async function says(host, unit, words) {
  for (let i = 0; i < 40; i += 1) {
    if (bridge.inside(host, `journalctl -q -o cat -n 200 -u ${unit}`).includes(words)) return;
    await sleep(500);
  }
  throw new Error(bridge.inside(host, `journalctl -q -o cat -n 30 -u ${unit}`));
}

async function main() {
  if (process.getuid?.() !== 0 || !isThere("apt-get")) throw new Skipped("needs Debian and root");
  bridge.prepare();
  // One store, on small volumes, and a client that is no node of a cluster.
  const key = join(gate.folder, "transfer");
  run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", key]);
  const authorized = readFileSync(`${key}.pub`, "utf8").trim();
  const spaces =
    '{ first: { of: { date: ["20261126"] }, volumes: [gib(3)] }, rest: { volumes: [gib(2), gib(1)], handler: "LeastUsed" } }';
  bridge.edit("sites/lumi.ts", /stores: 3,\s+volume: tib\(40\),/, `stores: 1, spaces: ${spaces}, index: gib(4),`);
  bridge.edit("sites/lumi.ts", "clients: [{ workload", 'clients: [{ role: "proxy" }, { workload');
  bridge.edit("sites/lumi.ts", /authorized: assumed\(\[\], "[^"]*"\)/, `authorized: ["${authorized}"]`);
  if (!isFull) bridge.takes("volumes");
  await gate.checked("a catalogue, a store, a gate and a client boot, and are configured by Ansible", async () => {
    await bridge.up();
    await bridge.learnKeys();
    if (!isFull) for (const host of [catalogue, store]) bring(host, "xfs", ["xfsprogs", "libinih1", "liburcu8"]);
    bridge.configured(configured);
    const states = [catalogue, store, door].map((host) =>
      bridge.inside(host, "systemctl is-active 'fdb-*.service'").trim(),
    );
    same(states, ["active", "active", "active"]);
  });
  if (isFull) gate.check("a second run changes nothing", () => same(changedIn(bridge.configured(configured)), []));
  gate.check("FDB itself reads the layout as it was described", () => {
    const read = bridge.inside(catalogue, `${programs}/fdb-schema /etc/platform/fdb/schema`);
    const rule =
      "[class=d1,dataset=extremes-dt,expver,stream=oper/wave,date,time,domain?[type,levtype[step,levelist?,param]]]";
    same(read.trim().split("\n").at(-1), rule);
  });
  const [first = "", second = "", third = "", fourth = ""] = dates;
  gate.check("fields that are written over the network are listed, and come back as they were", () => {
    brought(first);
    asked(client, `fdb-write /tmp/${first}.grib`);
    same(steps(first), [0, 1, 2]);
    comesBack(first);
    same(steps(first, catalogue), [0, 1, 2]);
  });
  gate.check("what a space is of lies on its volume, all else on those of the last", () => {
    brought(second);
    asked(client, `fdb-write /tmp/${second}.grib`);
    const lies = (/** @type {string} */ date) =>
      bridge.inside(store, `find /srv -name '*.data' | grep ':${date}:' | cut -d/ -f3 | sort -u`).trim();
    same(lies(first), "first");
    if (!/^rest(-2)?$/.test(lies(second))) throw new Error(lies(second));
  });
  await gate.checked("a job comes in by the gate with its key, and writes what all others find", async () => {
    const { describe } = await bridge.described();
    const { filesIn } = await bridge.compiled("constructs/files.js");
    const { registers } = describe();
    const place = registers.places.find((/** @type {{ id: string }} */ { id }) => id === bridge.place);
    const include = filesIn(place, registers).get(`${bridge.place}-ecflow-prod/etc/platform/hpc/include/fdb.h`);
    if (!include.includes("-p 2022 fdb-gate@203.0.113.12")) throw new Error(include);
    const address = bridge.inside(door, "hostname -I").trim().split(" ")[0];
    // Before the gate stands a relay, on this very host, which gate `hosts` tries.
    const job = include.replace("-p 2022 fdb-gate@203.0.113.12", `-p 2222 fdb-gate@${address}`);
    brought(third);
    const inside = (/** @type {string} */ name, /** @type {string} */ text) =>
      bridge.inside(
        client,
        `install -m 600 /dev/null ${name} && echo ${Buffer.from(text).toString("base64")} | base64 -d > ${name}`,
      );
    inside("/root/.ssh/databridge-fdb", readFileSync(key, "utf8"));
    inside("/tmp/job", `set -e\nexport HOME=/root\n${job}\n${programs}/fdb-write /tmp/${third}.grib\n`);
    // It ends with its job, where Slurm ends all of one.
    bridge.inside(client, "timeout 60 bash /tmp/job >/tmp/job.log 2>&1 </dev/null || { cat /tmp/job.log; exit 1; }");
    same(steps(third), [0, 1, 2]);
    comesBack(third);
    const read = "bash -c 'FDB_CONFIG_FILE=$(ls -d /tmp/tmp.*/client.yaml)";
    bridge.inside(client, `${read} FDB_HOME=/tmp ${programs}/fdb-list ${of(first)} | grep -q step=2'`);
  });
  await datamover({ gate, bridge, client, brought, steps, bring }, fourth);
  gate.check("a gate leads nowhere else, opens no session, and knows nobody without a key", () => {
    const address = bridge.inside(door, "hostname -I").trim().split(" ")[0];
    const told = (/** @type {string} */ words) =>
      bridge.inside(
        client,
        `timeout 20 ssh -F none -p 2222 -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/tmp/known ${words} fdb-gate@${address} 2>&1 </dev/null || true`,
      );
    const knownKey = "-i /root/.ssh/databridge-fdb";
    const refusals = [
      told(`${knownKey} -W 10.20.8.10:22`),
      told(`${knownKey} -T`),
      told("-i /dev/null -W 10.20.8.10:10000"),
    ];
    for (const said of refusals)
      if (said.includes("SSH-2.0") || !/prohibited|refused|open failed|Permission denied/.test(said))
        throw new Error(said);
  });
  gate.check("who is not declared does not get through; nothing but its port is open", () => {
    const connects = (/** @type {string} */ from, /** @type {string} */ to, port = 10000) => {
      const address = bridge.inside(to, "hostname -I").trim().split(" ")[0];
      return bridge
        .inside(from, `timeout 3 bash -c '</dev/tcp/${address}/${port}' 2>/dev/null && echo yes || echo no`)
        .trim();
    };
    same([connects(client, catalogue), connects(client, store)], ["yes", "yes"]);
    same([connects("bastion", catalogue), connects("bastion", store)], ["no", "no"]);
    same(connects(store, catalogue), "no");
    const listens = bridge.inside(store, "ss -Htlnp | grep fdb-server | awk '{print $4}'").trim();
    same(listens, "0.0.0.0:10000");
  });
  gate.check("a client deletes nothing", () => {
    refused(client, `fdb-wipe --doit ${of(first)}`);
    comesBack(first);
  });
  await gate.checked("a store that is away: who writes and reads is told; once it is back, all is there", async () => {
    bridge.inside(store, "systemctl stop fdb-store");
    const told = refused(client, `fdb-write /tmp/${second}.grib`, 90);
    if (!/10\.20\.8\.11|onnect/.test(told)) throw new Error(told);
    bridge.inside(store, "systemctl start fdb-store");
    await sleep(1000);
    comesBack(first);
    asked(client, `fdb-write /tmp/${second}.grib`);
    comesBack(second);
  });
  await gate.checked("one that is killed begins again by itself", async () => {
    for (const [host, unit] of [
      [store, "fdb-store"],
      [catalogue, "fdb-catalogue"],
    ])
      bridge.inside(`${host}`, `systemctl kill -s KILL ${unit}`);
    await sleep(13_000);
    comesBack(first);
  });
  await gate.checked("with a broken schema it does not begin, and says where; configure mends it", async () => {
    bridge.inside(
      catalogue,
      "echo '[ class [ date' >> /etc/platform/fdb/schema; systemctl restart fdb-catalogue || true",
    );
    await says(catalogue, "fdb-catalogue", "Error during parsing of rules in schema");
    bridge.configured([`${bridge.place}-${catalogue}`]);
    await sleep(2000);
    comesBack(first);
  });
  await gate.checked("a store that is built anew on its volume has its data", async () => {
    bridge.inside(
      store,
      "systemctl disable --now fdb-store; rm -rf /opt/fdb* /var/lib/fdb /etc/platform/fdb /etc/systemd/system/fdb-store.service /var/lib/platform/units/fdb-*; systemctl daemon-reload",
    );
    refused(client, `fdb-write /tmp/${second}.grib`, 90);
    bridge.configured([`${bridge.place}-${store}`]);
    await sleep(2000);
    comesBack(first);
    comesBack(second);
  });
  if (hasFaults) await faults({ gate, bridge, client, catalogue, store, asked, refused, says, of });
}

try {
  await main();
} catch (error) {
  gate.fail("FDB", error);
} finally {
  bridge.sandbox(["down"]);
}
gate.done();
