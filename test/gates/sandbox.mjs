#!/usr/bin/env node
// The sandbox from nothing to nothing: clouds of one bridge and of home, deployed to by the ordinary commands, changed, looked
// at, destroyed. It works in a copy of the project and in a world of its own. Ten minutes on two idle cores, once all is built.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { compile, root } from "../../cli/prepare.mjs";
import { Gate, run, Skipped } from "./gate.mjs";

const gate = new Gate();
const bridge = "leonardo";
const stacks = { bridge: `${bridge}-production-tenancy`, home: "home-production-tenancy" };
const project = join(gate.folder, "project");
const world = join(gate.folder, "world");
mkdirSync(project);
for (const part of run("git", ["ls-files"], { cwd: root }).split("\n").filter(Boolean))
  cpSync(join(root, part), join(project, part), { recursive: true });
symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
if (!existsSync(join(project, "packages", "provider-openstack", "lib")))
  symlinkSync(
    join(root, "packages", "provider-openstack", "lib"),
    join(project, "packages", "provider-openstack", "lib"),
  );

const env = { DATABRIDGE_SANDBOX: world };
/** @param {readonly string[]} args @returns {{ code: number | null, out: string, err: string }} */
function databridge(...args) {
  const { status, stdout, stderr } = spawnSync("node", ["cli/databridge.mjs", ...args], {
    cwd: project,
    env: { ...process.env, ...env },
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  return { code: status, out: stdout, err: stderr };
}
/** @param {readonly string[]} args @returns what it printed; throws if it failed */
function must(...args) {
  const { code, out, err } = databridge(...args);
  if (code !== 0) throw new Error(`databridge ${args.join(" ")}: ${code}\n${out.slice(-3000)}${err.slice(-3000)}`);
  return out;
}
/** @param {readonly string[]} args @returns {Record<string, string>} what each step came to */
function deployed(...args) {
  const { steps } = JSON.parse(must("deploy", ...args, "--world", "sandbox", "--json"));
  return Object.fromEntries(
    steps.map((/** @type {{ id: string, what: string }} */ { id, what }) => [id, what.split("\n")[0] ?? ""]),
  );
}
/** @param {unknown} found @param {unknown} wanted */
function same(found, wanted) {
  const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`found ${a}, wanted ${b}`);
}
/** @param {string} site @param {string} from @param {string} to */
function edit(site, from, to) {
  const file = join(project, "sites", `${site}.ts`);
  const text = readFileSync(file, "utf8");
  if (!text.includes(from)) throw new Error(`sites/${site}.ts has no ${from}`);
  writeFileSync(file, text.replace(from, to));
}
const both = [bridge, "home"];
const applied = `apply ${stacks.bridge}`;

/** What a project has, as its cloud's services say. @param {string} cloud */
async function inventory(cloud) {
  const load = createRequire(join(compile(), "main.js"));
  const { readCloud } = load("./operate/openstack/clouds.js");
  const { Session } = load("./operate/openstack/session.js");
  const { inventoryOf } = load("./operate/openstack/inventory.js");
  return inventoryOf(await Session.open(readCloud(cloud, [join(world, "clouds.yaml")])));
}
/** Asks for something that no command of ours does, as somebody at the cloud's console. @param {object} body */
async function atConsole(body) {
  const load = createRequire(join(compile(), "main.js"));
  const { readCloud } = load("./operate/openstack/clouds.js");
  const { authUrl, auth } = readCloud(`${bridge}-production`, [join(world, "clouds.yaml")]);
  const login = await fetch(`${authUrl.replace(/\/v3$/, "")}/v3/auth/tokens`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ auth }),
  });
  const { token } = /** @type {any} */ (await login.json());
  const network = token.catalog.find((/** @type {{ type: string }} */ { type }) => type === "network");
  const response = await fetch(`${network.endpoints[0].url}/v2.0/security-group-rules`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-auth-token": login.headers.get("x-subject-token") ?? "" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
}
const count = (/** @type {Record<string, unknown[]>} */ of) =>
  Object.fromEntries(Object.entries(of).map(([kind, all]) => [kind, all.length]));

