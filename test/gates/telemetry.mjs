#!/usr/bin/env node
// Collectors of two sites, their agents and home, as their files are rendered, by the real programs: what is written and measured arrives
// once, labelled with where it is from, whoever says otherwise; what becomes of it while home is away, a collector is killed, or a disk
// is full.   node test/gates/telemetry.mjs
import { existsSync, readFileSync } from "node:fs";
import { build, programs } from "../../sandbox/telemetry/build.mjs";
import { same } from "./clouds.mjs";
import { Gate, isThere, Skipped } from "./gate.mjs";
import { arrival } from "./telemetry/arrival.mjs";
import { door } from "./telemetry/door.mjs";
import { file, options } from "./telemetry/options.mjs";
import { outage } from "./telemetry/outage.mjs";
import { ringing } from "./telemetry/ringing.mjs";
import { World } from "./telemetry/world.mjs";

const gate = new Gate();
/** @type {World | undefined} */
let world;

async function main() {
  if (process.getuid?.() !== 0 || !isThere("ip") || !isThere("go"))
    throw new Skipped("needs root, network namespaces and Go");
  // Twelve minutes of both cores are more than a gate may take of a pipeline.
  if (process.env.CI && !Object.values(programs).every((program) => existsSync(program)))
    throw new Skipped("collector and store of logs are not built here: node sandbox/telemetry/build.mjs");
  gate.check("collector and store of logs are there, or are built", () => void build());
  gate.check("it takes every configuration that is committed, and what tests hold them against is what it says", () => {
    same(readFileSync(file, "utf8"), options());
  });
  world = new World(gate.folder);
  world.up();
  await arrival(gate, world);
  await door(gate, world);
  await outage(gate, world, process.argv.includes("full") ? 180 : 45);
  await ringing(gate, world);
}

try {
  await main();
} catch (error) {
  gate.fail("telemetry", error);
} finally {
  await world?.down();
}
gate.done();
