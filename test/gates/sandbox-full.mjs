#!/usr/bin/env node
// What takes longer than a gate may: all four clouds at once, faults while something is applied, drift by hand, refactorings,
// a rebuilt host, another backend, two deployments at once, and how long all that takes. Run by hand; half an hour on two cores.
//   node sandbox-full.mjs [part…]    only these: four, nova, neutron, mariadb, engine, drift, formerly, generation, two, …
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Clouds, counted, same, stepsIn } from "./clouds.mjs";
import { Gate, run, Skipped } from "./gate.mjs";

const gate = new Gate();
const clouds = new Clouds(gate.folder);
const sites = ["home", "leonardo", "lumi", "marenostrum5"];
const site = "marenostrum5";
const cloud = `${site}-production`;
const stack = `${cloud}-tenancy`;
const applied = `apply ${stack}`;
const sandbox = ["--world", "sandbox"];
const sleep = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));
/** @type {string[]} */
const measured = [];
/** @param {string} what @param {() => void} work */
function timed(what, work) {
  const begun = Date.now();
  work();
  const seconds = (Date.now() - begun) / 1000;
  measured.push(`${what}: ${seconds.toFixed(0)} s`);
  return seconds;
}
/** Kinds and names of what drifted. @param {string} of */
function drifted(of) {
  const { out } = clouds.databridge("drift", of, ...sandbox, "--json");
  return JSON.parse(out).flatMap((/** @type {any} */ { drift }) =>
    drift.map((/** @type {any} */ { what, kind, name, details }) =>
      `${what} ${kind} ${name} ${details.join("; ")}`.trim(),
    ),
  );
}
const named = (/** @type {any[]} */ all, /** @type {string} */ name) => all.find((each) => each.name === name);

/** A PostgreSQL of its own, on a socket in a folder. */
class Postgres {
  /** @param {string} folder */
  constructor(folder) {
    const [bin = ""] = run("sh", ["-c", "ls -d /usr/lib/postgresql/*/bin || true"]).split("\n");
    if (bin === "") throw new Skipped("no PostgreSQL: apt-get install postgresql");
    this.bin = bin;
    this.folder = folder;
    mkdirSync(folder);
    run("chown", ["nobody", folder]);
    run("chmod", ["a+x", gate.folder]);
    this.as(`${bin}/initdb -D ${folder}/data -U states -A trust`);
    this.as(`${bin}/pg_ctl -D ${folder}/data -l ${folder}/log -w -o "-c listen_addresses='' -k ${folder}" start`);
    this.address = `host=${folder} user=states dbname=postgres`;
  }

  /** @param {string} command */
  as(command) {
    return run("setpriv", ["--reuid=nobody", "--regid=nogroup", "--clear-groups", "sh", "-c", command], { cwd: "/" });
  }

  schemas() {
    return this.as(
      `${this.bin}/psql -h ${this.folder} -U states -d postgres -Atc 'select schema_name from information_schema.schemata'`,
    );
  }

  stop() {
    this.as(`${this.bin}/pg_ctl -D ${this.folder}/data -m immediate stop`);
  }
}

/**
 * What was made and answered to nobody stands in no state, and is made once more. It is named as there twice; somebody at the
 * console takes away the one that nothing uses, and the cloud is as described.
 */
async function clearDoubles() {
  const twice = drifted(site).filter((/** @type {string} */ line) => line.startsWith("twice"));
  if (twice.length === 0) return same(drifted(site), []);
  console.log(`  ${twice.join("\n  ").slice(0, 400)}`);
  const there = await clouds.inventory(cloud);
  const { servers, ports, groups, volumes, networks } = there;
  const doubles = (/** @type {any[]} */ all) =>
    all.filter(({ name }) => twice.some((/** @type {string} */ line) => line.includes(` ${name}`)));
  const remove = (/** @type {string} */ service, /** @type {string} */ path) =>
    clouds.ask(cloud, service, path, undefined, "DELETE");
  for (const { id } of doubles(servers))
    if (!ports.some((/** @type {any} */ each) => each.device_id === id)) await remove("compute", `/servers/${id}`);
  for (const { id, device_id: device } of doubles(ports))
    if (device === "") await remove("network", `/v2.0/ports/${id}`);
  for (const { id } of doubles(groups))
    if (!ports.some((/** @type {any} */ each) => each.security_groups.includes(id)))
      await remove("network", `/v2.0/security-groups/${id}`);
  for (const { id, attachments } of doubles(volumes))
    if (attachments.length === 0) await remove("volumev3", `/volumes/${id}`);
  for (const { id } of doubles(networks))
    if (!ports.some((/** @type {any} */ each) => each.network_id === id))
      await remove("network", `/v2.0/networks/${id}`);
  await sleep(3000);
  same(drifted(site), []);
}

