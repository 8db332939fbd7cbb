#!/usr/bin/env node
// Hosts of a bridge fetch what is theirs from a Vault at home, through their forward proxy, and go on while it is away. With
// `home`: the servers of Vault themselves.   node test/gates/vault-hosts.mjs [home]
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { same } from "./clouds.mjs";
import { Gate, isThere, Skipped } from "./gate.mjs";
import { Bridge } from "./hosts/bridge.mjs";
import { readOnHost } from "./vault-hosts/files.mjs";
import { Home, must } from "./vault-hosts/home.mjs";
import { servers } from "./vault-hosts/servers.mjs";
import { held, shown, shows } from "./vault-hosts/shows.mjs";
import {
  areSigned,
  areSignedAnew,
  clients,
  haveEnded,
  isShown,
  keys,
  serials,
  submits,
  supercomputer,
} from "./vault-hosts/signed.mjs";

const gate = new Gate();
const bridge = new Bridge(gate.folder);
const host = "ecflow-prod";
const [file, folder] = [`/etc/platform/${host}/passwords/probe`, `/etc/platform/tls/${host}`];
const state = "/var/lib/vault-agent";
const values = ["ofEcflowWhichNobodyElseHas", "anotherWhichIsNew", "aThirdOnceVaultWasBack"];
const keysOfCopies = ["ofAStoreWhichNobodyElseHas", "halfOfAKeyWhichNobodyElseHas"];
const users = ["ecflow", "probe", "operators", "prepifs", "nexhub", "prepml"];
const serialOf = `openssl x509 -noout -serial -in ${folder}/tls.crt`;

/** Waits until a script on the host says so. @param {string} script @param {number} seconds */
async function until(script, seconds) {
  for (const end = Date.now() + seconds * 1000; ; await sleep(500)) {
    const { code, out } = bridge.sandbox(["exec", host, "sh", "-c", script]);
    if (code === 0) return;
    const said = "journalctl -q -o cat -n 30 -u vault-agent -u vault-take";
    if (Date.now() > end) throw new Error(`${script}: ${out}\n${bridge.inside(host, said)}`);
  }
}

