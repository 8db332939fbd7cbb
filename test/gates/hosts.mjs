#!/usr/bin/env node
// Ansible makes real hosts of a bridge what the model says: bastion, proxy and ecFlow, booted from nothing in
// sandbox/hosts, configured over SSH through their bastion. Programs read every file of every site there.
//   node hosts.mjs [full]
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { installed } from "../../ansible/install.mjs";
import { root } from "../../cli/prepare.mjs";
import { same } from "./clouds.mjs";
import { Gate, isThere, run, Skipped } from "./gate.mjs";
import { Bridge, changedIn } from "./hosts/bridge.mjs";
import { changes, ways } from "./hosts/changes.mjs";
import { readByPrograms } from "./hosts/files.mjs";
import { health } from "./hosts/health.mjs";
import { fromElsewhere, logins, now } from "./hosts/logins.mjs";
import { proxies } from "./hosts/proxies.mjs";
import { told } from "./hosts/told.mjs";
import { trust } from "./hosts/trust.mjs";
import { units } from "./hosts/units.mjs";
import { volumes } from "./hosts/volumes.mjs";

/** By hand, what takes ten minutes more: every role, a second run, runs that are ended halfway, CAs in turn, hosts that are new and that boot again. */
const isFull = process.argv.includes("full");
const gate = new Gate();
const bridge = new Bridge(gate.folder);

async function linted() {
  const programs = installed("ansible-lint");
  const more = { PATH: `${programs}:${process.env.PATH}`, LC_ALL: "C.UTF-8", ANSIBLE_HOME: join(gate.folder, "lint") };
  run(join(programs, "ansible-lint"), ["--offline", "--strict"], { cwd: join(root, "ansible"), env: more });
  run(join(programs, "yamllint"), ["--strict", "."], { cwd: join(root, "ansible"), env: more });
}

async function main() {
  await gate.checked("ansible-lint, profile production, and yamllint find nothing in roles and playbook", linted);
  gate.check("of a loop, the items that fail are told, and why; what is hidden stays so", () => told(gate.folder));
  if (process.getuid?.() !== 0 || !isThere("apt-get")) throw new Skipped("needs Debian and root");
  bridge.prepare();
  if (!isFull) {
    // Of Vault, of copies and of logins to supercomputers gates are there with what they talk to: vault-hosts, ecflow.
    bridge.takes("withdrawn", "packages", "dns", "time", "users", "base", "metrics", "volumes", "proxy", "telemetry");
    bridge.leaves("Log in to supercomputers");
  }
  await gate.checked("bastion, proxy and ecFlow of a bridge boot from nothing, with the rules of the model", () =>
    bridge.up(),
  );
  gate.check("a host whose key is not learned is not configured", () => {
    const { code, report } = bridge.configure();
    same([code, report.blocked.length, report.hosts.length], [1, 3, 0]);
  });
  await bridge.learnKeys();
  gate.check("a bastion passes on from its first boot", () => {
    const [bastion, , ecflow] = bridge.ids;
    const { code, out } = bridge.databridge("inventory", "lumi");
    if (code !== 0) throw new Error(out);
    const key = bridge.certified("first", "ansible@lumi-production,jump@lumi-production", now);
    same(bridge.ssh(key, `ansible@${ecflow}`).out, "ecflow-prod");
    same(bridge.ssh(key, `jump@${bastion}`).stdout.includes("bastion"), false);
  });
  if (isFull)
    gate.check("a check of hosts that nobody has configured tells what would change, and changes nothing", () => {
      const before = bridge.names.map((name) => bridge.inside(name, "dpkg-query -W | md5sum; find /etc | md5sum"));
      const { code, out, report } = bridge.configure(["--check"]);
      if (code !== 0) throw new Error(out.slice(-3000));
      same(
        bridge.names.map((name) => bridge.inside(name, "dpkg-query -W | md5sum; find /etc | md5sum")),
        before,
      );
      if (changedIn(report).length < 15) throw new Error(out.slice(-3000));
    });
  gate.check("Ansible configures them over the bastion", () => {
    const { code, out, report } = bridge.configure();
    same([code, report.blocked], [0, []]);
    if (changedIn(report).length < 15) throw new Error(out.slice(-3000));
  });
  if (isFull) gate.check("a second run changes nothing", () => same(changedIn(bridge.configured()), []));
  gate.check("programs read every file of every site, and refuse what is wrong", () => readByPrograms(bridge));
  gate.check("a run whose inventory fails is no success", () => {
    const program = join(installed("ansible"), "ansible-playbook");
    const folder = join(bridge.checkout, "ansible");
    const env = {
      ...process.env,
      DATABRIDGE_WORLD: "nowhere",
      LC_ALL: "C.UTF-8",
      ANSIBLE_HOME: join(gate.folder, "none"),
    };
    const { status } = spawnSync(program, ["site.yml"], { cwd: folder, env });
    same(status === 0, false);
  });
  logins(gate, bridge);
  await fromElsewhere(gate, bridge);
  await proxies(gate, bridge);
  health(gate, bridge);
  if (isFull) units(gate, bridge);
  await volumes(gate, bridge);
  changes(gate, bridge);
  if (isFull) {
    trust(gate, bridge);
    await ways(gate, bridge);
  }
}

try {
  await main();
} catch (error) {
  gate.fail("hosts", error);
} finally {
  bridge.sandbox(["down"]);
}
gate.done();
