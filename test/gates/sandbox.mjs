#!/usr/bin/env node
// The sandbox from nothing to nothing: clouds of one bridge and of home, deployed to by the ordinary commands, changed, looked
// at, destroyed. Seven minutes on two cores, once all is built.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../cli/prepare.mjs";
import { Clouds, counted, filesIn, reviewed, same, validated } from "./clouds.mjs";
import { Gate, run, Skipped } from "./gate.mjs";

const gate = new Gate();
const clouds = new Clouds(gate.folder);
const bridge = "leonardo";
const both = [bridge, "home"];
const stack = `${bridge}-production-tenancy`;
const cloud = `${bridge}-production`;
const applied = `apply ${stack}`;
const again = "apply home-production-tenancy again";

/** What of the project's own files is not as it was committed. */
const committed = () => run("git", ["status", "--porcelain", "--", "sites", "synthesized"], { cwd: root });
const before = committed();
let isUp = false;
gate.check("the clouds of a bridge and of home come up, and grant what their operators would", () => {
  if (process.getuid?.() !== 0) throw new Skipped("Debian's packages are installed by root");
  clouds.must("sandbox", "up", ...both);
  isUp = true;
});
/** @param {string} name @param {() => unknown} what */
const check = (name, what) =>
  gate.checked(name, async () => {
    if (!isUp) throw new Skipped("the clouds did not come up");
    await what();
  });