/** Parts that were asked for; without a word all are. */
const wanted = process.argv.slice(2);
/** @param {string} key @param {string} name @param {() => unknown} what */
const check = (key, name, what) =>
  wanted.length > 0 && !wanted.includes(key) ? undefined : gate.checked(`${key}: ${name}`, what);

try {
  if (wanted.length > 0 && !wanted.includes("four")) {
    clouds.must("sandbox", "up", "home", "leonardo", site);
    clouds.deployed(site);
  }
  await check("four", "four clouds come up at once, and all sites are deployed to them at once", () => {
    timed("four clouds up", () => clouds.must("sandbox", "up"));
    timed("five stacks deployed at once", () => clouds.deployed(...sites));
    clouds.must("drift", ...sandbox);
  });

  for (const service of ["nova", "neutron", "mariadb"])
    await check(service, `${service} is killed while a stack is applied: the next deployment converges`, async () => {
      clouds.deployed(site, "--destroy");
      const { ended } = clouds.begin("deploy", site, ...sandbox, "--json");
      await sleep(12_000);
      clouds.service("stop", site, service, "--kill");
      await sleep(3000);
      clouds.service("start", site);
      await ended;
      clouds.deployed(site);
      await clearDoubles();
      same(clouds.deployed(site, "--plan-only"), { [applied]: "nothing to do" });
    });

  await check("drift", "what somebody changes by hand, in ten ways, is named", async () => {
    const there = await clouds.inventory(cloud);
    const group = named(there.groups, `${cloud}-bastion`);
    const server = named(there.servers, `${cloud}-collector`);
    const port = named(there.ports, `${cloud}-proxy`);
    const [fip] = there.floatingIps;
    const network = (/** @type {string} */ path, /** @type {object} */ body, method = "POST") =>
      clouds.ask(cloud, "network", `/v2.0${path}`, body, method);
    const rule = { direction: "ingress", ethertype: "IPv4", protocol: "tcp", port_range_min: 22, port_range_max: 22 };
    await network("/security-group-rules", {
      security_group_rule: { ...rule, security_group_id: group.id, remote_ip_prefix: "0.0.0.0/0" },
    });
    await clouds.ask(
      cloud,
      "network",
      `/v2.0/security-group-rules/${group.security_group_rules[0].id}`,
      undefined,
      "DELETE",
    );
    await network(`/ports/${port.id}`, { port: { security_groups: [...port.security_groups, group.id] } }, "PUT");
    await network(`/floatingips/${fip.id}`, { floatingip: { port_id: null } }, "PUT");
    await network("/networks", { network: { name: "mine" } });
    await clouds.ask(cloud, "compute", `/servers/${server.id}/action`, { "os-stop": null });
    const flavor = (await clouds.ask(cloud, "compute", "/flavors")).flavors.find(
      (/** @type {any} */ { name }) => name === "small",
    );
    const made = {
      name: "miner",
      flavorRef: flavor.id,
      imageRef: server.image ?? there.servers[0].image,
      networks: "none",
    };
    await clouds.ask(cloud, "compute", "/servers", { server: { ...made, networks: [{ uuid: there.networks[0].id }] } });
    await clouds.ask(cloud, "volumev3", "/volumes", { volume: { size: 1, name: "mine" } });
    const volume = named(there.volumes, `${cloud}-ecflow-prod-home`);
    await clouds.ask(cloud, "volumev3", `/volumes/${volume.id}`, { volume: { name: "renamed" } }, "PUT");
    await clouds.ask(cloud, "object-store", "/mine", undefined, "PUT");
    await sleep(4000);
    const found = drifted(site);
    const wanted = [
      /^stranger rule .*-bastion: tcp 22 in from 0\.0\.0\.0\/0/,
      /^missing rule .*-bastion/,
      /^different port .*-proxy groups:/,
      /^different public address .* port: no port/,
      /^stranger network mine/,
      /^different server .*-collector status: SHUTOFF/,
      /^stranger server miner/,
      /^stranger volume mine/,
      /^stranger volume renamed/,
      /^missing volume .*-ecflow-prod-home/,
      /^stranger bucket mine/,
    ];
    same(wanted.filter((line) => !found.some((/** @type {string} */ each) => line.test(each))).map(String), []);
    // What the engine sees it heals; the rest is for people.
    clouds.deployed(site);
    const after = drifted(site);
    same(
      after.filter((/** @type {string} */ line) => !line.startsWith("stranger") && !line.includes("groups:")),
      [],
    );
    const mine = await clouds.inventory(cloud);
    await clouds.ask(cloud, "compute", `/servers/${named(mine.servers, "miner").id}`, undefined, "DELETE");
    await sleep(4000);
    await clouds.ask(cloud, "network", `/v2.0/networks/${named(mine.networks, "mine").id}`, undefined, "DELETE");
    await clouds.ask(cloud, "volumev3", `/volumes/${named(mine.volumes, "mine").id}`, undefined, "DELETE");
    await clouds.ask(cloud, "object-store", "/mine", undefined, "DELETE");
    const left = named((await clouds.inventory(cloud)).groups, `${cloud}-bastion`).security_group_rules.find(
      (/** @type {any} */ { remote_ip_prefix: prefix }) => prefix === "0.0.0.0/0",
    );
    await clouds.ask(cloud, "network", `/v2.0/security-group-rules/${left.id}`, undefined, "DELETE");
    await network(`/ports/${port.id}`, { port: { security_groups: port.security_groups } }, "PUT");
    same(drifted(site), []);
  });

  await check("formerly", "a refactoring with formerly destroys nothing", async () => {
    const before = (await clouds.inventory(cloud)).volumes.map((/** @type {any} */ { id }) => id).sort();
    clouds.edit(site, 'ecflow("prod", {', 'ecflow("main", {');
    clouds.edit(
      site,
      "      runs: [",
      '      formerly: { "host/ecflow-main": "host/ecflow-prod", "host/ecflow-main-standby": "host/ecflow-prod-standby" },\n      runs: [',
    );
    const { [applied]: planned = "" } = clouds.deployed(site, "--plan-only");
    console.log(`  ${planned}`);
    const plan = clouds.read("plans", `${stack}.json`);
    const gone = plan.resource_changes.filter(
      (/** @type {any} */ { type, change }) =>
        change.actions.includes("delete") && /volume_v3$|instance_v2|port_v2|floatingip_v2$|router_v2/.test(type),
    );
    same(
      gone.map((/** @type {any} */ { address }) => address),
      [],
    );
    clouds.must("deploy", site, ...sandbox, "--json", "--irreversible");
    same((await clouds.inventory(cloud)).volumes.map((/** @type {any} */ { id }) => id).sort(), before);
    clouds.edit(
      site,
      '      formerly: { "host/ecflow-main": "host/ecflow-prod", "host/ecflow-main-standby": "host/ecflow-prod-standby" },\n',
      "",
    );
    same(clouds.deployed(site, "--plan-only"), { [applied]: "nothing to do" });
  });

  await check(
    "generation",
    "a host of another generation is a new server with the volumes and addresses of the old",
    async () => {
      const facts = async () => {
        const { servers, ports, volumes } = await clouds.inventory(cloud);
        const { id } = named(servers, `${cloud}-collector`);
        const at = named(volumes, `${cloud}-collector-queue`);
        return {
          id,
          volume: at.id,
          attached: at.attachments[0]?.server_id === id,
          address: named(ports, `${cloud}-collector`).fixed_ips[0].ip_address,
        };
      };
      const before = await facts();
      const spec = join(clouds.project, "constructs", "collector", "spec.ts");
      const text = readFileSync(spec, "utf8");
      writeFileSync(spec, text.replace('roles: ["collector"],', 'roles: ["collector"],\n          generation: 2,'));
      const refused = clouds.databridge("deploy", site, ...sandbox, "--json");
      same([refused.code, /cannot be undone: is made anew.*root disk/.test(refused.out)], [1, true]);
      clouds.must("deploy", site, ...sandbox, "--json", "--irreversible");
      const after = await facts();
      same(
        [after.id !== before.id, after.volume, after.address, after.attached],
        [true, before.volume, before.address, true],
      );
      same(drifted(site), []);
    },
  );

  await check("two", "two deployments at once: one waits for nobody and says so", async () => {
    const first = clouds.begin("deploy", site, ...sandbox, "--json");
    await sleep(3000);
    const second = clouds.databridge("deploy", site, ...sandbox, "--json");
    same([second.code, /is at work in this folder/.test(second.err)], [2, true]);
    same((await first.ended).code, 0);
  });

  await check("bench", "parallel against serial, and against the engine alone", () => {
    const two = ["leonardo", "home"];
    clouds.deployed(...two, "--destroy");
    const serial = timed("two sites, one after the other", () => clouds.deployed(...two, "--parallel", "1"));
    clouds.deployed(...two, "--destroy");
    const parallel = timed("two sites at once", () => clouds.deployed(...two));
    measured.push(`at once against one after the other: ${(parallel / serial).toFixed(2)}`);
    clouds.deployed("leonardo", "--destroy");
    const folder = join(clouds.world, "cdktf.out", "stacks", "leonardo-production-tenancy");
    clouds.must("synth", ...sandbox);
    const variables = variablesOf(clouds);
    const tofu = (/** @type {string[]} */ ...args) =>
      run(variables.TERRAFORM_BINARY_NAME ?? "tofu", args, { cwd: folder, env: variables });
    const alone = timed("one stack by tofu alone", () => {
      tofu("init", "-input=false");
      tofu("apply", "-input=false", "-auto-approve");
    });
    clouds.deployed("leonardo", "--destroy");
    const ours = timed("the same by databridge deploy, which plans, learns and plans again", () =>
      clouds.deployed("leonardo"),
    );
    measured.push(`databridge deploy against tofu apply: ${(ours / alone).toFixed(2)}`);
  });

  await check("terraform", "Terraform makes the same of the same", () => {
    const terraform = ["--engine", "terraform"];
    clouds.deployed("leonardo", "--destroy", "--lose", "all");
    clouds.databridge("deploy", "leonardo", ...sandbox, ...terraform);
    clouds.must("learn", "leonardo", ...sandbox);
    clouds.deployed("leonardo", ...terraform);
    same(clouds.deployed("leonardo", "--plan-only", ...terraform), {
      "apply leonardo-production-tenancy": "nothing to do",
    });
    same(drifted("leonardo"), []);
    clouds.deployed("leonardo", "--destroy", "--lose", "all", ...terraform);
  });

  await check(
    "engine",
    "the engine is killed while it applies: what it made is named, and taken up by the words of drift",
    async () => {
      clouds.deployed(site, "--destroy", "--lose", "all");
      const { child, ended } = clouds.begin("deploy", site, ...sandbox, "--json");
      // Until servers are being made.
      for (let tries = 0; tries < 120; tries += 1) {
        await sleep(500);
        if ((await clouds.inventory(cloud)).servers.length > 0) break;
      }
      process.kill(-(child.pid ?? 0), "SIGKILL");
      await ended;
      await sleep(4000);
      const { out } = clouds.databridge("drift", site, ...sandbox, "--state", "--json");
      /** @type {{ what: string, kind: string, ids: string[], details: string[] }[]} */
      const unknown = JSON.parse(out)[0].drift.filter((/** @type {any} */ { what }) => what === "unknown");
      console.log(`  ${unknown.length} made, and in no state`);
      same(unknown.length > 0, true);
      // A server that is half made is better made once more; nothing is on it.
      for (const { kind, ids } of unknown)
        if (kind === "server") await clouds.ask(cloud, "compute", `/servers/${ids[0]}`, undefined, "DELETE");
      const words = unknown.flatMap(({ kind, details }) => {
        const [, path, id] = /adopted: \{ "(.*)": "(.*)" \}/.exec(details.at(-1) ?? "") ?? [];
        return kind === "server" || path === undefined ? [] : [`"${path}": "${id}"`];
      });
      const adopted = `      adopted: { ${words.join(", ")} },\n`;
      clouds.edit(site, "      runs: [", `${adopted}      runs: [`);
      await sleep(3000);
      // Its addresses are others than those that were learned before all was destroyed, which nobody takes unseen.
      const first = stepsIn(clouds.databridge("deploy", site, ...sandbox, "--json").out);
      same(/another value than was learned/.test(first[`learn ${site}`] ?? ""), true);
      clouds.edit(site, adopted, "");
      clouds.must("learn", site, ...sandbox);
      clouds.deployed(site);
      same(drifted(site), []);
      same(clouds.deployed(site, "--plan-only"), { [applied]: "nothing to do" });
    },
  );

  await check("destroy", "all is destroyed, and nothing is left in any cloud", async () => {
    const there = readdirSync(join(clouds.world, "clouds"));
    clouds.deployed(...there, "--destroy", "--lose", "all");
    const places = ["home-production", "leonardo-production", "lumi-production", "lumi-test", cloud];
    for (const place of places.filter((each) => there.some((of) => each.startsWith(`${of}-`)))) {
      const { groups, ...rest } = counted(await clouds.inventory(place));
      same([place, groups, Object.entries(rest).filter(([, number]) => number > 0)], [place, 1, []]);
    }
  });

  await check(
    "production",
    "production's own way: states in PostgreSQL, what reviewers have not seen is refused, locks are committed by people",
    async () => {
      const postgres = new Postgres(join(gate.folder, "pg"));
      try {
        for (const file of ["home", "leonardo", "lumi", "marenostrum5"])
          rmSync(join(clouds.project, "sites", `${file}.lock.json`));
        const key = readFileSync(join(clouds.world, "ca.pub"), "utf8").trim();
        const text = readFileSync(join(clouds.project, "sites", "leonardo.ts"), "utf8");
        const pg = text.replace(/state: assumed\([\s\S]*?\n {6}\),/, 'state: pg({ schemaName: "states" }),');
        writeFileSync(join(clouds.project, "sites", "leonardo.ts"), pg.replace("  pending,\n", "  pending,\n  pg,\n"));
        clouds.must("learn", "home", `trust.sshUserCa=${key}`);
        // Production refuses what lies in the folder of a sandbox.
        cpSync(join(clouds.world, "clouds.yaml"), join(gate.folder, "clouds.yaml"));
        const world = clouds.env;
        clouds.env = {
          ...world,
          ...variablesOf(clouds),
          DATABRIDGE_WORLD: "production",
          OS_CLIENT_CONFIG_FILE: join(gate.folder, "clouds.yaml"),
          PG_CONN_STR: postgres.address,
        };
        const unseen = clouds.databridge("deploy", "leonardo", "--yes");
        if (unseen.code !== 1 || !/seen by reviewers/.test(unseen.err)) throw new Error(unseen.err);
        clouds.must("synth");
        const nobody = clouds.databridge("deploy", "leonardo", "--json");
        same([nobody.code, /nobody is there to approve it/.test(nobody.out)], [1, true]);
        const steps = stepsIn(clouds.must("deploy", "leonardo", "--no-configure", "--yes", "--json"));
        same(/^\d+ created$/.test(steps["apply leonardo-production-tenancy"] ?? ""), true);
        same(postgres.schemas().includes("states-leonardo-production-tenancy"), true);
        clouds.must("lock");
        same(clouds.databridge("drift", "leonardo").code, 0);
        clouds.must("deploy", "leonardo", "--destroy", "--lose", "all", "--yes");
        clouds.env = world;
      } finally {
        postgres.stop();
      }
    },
  );
} finally {
  clouds.databridge("sandbox", "down");
}
/** What the sandbox exports for work by hand. @param {Clouds} of @returns {Record<string, string>} */
function variablesOf(of) {
  const lines = of.must("sandbox", "env").split("\n");
  const found = lines.flatMap((line) => {
    const [, name, value] = /^export (\w+)='(.*)'$/.exec(line) ?? [];
    return name ? [[name, value ?? ""]] : [];
  });
  return Object.fromEntries(found);
}

console.log(measured.map((line) => `  ${line}`).join("\n"));
gate.done();
