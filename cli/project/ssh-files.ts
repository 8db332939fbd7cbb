import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { accountsOf } from "../../model/accounts";
import type { Registers } from "../../model/registers";
import { type SshIdentity, sshTexts } from "../../operate/reach";
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
  const identity = identityOf(process.env.DATABRIDGE_SSH_IDENTITY || sandboxIdentity(registers));
  const files = sshTexts(registers, {
    knownHosts: sshFiles.knownHosts,
    wayTo: (place) => wayTo(place, registers),
    ...(identity === undefined ? {} : { identity }),
  });
  replace(sshFiles.knownHosts, files.knownHosts);
  replace(sshFiles.config, files.config);
}

/** A key as it was named, and its certificate if that is beside it, as ssh-keygen leaves it. */
function identityOf(named: string | undefined): SshIdentity | undefined {
  if (named === undefined) return undefined;
  const key = resolve(named);
  const certificate = key.endsWith("-cert.pub") ? key : `${key.replace(/\.pub$/, "")}-cert.pub`;
  return { key, ...(existsSync(certificate) ? { certificate } : {}) };
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
  const principals = [
    ...new Set(
      places.flatMap((place) => place.hosts.flatMap((host) => accountsOf(host, place))).map((a) => a.principal),
    ),
  ];
  keygen("-s", sandboxFiles.ca, "-I", "sandbox", "-n", principals.join(","), "-V", "-5m:+1h", `${key}.pub`);
  return key;
}

function keygen(...args: readonly string[]): void {
  const { status, stderr, error } = spawnSync("ssh-keygen", ["-q", ...args], { encoding: "utf8" });
  if (status !== 0) throw new Misused(`ssh-keygen is needed: ${error?.message ?? stderr}`);
}