try {
  await check("site files say of the clouds what the clouds say", () => {
    clouds.must("preflight", ...both, "--world", "sandbox");
  });
  await check("both are deployed: applied, learned, and applied once more where rules waited", () => {
    const steps = clouds.deployed(...both);
    same(
      [applied, "apply home-production-tenancy", again].filter((id) => !/^\d+ created$/.test(steps[id] ?? "")),
      [],
    );
    same(
      both.filter((site) => !/^\d+ values? written$/.test(steps[`learn ${site}`] ?? "")),
      [],
    );
  });
  await check("rules of each are open towards what was learned of the other", async () => {
    const learned = (/** @type {string} */ site) => clouds.read("locks", `${site}.lock.json`).learned.production;
    const [here, home] = await Promise.all([clouds.inventory(cloud), clouds.inventory("home-production")]);
    const prefixes = (/** @type {any} */ { groups }) =>
      groups.flatMap((/** @type {any} */ { security_group_rules: rules }) =>
        rules.map((/** @type {any} */ { remote_ip_prefix: prefix }) => prefix),
      );
    same(prefixes(home).includes(`${learned(bridge).router}/32`), true);
    same(prefixes(here).includes(`${learned("home").public.proxy}/32`), true);
  });
  await check("the clouds have just what is described, by their own APIs", () => {
    clouds.must("drift", ...both, "--world", "sandbox");
  });
  await check("a second plan has nothing to do, and a plan of something else is refused", () => {
    const told = clouds.steps(...both, "--plan-only");
    const others = [
      ...["control-plane", "modules", "vault"].map((kind) => `home-production-${kind}`),
      ...["modules", "services"].map((kind) => `${cloud}-${kind}`),
    ];
    same(
      Object.keys(told)
        .filter((step) => validated.test(told[step] ?? ""))
        .sort(),
      others.map((name) => `apply ${name}`).sort(),
    );
    same(
      Object.values(told).filter((what) => !validated.test(what)),
      ["nothing to do", "nothing to do"],
    );
    clouds.edit(bridge, "stores: 3,", "stores: 4,");
    const { code, out } = clouds.databridge("deploy", bridge, "--world", "sandbox", "--plans", "--json");
    same([code, /made from other input/.test(out)], [1, true]);
  });
  await check("one more store plans just that, and its plan joins the constructs", () => {
    // A server with its port, its volume, what attaches it and what notes its generation.
    same(clouds.deployed(bridge, "--plan-only"), { [applied]: "5 to be created" });
    const json = clouds.read("cdktf.out", "stacks", stack, "cdk.tf.json");
    const { changes, foreign } = reviewed(stack, json, clouds.read("plans", `${stack}.json`));
    same([...new Set(changes.map((/** @type {any} */ { after }) => after.path.split("/")[1]))], ["fdb-store-4"]);
    same(foreign, []);
    same(clouds.deployed(bridge, "--plans"), { [applied]: "5 created" });
  });
  await check("a new flow and a wider volume, each as they should be; the volume grows while it is used", () => {
    clouds.edit(
      bridge,
      'clients: [{ role: "ecflow-prod" }',
      'clients: [{ role: "ecflow-prod" }, { role: "collector" }',
    );
    // Out of the client and into catalogue and stores.
    same(clouds.deployed(bridge, "--plan-only"), { [applied]: "4 to be created" });
    clouds.edit(bridge, 'submitsTo: ["leonardo"],', 'submitsTo: ["leonardo"],\n          home: gib(200),');
    same(clouds.deployed(bridge)[applied], "4 created, 2 changed");
    clouds.must("drift", bridge, "--world", "sandbox");
  });
  await check("a rule that somebody added is a stranger, which the engine does not see", async () => {
    const { groups } = await clouds.inventory(cloud);
    const { id } = groups.find((/** @type {{ name: string }} */ { name }) => name === `${cloud}-bastion`);
    const ports = { direction: "ingress", protocol: "tcp", port_range_min: 22, port_range_max: 22 };
    const rule = { ...ports, security_group_id: id, remote_ip_prefix: "0.0.0.0/0" };
    await clouds.ask(cloud, "network", "/v2.0/security-group-rules", { security_group_rule: rule });
    same(clouds.deployed(bridge, "--plan-only"), { [applied]: "nothing to do" });
    const { code, out } = clouds.databridge("drift", bridge, "--world", "sandbox", "--json");
    const told = JSON.parse(out)[0].drift.map((/** @type {any} */ { what, name }) => `${what} ${name}`);
    same([code, told], [1, [`stranger ${cloud}-bastion: tcp 22 in from 0.0.0.0/0`]]);
  });
  await check("states and plans are encrypted; no secret stands in them, nor in logs", () => {
    const state = readFileSync(join(clouds.world, "cdktf.out", "stacks", stack, `${stack}.tfstate`), "utf8");
    same([state.includes("encrypted_data"), state.includes(cloud)], [true, false]);
    const entries = readFileSync(join(clouds.world, "clouds.yaml"), "utf8");
    const secrets = [...entries.matchAll(/secret: (\S+)/g)].map(([, secret = ""]) => secret);
    const passphrase = readFileSync(join(clouds.world, "passphrase"), "utf8").trim();
    const folders = ["logs", "plans", "locks", "synthesized", "cdktf.out/stacks"];
    const files = [...folders.flatMap((path) => filesIn(join(clouds.world, path))), join(clouds.world, "report.json")];
    same([secrets.length, files.length > 10], [2, true]);
    for (const file of files) {
      const text = readFileSync(file, "latin1");
      // What takes keys out of lines has their first words in a pattern.
      if ([...secrets, passphrase].some((secret) => text.includes(secret)) || /BEGIN [A-Z ]*PRIVATE KEY/.test(text))
        throw new Error(`a secret stands in ${file}`);
    }
  });
  await check("destroying leaves what is kept, and a deployment takes it up again", async () => {
    const idsOf = async () =>
      (await clouds.inventory(cloud)).volumes.map((/** @type {{ id: string }} */ { id }) => id).sort();
    const volumes = await idsOf();
    same(/^\d+ destroyed.*; \d+ kept$/.test(clouds.deployed(bridge, "--destroy")[applied] ?? ""), true);
    const { servers, ports, routers, floatingIps, containers } = counted(await clouds.inventory(cloud));
    // One port: what the router has outside is its own, and not the project's.
    same([servers, ports, routers, floatingIps, containers], [0, 0, 1, 1, 1]);
    clouds.deployed(bridge);
    same(await idsOf(), volumes);
  });
  await check("destroying all, what is kept by name, leaves nothing in the clouds", async () => {
    clouds.deployed(...both, "--destroy", "--lose", "all");
    for (const site of both) {
      // The group "default" is every project's.
      const { groups, ...rest } = counted(await clouds.inventory(`${site}-production`));
      same([groups, Object.entries(rest).filter(([, number]) => number > 0)], [1, []]);
    }
  });
} finally {
  await check("down leaves nothing: no process, no file; and the project's own files are as they were", () => {
    same(clouds.processes.length > 0, true);
    clouds.must("sandbox", "down");
    same([clouds.processes, existsSync(clouds.world) ? readdirSync(clouds.world) : []], [[], []]);
    same(committed(), before);
  });
  if (isUp) clouds.databridge("sandbox", "down");
}
gate.done();
