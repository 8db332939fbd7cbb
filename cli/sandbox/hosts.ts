import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type HostEntry, isOurs, type PlaceEntry } from "../../model/entries";
import type { Registers } from "../../model/registers";
import { inventoryOf } from "../../operate/openstack/inventory";
import { heldBy } from "../../sandbox/held";
import { sandboxTenancy } from "../../sandbox/hosts";
import { Misused } from "../misused";
import { sessionAt } from "../project/cloud";
import { isWanted, world } from "../project/description";
import { root } from "../project/project";
import { clouds, tenancies } from "./folder";
import { output, packagesThere, program, told } from "./programs";
import { joinSupercomputers, partSupercomputers } from "./supercomputers";

/** Real hosts of a tenancy; see sandbox/hosts/README.md. */
export const hostsProgram = join(root, "sandbox", "hosts", "hosts.py");

/** Whether the hosts of a tenancy have been booted on this machine. */
export const areBooted = ({ id }: Pick<PlaceEntry, "id">): boolean =>
  world.name === "sandbox" && existsSync(tenancies.of(id));

/** Boots the servers that clouds have, behind the rules that they hold. @returns the exit code */
export async function upHosts(registers: Registers, sites: readonly string[]): Promise<number> {
  const places = registers.places.filter(({ site }) => isWanted(site.name, sites.length > 0 ? sites : clouds.there()));
  const cloudless = places.find(({ site }) => !clouds.there().includes(site.name));
  if (cloudless || places.length === 0)
    throw new Misused(
      `hosts are booted for servers of a cloud: databridge sandbox up ${cloudless?.site.name ?? ""}, databridge deploy --world sandbox, then this`,
    );
  if (!(await packagesThere(hostsProgram))) return 1;
  for (const place of places) {
    const code = await upOne(place, registers);
    if (code !== 0) return code;
  }
  const joined = await joinSupercomputers(registers);
  if (joined !== 0) return joined;
  const names = [...new Set(places.map(({ site }) => site.name))].join(" ");
  console.log(`\n next      databridge deploy ${names} --world sandbox: learns host keys, configures`);
  return 0;
}

async function upOne(place: PlaceEntry, registers: Registers): Promise<number> {
  const held = heldBy(await inventoryOf(await sessionAt(place)), place);
  const missing = place.hosts.filter(({ name }) => !held.hosts.has(name));
  if (held.egress === undefined || missing.length > 0) {
    const lacks =
      held.egress === undefined ? "no router yet" : `no server for ${missing.map(({ name }) => name).join(", ")}`;
    console.error(`✗ ${place.id}: its cloud has ${lacks}: databridge deploy ${place.site.name} --world sandbox`);
    return 1;
  }
  return program(
    hostsProgram,
    ["up", tenancies.of(place.id), "-"],
    JSON.stringify(sandboxTenancy(place, registers, { held })),
  );
}

/** Ends hosts, with their volumes. @returns the exit code */
export async function downHosts(registers: Registers | undefined, sites: readonly string[]): Promise<number> {
  const wanted = registers?.places.filter(({ site }) => isWanted(site.name, sites)).map(({ id }) => id);
  for (const id of tenancies.there().filter((each) => sites.length === 0 || wanted?.includes(each))) {
    const code = (await partSupercomputers(id)) || (await program(hostsProgram, ["down", tenancies.of(id)]));
    if (code !== 0) return code;
  }
  return 0;
}

/** @returns the exit code: 1 if one that was booted is not up */
export async function showHosts(): Promise<number> {
  let worst = 0;
  for (const id of tenancies.there())
    worst = Math.max(worst, await program(hostsProgram, ["status", tenancies.of(id)]));
  return worst;
}

/** What programs are told of the hosts of each tenancy. */
export async function statusOfHosts(): Promise<readonly unknown[]> {
  const told: unknown[] = [];
  for (const id of tenancies.there())
    told.push(JSON.parse((await output(hostsProgram, ["status", tenancies.of(id), "--json"])).text));
  return told;
}

/** What a host has written to its console; nothing if it is not booted here. */
export function consoleOf(host: string, place: PlaceEntry): string {
  const { stdout } = spawnSync(hostsProgram, ["console", tenancies.of(place.id), host], { encoding: "utf8" });
  return stdout;
}

/** Runs a script as root in a host that is booted here. @returns what it printed @throws Error if it fails */
export const inHost = (host: Pick<HostEntry, "name">, place: PlaceEntry, script: string, input?: string): string =>
  told(hostsProgram, ["exec", tenancies.of(place.id), host.name, "sh", "-c", script], input);

/**
 * How ssh gets to a public address of hosts that are booted here: as somebody outside, to whom flows open the bastion.
 * @returns a ProxyCommand, or nothing if there is no such way
 */
export function wayTo(place: PlaceEntry, { flows }: Registers): string | undefined {
  if (!areBooted(place)) return undefined;
  const from = flows.flatMap(({ from, to }) =>
    !isOurs(from) && isOurs(to) && to.group.place === place.id && to.group.role === "bastion" ? [from.theirs] : [],
  )[0];
  return from && `"${hostsProgram}" outside "${tenancies.of(place.id)}" ${from} nc %h %p`;
}
