#!/usr/bin/env node
// Software on a supercomputer of the sandbox, as a site file describes it: built from source by EasyBuild through Troika and Slurm,
// tested by ReFrame, published, loaded by Lmod; what fails leaves what is there; the way back. `full`: what breaks meanwhile.
import { Gate, isThere, Skipped } from "./gate.mjs";
import { back } from "./modules/back.mjs";
import { failures } from "./modules/failures.mjs";
import { faults } from "./modules/faults.mjs";
import { life } from "./modules/life.mjs";
import { times } from "./modules/times.mjs";
import { World } from "./modules/world.mjs";

const gate = new Gate();
const world = new World(gate.folder);
const isFull = process.argv[2] === "full";

async function main() {
  if (process.getuid?.() !== 0 || !isThere("apt-get")) throw new Skipped("needs Debian and root");
  world.up();
  life(gate, world);
  failures(gate, world);
  back(gate, world);
  if (!isFull) return;
  times(gate, world);
  await faults(gate, world);
}

try {
  await main();
} catch (error) {
  gate.fail("software", error);
} finally {
  world.down();
}
gate.done();
