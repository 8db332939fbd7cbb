#!/usr/bin/env node
// An ecFlow server of a bridge, made by our playbook on a host of the sandbox, beside two supercomputers: who may do what over TLS, how it
// begins and ends, and what becomes of its jobs there.   node test/gates/ecflow.mjs
// In full, also copies at another site, its standby and what fails, ten minutes more:   node test/gates/ecflow.mjs full
import { same } from "./clouds.mjs";
import { beside } from "./ecflow/beside.mjs";
import { copies } from "./ecflow/copies.mjs";
import { faults } from "./ecflow/faults.mjs";
import { jobs } from "./ecflow/jobs.mjs";
import { life, suitesOf } from "./ecflow/life.mjs";
import { standby } from "./ecflow/standby.mjs";
import { users } from "./ecflow/users.mjs";
import { World } from "./ecflow/world.mjs";
import { Gate, isThere, run, Skipped } from "./gate.mjs";
import { Bridge, changedIn } from "./hosts/bridge.mjs";

const isFull = process.argv.includes("full");
const gate = new Gate();
const bridge = new Bridge(gate.folder);

async function main() {
  if (process.getuid?.() !== 0 || !isThere("apt-get")) throw new Skipped("needs Debian and root");
  if (!isThere("ecflow_client")) run("apt-get", ["install", "-qq", "--no-install-recommends", "ecflow-client"]);
  const world = new World(gate, bridge, isFull);
  const { server, first, second } = world;
  bridge.names = ["bastion", "proxy", first, ...(isFull ? [second] : [])];
  await gate.checked(
    "one command brings up two supercomputers, and beside them a bridge, configured: bastion, proxy, a server of ecFlow",
    () => world.up(),
  );
  gate.check("the server runs, the suite to play with too; a standby does not", () => {
    same(suitesOf(world), ["demo"]);
    same([server.status(first).status, server.shown(first, "ActiveState")], ["RUNNING", "active"]);
    if (isFull) same(server.shown(second, "LoadState"), "not-found");
  });
  if (isFull)
    gate.check("a second run changes nothing", () => {
      const servers = [first, second].filter((name) => bridge.names.includes(name));
      same(changedIn(bridge.configured(servers.map((name) => `${bridge.place}-${name}`))), []);
    });
  users(world);
  await jobs(world);
  await beside(world);
  await life(world);
  if (!isFull) return;
  await faults(world);
  await copies(world);
  await standby(world);
}

try {
  await main();
} catch (error) {
  gate.fail("ecFlow", error);
} finally {
  bridge.databridge("sandbox", "down");
}
gate.done();
