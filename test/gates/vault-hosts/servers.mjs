// The servers of Vault, made by their role on hosts of home: from nothing to three that agree, and what becomes of them.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { same } from "../clouds.mjs";
import { changedIn } from "../hosts/bridge.mjs";
import { must } from "./home.mjs";

const names = ["vault-1", "vault-2", "vault-3"];
const name = "vault.production.home.apps.dte.destination-earth.eu";
const root = "/usr/local/share/ca-certificates/platform-root.crt";

/** @param {import("../gate.mjs").Gate} gate @param {import("../hosts/bridge.mjs").Bridge} bridge */
export async function servers(gate, bridge) {
  const ca = join(bridge.folder, "trust");
  const bao = (/** @type {string} */ host, /** @type {string} */ words, token = "") =>
    bridge.inside(
      host,
      `BAO_TOKEN='${token}' BAO_CACERT=${root} BAO_ADDR=https://${host}.${name.replace("vault.", "")}:8200 bao ${words}`,
    );
  /** @param {string} host @param {string} words @param {RegExp} holds @param {string} [token] */
  const until = async (host, words, holds, token) => {
    let out = "";
    for (let tries = 0; tries < 60; tries += 1) {
      out = bao(host, `${words} 2>&1 || true`, token);
      if (holds.test(out)) return out;
      await sleep(1000);
    }
    throw new Error(`${host}: ${words}: ${out}\n${bridge.inside(host, "journalctl -q -o cat -n 20 -u openbao")}`);
  };
  await gate.checked("home boots: bastion, proxy and three servers", async () => {
    must(bridge.databridge("bootstrap-ca", ca));
    bridge.learn("home", `trust.tlsRoot=${readFileSync(join(ca, "tls-root.crt"), "utf8")}`);
    bridge.learn("lumi", "production.router=203.0.113.30", "production.public.proxy=203.0.113.31");
    await bridge.up();
    await bridge.learnKeys();
  });
  gate.check("each asks for a certificate, and says that a person signs it", () => {
    const { code, report } = bridge.configure();
    const failed = report.hosts.filter(({ failed }) => failed > 0).map(({ host, role }) => `${host} ${role}`);
    same([code, failed.sort()], [1, names.map((each) => `home-production-${each} vault`)]);
  });
  gate.check("signed offline and put there, they run, sealed", () => {
    for (const each of names) {
      const request = join(bridge.folder, `${each}.csr`);
      writeFileSync(request, `${bridge.inside(each, "cat /etc/openbao/tls/tls.csr")}\n`);
      must(bridge.databridge("bootstrap-ca", "sign", ca, `home-production-${each}`, request));
      const certificate = readFileSync(request.replace(/csr$/, "crt"), "utf8");
      bridge.sandbox(["exec", each, "sh", "-c", "cat > /etc/openbao/tls/tls.crt"], certificate);
    }
    bridge.configured();
  });
  let [token, share] = ["", ""];
  await gate.checked("one is initialised; unsealed, the others join it by themselves, by name and TLS", async () => {
    const made = JSON.parse(bao("vault-1", "operator init -key-shares=1 -key-threshold=1 -format=json"));
    [token, share] = [made.root_token, made.unseal_keys_b64[0]];
    for (const each of names) {
      await until(each, "status", /Initialized\s+true/);
      bao(each, `operator unseal ${share}`);
    }
    const peers = await until("vault-1", "operator raft list-peers", /(voter.*true|true)/, token);
    same([...peers.matchAll(/vault-\d/g)].length >= 3, true);
    await until("vault-1", "operator raft list-peers", /^(?!.*false)[\s\S]*vault-3/, token);
  });
  gate.check("a second run changes nothing, and seals nobody", () => {
    same(changedIn(bridge.configured()), []);
    for (const each of names) same(/Sealed\s+false/.test(bao(each, "status")), true);
  });
  gate.check("whoever comes by the relay is seen by their own address, in a log and in the journal", () => {
    const url = `https://${name}:8200/v1/sys/internal/ui/mounts`;
    const words = [
      "curl",
      "-sm",
      "10",
      "--cacert",
      join(ca, "tls-root.crt"),
      "--resolve",
      `${name}:8200:${bridge.proxy}`,
    ];
    must(bridge.outside("lumi-production-proxy", ...words, url));
    const seen = names.map((each) => bridge.inside(each, "cat /var/log/openbao/audit.log")).join("\n");
    same(seen.includes('"remote_address":"203.0.113.31"'), true);
    const journal = names.map((each) => bridge.inside(each, "journalctl -q -t openbao | tail -1")).join("");
    same(journal.includes("openbao"), true);
  });
  gate.check("a log that is turned over goes on anew", () => {
    bridge.inside("vault-1", "logrotate -f /etc/logrotate.d/openbao");
    bao("vault-1", "token lookup", token);
    same(Number(bridge.inside("vault-1", "stat -c %s /var/log/openbao/audit.log")) > 0, true);
  });
  gate.check("a copy of everything is made by the unit of the timer, and brings back what was lost", () => {
    const policy = 'path "sys/storage/raft/snapshot" { capabilities = ["read"] }';
    bridge.inside("vault-1", `printf '${policy}' > /tmp/snapshot.hcl`);
    bao("vault-1", "policy write snapshot /tmp/snapshot.hcl", token);
    const made = bao("vault-1", "token create -orphan -period=72h -policy=snapshot -field=token", token);
    bridge.inside(
      "vault-1",
      `install -m 0440 -g openbao /dev/null /etc/openbao/snapshot-token; printf ${made} > /etc/openbao/snapshot-token`,
    );
    bao("vault-1", "secrets enable -path=kv -version=2 kv", token);
    bao("vault-1", "kv put -mount=kv a b=c", token);
    bridge.inside("vault-1", "systemctl start openbao-snapshot");
    bao("vault-1", "secrets disable kv", token);
    const newest = bridge.inside("vault-1", "ls /srv/raft/snapshots/*.snap | tail -1");
    bao("vault-1", `operator raft snapshot restore ${newest}`, token);
    same(bao("vault-1", "kv get -mount=kv -field=b a", token), "c");
  });
  await gate.checked("one of three dies: another is active, and the relay leads there", async () => {
    const active = names.find((each) => /HA Mode\s+active/.test(bao(each, "status"))) ?? "vault-1";
    bridge.inside(active, "systemctl kill --signal=KILL openbao; systemctl stop openbao");
    const left = names.filter((each) => each !== active);
    await until(left[0] ?? "", "kv get -mount=kv -field=b a", /^c$/, token);
    await sleep(8000);
    const words = [
      "curl",
      "-sm",
      "10",
      "--cacert",
      join(ca, "tls-root.crt"),
      "--resolve",
      `${name}:8200:${bridge.proxy}`,
    ];
    for (let times = 0; times < 6; times += 1)
      must(
        bridge.outside("lumi-production-proxy", ...words, "-f", `https://${name}:8200/v1/sys/health?standbyok=true`),
      );
    bridge.inside(active, "systemctl start openbao");
    await until(active, "status", /Sealed\s+true/);
    bao(active, `operator unseal ${share}`);
    await until(active, "status", /Sealed\s+false/);
  });
}
