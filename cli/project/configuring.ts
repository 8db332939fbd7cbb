import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { closedAt } from "../../model/hours";
import type { Registers } from "../../model/registers";
import { configure, type RoleOutcome } from "../../operate/configure";
import { reachOf } from "../../operate/reach";
import { Misused } from "../misused";
import { claimed } from "./claim";
import { world } from "./description";
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
}

/** The hosts of a site. */
export const hostsOf = (registers: Registers, site: string): readonly Wanted[] =>
  registers.places
    .filter((place) => place.site.name === site)
    .flatMap((place) =>
      place.hosts.map((host) => {
        const reach = reachOf(host, place, registers);
        return { id: host.id, ...(reach.is === "reached" ? {} : { why: reach.why }) };
      }),
    );

/** Why the hosts of a site are not to be touched now; nothing is closed in the sandbox. */
export const closedNow = ({ places }: Registers, site: string): string | undefined =>
  world.name === "sandbox"
    ? undefined
    : places
        .filter((place) => place.site.name === site)
        .map(({ tenancy }) => closedAt(tenancy, new Date()))
        .find((why) => why !== undefined);

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
  const reachable = hosts.filter(({ why }) => why === undefined).map(({ id }) => id);
  const work = join(world.work, "configure", site);
  return claimed(work, async () => {
    if (reachable.length === 0) return { outcomes: [], blocked };
    const programs = installed();
    writeSshFiles(registers);
    const outcomes: RoleOutcome[] = [];
    const { code, error, log } = await configure({
      programs,
      ansible,
      hosts: reachable,
      check,
      work,
      env: environment(),
      onDone: (outcome) => {
        outcomes.push(outcome);
        onDone(outcome);
      },
    });
    const isTold = outcomes.some(({ failed }) => failed > 0);
    return {
      outcomes,
      blocked,
      log: relative(root, log),
      ...(code === 0 || isTold ? {} : { error: error.trim() || `ansible-playbook ended with ${code}` }),
    };
  });
}

/** The inventory is asked for by Ansible, in the same world. */
const environment = () => ({
  ...process.env,
  DATABRIDGE_WORLD: world.name,
  ...(world.name === "sandbox" ? { DATABRIDGE_SANDBOX: world.work } : {}),
});

/** Ansible's programs, which are installed once. @throws Misused if that cannot be done */
function installed(): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ansible, "install.mjs")], { encoding: "utf8" });
  if (status !== 0) throw new Misused(`Ansible cannot be installed: ${stderr.trim()}`);
  return stdout.trim();
}
