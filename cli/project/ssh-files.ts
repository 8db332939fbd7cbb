import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { accounts, principalOf } from "../../model/accounts";
import type { Registers } from "../../model/registers";
import { sshTexts } from "../../operate/reach";
import { Misused } from "../misused";
import { wayTo } from "../sandbox/hosts";
import { world } from "./description";
import { sandboxFiles } from "./engine";

/** What ssh reads of hosts, of the world that is worked in. */
export const sshFiles = {
  config: join(world.work, "ssh", "config"),
  knownHosts: join(world.work, "ssh", "known_hosts"),
};

/** Writes what ssh has to know of hosts, and in the sandbox a certificate to log in by. */
export function writeSshFiles(registers: Registers): void {
  mkdirSync(join(world.work, "ssh"), { recursive: true });
  const identity = process.env.DATABRIDGE_SSH_IDENTITY ?? sandboxIdentity(registers);
  const files = sshTexts(registers, {
    knownHosts: sshFiles.knownHosts,
    wayTo: (place) => wayTo(place, registers),
    ...(identity === undefined ? {} : { identity }),
  });
  replace(sshFiles.knownHosts, files.knownHosts);
  replace(sshFiles.config, files.config);
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
