// What takes longer: a store that fills up, one that dies while it is written to, and how fast all that is beside servers of the same FDB
// that were begun by hand, without anything of ours, on the same hosts.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../../../cli/prepare.mjs";
import { ofPython, run } from "../gate.mjs";

/**
 * @typedef {object} Fdb
 * @property {import("../gate.mjs").Gate} gate
 * @property {import("../hosts/bridge.mjs").Bridge} bridge
 * @property {string} client
 * @property {string} catalogue
 * @property {string} store
 * @property {(host: string, command: string, within?: number) => string} asked
 * @property {(host: string, command: string, within?: number) => string} refused
 * @property {(host: string, unit: string, words: string) => Promise<void>} says
 * @property {(date: string) => string} of
 */

const programs = "/opt/fdb/fdb5lib/bin";
const request = (/** @type {string} */ fields, /** @type {number} */ steps) =>
  `retrieve,${fields},domain=g,type=fc,levtype=sfc,step=0/to/${steps - 1}/by/1,param=167`;

/** @param {Fdb} fdb */
export async function faults({ gate, bridge, client, catalogue, store, asked, refused, says, of }) {
  /** Fields of a day, of `edge` by `edge` points. @param {string} date @param {number} steps @param {number} edge */
  const brought = (date, steps, edge) => {
    const python = join(dirname(ofPython("eccodes", "2.50.0", undefined, "pip")), "python");
    const file = join(gate.folder, `${date}.grib`);
    run(python, [join(root, "test", "gates", "fdb", "fields.py"), file, date, String(steps), String(edge)]);
    const { code, out } = bridge.sandbox(
      ["exec", client, "sh", "-c", `base64 -d > /tmp/${date}.grib`],
      readFileSync(file).toString("base64"),
    );
    if (code !== 0) throw new Error(out);
  };
  const read = (/** @type {string} */ date, /** @type {number} */ steps) => {
    bridge.inside(client, `echo ${request(of(date), steps)} > /tmp/request`);
    asked(client, "fdb-read /tmp/request /tmp/read.grib", 300);
    bridge.inside(client, `cmp /tmp/read.grib /tmp/${date}.grib; rm /tmp/read.grib`);
  };
  // What these days are of lies on the first volume of the last space, or its second: both are filled.
  const filled = "for v in /srv/rest /srv/rest-2; do";
  const listed = (/** @type {string} */ date) =>
    [...asked(client, `fdb-list ${of(date)}`).matchAll(/step=\d+/g)].length;
  await gate.checked(
    "a store that is full says so; who writes waits until it is ended, what was there is read, and with room it is written again",
    async () => {
      brought("20261201", 2, 400);
      asked(client, "fdb-write /tmp/20261201.grib");
      brought("20261202", 60, 1000);
      bridge.inside(
        store,
        `${filled} fallocate -l $(( $(df --output=avail -B1 $v | tail -1) - 20000000 )) $v/filler; done`,
      );
      refused(client, "fdb-write /tmp/20261202.grib", 60);
      await says(store, "fdb-store", "No space left on device");
      read("20261201", 2);
      console.log(`  of 60 fields, of which there was room for 20, ${listed("20261202")} are listed`);
      bridge.inside(store, `${filled} rm $v/filler; done`);
      asked(client, "fdb-write /tmp/20261202.grib", 300);
      read("20261202", 60);
    },
  );
  await gate.checked(
    "a store dies while it is written to: who writes waits until it is ended, what was flushed is read, and it is written again",
    async () => {
      brought("20261203", 200, 1000);
      const write = `FDB_HOME=/tmp FDB_CONFIG_FILE=/etc/platform/fdb/client.yaml timeout 60 ${programs}/fdb-write /tmp/20261203.grib`;
      bridge.inside(client, `(${write}; echo $? > /tmp/ended) >/tmp/write.log 2>&1 </dev/null & sleep 2.5`);
      bridge.inside(store, "systemctl kill -s KILL fdb-store");
      bridge.inside(
        client,
        "for i in $(seq 90); do test -e /tmp/ended && break; sleep 1; done; grep -vx 0 /tmp/ended; grep 'lost' /tmp/write.log",
      );
      bridge.inside(store, "for i in $(seq 40); do systemctl -q is-active fdb-store && break; sleep 1; done; sleep 2");
      read("20261202", 60);
      console.log(`  of 200 fields that were on their way, ${listed("20261203")} are listed`);
      asked(client, "fdb-write /tmp/20261203.grib", 300);
      read("20261203", 200);
    },
  );
  await gate.checked("it is as fast as the same servers begun by hand", async () => {
    brought("20261204", 200, 1000);
    const seconds = (/** @type {string} */ command) => {
      const begun = performance.now();
      asked(client, command, 300);
      return (performance.now() - begun) / 1000;
    };
    const passed = () => {
      bridge.inside(client, `echo ${request(of("20261204"), 200)} > /tmp/request`);
      return [seconds("fdb-write /tmp/20261204.grib"), seconds("fdb-read /tmp/request /tmp/read.grib")];
    };
    const ours = passed();
    byHand();
    const plain = passed();
    for (const [i, what] of ["archived", "retrieved"].entries())
      console.log(`  ${what}: ${((plain[i] ?? 0) / (ours[i] ?? 1)).toFixed(2)} of the speed of plain servers`);
  });

  function byHand() {
    for (const [host, unit, root, text] of [
      [store, "fdb-store", "/srv/rest/plain", "type: store"],
      [
        catalogue,
        "fdb-catalogue",
        "/srv/index/plain",
        'type: catalogue\nengine: toc\nstores: [{default: "10.20.8.11:10000"}]',
      ],
    ]) {
      const yaml = `${text}\nserverPort: 10000\nsupportedConnections: [1]\nschema: /etc/platform/fdb/schema\nspaces: [{handler: Default, roots: [{path: ${root}}]}]\n`;
      bridge.inside(
        `${host}`,
        `systemctl stop ${unit}; mkdir -p ${root}; echo ${Buffer.from(yaml).toString("base64")} | base64 -d > /root/plain.yaml; ` +
          `FDB_HOME=/root FDB_CONFIG_FILE=/root/plain.yaml setsid ${programs}/fdb-server >/root/plain.log 2>&1 </dev/null & sleep 2`,
      );
    }
  }
}