/** What of the project's own files is not as it was committed. */
const committed = () => run("git", ["status", "--porcelain", "--", "sites", "synthesized"], { cwd: root });
const before = committed();
let isUp = false;
gate.check("the clouds of a bridge and of home come up, and grant what their operators would", () => {
  if (process.getuid?.() !== 0) throw new Skipped("Debian's packages are installed by root");
  must("sandbox", "up", ...both);
  isUp = true;
});
/** @param {string} name @param {() => unknown} what */
const check = (name, what) =>
  gate.checked(name, async () => {
    if (!isUp) throw new Skipped("the clouds did not come up");
    await what();
  });

try {
  await check("site files say of the clouds what the clouds say", () =>
    must("preflight", ...both, "--world", "sandbox"),
  );
  await check("both are deployed: applied, learned, and applied once more where rules waited", () => {
    const steps = deployed(...both);
    same(steps[applied]?.endsWith(" created"), true);
    same(steps[`apply ${stacks.home}`]?.endsWith(" created"), true);
    same(/^\d values? written$/.test(steps[`learn ${bridge}`] ?? ""), true);
    same(/^\d+ created/.test(steps[`apply ${stacks.home} again`] ?? ""), true);
  });
  await check("rules of each are open towards what was learned of the other", async () => {
    const lock = (/** @type {string} */ site) =>
      JSON.parse(readFileSync(join(world, "locks", `${site}.lock.json`), "utf8")).learned.production;
    const [here, home] = await Promise.all([inventory(`${bridge}-production`), inventory("home-production")]);
    const prefixes = (/** @type {any} */ { groups }) =>
      groups.flatMap((/** @type {any} */ { security_group_rules: rules }) =>
        rules.map((/** @type {any} */ { remote_ip_prefix: prefix }) => prefix),
      );
    same(prefixes(home).includes(`${lock(bridge).router}/32`), true);
    same(prefixes(here).includes(`${lock("home").public.proxy}/32`), true);
  });
  await check("the clouds have just what is described, by their own APIs", () =>
    must("drift", ...both, "--world", "sandbox"),
  );
  await check("a second plan has nothing to do, and a plan of something else is refused", () => {
    same(Object.values(deployed(...both, "--plan-only")), ["nothing to do", "nothing to do"]);
    edit(bridge, "fdb({ stores: 3,", "fdb({ stores: 4,");
    const { code, out } = databridge("deploy", bridge, "--world", "sandbox", "--plans", "--json");
    same([code, /made from other input/.test(out)], [1, true]);
  });
  await check("one more store plans just that, and its plan joins the constructs", () => {
    // A server with its port, its volume, what attaches it and what notes its generation.
    same(deployed(bridge, "--plan-only"), { [applied]: "5 to be created" });
    const load = createRequire(join(compile(), "main.js"));
    const { readPlan, foreignTo } = load("./review/plan.js");
    const { readStack } = load("./review/stack.js");
    const read = (/** @type {string[]} */ ...path) => JSON.parse(readFileSync(join(world, ...path), "utf8"));
    const head = readStack(read("cdktf.out", "stacks", stacks.bridge, "cdk.tf.json"));
    const plan = readPlan(stacks.bridge, read("plans", `${stacks.bridge}.json`), head);
    same([...new Set(plan.changes.map((/** @type {any} */ { after }) => after.path.split("/")[1]))], ["fdb-store-4"]);
    same(foreignTo(stacks.bridge, plan, head), []);
    same(deployed(bridge, "--plans"), { [applied]: "5 created" });
  });
  await check("a new flow and a wider volume, each as they should be; the volume grows while it is used", () => {
    edit(bridge, 'clients: ["cluster-worker"]', 'clients: ["cluster-worker", "collector"]');
    // Out of the client and into catalogue and stores.
    same(deployed(bridge, "--plan-only"), { [applied]: "4 to be created" });
    edit(bridge, 'reachedFrom: ["front-ends"] })', 'reachedFrom: ["front-ends"], home: gib(200) })');
    same(deployed(bridge)[applied], "4 created, 2 changed");
    must("drift", bridge, "--world", "sandbox");
  });
  await check("a rule that somebody added is a stranger, which the engine does not see", async () => {
    const { groups } = await inventory(`${bridge}-production`);
    const { id } = groups.find((/** @type {{ name: string }} */ { name }) => name === `${bridge}-production-bastion`);
    const rule = {
      security_group_id: id,
      direction: "ingress",
      protocol: "tcp",
      port_range_min: 22,
      port_range_max: 22,
    };
    await atConsole({ security_group_rule: { ...rule, remote_ip_prefix: "0.0.0.0/0" } });
    same(deployed(bridge, "--plan-only"), { [applied]: "nothing to do" });
    const { code, out } = databridge("drift", bridge, "--world", "sandbox", "--json");
    const [{ drift }] = JSON.parse(out);
    same(
      [code, drift.map((/** @type {any} */ { what, name }) => `${what} ${name}`)],
      [1, [`stranger ${bridge}-production-bastion: tcp 22 in from 0.0.0.0/0`]],
    );
  });
  await check("states and plans are encrypted; no secret stands in them, nor in logs", () => {
    const state = readFileSync(join(world, "cdktf.out", "stacks", stacks.bridge, `${stacks.bridge}.tfstate`), "utf8");
    same([state.includes("encrypted_data"), state.includes(`${bridge}-production`)], [true, false]);
    const clouds = readFileSync(join(world, "clouds.yaml"), "utf8");
    const secrets = [...clouds.matchAll(/secret: (\S+)/g)].map(([, secret = ""]) => secret);
    const passphrase = readFileSync(join(world, "passphrase"), "utf8").trim();
    const folders = ["logs", "plans", "locks", "synthesized", "cdktf.out/stacks"].map((path) => join(world, path));
    const files = [...folders.flatMap(filesIn), join(world, "report.json")];
    for (const file of files)
      for (const secret of [...secrets, passphrase, "PRIVATE KEY"])
        if (readFileSync(file).includes(secret)) throw new Error(`a secret stands in ${file}`);
    same(secrets.length >= 2 && files.length > 10, true);
  });
  /** @type {string[]} */
  let kept = [];
  await check("destroying leaves what is kept, and a deployment takes it up again", async () => {
    same(/^\d+ destroyed.*; \d+ kept$/.test(deployed(bridge, "--destroy")[applied] ?? ""), true);
    const left = await inventory(`${bridge}-production`);
    const { servers, ports, volumes, routers, floatingIps, containers } = count(left);
    same([servers, ports, (volumes ?? 0) > 0, routers, floatingIps, containers], [0, 0, true, 1, 1, 1]);
    kept = left.volumes.map((/** @type {{ id: string }} */ { id }) => id).sort();
    deployed(bridge);
    const again = await inventory(`${bridge}-production`);
    same(again.volumes.map((/** @type {{ id: string }} */ { id }) => id).sort(), kept);
  });
  await check(
    "destroying all, what is kept by name, leaves nothing in the clouds but the stranger's traces",
    async () => {
      deployed(...both, "--destroy", "--lose", "all");
      for (const site of both) {
        const { groups, ...rest } = count(await inventory(`${site}-production`));
        same([groups, Object.values(rest).every((number) => number === 0) || rest], [1, true]);
      }
    },
  );
} finally {
  await gate.checked("down leaves nothing: no process, no folder; and the project's own files are as they were", () => {
    if (!isUp) throw new Skipped("the clouds did not come up");
    const pids = processesOf(world);
    if (pids.length === 0) throw new Error("the processes of the clouds are not to be seen");
    must("sandbox", "down");
    same([processesOf(world), existsSync(world) ? readdirSync(world) : []], [[], []]);
    same(committed(), before);
  });
  if (isUp) databridge("sandbox", "down");
}
gate.done();

/** @param {string} path @returns {string[]} files at and below it */
function filesIn(path) {
  if (!existsSync(path)) return [];
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.parentPath.includes(".terraform"))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Processes that have files of a folder open, or were started with it. @param {string} folder */
function processesOf(folder) {
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
    try {
      const words = readFileSync(join("/proc", pid, "cmdline"), "utf8");
      const variables = readFileSync(join("/proc", pid, "environ"), "utf8");
      return words.includes(folder) || variables.includes(`${folder}/`);
    } catch {
      return false;
    }
  });
}
