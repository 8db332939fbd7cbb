// How a server of ecFlow begins, ends, and comes back: halted, killed, without what it needs, from a copy.
import { same } from "../clouds.mjs";
import { Runbook } from "../runbook.mjs";

/** @param {import("./world.mjs").World} world */
export async function life(world) {
  const { gate, bridge, server, first } = world;
  await gate.checked("who halted it finds it halted after a restart; killed, it comes back as it was", async () => {
    same(world.told(world.client("operators"), "--halt=yes"), "");
    bridge.inside(first, `systemctl restart ${server.unit}`);
    same(server.status(first).status, "HALTED");
    same(world.told(world.client("operators"), "--restart"), "");
    bridge.inside(first, `systemctl start ${server.role}-keep`);
    const pid = server.shown(first, "MainPID");
    bridge.inside(first, `kill -KILL ${pid}`);
    await world.until(() => server.shown(first, "MainPID") !== pid && server.status(first).status === "RUNNING", 40);
    for (const suite of ["prepifs", "other"]) same(suitesOf(world).includes(suite), true);
  });
  gate.check("it does not begin with a certificate that has ended, nor without a list, and says so", () => {
    const [ended, good] = [world.certificate(-1), world.certificate()];
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
  gate.check("a copy of what it knew brings back what was deleted, by what the runbook says to type", () => {
    bridge.inside(first, `systemctl start ${server.role}-keep`);
    const kept = bridge.inside(first, "ls /srv/home/state/kept | tail -1").trim();
    world.asked("--delete=force yes /other");
    same(suitesOf(world).includes("other"), false);
    const name = server.role.replace("ecflow-", "");
    const runbook = new Runbook("ecflow", { "<name>": name, "<time>.check.gz": kept });
    const commands = runbook.commands("A state of before");
    same(commands.length, 3);
    for (const command of commands) bridge.inside(first, command);
    same(suitesOf(world).includes("other"), true);
    const replaced = bridge.inside(first, "ls /srv/home/state");
    if (!/^ecf\.check\.before-/m.test(replaced)) throw new Error(`what was there is not kept: ${replaced}`);
  });
}

/** @param {import("./world.mjs").World} world @param {string} [host] */
export const suitesOf = ({ server, first }, host = first) =>
  server.asked(host, "ecflow_client --suites").trim().split(/\s+/);
