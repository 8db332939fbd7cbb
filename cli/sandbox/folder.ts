import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readStackName } from "../../review/stack-name";
import { Misused } from "../misused";
import { appliedHere, driftedHere } from "../project/applied";
import { world } from "../project/description";
import { sandboxFiles } from "../project/engine";

/** Says that a folder is a sandbox's: only then is anything in it ended, or removed. */
const marker = join(world.work, "this-is-a-sandbox");
export const isSandbox = (): boolean => existsSync(marker);

/** @throws Misused for a folder in which other files are */
export function mark(): void {
  if (isSandbox()) return;
  const others = existsSync(world.work) ? readdirSync(world.work) : [];
  if (others.length > 0)
    throw new Misused(`${world.work} holds other files (${others[0]}, …); name an empty folder by DATABRIDGE_SANDBOX`);
  mkdirSync(world.work, { recursive: true });
  writeFileSync(marker, "All that is in this folder goes with: databridge sandbox down\n");
}

/** States of programs in the sandbox, by what they are of. */
class States {
  readonly folder: string;

  /** @param kind `clouds`, `hosts`, `hpc` */
  constructor(kind: string) {
    this.folder = join(world.work, kind);
  }

  of(name: string): string {
    return join(this.folder, name);
  }

  there(): readonly string[] {
    return existsSync(this.folder) ? readdirSync(this.folder).sort() : [];
  }
}

/** Clouds, by site. */
export const clouds = new States("clouds");
/** Hosts, by tenancy: `lumi-production`. */
export const tenancies = new States("hosts");
/** Supercomputers, by their own name. */
export const supercomputers = new States("hpc");

/** What Vault would hold: an authority, and values of secrets. */
export const vaultFolder = join(world.work, "vault");
/** Programs that ask servers as their users. */
export const clientsFolder = join(world.work, "clients");

/** All that a sandbox has in its folder, where other files may be somebody's. */
const ours = [
  ...Object.values(sandboxFiles),
  `${sandboxFiles.ca}.pub`,
  world.locks,
  world.synthesized,
  world.output,
  ...[
    "clients",
    "clouds",
    "configure",
    "hosts",
    "hpc",
    "ssh",
    "ansible",
    "logs",
    "modules",
    "plans",
    "report.json",
    "vault",
    "configure.json",
    "configure.log",
  ].map((name) => join(world.work, name)),
  ...[appliedHere, driftedHere].map(({ file }) => file),
];

/** Nothing of the sandbox is left. */
export function removeAll(): void {
  for (const path of [...ours, marker]) rmSync(path, { recursive: true, force: true });
}

/** What was made of a site in its cloud is gone with it: states, what was learned, and what was noted of both. */
export function forget(site: string): void {
  rmSync(join(world.locks, `${site}.lock.json`), { force: true });
  for (const notes of [appliedHere, driftedHere]) notes.forget((stack) => readStackName(stack).site === site);
  const stacks = join(world.output, "stacks");
  for (const name of existsSync(stacks) ? readdirSync(stacks) : [])
    if (readStackName(name).site === site) rmSync(join(stacks, name), { recursive: true, force: true });
}

/** A file that nobody else reads. */
export function writePrivately(file: string, text: string, mode = 0o600): void {
  mkdirSync(dirname(file), { recursive: true });
  rmSync(file, { force: true });
  writeFileSync(file, text, { mode });
}
