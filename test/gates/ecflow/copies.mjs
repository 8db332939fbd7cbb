// Check points at another site: each hour the last one goes to its object store, which brings back a server whose volume is lost.
import { join } from "node:path";
import { same } from "../clouds.mjs";
import { Store } from "../vault-hosts/store.mjs";
import { suitesOf } from "./life.mjs";

/** @param {import("./world.mjs").World} world */
export async function copies(world) {
  const { gate, bridge, server, first: host } = world;
  const { role } = server;
  const [unit, keys, kept] = [`${role}-copies`, `${server.folder}-copies`, "/srv/home/state/kept"];
  const inside = (/** @type {string} */ script) => bridge.inside(host, script);
  /** A shell that speaks to the store as the unit does, for which `$to` is where its copies go. */
  const asCopies = `set -e
export $(systemctl show -P Environment ${unit}) RCLONE_CONFIG=${keys}/rclone.conf
export AWS_ACCESS_KEY_ID=$(cat ${keys}/access-key) AWS_SECRET_ACCESS_KEY=$(cat ${keys}/secret-key)
to=$(systemctl show -P ExecStart ${unit} | grep -o 'copies:[^ ]*')`;
  const brings = () => {
    const { code } = bridge.sandbox(["exec", host, "systemctl", "start", unit]);
    return { brought: code === 0, log: inside(`journalctl -q -o cat -n 30 -u ${unit}`) };
  };
  const store = await storeOf(world);
  let last = "";
  // Nothing is kept or brought but by this gate.
  inside(`systemctl stop ${unit}.timer ${role}-keep.timer`);
  try {
    await gate.checked("without the key of the other site's store no copy is brought, and it says why", async () => {
      await store.start();
      // Those of the sandbox are of no store.
      inside(`rm -f ${keys}/access-key ${keys}/secret-key`);
      const { brought, log } = brings();
      same([brought, /access-key is not there: nobody has written it/.test(log)], [false, true]);
    });
    gate.check(
      "of all copies the newest goes to the other site, over the proxy, and old ones are forgotten there",
      () => {
        for (const [i, half] of store.key.entries()) {
          const file = `${keys}/${["access-key", "secret-key"][i]}`;
          inside(`install -m 0400 -o ecflow-copies /dev/null ${file} && printf '%s' '${half}' > ${file}`);
        }
        const old = "20260101T001000Z.check.gz";
        inside(`${asCopies}; touch -d '31 days ago' /tmp/${old}; rclone copyto /tmp/${old} $to/${old}`);
        // Another second is another name.
        inside(`systemctl start ${role}-keep; sleep 1; systemctl start ${role}-keep`);
        same(Number(inside(`ls ${kept} | wc -l`)) > 1, true);
        last = inside(`ls ${kept} | tail -1`);
        const { brought, log } = brings();
        if (!brought) throw new Error(log);
        same(store.list(), [`${bridge.place}/ecflow/prod/${last}`]);
        same(Number(bridge.inside("proxy", `grep -c 'CONNECT ${store.name}:443' /var/log/squid/access.log`)) > 0, true);
      },
    );
    gate.check("no log has the key, and nobody reads it but what brings them, not the server either", () => {
      same(
        inside(`cd ${keys} && stat -c '%n %a %U' *-key`),
        "access-key 400 ecflow-copies\nsecret-key 400 ecflow-copies",
      );
      same(server.asked(host, `cat ${keys}/secret-key 2>&1 || true`).includes("Permission denied"), true);
      const journal = inside("journalctl -q --no-pager");
      for (const half of store.key) same([journal.length > 1000, journal.includes(half)], [true, false]);
    });
    gate.check("what it brought brings back a server that has lost its volume, halted until somebody looked", () => {
      const before = suitesOf(world);
      inside(`systemctl stop ${server.unit}; rm -rf /srv/home/ecf/* /srv/home/state/*; systemctl start ${server.unit}`);
      same(server.asked(host, "ecflow_client --suites || true").includes(before[0] ?? ""), false);
      inside(`${asCopies}; rclone copyto $to/${last} /srv/home/back.check.gz; systemctl stop ${server.unit}`);
      server.asked(host, `platform-ecflow restore ${server.about} /srv/home/back.check.gz`);
      server.asked(host, "echo HALTED > /srv/home/state/status");
      inside(`systemctl start ${server.unit}`);
      same([server.status(host).status, suitesOf(world)], ["HALTED", before]);
      server.asked(host, "ecflow_client --restart");
      same(server.status(host).status, "RUNNING");
    });
  } finally {
    store.stop();
    inside(`systemctl start ${unit}.timer ${role}-keep.timer`);
  }
}

/** That of the other site, under the root that hosts trust. @param {import("./world.mjs").World} world */
async function storeOf({ bridge, gate, authorityFolder }) {
  const { registers } = (await bridge.described()).describe();
  const place = registers.places.find((/** @type {{ id: string }} */ { id }) => id === bridge.place);
  const { bucketOf } = await bridge.compiled("model/site/copies.js");
  const [{ said }] = place.ecflow;
  const at = (/** @type {string} */ name) => join(gate.folder, name);
  const [root, rootKey] = [join(authorityFolder, "root.crt"), join(authorityFolder, "root.key")];
  const trusted = { bridge, at, root, rootKey };
  return new Store(trusted, { endpoint: said.copies.endpoint, bucket: bucketOf(said.copies) });
}
