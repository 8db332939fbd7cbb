import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { filesOf } from "../constructs/files";
import { hostsFolder } from "../engine/host-files";
import { accounts, principalOf } from "../model/accounts";
import type { Registers } from "../model/registers";
import { own } from "../model/words/record";
import { ansibleInventory, printed } from "../operate/ansible-inventory";
import { inventorySchema } from "../operate/inventory-schema";
import { sshFiles } from "../operate/reach";
import { isWanted, outdir, soundDescription, world } from "./description";
import { sandboxFiles } from "./engine";
import { Misused } from "./misused";

interface Options {
  readonly list?: boolean;
  readonly host?: string;
  readonly schema?: boolean;
}

/** What ssh reads of hosts, of the world that is worked in. */
const ssh = { config: join(world.work, "ssh", "config"), knownHosts: join(world.work, "ssh", "known_hosts") };

/** `databridge inventory [site…]`: Ansible's own protocol. @returns the exit code */
export async function runInventory(sites: readonly string[], { host, schema = false }: Options): Promise<number> {
  if (schema) {
    console.log(JSON.stringify(z.toJSONSchema(inventorySchema), undefined, 2));
    return 0;
  }
  const registers = soundDescription(sites, false);
  if (!registers) return 1;
  writeSshFiles(registers);
  const inventory = inventoryFor(registers, sites);
  if (host === undefined) {
    console.log(JSON.stringify(printed(inventory), undefined, 2));
    return 0;
  }
  const variables = own(inventory.hostvars, host);
  if (!variables) throw new Misused(`there is no host "${host}"; databridge inventory lists all`);
  console.log(JSON.stringify(variables, undefined, 2));
  return 0;
}

const inventoryFor = (registers: Registers, sites: readonly string[]) =>
  ansibleInventory(registers, {
    isWanted: (site) => isWanted(site, sites),
    filesOf: (host, place) => filesOf(host, place, registers),
    hostsFolder: join(outdir, hostsFolder),
    sshConfig: ssh.config,
  });

/** Writes what ssh has to know of hosts, and in the sandbox a certificate to log in by. */
export function writeSshFiles(registers: Registers): void {
  mkdirSync(join(world.work, "ssh"), { recursive: true });
  const identity = process.env.DATABRIDGE_SSH_IDENTITY ?? sandboxIdentity(registers);
  const files = sshFiles(registers, { knownHosts: ssh.knownHosts, ...(identity === undefined ? {} : { identity }) });
  replace(ssh.knownHosts, files.knownHosts);
  replace(ssh.config, files.config);
}

/** ssh may read it meanwhile. */
function replace(file: string, text: string): void {
  writeFileSync(`${file}.${process.pid}`, text);
  renameSync(`${file}.${process.pid}`, file);
}

/** The CA of the sandbox is on this machine: it signs for an hour, for all accounts of all tenancies. */
function sandboxIdentity({ places }: Registers): string | undefined {
  if (world.name !== "sandbox" || !existsSync(sandboxFiles.ca)) return undefined;
  const key = join(world.work, "ssh", "login");
  if (!existsSync(key)) keygen("-t", "ed25519", "-N", "", "-C", "sandbox", "-f", key);
  const principals = places.flatMap((place) => accounts.map((account) => principalOf(account, place)));
  keygen("-s", sandboxFiles.ca, "-I", "sandbox", "-n", principals.join(","), "-V", "-5m:+1h", `${key}.pub`);
  return key;
}

function keygen(...args: readonly string[]): void {
  const { status, stderr, error } = spawnSync("ssh-keygen", ["-q", ...args], { encoding: "utf8" });
  if (status !== 0) throw new Misused(`ssh-keygen is needed: ${error?.message ?? stderr}`);
}
