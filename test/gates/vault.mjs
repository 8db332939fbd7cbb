#!/usr/bin/env node
// OpenBao takes the configuration of Vault that this project synthesizes, and everybody whom it names comes: each machine,
// each team, of all sites. What is theirs they get, all else is refused. Before, the adapter that applies it proves itself.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { same } from "./clouds.mjs";
import { Gate, Skipped } from "./gate.mjs";
import { apply } from "./vault/adapter.mjs";
import { letsIn } from "./vault/bastion.mjs";
import * as deployers from "./vault/deployers.mjs";
import { adapts } from "./vault/fixture.mjs";
import * as hostKeys from "./vault/host-keys.mjs";
import * as machines from "./vault/machines.mjs";
import { mounts, Platform } from "./vault/platform.mjs";
import * as pods from "./vault/pods.mjs";
import { prepared, Sandbox } from "./vault/sandbox.mjs";
import { schemas } from "./vault/schemas.mjs";
import * as teams from "./vault/teams.mjs";

const gate = new Gate();
const [ours, fixture, three] = ["ours", "fixture", "three"].map((name) => new Sandbox(join(gate.folder, name)));
const all = [ours, fixture, three].flatMap((vault) => vault ?? []);
let isUp = false;

/** @param {string} name @param {() => unknown} what that may tell what it counted */
const check = (name, what) =>
  gate.checked(name, async () => {
    if (!isUp) throw new Skipped("no Vault came up");
    const told = await what();
    if (typeof told === "string") console.log(`  ${told}`);
  });

gate.check("two Vaults come up: servers of OpenBao, unsealed", () => {
  if (process.getuid?.() !== 0) throw new Skipped("Debian's packages are installed by root");
  prepared();
  for (const vault of [ours, fixture]) vault?.vault("up");
  isUp = true;
});

