#!/usr/bin/env node
// A whole bridge on the security groups that its cloud holds: every pair of hosts and outsiders on every port, both ways,
// before Ansible and after it. Run by hand.
//   node hosts-full.mjs [site] [rules]    rules: without Ansible
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "../../cli/prepare.mjs";
import { Clouds, same } from "./clouds.mjs";
import { Gate } from "./gate.mjs";
import { attemptsOf, surprises } from "./hosts/everywhere.mjs";

const gate = new Gate();
const clouds = new Clouds(gate.folder);
const site = process.argv[2] ?? "lumi";
const isOfRules = process.argv[3] === "rules";
const hostsProgram = join(root, "sandbox", "hosts", "hosts.py");

/** What the world of the gate describes now. */
function registers() {
  Object.assign(process.env, { DATABRIDGE_WORLD: "sandbox", DATABRIDGE_SANDBOX: clouds.world });
  const { registers, problems } = clouds.load("./cli/project/description.js").describe();
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return registers;
}

/** Tries everything at a tenancy. @param {any} place @param {any} all @param {boolean} [relays] whether they run */
function everywhere(place, all, relays = false) {
  const state = join(clouds.world, "hosts", place.id);
  const status = JSON.parse(spawnSync(hostsProgram, ["status", state, "--json"], { encoding: "utf8" }).stdout);
  const hosts = status.hosts.map((/** @type {any} */ { name, address, public: facing }) => ({
    name,
    address,
    ...(facing ? { public: facing } : {}),
  }));
  const attempts = attemptsOf({
    place,
    flows: all.flows,
    hosts,
    outside: status.outside,
    egress: status.egress,
    relays,
  });
  const asked = attempts.map(({ from, source, to, proto, port }) => ({ from, source, to, proto, port }));
  const options = { input: JSON.stringify(asked), encoding: /** @type {const} */ ("utf8"), maxBuffer: 1 << 30 };
  const { status: code, stdout, stderr } = spawnSync(hostsProgram, ["attempt", state, "-"], options);
  if (code !== 0) throw new Error(stderr.slice(-3000));
  const told = JSON.parse(stdout);
  const wrong = surprises(attempts, told);
  const passed = attempts.filter(({ passes }) => passes).length;
  const seen = attempts.filter(({ sees }, i) => sees !== undefined && told[i].seen === sees).length;
  console.log(
    `  ${place.id}: ${status.hosts.length} hosts, ${status.outside.length} outside: ${attempts.length} attempts, ${passed} declared and passed, ${attempts.length - passed} not; of ${seen} that passed the far end saw who it should`,
  );
  if (wrong.length > 0) throw new Error(`${wrong.length} surprises\n${wrong.slice(0, 40).join("\n")}`);
  same([attempts.length > 5000, passed > 50, seen > 30], [true, true, true]);
}

/** @param {() => void} work @returns {string} */
function throws(work) {
  try {
    work();
  } catch (error) {
    return String(error);
  }
  throw new Error("nothing was found");
}

const places = () => {
  const all = registers();
  return all.places
    .filter((/** @type {any} */ place) => place.site.name === site)
    .map((/** @type {any} */ place) => ({ place, all }));
};

try {
  // A file of this machine holds no volume of 40 TiB.
  clouds.edit(site, "volume: tib(40)", "volume: tib(4)");
  await gate.checked("clouds of home and a bridge are deployed to, and know each other's addresses", () => {
    clouds.must("sandbox", "up", "home", site);
    try {
      clouds.deployed("home", site);
    } catch (error) {
      // Neutron counts what is being made twice for a moment, so that a quota without anything left over may be refused.
      if (!/OverQuota/.test(String(error))) throw error;
      console.log("  the quota of a tenancy was refused, once");
    }
    clouds.deployed("home", site);
  });
  await gate.checked("all servers of the bridge are booted, behind the groups that its cloud holds", () => {
    clouds.must("sandbox", "up", "hosts", site);
  });
  await gate.checked("what is declared passes between all hosts and outsiders, and nothing else does", () => {
    for (const { place, all } of places()) everywhere(place, all);
  });
  if (!isOfRules)
    await gate.checked("deploy learns host keys, and configures all hosts", () => {
      const { [`configure ${site}`]: first = "" } = clouds.deployed(site);
      console.log(`  ${first}`);
      const { [`configure ${site}`]: second = "" } = clouds.deployed(site);
      same(/nothing changed$/.test(second), true);
    });
  if (!isOfRules)
    await gate.checked("the same passes with the hosts' own servers, and nothing else does", () => {
      for (const { place, all } of places()) everywhere(place, all, true);
    });
  await gate.checked("a rule that somebody opens by hand passes something that nobody declares", async () => {
    const [{ place, all }] = places();
    const { groups } = await clouds.inventory(place.id);
    const { id } = groups.find((/** @type {any} */ { name }) => name === `${place.id}-proxy`);
    const rule = {
      direction: "ingress",
      ethertype: "IPv4",
      protocol: "tcp",
      port_range_min: 31337,
      port_range_max: 31337,
    };
    const body = { security_group_rule: { ...rule, security_group_id: id, remote_ip_prefix: "0.0.0.0/0" } };
    await clouds.ask(place.id, "network", "/v2.0/security-group-rules", body);
    clouds.must("sandbox", "up", "hosts", site);
    const wrong = throws(() => everywhere(place, all, !isOfRules));
    same(/to .* tcp 31337 passes, and nobody declares it/.test(wrong), true);
  });
} finally {
  await gate.checked("down leaves nothing", () => {
    clouds.must("sandbox", "down");
    same(clouds.processes, []);
  });
}
gate.done();
