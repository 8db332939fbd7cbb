import { spawnSync } from "node:child_process";
import { join, relative } from "node:path";
import { awaitedIn, siteOfTrust } from "../../model/awaited";
import type { HostEntry, PlaceEntry } from "../../model/entries";
import { hpcLogins } from "../../model/hpc-logins";
import type { Registers } from "../../model/registers";
import type { StatedEcflow } from "../../model/site/ecflow";
import { listed } from "../../model/words/problem";
import { hostKeyIn } from "../../operate/host-keys";
import { sandboxTenancy } from "../../sandbox/hosts";
import { runConfigure } from "../commands/configure";
import { Misused } from "../misused";
import { describe, isWanted, soundDescription, tell, world } from "../project/description";
import { recordValues } from "../project/learned";
import { authority, bring } from "./agent";
import { clientOf } from "./client";
import { demoOf } from "./demo";
import { clouds, forget, tenancies, vaultFolder } from "./folder";
import { areBooted, consoleOf, downHosts, hostsProgram, inHost } from "./hosts";
import { certify, register } from "./logins";
import { packagesThere, program } from "./programs";
import { downSupercomputers, joinSupercomputers, upSupercomputers } from "./supercomputers";
import { makeTrust } from "./trust";

/** A tenancy, its first server of ecFlow, and the hosts that are booted for it. */
interface Described {
  readonly registers: Registers;
  readonly place: PlaceEntry;
  readonly server: StatedEcflow;
  /** Of the server, the first of which it runs on, and of who leads to them. */
  readonly servers: readonly HostEntry[];
  readonly hosts: readonly HostEntry[];
}

/**
 * A running platform without a cloud: the supercomputers that a server of ecFlow submits to, and beside them its bastion, its proxy, the
 * server and its standby, configured by the playbook, with what Vault would bring, and a suite that runs.
 * @returns the exit code
 */
export async function upEcflow(registers: Registers, sites: readonly string[]): Promise<number> {
  const wanted = platformsIn(registers, sites);
  for (const { id } of wanted) {
    const code = await upOne(id);
    if (code !== 0) return code;
  }
  return 0;
}

/** The first tenancy of each site that was asked for. @throws Misused if there is none */
function platformsIn({ places }: Registers, sites: readonly string[]): readonly PlaceEntry[] {
  const able = places.filter((place) => onHosts(place).length > 0);
  const there = [...new Set(able.map(({ site }) => site.name))];
  if (sites.length === 0) throw new Misused(`name the site of a server of ecFlow: ${listed(there)}`);
  const lacking = sites.find((site) => !there.includes(site));
  if (lacking !== undefined)
    throw new Misused(`there is no server of ecFlow at ${lacking}; there is one at ${listed(there)}`);
  return there
    .filter((site) => isWanted(site, sites))
    .flatMap((site) => able.find((place) => place.site.name === site) ?? []);
}

const onHosts = ({ ecflow }: PlaceEntry) =>
  ecflow.flatMap(({ said }) => ("role" in said.on ? [{ server: said, role: said.on.role }] : []));

/** What is learned changes what is described: each step reads it anew. */
function described(id: string): Described | undefined {
  const registers = soundDescription([], false);
  const place = registers?.places.find((each) => each.id === id);
  const [first] = place ? onHosts(place) : [];
  if (!registers || !place || !first) return undefined;
  const having = (...roles: readonly string[]) =>
    place.hosts.filter((host) => roles.some((role) => host.roles.includes(role)));
  return {
    registers,
    place,
    server: first.server,
    servers: having(first.role),
    hosts: having("bastion", "proxy", first.role),
  };
}

async function upOne(id: string): Promise<number> {
  const steps: readonly ((known: Described) => number | Promise<number>)[] = [
    learnStandIns,
    bootSupercomputers,
    bootHosts,
    learnKeys,
    bringAll,
    configured,
    certifyAll,
    loadDemo,
  ];
  for (const step of steps) {
    const known = described(id);
    const code = known ? await step(known) : 1;
    if (code !== 0) return code;
  }
  return 0;
}

/** What a cloud would have given, where none has: addresses of a block for documentation. @see RFC 5737 */
function learnStandIns({ registers, place }: Described): number {
  makeTrust(registers);
  const first = 10 + 8 * registers.places.findIndex(({ id }) => id === place.id);
  const addresses = awaitedIn(registers, place.site.name)
    .map(({ key }) => key)
    .filter((key) => key === `${place.name}.router` || key.startsWith(`${place.name}.public.`));
  const values = Object.fromEntries(addresses.map((key, i) => [key, `203.0.113.${first + i}`]));
  const home = siteOfTrust(registers) ?? "";
  const root = authority().root.trim();
  const known = registers.locks.get(home)?.trust.tlsRoot?.trim();
  if (known !== undefined && known !== root)
    throw new Misused(
      `this sandbox trusts the root of another Vault, whose place would be taken; name another folder by DATABRIDGE_SANDBOX`,
    );
  return recorded(place.site.name, values) || recorded(home, { "trust.tlsRoot": root });
}