/** @param {Sandbox} vault */
async function platform(vault) {
  const platform = new Platform(gate.folder);
  const { registers, stack, writers } = platform;
  const nobody = () => vault.api().as();
  /** @param {string} mount */
  const caOf = async (mount) => (await vault.api().ask("GET", `${mount}/config/ca`)).data.public_key.trim();
  let root = "";
  await check(`OpenBao takes ${platform.vault.id}-vault, and a second time nothing is made`, async () => {
    const { made, same: alike, untried, warnings, values } = await apply(stack, { api: vault.api(), schemas });
    // No client of ours asks where issuers publish what they revoked: they publish nothing.
    // The first issuer that is imported issues by itself; that it is chosen is tried by the next one.
    const others = alike.filter((address) => !address.startsWith("vault_pki_secret_backend_config_issuers."));
    same([others, untried, warnings.filter((words) => !words.includes("authority information access"))], [[], [], []]);
    const blocks = Object.values(/** @type {Record<string, object>} */ (stack.resource)).flatMap(Object.keys);
    same(made.length, blocks.length - alike.length);
    same((await apply(stack, { api: vault.api(), schemas })).made, []);
    root = Object.entries(values).find(([address]) => /_root_cert\./.test(address))?.[1].certificate;
    const owners = new Set(registers.places.map(({ tenancy }) => tenancy.owner));
    if (owners.size < 2) throw new Error("one team owns all");
    return `${made.length} resources; ${platform.machines.length} machines, ${writers.length} teams, ${platform.secrets.length} secrets, ${registers.certificates.length} certificates, ${registers.places.length} tenancies`;
  });
  let sessions = { people: new Map(), pipelines: new Map() };
  await check("members of each team log in, and nobody else, by whomever they are vouched for", async () => {
    const found = await teams.loggedIn(platform, nobody());
    sessions = found.sessions;
    return found.told;
  });
  let values = new Map();
  await check("a team writes its secrets, reads none, and touches none of others", async () => {
    const found = await teams.writes(platform, sessions);
    values = found.values;
    return found.told;
  });
  await check("jobs that plan, and that apply where they say, read what they log in by, and nobody else's", () =>
    deployers.read(platform, nobody(), values),
  );
  await check("an owner hands secret ids to its own machines, and in a wrapping alone", () =>
    teams.handsOver(platform, sessions),
  );
  /** @type {Awaited<ReturnType<typeof machines.loggedIn>>} */
  let hosts = [];
  await check("each machine logs in from each of its addresses", async () => {
    const keeper = await teams.keeperOf(platform, nobody());
    hosts = await machines.loggedIn(platform, nobody(), sessions.pipelines, keeper);
    return `${hosts.length} logins of ${platform.machines.length} machines`;
  });
  await check("a machine reads its secrets as they were written, and nothing else of any site", () =>
    machines.reads(platform, hosts, values),
  );
  await check("pods read theirs by tokens of their account and cluster, and by no others", () =>
    pods.reads(platform, nobody(), values),
  );
  await check("from another address, or as another machine, it is nobody", () => machines.elsewhere(platform, hosts));
  await check("it is issued its certificates for each of their names, and no others", () =>
    machines.certificates(platform, hosts, root),
  );
  await check("pods have theirs signed as cert-manager asks, by their names and no others", () =>
    pods.certificates(platform, nobody(), root),
  );
  await check("a policy that somebody widens by hand is noticed, and the stack takes it back", async () => {
    const wide = { policy: `path "${platform.secrets[0]?.mount}/*" { capabilities = ["read"] }` };
    const unnoticed = () => machines.reads(platform, hosts, values).catch((error) => String(error.message));
    for (const { name } of platform.machines) await vault.api().ask("POST", `sys/policies/acl/${name}`, wide);
    const words = await unnoticed();
    if (!/: (200, not 403|403, not 200)$/.test(words)) throw new Error(words);
    const { made } = await apply(stack, { api: vault.api(), schemas });
    same(made.length, platform.machines.length);
    await machines.reads(platform, hosts, values);
  });
  await check("the next issuers take over, and what the last ones issued leads to the root", () =>
    machines.succeeded(platform, hosts, root, () =>
      apply(platform.withNextIssuers(), { api: vault.api(), schemas }).then(({ made }) => made),
    ),
  );
  await check("a team writes by the command that the README shows", () =>
    teams.writesByCommand(platform, sessions, vault.public),
  );
  await check("an owner has keys of SSH signed for its tenancies, for one principal each", () =>
    teams.signs(platform, sessions, gate.folder),
  );
  await check("who keeps Vault's servers is let in there, no team and no job is", () =>
    teams.keepsServers(platform, nobody(), gate.folder),
  );
  await check(
    "a bastion's sshd, as it is rendered, lets in by them; no wrong principal, none that is late",
    async () => {
      const folder = join(gate.folder, "bastion");
      mkdirSync(folder);
      return letsIn(platform, sessions.people, await caOf(mounts.logins), folder);
    },
  );
  await check("each host has its own key signed, by its own names, as a host, and nothing else", () =>
    hostKeys.signed(platform, hosts, gate.folder),
  );
  await check(
    "hosts that log in to a supercomputer which trusts Vault have keys signed as its user, no others do",
    () => hostKeys.outward(hosts, gate.folder),
  );
  await check(
    "a host's sshd shows its certificate; who knows the CA alone goes in by that, by none that is late or a neighbour's",
    async () => {
      const folder = join(gate.folder, "host-keys");
      mkdirSync(folder);
      const trust = { sshUserCa: await caOf(mounts.logins), sshHostCa: await caOf(mounts.hostKeys) };
      return hostKeys.shows(platform, hosts, sessions.people, trust, folder);
    },
  );
  await check("the next CA of host keys is there before it signs, and no stack undoes it", () =>
    hostKeys.succeeded(hosts, vault.api(), gate.folder, () =>
      apply(platform.withNextIssuers(), { api: vault.api(), schemas }).then(({ made }) => made),
    ),
  );
  await check("who breaks the glass may do everything for an hour, and stands in the log", () =>
    teams.breaksGlass(platform, nobody(), vault.public.audit),
  );
  await check("every secret that was written is in the log by its path, and none by its value", () => {
    const log = readFileSync(vault.public.audit, "utf8");
    for (const { mount, path, id } of platform.secrets)
      same([id, log.includes(`${mount}/data/${path}`), log.includes(values.get(id))], [id, true, false]);
  });
  await check("more than a hundred logins a second are put off", async () => {
    const login = () =>
      nobody().once("POST", `auth/${mounts.machines}/login`, { role_id: "nobody", secret_id: "none" });
    const answers = await Promise.all(Array.from({ length: 300 }, login));
    if (!answers.some(({ status }) => status === 429)) throw new Error("none was");
  });
}

try {
  if (fixture) await adapts(gate, check, fixture);
  if (ours) await platform(ours);
  await check("three servers: the active one is killed, another goes on with what was written", async () => {
    if (!three) return;
    three.vault("up", "--servers", "3");
    const policy = { policy: 'path "a" { capabilities = ["read"] }' };
    same((await three.api().ask("POST", "sys/policies/acl/a", policy)).status, 204);
    three.vault("stop", "vault-1", "--kill");
    for (let tries = 0; (await three.api(1).ask("GET", "sys/policies/acl/a")).status !== 200; tries += 1) {
      if (tries > 150) throw new Error("no server took over");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    three.vault("start", "vault-1");
    three.vault("status");
  });
} catch (error) {
  gate.fail("vault", error);
} finally {
  await check("down leaves nothing: no process, no file", () => {
    const pids = all.flatMap((vault) => vault.pids);
    for (const vault of all) vault.down();
    same([pids.length, pids.filter((pid) => existsSync(`/proc/${pid}/exe`))], [5, []]);
    same(all.filter(({ folder }) => existsSync(folder)).length, 0);
  });
  for (const vault of all) vault.down();
}
gate.done();
