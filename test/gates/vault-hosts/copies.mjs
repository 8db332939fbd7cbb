// Copies of Vault: on each server, and in the object store of another site, which brings back what three servers have lost.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { same } from "../clouds.mjs";
import { must } from "./home.mjs";
import { Store } from "./store.mjs";
import { names } from "./three.mjs";

const [snapshots, keys] = ["/srv/raft/snapshots", "/etc/openbao/copies"];
const newest = `basename $(ls ${snapshots}/*.snap | tail -1)`;

/** @param {import("../gate.mjs").Gate} gate @param {import("./home.mjs").Home} home @param {import("./three.mjs").Three} three */
export async function copies(gate, home, three) {
  const { bridge } = home;
  const { registers } = (await bridge.described()).describe();
  const place = registers.places.find((/** @type {{ id: string }} */ { id }) => id === bridge.place);
  const { bucketOf } = await bridge.compiled("model/site/copies.js");
  const { copies } = place.vault[0].said;
  const store = new Store(home, { endpoint: copies.endpoint, bucket: bucketOf(copies) });
  await gate.checked(
    "a copy of everything is made by the unit of the timer, and brings back what was lost",
    async () => {
      same((await home.apply()) > 20, true);
      three.bao("vault-1", "secrets enable -path=kv -version=2 kv", three.token);
      three.bao("vault-1", "kv put -mount=kv a b=c", three.token);
      for (const each of names) allow(three, each);
      bridge.inside("vault-1", "systemctl start openbao-snapshot");
      three.bao("vault-1", "secrets disable kv", three.token);
      three.bao("vault-1", `operator raft snapshot restore ${snapshots}/$(${newest})`, three.token);
      same(three.bao("vault-1", "kv get -mount=kv -field=b a", three.token), "c");
      // Others go on with what they knew.
      for (const each of names.slice(1)) {
        bridge.inside(each, "systemctl restart openbao");
        await three.open(each);
        await three.until(each, "kv get -mount=kv -field=b a", /^c$/, three.token);
      }
      await three.voting();
    },
  );
  await gate.checked(
    "before somebody has written the key of the other site's store, copies fail, and say so",
    async () => {
      await store.start();
      same(await snapshot(three, "vault-1"), "exit-code");
      same(/access-key is not there: nobody has written it/.test(log(three, "vault-1")), true);
    },
  );
  await gate.checked("its key comes to the servers by the Vault that runs on them, for its account alone", async () => {
    const [id, half] = store.key;
    const words = ["-mount=kv-home-production", "production/vault/copies", `access-key=${id}`, `secret-key=${half}`];
    must(home.bao("kv", "put", "-cas=0", ...words));
    const { code, out } = home.configure(...names.map((each) => `${bridge.place}-${each}`));
    if (code !== 0) throw new Error(out.slice(-3000));
    const there = `cd ${keys} && stat -c '%n %a %U' *-key`;
    for (const each of names) same(await told(bridge, each, there), "access-key 400 openbao\nsecret-key 400 openbao");
  });
  await gate.checked(
    "after each snapshot its copy arrives at the other site, and old ones there are forgotten",
    async () => {
      const old = "20260101T001000Z.snap";
      bridge.inside(
        "vault-1",
        `${asCopies("vault-1")}; touch -d '31 days ago' /tmp/${old}; rclone copyto /tmp/${old} $to/${old}`,
      );
      for (const each of names) await brought(three, each);
      const last = names.map((each) => `home-production/vault/${each}/${bridge.inside(each, newest)}`);
      const found = store.list();
      same([last.filter((name) => !found.includes(name)), found.some((name) => name.endsWith(old))], [[], false]);
      same(/Deleted/.test(log(three, "vault-1")), true);
    },
  );
  await gate.checked(
    "a copy that cannot be brought is a failed unit; the snapshot stays, and comes with the next",
    async () => {
      const before = store.list();
      bridge.inside("vault-2", `systemctl stop vault-take.path vault-take.timer; echo wrong > ${keys}/secret-key`);
      same(await snapshot(three, "vault-2"), "exit-code");
      same(/SignatureDoesNotMatch/.test(log(three, "vault-2")), true);
      const left = bridge.inside("vault-2", newest);
      same(store.list(), before);
      bridge.inside("vault-2", "systemctl start vault-take vault-take.path vault-take.timer");
      await brought(three, "vault-2");
      same(store.list().includes(`home-production/vault/vault-2/${left}`), true);
    },
  );
  gate.check("the key lets into no other bucket, and is in no log", () => {
    const { code, out } = bridge.sandbox([
      "exec",
      "vault-1",
      "sh",
      "-c",
      `${asCopies("vault-1")}; rclone lsf copies:other`,
    ]);
    same([code === 0, /AccessDenied/.test(out)], [false, true]);
    const journals = names.map((each) => bridge.inside(each, "journalctl -q --no-pager; cat /var/log/openbao/*"));
    const told = readFileSync(join(bridge.world, "configure", "home", "configure.log"), "utf8");
    for (const half of store.key)
      for (const each of [...journals, told]) same([each.length > 1000, each.includes(half)], [true, false]);
  });
  return store;
}