/** What takes days is made short, and what this host has not got is something else. */
function shorten() {
  bridge.edit("sites/lumi.ts", /vaultAgent\(\)/g, "vaultAgent({ survives: minutes(1 / 2) })");
  bridge.edit("sites/lumi.ts", /auth: registeredKey\(.*?\}\)/, "auth: signedKey(minutes(3 / 2))");
  bridge.edit("sites/lumi.ts", "registeredKey,", "signedKey,");
  bridge.edit("model/signed-keys.ts", "days(30)", "minutes(3 / 2)");
  bridge.edit("model/signed-keys.ts", "Duration, days }", "Duration, minutes }");
  bridge.edit("constructs/vault/agent.ts", '"5m"', '"5s"');
  const spec = "constructs/ecflow/spec.ts";
  bridge.edit(spec, "type Duration, gib, ", "type Duration, days, gib, minutes, ");
  bridge.edit(spec, "input: options }, (is) => {", "input: options }, (is, here) => {");
  const short = 'lifetime: here.site === "lumi" && here.environment === "production" ? minutes(3 / 2) : days(30),';
  bridge.edit(spec, /restarts: unitOf\(role\),\n( *files: tlsFiles)/, `reloads: "haproxy.service", ${short}\n$1`);
  bridge.edit(spec, /reloads: unitOf\(role\)(,\n *why: "users prove)/, 'restarts: "slow.service"$1');
}

/** @param {Home} home @param {number} version that was there before */
const write = (home, version) =>
  must(
    home.bao(
      ...["kv", "put", `-cas=${version}`, "-mount=kv-lumi-production"],
      ...["production/ecflow/prod", ...users.map((user) => `${user}=${values[version]}`)],
    ),
  );

async function bridged() {
  const home = new Home(bridge);
  let [ca, outward] = ["", ""];
  shorten();
  bridge.takes("packages", "dns", "users", "base", "volumes", "proxy", "copies", "vault_agent");
  // A server of ecFlow begins with no certificate that has ended, as these have within a run; its own gate has it.
  bridge.leaves("Run servers of ecFlow");
  home.prepare();
  await gate.checked(
    "a bridge boots; a Vault starts with what is rendered for a server, and takes its stack",
    async () => {
      await bridge.up();
      await bridge.learnKeys();
      await home.start();
      same((await home.apply()) > 20, true);
      write(home, 0);
      const copies = ["access-key", "secret-key"].map((half, i) => `${half}=${keysOfCopies[i]}`);
      must(home.bao("kv", "put", "-cas=0", "-mount=kv-lumi-production", "production/ecflow/prod-copies", ...copies));
      ca = home.authority("ssh-hosts");
      outward = home.authority("ssh-outward");
      bridge.learn("home", `trust.sshHostCa=${ca}`, `trust.sshOutwardCa=${outward}`);
    },
  );
  gate.check(
    "without somebody who may hand out secret ids, it is told who is to be enrolled, and all else is done",
    () => {
      const { code, out, report } = bridge.configure();
      if (code !== 0) throw new Error(out.slice(-3000));
      const notes = report.hosts.flatMap(({ notes }) => notes);
      // Beside, what keeps the host of ecFlow out of a supercomputer.
      same(notes.filter((note) => /^to be enrolled, nobody has/.test(note)).length, 3);
    },
  );
  await gate.checked(
    "enrolled through the proxy: the secret is there, for its owner alone, and a certificate",
    async () => {
      const { code, out } = home.configure(`${bridge.place}-${host}`);
      if (code !== 0) throw new Error(out.slice(-3000));
      await until(`test -e ${file} && test -e ${folder}/tls.crt`, 30);
      same(bridge.inside(host, `stat -c '%a %U' ${file}; cat ${file}`), `400 ecflow\n${values[0]}`);
      same(bridge.inside(host, `stat -c '%a' ${folder}/*`), "444\n444\n400");
      bridge.inside(host, `openssl verify -CAfile ${folder}/ca.crt -untrusted ${folder}/tls.crt ${folder}/tls.crt`);
      const passed = bridge.inside("proxy", `grep -c 'CONNECT ${home.name}:8200' /var/log/squid/access.log`);
      same(Number(passed) > 0, true);
    },
  );
  gate.check("a second run changes nothing, but hands over another secret id where the first has grown old", () => {
    const { code, out, report } = home.configure(`${bridge.place}-${host}`);
    if (code !== 0) throw new Error(out.slice(-3000));
    const changes = report.hosts.flatMap(({ changes }) => changes.map(({ task }) => task));
    same(
      changes.filter(
        (task) => !/: (Ask for a secret id, wrapped|Hand over the wrapping|Have it opened there)$/.test(task),
      ),
      [],
    );
  });
  const known = clients(bridge, host, ca);
  await gate.checked("its host key is signed, and sshd shows it: who knows the CA alone goes in", async () => {
    await until(`${areSigned} && ${isShown}`, 75);
    known.goIn();
  });
  await gate.checked("it logs in to a supercomputer that trusts Vault, by a key that it made", async () => {
    bridge.inside(host, supercomputer(outward));
    same(bridge.inside(host, submits), "ecmwf-dte");
    same(bridge.inside(host, keys).split("\n").slice(0, 2), [
      "/etc/platform/hpc/lumi 400 ecflow",
      "/etc/platform/hpc/lumi-cert.pub 444 ecflow",
    ]);
  });
  const made = bridge.inside(host, keys);
  bridge.inside(host, shows(folder));
  const first = bridge.inside(host, serialOf);
  await gate.checked("a certificate of which a third is left is renewed and shown, and nobody is cut off", async () => {
    await until(`test "$(${serialOf})" != ${first}`, 90);
    await until(`test "$(${shown})" != ${first}`, 15);
    bridge.inside(host, held);
  });
  await gate.checked("keys of which a third is left are signed anew, and shown, and stay the same keys", async () => {
    await until(areSignedAnew(bridge.inside(host, serials)), 130);
    await until(isShown, 15);
    known.goIn();
    same([bridge.inside(host, submits), bridge.inside(host, keys)], ["ecmwf-dte", made]);
  });
  await gate.checked("what has to be restarted for another value waits for hours that are open", async () => {
    const began = "systemctl show -P ActiveEnterTimestampMonotonic slow";
    const before = bridge.inside(host, began);
    const calendar = (/** @type {string} */ window) =>
      bridge.inside(host, `sed -i 's/"forecast": ".*"/"forecast": "${window}"/' /etc/vault-agent/host.json`);
    calendar("00:00-23:59");
    write(home, 1);
    await until(`grep -q '${values[1]}' ${file}`, 30);
    same(bridge.inside(host, began), before);
    calendar("23:58-23:59");
    bridge.inside(host, "systemctl start vault-take");
    same(bridge.inside(host, began) === before, false);
  });
  await gate.checked("Vault is away for longer than any login lasts: files stay, and what runs goes on", async () => {
    const there = `cat ${file}; ls -l ${folder}`;
    const before = bridge.inside(host, there);
    home.stop();
    await sleep(95_000);
    same(bridge.inside(host, there), before);
    bridge.inside(host, held);
    bridge.inside(host, haveEnded);
    // The key that was learned goes on.
    known.areKeptOut();
    bridge.inside(
      host,
      "journalctl -q -o cat -u vault-take | grep 'of its certificate .* hours are left, and another one does not'",
    );
    same(bridge.inside(host, "systemctl is-active vault-agent haproxy"), "active\nactive");
  });
  await gate.checked("once it is back, all catches up by itself", async () => {
    const before = bridge.inside(host, serialOf);
    await home.start();
    write(home, 2);
    await until(
      `grep -q '${values[2]}' ${file} && test "$(${serialOf})" != ${before} && ${areSigned} && ${isShown}`,
      120,
    );
    known.goIn();
    bridge.inside(host, held);
  });
  gate.check("a wrapping that somebody else has opened is noticed, and one that was exchanged", () => {
    const flags = ["-wrap-ttl=300s", "-field=wrapping_token"];
    const before = bridge.inside(host, `md5sum ${state}/secret-id`);
    const role = "auth/approle/role/lumi-production-ecflow-prod/secret-id";
    const opened = must(home.bao("write", "-f", ...flags, role)).trim();
    must(home.bao("unwrap", opened));
    const exchanged = must(home.bao("token", "lookup", ...flags)).trim();
    for (const [token, words] of [
      [opened, "SOMEBODY ELSE HAS OPENED IT"],
      [exchanged, "somebody has exchanged it"],
    ]) {
      const script = `cat > ${state}/wrapped; platform-vault enrol`;
      const { code, out } = bridge.sandbox(["exec", host, "sh", "-c", script], token);
      same([code, out.includes(words ?? "")], [1, true]);
    }
    same(bridge.inside(host, `md5sum ${state}/secret-id`), before);
  });
  gate.check("no log and no report of Ansible has a secret, a secret id or a token", () => {
    const logs = ["configure/lumi/configure.log", "configure.json"].map((name) =>
      readFileSync(join(bridge.world, name), "utf8"),
    );
    for (const secret of [...values, ...keysOfCopies, home.token, bridge.inside(host, `cat ${state}/secret-id`)])
      for (const log of logs) same([log.length > 1000, log.includes(secret)], [true, false]);
  });
  gate.check("programs read what is rendered of Vault for every site, and refuse what is wrong", () =>
    readOnHost(bridge, host),
  );
  home.stop();
}

async function main() {
  if (process.getuid?.() !== 0 || !isThere("apt-get")) throw new Skipped("needs Debian and root");
  if (process.argv[2] === "home") {
    [bridge.site, bridge.place] = ["home", "home-production"];
    bridge.names = ["bastion", "proxy", "vault-1", "vault-2", "vault-3"];
  }
  bridge.prepare();
  await (process.argv[2] === "home" ? servers(gate, bridge) : bridged());
}

try {
  await main();
} catch (error) {
  gate.fail("hosts and Vault", error);
} finally {
  bridge.sandbox(["down"]);
}
gate.done();
