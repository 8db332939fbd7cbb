// The servers of Vault, made by their role on hosts of home: from nothing to three that agree, and what becomes of them.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { same } from "../clouds.mjs";
import { changedIn } from "../hosts/bridge.mjs";
import { copies, lost } from "./copies.mjs";
import { Home, must } from "./home.mjs";
import { names, Three } from "./three.mjs";

/** @param {import("../gate.mjs").Gate} gate @param {import("../hosts/bridge.mjs").Bridge} bridge */
export async function servers(gate, bridge) {
  const home = new Home(bridge, bridge.proxy);
  const three = new Three(bridge);
  await gate.checked("home boots: bastion, proxy and three servers", async () => {
    must(bridge.databridge("bootstrap-ca", home.ca));
    bridge.learn("home", `trust.tlsRoot=${readFileSync(home.root, "utf8")}`);
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
      must(bridge.databridge("bootstrap-ca", "sign", home.ca, `home-production-${each}`, request));
      const certificate = readFileSync(request.replace(/csr$/, "crt"), "utf8");
      bridge.sandbox(["exec", each, "sh", "-c", "cat > /etc/openbao/tls/tls.crt"], certificate);
    }
    bridge.configured();
  });
  await gate.checked("one is initialised; unsealed, the others join it by themselves, by name and TLS", async () => {
    Object.assign(three, three.begin("vault-1"));
    home.token = three.token;
    for (const each of names) await three.open(each);
    await three.voting();
  });
  gate.check("a second run changes nothing, and seals nobody", () => {
    same(changedIn(bridge.configured()), []);
    for (const each of names) same(/Sealed\s+false/.test(three.bao(each, "status")), true);
  });
  const asked = (/** @type {string} */ path, /** @type {string[]} */ ...words) => {
    const found = ["--resolve", `${home.name}:8200:${bridge.proxy}`, "--cacert", home.root];
    must(bridge.outside("lumi-production-proxy", "curl", "-sSm", "10", ...found, ...words, `${home.url}${path}`));
  };
  gate.check("whoever comes by the relay is seen by their own address, in a log and in the journal", () => {
    asked("/v1/sys/internal/ui/mounts");
    const seen = names.map((each) => bridge.inside(each, "cat /var/log/openbao/audit.log")).join("\n");
    same(seen.includes('"remote_address":"203.0.113.31"'), true);
    const journal = names.map((each) => bridge.inside(each, "journalctl -q -t openbao | tail -1")).join("");
    same(journal.includes("openbao"), true);
  });
  gate.check("a log that is turned over goes on anew", () => {
    bridge.inside("vault-1", "logrotate -f /etc/logrotate.d/openbao");
    three.bao("vault-1", "token lookup", three.token);
    same(Number(bridge.inside("vault-1", "stat -c %s /var/log/openbao/audit.log")) > 0, true);
  });
  const store = await copies(gate, home, three);
  try {
    await gate.checked("one of three dies: another is active, and the relay leads there", async () => {
      const active = await three.active(names);
      bridge.inside(active, "systemctl kill --signal=KILL openbao; systemctl stop openbao");
      const left = names.filter((each) => each !== active);
      for (const each of left) await three.until(each, "kv get -mount=kv -field=b a", /^c$/, three.token);
      await three.active(left);
      // The relay looks twice, two seconds apart.
      await sleep(8000);
      for (let times = 0; times < 6; times += 1) asked("/v1/sys/health", "-f");
      bridge.inside(active, "systemctl start openbao");
      await three.until(active, "status", /Sealed\s+true/);
      await three.open(active);
      await three.until(active, "status", /Sealed\s+false/);
    });
    await lost(gate, three, store);
  } finally {
    store.stop();
  }
}
