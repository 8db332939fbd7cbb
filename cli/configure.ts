import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { outdated } from "../engine/synthesized";
import { withoutTraces } from "../engine/traces";
import { main } from "../main";
import type { Registers } from "../model/registers";
import { didYouMean, listed, type Problem } from "../model/words/problem";
import { configure, type RoleOutcome } from "../operate/configure";
import { reachOf } from "../operate/reach";
import { claimed } from "./claim";
import { colors } from "./colors";
import { isWanted, outdir, soundDescription, tell, world } from "./description";
import { writeSshFiles } from "./inventory";
import { Misused } from "./misused";
import { root } from "./project";

interface Options {
  readonly hosts?: readonly string[];
  readonly check?: boolean;
  readonly json?: boolean;
}

/** `databridge configure <site…>`. @returns the exit code: 1 if a task failed, or a host that was asked for cannot be reached */
export async function runConfigure(sites: readonly string[], options: Options): Promise<number> {
  const { check = false, json = false } = options;
  const ansible = join(root, "ansible");
  if (!existsSync(ansible)) throw new Misused("Ansible is part of a checkout of data-bridge-cdk, not of the package");
  const registers = soundDescription(sites, json);
  if (!registers) return 1;
  const wanted = wantedHosts(registers, sites, options.hosts);
  return claimed(join(world.work, "configuring"), async () => {
    const problems = unreviewed(registers, check);
    if (problems.length > 0) {
      tell(problems, json);
      return 1;
    }
    const programs = installed(ansible);
    writeSshFiles(registers);
    const reachable = wanted.filter(({ why }) => why === undefined).map(({ id }) => id);
    const blocked = wanted.filter(({ why }) => why !== undefined);
    const begun = new Date();
    const outcomes: RoleOutcome[] = [];
    const width = Math.max(0, ...wanted.map(({ id }) => id.length));
    const show = (line: string) => (json ? console.error(line) : console.log(line));
    for (const { id, why } of blocked) show(` ${colors.red("✗")} ${id.padEnd(width)}  not configured: ${why}`);
    const ran =
      reachable.length === 0
        ? { code: 0, error: "", log: "" }
        : await configure({
            programs,
            ansible,
            hosts: reachable,
            check,
            work: world.work,
            env: environment(),
            onDone: (outcome) => {
              outcomes.push(outcome);
              show(outcomeText(outcome, width, check));
            },
          });
    const isDone = ran.code === 0 && blocked.length === 0;
    const report = {
      version: 1,
      world: world.name,
      sites,
      check,
      begun: begun.toISOString(),
      ended: new Date().toISOString(),
      hosts: outcomes,
      blocked,
      ...(ran.log === "" ? {} : { log: relative(root, ran.log) }),
    };
    const file = join(world.work, "configure.json");
    writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
    if (json) console.log(JSON.stringify(report, undefined, 2));
    else console.log(endText(outcomes, check, relative(process.cwd(), file)));
    if (ran.code !== 0 && outcomes.every(({ failed }) => failed === 0)) console.error(ran.error.trim());
    return isDone ? 0 : 1;
  });
}

/** The hosts that were asked for, and why some cannot be configured. @throws Misused for one that is not there */
function wantedHosts(registers: Registers, sites: readonly string[], ids: readonly string[] | undefined) {
  const all = registers.places
    .filter(({ site }) => isWanted(site.name, sites))
    .flatMap((place) =>
      place.hosts.map((host) => {
        const reach = reachOf(host, place, registers);
        return { id: host.id, ...(reach.is === "reached" ? {} : { why: reach.why }) };
      }),
    );
  const names = all.map(({ id }) => id);
  const unknown = ids?.find((id) => !names.includes(id));
  if (unknown !== undefined)
    throw new Misused(`there is no host "${unknown}"; ${didYouMean(unknown, names, `there are ${listed(names)}`)}`);
  return ids ? all.filter(({ id }) => ids.includes(id)) : all;
}

/** Writes output. What production gets is what reviewers have seen; what would change may be asked before. */
function unreviewed(registers: Registers, check: boolean): readonly Problem[] {
  const outputs = withoutTraces(() => main(registers, outdir, world.name));
  if (world.name === "sandbox" || check) return [];
  const changed = outdated(world, outputs).filter((path) => path.startsWith("hosts/"));
  if (changed.length === 0) return [];
  const allowed = "what the sites give, so that what hosts get was seen by reviewers";
  return [{ path: "synthesized", value: listed(changed), allowed, fix: "databridge synth, and have it reviewed" }];
}

/** The inventory is asked for by Ansible, in the same world. */
const environment = () => ({
  ...process.env,
  DATABRIDGE_WORLD: world.name,
  ...(world.name === "sandbox" ? { DATABRIDGE_SANDBOX: world.work } : {}),
});

/** Ansible's programs, which are installed once. @throws Misused if that cannot be done */
function installed(ansible: string): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ansible, "install.mjs")], { encoding: "utf8" });
  if (status !== 0) throw new Misused(`Ansible cannot be installed: ${stderr.trim()}`);
  return stdout.trim();
}

function outcomeText(
  { host, role, ok, changed, failed, seconds, changes, failures }: RoleOutcome,
  width: number,
  check: boolean,
): string {
  const mark = failed > 0 ? colors.red("✗") : changed > 0 ? colors.yellow("~") : colors.green("✓");
  const counts = `${ok} ok · ${changed} ${check ? "to change" : "changed"} · ${failed} failed`;
  const head = ` ${mark} ${host.padEnd(width)}  ${role.padEnd(8)}  ${counts.padEnd(34)} ${`${seconds.toFixed(1)} s`.padStart(7)}`;
  const differences = check
    ? changes.flatMap(({ task, diff = "" }) => [task, ...diff.split("\n").filter((line) => line.trim() !== "")])
    : [];
  return [
    head,
    ...[...differences, ...failures.flatMap((each) => each.split("\n"))].map((line) => `     ${line}`),
  ].join("\n");
}

function endText(outcomes: readonly RoleOutcome[], check: boolean, file: string): string {
  const sum = (of: (outcome: RoleOutcome) => number): number => outcomes.reduce((all, each) => all + of(each), 0);
  const hosts = new Set(outcomes.map(({ host }) => host)).size;
  const changed = sum((each) => each.changed);
  const failed = sum((each) => each.failed);
  return `\n ${hosts} hosts · ${changed} ${check ? "to change" : "changed"} · ${failed} failed · ${file}`;
}