/** @param {import("../gate.mjs").Gate} gate @param {import("./three.mjs").Three} three @param {Store} store */
export async function lost(gate, three, store) {
  const { bridge } = three;
  let last = "";
  gate.check("all three lose all that they had; made anew, they know of no Vault", () => {
    [last = ""] = store
      .list()
      .filter((name) => name.includes("/vault-1/"))
      .reverse();
    for (const each of names)
      bridge.inside(
        each,
        `systemctl stop openbao openbao-snapshot.timer vault-take.path vault-take.timer vault-agent
        rm -rf /srv/raft/openbao ${snapshots} /etc/openbao/snapshot-token ${keys}/*-key /var/lib/vault-agent`,
      );
    bridge.configured();
    for (const each of names) same(/Initialized\s+false/.test(three.bao(each, "status || true")), true);
  });
  await gate.checked("the copy of the other site brings all of it back, opened by the shares of its day", async () => {
    const [id, half] = store.key;
    for (const each of names.slice(1)) bridge.inside(each, "systemctl stop openbao");
    const { token, share } = three.begin("vault-1");
    await three.open("vault-1", share);
    await three.until("vault-1", "status", /HA Mode\s+active/);
    hand(three, id ?? "", "access-key");
    hand(three, half ?? "", "secret-key");
    bridge.inside(
      "vault-1",
      `${asCopies("vault-1")}; rclone copyto copies:${store.bucket}/${last} /srv/raft/back.snap`,
    );
    three.bao("vault-1", "operator raft snapshot restore -force /srv/raft/back.snap", token);
    await three.until("vault-1", "status", /Sealed\s+true/);
    await three.open("vault-1");
    await three.until("vault-1", "kv get -mount=kv -field=b a", /^c$/, three.token);
    for (const each of names.slice(1)) {
      bridge.inside(each, "systemctl start openbao");
      await three.open(each);
    }
    await three.voting();
  });
  await gate.checked("and copies are made and brought as before", async () => {
    allow(three, "vault-1");
    await brought(three, "vault-1");
    same(store.list().includes(`home-production/vault/vault-1/${bridge.inside("vault-1", newest)}`), true);
  });
}

/** Lets a server make snapshots. @param {import("./three.mjs").Three} three @param {string} host */
function allow(three, host) {
  const token = three.bao(host, "token create -orphan -period=72h -policy=snapshot -field=token", three.token);
  const file = "/etc/openbao/snapshot-token";
  three.bridge.inside(host, `install -m 0440 -g openbao /dev/null ${file}; printf ${token} > ${file}`);
}

/** What a person puts there who keeps it. @param {import("./three.mjs").Three} three @param {string} half @param {string} name */
const hand = ({ bridge }, half, name) =>
  bridge.inside("vault-1", `cd ${keys} && install -m 0400 -o openbao /dev/null ${name} && printf '${half}' > ${name}`);

/** A shell that speaks to the store as the unit does, for which `$to` is where its copies go. @param {string} host */
const asCopies = (host) => `set -e
export $(systemctl show -P Environment openbao-copies) RCLONE_CONFIG=${keys}/rclone.conf
export AWS_ACCESS_KEY_ID=$(cat ${keys}/access-key) AWS_SECRET_ACCESS_KEY=$(cat ${keys}/secret-key)
to=$(systemctl show -P ExecStart openbao-copies | grep -o 'copies:[^ ]*')
test "$(basename $to)" = ${host}`;

/** Makes a snapshot, and tells what came of bringing it to the other site. @param {import("./three.mjs").Three} three @param {string} host */
async function snapshot({ bridge }, host) {
  const ended = () => bridge.inside(host, "systemctl show -P ExecMainExitTimestampMonotonic openbao-copies");
  const before = ended();
  bridge.inside(host, "systemctl start openbao-snapshot");
  for (let tries = 0; tries < 60; tries += 1) {
    await sleep(500);
    const is = bridge.inside(host, "systemctl show -P ActiveState openbao-copies");
    if (ended() !== before && is !== "activating")
      return bridge.inside(host, "systemctl show -P Result openbao-copies");
  }
  throw new Error(`${host}: no copy: ${bridge.inside(host, "journalctl -q -o cat -n 30 -u 'openbao-*'")}`);
}

/** @param {import("./three.mjs").Three} three @param {string} host */
async function brought(three, host) {
  const is = await snapshot(three, host);
  if (is !== "success") throw new Error(`${host}: ${is}: ${log(three, host)}`);
}

/** @param {import("./three.mjs").Three} three @param {string} host */
const log = ({ bridge }, host) => bridge.inside(host, "journalctl -q -o cat -n 30 -u openbao-copies");

/** What a script says once it succeeds. @param {import("../hosts/bridge.mjs").Bridge} bridge @param {string} host @param {string} script */
async function told(bridge, host, script) {
  for (let tries = 0; ; tries += 1) {
    const { code, out } = bridge.sandbox(["exec", host, "sh", "-c", script]);
    if (code === 0) return out;
    if (tries > 60)
      throw new Error(
        `${host}: ${out}\n${bridge.inside(host, "journalctl -q -o cat -n 30 -u vault-agent -u vault-take")}`,
      );
    await sleep(1000);
  }
}
