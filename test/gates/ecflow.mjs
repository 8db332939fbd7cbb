#!/usr/bin/env node
// An ecFlow server of a bridge, made by our playbook on a host of the sandbox, and its standby: who may do what over TLS, from where,
// how it begins and ends, what becomes of it when it is killed, renewed, or replaced.   node test/gates/ecflow.mjs
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { same } from "./clouds.mjs";
import { Authority, Client, Server } from "./ecflow/server.mjs";
import { Gate, isThere, run, Skipped } from "./gate.mjs";
import { Bridge, changedIn } from "./hosts/bridge.mjs";

const gate = new Gate();
const bridge = new Bridge(gate.folder);
const [first, second] = ["ecflow-prod", "ecflow-prod-standby"];
bridge.names = ["bastion", "proxy", first, second];
const server = new Server(bridge, "prod");

/** Somebody of the front ends, by the relay. @type {(name: string, more?: Partial<ConstructorParameters<typeof Client>[1]>) => Client} */
let client;

/** What a client is told: "" if nothing was refused. @param {Client} who @param {readonly string[]} words */
function told(who, ...words) {
  const { code, out } = bridge.outside("front-ends", ...who.words(...words));
  return code === 0 ? "" : out;
}

/** Waits until it holds. @param {() => unknown} holds @param {number} seconds */
async function until(holds, seconds) {
  for (const end = Date.now() + seconds * 1000; ; await sleep(500)) {
    try {
      if (holds()) return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    if (Date.now() > end)
      throw new Error(
        `not after ${seconds} s: ${holds}\n${bridge.inside(first, `journalctl -q -o cat -n 30 -u ${server.unit}`)}`,
      );
  }
}

/** Jobs run elsewhere: what is submitted is laid down for whoever plays a supercomputer. */
const suite = `suite prepifs
 edit ECF_JOB_CMD 'cp %ECF_JOB% /srv/home/ecf/job'
 edit ECF_FILES /srv/home/ecf/files
 edit ECF_INCLUDE /srv/home/ecf/files
 task t
  event done
endsuite
suite other
 task t
endsuite
`;
const job = `#!/bin/sh
export HOME=/srv/home/ecf/elsewhere
export ECF_PORT=%ECF_PORT% ECF_HOST=localhost ECF_NAME=%ECF_NAME% ECF_PASS=%ECF_PASS% ECF_TRYNO=%ECF_TRYNO% ECF_RID=$$ ECF_SSL=1
set -e
ecflow_client --init=$$
while [ ! -e /srv/home/ecf/go ]; do sleep 0.2; done
ecflow_client --event=done
ecflow_client --complete
`;

async function main() {
  if (process.getuid?.() !== 0 || !isThere("apt-get")) throw new Skipped("needs Debian and root");
  if (!isThere("ecflow_client")) run("apt-get", ["install", "-qq", "--no-install-recommends", "ecflow-client"]);
  // What Vault brings is brought by hand here.
  bridge.prepare();
  bridge.edit("sites/lumi.ts", "vaultAgent(),", "");
  const authority = new Authority(join(gate.folder, "authority"));
  const trusts = run("cat", [join(authority.folder, "ca.crt")]);
  const seen = "ecflow-prod.production.lumi.apps.dte.destination-earth.eu";
  client = (user, more = {}) => {
    const password = server.passwords.get(user);
    const of = { user, host: bridge.proxy, trusts, ...(password === undefined ? {} : { password }), ...more };
    return new Client(join(gate.folder, `client-${user}-${Math.random()}`), of);
  };

  await gate.checked("a bridge boots: bastion, proxy, a server of ecFlow and its standby", () => bridge.up());
  await bridge.learnKeys();
  for (const host of [first, second]) {
    server.bringPasswords(host);
    server.bringCertificate(host, authority.issue(seen));
  }
  gate.check("our playbook makes the server, which runs, and the standby, which does not", () => {
    const { code, out } = bridge.configure();
    if (code !== 0) throw new Error(out.slice(-3000));
    same([server.status(first).status, server.shown(first, "ActiveState")], ["RUNNING", "active"]);
    same(server.shown(second, "LoadState"), "not-found");
  });
  gate.check("a second run changes nothing", () => {
    const { code, out, report } = bridge.configure([], [`${bridge.place}-${first}`, `${bridge.place}-${second}`]);
    if (code !== 0) throw new Error(out.slice(-3000));
    same(changedIn(report), []);
  });

  gate.check("over TLS, from a front end: who may write can, who may not cannot, a stranger cannot ping", () => {
    const file = join(gate.folder, "suite.def");
    writeFileSync(file, suite);
    const [operators, prepifs, probe] = ["operators", "prepifs", "probe"].map((name) => client(name));
    if (!operators || !prepifs || !probe) throw new Error("nobody");
    same(told(operators, `--load=${file}`), "");
    same([told(prepifs, "--ping"), told(prepifs, "--suspend=/prepifs")], ["", ""]);
    same([told(probe, "--ping"), told(probe, "--stats")], ["", ""]);
    for (const [what, words] of /** @type {const} */ ([
      ["another's suite", told(prepifs, "--suspend=/other")],
      ["of who reads", told(probe, "--suspend=/prepifs")],
      ["of who reads, the server", told(probe, "--halt=yes")],
      ["by a stranger", told(client("stranger", { password: "guessed" }), "--ping")],
      ["without a password", told(client("nexhub"), "--ping")],
      ["by a wrong password", told(client("operators", { password: "guessed" }), "--ping")],
      ["as the server's own account", told(client("ecflow", { password: "guessed" }), "--halt=yes")],
    ]))
      if (!/authentication failed|not allowed|no \*write\* access/.test(words)) throw new Error(`${what}: ${words}`);
    const other = run("cat", [join(new Authority(join(gate.folder, "other")).folder, "ca.crt")]);
    for (const wrong of [client("operators", { tls: false }), client("operators", { trusts: other })])
      same(told(wrong, "--ping") === "", false);
    same(bridge.outside("stranger", ...operators.words("--ping")).code === 0, false);
  });
  gate.check("another password is taken without a restart, and the last one is refused", () => {
    const before = server.shown(first, "MainPID");
    const last = client("prepifs");
    server.passwords.set("prepifs", "anotherPassword");
    server.passwords.set("ecflow", "anotherOfTheServer");
    for (const host of [first, second]) server.bringPasswords(host);
    bridge.inside(first, `systemctl reload ${server.unit}`);
    same([told(client("prepifs"), "--ping"), told(last, "--ping") === ""], ["", false]);
    same(server.shown(first, "MainPID"), before);
  });

  await gate.checked("who halted it finds it halted after a restart; killed, it comes back as it was", async () => {
    same(told(client("operators"), "--halt=yes"), "");
    bridge.inside(first, `systemctl restart ${server.unit}`);
    same(server.status(first).status, "HALTED");
    same(told(client("operators"), "--restart"), "");
    bridge.inside(first, `systemctl start ${server.role}-keep`);
    const pid = server.shown(first, "MainPID");
    bridge.inside(first, `kill -KILL ${pid}`);
    await until(() => server.shown(first, "MainPID") !== pid && server.status(first).status === "RUNNING", 40);
    same(server.asked(first, "ecflow_client --suites").trim().split(/\s+/), ["prepifs", "other"]);
  });
  await gate.checked("its certificate is renewed while a job runs: what the job reports arrives", async () => {
    const script = `mkdir -p /srv/home/ecf/files; cat > /srv/home/ecf/files/t.ecf <<'E'\n${job}E\nchown -R ecflow /srv/home/ecf/files`;
    bridge.inside(first, script);
    const operators = client("operators");
    for (const words of [["--resume=/prepifs"], ["--begin=prepifs"]]) same(told(operators, ...words), "");
    const state = () => server.asked(first, "ecflow_client --query state /prepifs/t").trim();
    await until(() => bridge.inside(first, "test -e /srv/home/ecf/job && echo there") !== "", 70);
    const trusting =
      "d=/srv/home/ecf/elsewhere/.ecflowrc/ssl; mkdir -p $d; cp /etc/platform/tls/ecflow-prod/ca.crt $d/server.crt";
    bridge.inside(first, `${trusting}; systemd-run -q --unit=elsewhere sh /srv/home/ecf/job`);
    await until(() => state() === "active", 20);
    const shown = () =>
      bridge.inside(first, `echo | openssl s_client -connect localhost:3141 2>/dev/null | openssl x509 -noout -serial`);
    const before = shown();
    server.bringCertificate(first, authority.issue(seen));
    bridge.inside(
      first,
      `systemctl stop ${server.unit}; touch /srv/home/ecf/go; sleep 2; systemctl start ${server.unit}`,
    );
    await until(() => state() === "complete", 60);
    same([shown() === before, told(operators, "--ping")], [false, ""]);
  });
  gate.check("it does not begin with a certificate that has ended, nor without a list, and says so", () => {
    const [ended, good] = [authority.issue(seen, ["-days", "-1"]), authority.issue(seen)];
    const restarted = (/** @type {RegExp} */ words) => {
      const { code, out } = bridge.sandbox(["exec", first, "systemctl", "restart", server.unit]);
      const log = bridge.inside(first, `journalctl -q -o cat -n 8 -u ${server.unit}`);
      if (code === 0 || !words.test(log)) throw new Error(`${code} ${out} ${log}`);
    };
    server.bringCertificate(first, ended);
    restarted(/has ended .*every client would refuse it/);
    server.bringCertificate(first, good);
    bridge.inside(first, `mv ${server.folder}/lists /tmp/lists; : > ${server.folder}/lists`);
    restarted(/without a list everybody may write/);
    bridge.inside(first, `cp /tmp/lists ${server.folder}/lists; systemctl restart ${server.unit}`);
    same(server.status(first).status, "RUNNING");
  });
  gate.check("a copy of what it knew brings back what was deleted", () => {
    bridge.inside(first, `systemctl start ${server.role}-keep`);
    const kept = bridge.inside(first, "ls /srv/home/state/kept | tail -1").trim();
    server.asked(first, "ecflow_client --delete=force yes /other");
    same(server.asked(first, "ecflow_client --suites").trim(), "prepifs");
    bridge.inside(first, `systemctl stop ${server.unit}`);
    server.asked(first, `platform-ecflow restore ${server.about} /srv/home/state/kept/${kept}`);
    bridge.inside(first, `systemctl start ${server.unit}`);
    same(server.asked(first, "ecflow_client --suites").trim().split(/\s+/), ["prepifs", "other"]);
  });
  await gate.checked("the standby asks for all that it knows, and takes over when it is promoted", async () => {
    bridge.inside(second, `systemctl start ${server.role}-follow`);
    bridge.edit("sites/lumi.ts", /standby: true/, 'standby: "promoted"');
    const { code, out } = bridge.configure();
    if (code !== 0) throw new Error(out.slice(-3000));
    same([server.shown(first, "LoadState"), server.status(second).status], ["not-found", "RUNNING"]);
    same(server.asked(second, "ecflow_client --suites").trim().split(/\s+/), ["prepifs", "other"]);
    await until(() => told(client("operators"), "--ping") === "", 20);
    bridge.inside(first, `systemctl start ${server.role}-follow; test -s /srv/home/state/followed.check`);
  });
}

try {
  await main();
} catch (error) {
  gate.fail("ecFlow", error);
} finally {
  bridge.sandbox(["down"]);
}
gate.done();
