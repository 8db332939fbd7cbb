import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { filesIn, filesOf } from "../../constructs/files";
import { writeBelow } from "../../engine/host-files";
import type { Interruption } from "../../model/closed-hours";
import { heldText, holdAt } from "../../model/holds";
import type { Registers } from "../../model/registers";
import { listed } from "../../model/words/problem";
import { printed } from "../../operate/ansible-inventory";
import { configure, type RoleOutcome } from "../../operate/configure";
import { reachOf } from "../../operate/reach";
import { Misused } from "../misused";
import { claimed } from "./claim";
import { interruptionsNow } from "./closed-hours";
import { world } from "./description";
import { inventoryFor } from "./hosts-inventory";
import { root } from "./project";
import { writeSshFiles } from "./ssh-files";

const ansible = join(root, "ansible");
/** Whether there is something to configure hosts with: the package alone has not. */
export const canConfigure = (): boolean => existsSync(ansible);

/** A host, and why it cannot be configured. */
export interface Wanted {
  readonly id: string;
  /** @default - it can be */
  readonly why?: string;
  /** What holds its tenancy, whose hosts are left as they are. @default - nothing does */
  readonly held?: string;
  /** The bastion over which it is reached. @default - none */
  readonly jump?: string;
}

/** The hosts of a site; those of a tenancy that is held too. */
export const hostsOf = (registers: Registers, site: string): readonly Wanted[] =>
  registers.places
    .filter((place) => place.site.name === site)
    .flatMap((place) => {
      const hold = holdAt(registers, place);
      const held = hold === undefined ? {} : { held: heldText(hold) };
      return place.hosts.map((host) => {
        const reach = reachOf(host, place, registers);
        if (reach.is !== "reached") return { id: host.id, why: reach.why, ...held };
        return { id: host.id, ...(reach.jump === undefined ? {} : { jump: reach.jump }), ...held };
      });
    });

/**
 * What of configuring hosts the calendars refuse now. What Ansible will change is not known before it has looked, so that all
 * counts which it may restart: units of which files say so, and what packages restart.
 */
export const closedFor = (registers: Registers, hosts: readonly Wanted[]): readonly Interruption[] =>
  interruptionsNow(registers, {
    hosts: new Map(
      registers.places.flatMap((place) =>
        place.hosts
          .filter(({ id }) => hosts.some((wanted) => wanted.id === id))
          .map((host) => {
            const units = filesOf(host, place, registers).flatMap(({ restarts }) => restarts ?? []);
            return [host.id, [`may restart ${listed([...new Set(units)].sort().concat("what packages restart"))}`]];
          }),
      ),
    ),
  });

/** What came of a site. */
export interface Configured {
  readonly outcomes: readonly RoleOutcome[];
  readonly blocked: readonly Wanted[];
  /** What Ansible said where it failed outside of every task. @default - it did not */
  readonly error?: string;
  /** All that it printed. @default - it was not started */
  readonly log?: string;
}

export interface ConfigureSiteProps {
  readonly hosts: readonly Wanted[];
  /** Whether nothing is changed, and differences are told. */
  readonly check: boolean;
  readonly onDone: (outcome: RoleOutcome) => void;
}

/** Runs the playbook for hosts of a site. @throws Misused if Ansible cannot be installed, or somebody configures the site already */
export function configureSite(
  registers: Registers,
  site: string,
  { hosts, check, onDone }: ConfigureSiteProps,
): Promise<Configured> {
  const blocked = hosts.filter(({ why }) => why !== undefined);
  const reachable = hosts.filter(({ why }) => why === undefined);
  const ids = reachable.map(({ id }) => id);
  const through = [...new Set(reachable.flatMap(({ jump = [] }) => jump))].filter((id) => !ids.includes(id));
  const work = join(world.work, "configure", site);
  return claimed(work, async () => {
    if (ids.length === 0) return { outcomes: [], blocked };
    const programs = installed();
    writeSshFiles(registers);
    const outcomes: RoleOutcome[] = [];
    const { error, log } = await configure({
      programs,
      ansible,
      inventory: writeInventory(registers, site, work),
      hosts: ids,
      through,
      check,
      work,
      env: process.env,
      onDone: (outcome) => {
        outcomes.push(outcome);
        onDone(outcome);
      },
    });
    return { outcomes, blocked, log: relative(root, log), ...(error === undefined ? {} : { error }) };
  });
}

/**
 * Writes what Ansible is told of the hosts of a site, and their files, so that nothing changes while it works, whatever is
 * synthesized meanwhile. @returns the program that tells it
 */
function writeInventory(registers: Registers, site: string, work: string): string {
  const files = join(work, "files");
  rmSync(files, { recursive: true, force: true });
  for (const place of registers.places) if (place.site.name === site) writeBelow(files, filesIn(place, registers));
  const text = `${JSON.stringify(printed(inventoryFor(registers, [site], files)), undefined, 2)}\n`;
  const program = join(work, "inventory");
  writeFileSync(`${program}.json`, text);
  writeFileSync(program, '#!/bin/sh\nexec cat "$0.json"\n', { mode: 0o755 });
  return program;
}

/** Ansible's programs, which are installed once. @throws Misused if that cannot be done */
function installed(): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ansible, "install.mjs")], { encoding: "utf8" });
  if (status !== 0) throw new Misused(`Ansible cannot be installed: ${stderr.trim()}`);
  return stdout.trim();
}