/** @returns the exit code */
function recorded(site: string, values: Readonly<Record<string, string>>): number {
  const result = recordValues(site, values);
  if (!("problems" in result)) return 0;
  tell(result.problems, false);
  return 1;
}

function bootSupercomputers({ registers, place }: Described): number | Promise<number> {
  const sites = hpcLogins({ ...registers, places: [place] }).map(({ to }) => to.name);
  return sites.length === 0 ? 0 : upSupercomputers(registers, sites);
}

/** Hosts that are booted for the servers of a cloud stay as they are. */
async function bootHosts({ registers, place, hosts }: Described): Promise<number> {
  if (!(await packagesThere(hostsProgram))) return 1;
  if (areBooted(place) && clouds.there().includes(place.site.name)) return joinSupercomputers(registers);
  const tenancy = sandboxTenancy(place, registers, { hosts: hosts.map(({ name }) => name) });
  const code = await program(hostsProgram, ["up", tenancies.of(place.id), "-"], JSON.stringify(tenancy));
  return code || joinSupercomputers(registers);
}

function learnKeys({ place, hosts }: Described): number {
  const keys = hosts.flatMap((host) => {
    const key = hostKeyIn(consoleOf(host.name, place));
    return key === undefined ? [] : [[`${place.name}.hostKeys.${host.name}`, key] as const];
  });
  return recorded(place.site.name, Object.fromEntries(keys));
}

function bringAll({ registers, place, hosts, servers }: Described): number {
  const files = hosts.map((host) => bring(host, place, registers)).reduce((sum, each) => sum + each, 0);
  console.log(`✓ ${place.id} ${files} files that Vault would bring: ${shown(vaultFolder)}`);
  return each(servers, (host) => register(host, place, registers));
}

const configured = ({ place, hosts }: Described): Promise<number> =>
  runConfigure([place.site.name], { hosts: hosts.map(({ id }) => id) });

const certifyAll = ({ registers, place, servers }: Described): number =>
  each(servers, (host) => certify(host, place, registers));

function each(hosts: readonly HostEntry[], work: (host: HostEntry) => readonly string[]): number {
  for (const host of hosts) for (const line of work(host)) console.log(`✓ ${host.id} ${line}`);
  return 0;
}

/** Once: what somebody has changed of it stays. */
function loadDemo({ registers, place, server, servers }: Described): number {
  const host = servers.find(({ waits }) => !waits);
  if (!host) return 0;
  const ask = (words: string) =>
    `setpriv --reuid ecflow --regid ecflow --clear-groups sh -c 'set -a; cd /; . /etc/platform/ecflow-${server.server}/environment; ecflow_client ${words}'`;
  const suites = inHost(host, place, ask("--suites")).split(/\s+/);
  if (!suites.includes("demo")) {
    const { definition, scripts } = demoOf(server.home, host, place, registers);
    const file = `${server.home}/demo-files/demo.def`;
    for (const [path, text] of Object.entries({ ...scripts, [file]: definition })) {
      const write = `set -e; f='${path}'; mkdir -p "\${f%/*}"; cat > "$f"; chown -R ecflow ${server.home}/demo-files`;
      inHost(host, place, write, text);
    }
    inHost(host, place, `${ask(`--load=${file}`)} && ${ask("--begin=demo")}`);
  }
  console.log(`✓ ${host.id} suite demo`);
  tellNext(place, server, registers);
  return 0;
}

/** Ends hosts, and the supercomputers of their sites; what stood in for what a cloud gives is forgotten. @returns the exit code */
export async function downEcflow(registers: Registers | undefined, sites: readonly string[]): Promise<number> {
  const there = tenancies.there();
  const code = (await downHosts(registers, sites)) || (await downSupercomputers(registers, sites));
  if (code !== 0) return code;
  const ended = there.filter((id) => !tenancies.there().includes(id));
  for (const { id, site } of describe().registers.places)
    if (ended.includes(id) && !clouds.there().includes(site.name)) forget(site.name);
  return 0;
}

const shown = (path: string): string => relative(process.cwd(), path) || ".";

function tellNext(place: PlaceEntry, server: StatedEcflow, registers: Registers): void {
  const client = clientOf(place, server, registers);
  console.log(
    [
      "",
      ...(client === undefined || spawnSync("ecflow_client", ["--version"]).error === undefined
        ? []
        : ["its client is not installed on this machine: apt-get install ecflow-client", ""]),
      ...(client === undefined ? [] : [` next      ${shown(client)} --get_state=/demo`]),
      `           ssh -F ${shown(join(world.work, "ssh", "config"))} operator@${place.id}-ecflow-${server.server}`,
      "           databridge sandbox status",
      "           databridge sandbox down",
    ].join("\n"),
  );
}
