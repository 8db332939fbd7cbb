import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { outdated } from "../../engine/synthesized";
import { withoutTraces } from "../../engine/traces";
import { main } from "../../main";
import { type Interruption, interruptionText } from "../../model/closed-hours";
import type { Registers } from "../../model/registers";
import { didYouMean, listed, type Problem } from "../../model/words/problem";
import type { RoleOutcome } from "../../operate/configure";
import { Misused } from "../misused";
import { colors } from "../print/colors";
import { nextLines } from "../print/report";
import { override, toCommit } from "../project/closed-hours";
import { type Configured, canConfigure, closedFor, configureSite, hostsOf, type Wanted } from "../project/configuring";
import { isWanted, outdir, soundDescription, tell, world } from "../project/description";
import { reviewed } from "../project/reviewed";

interface Options {
  readonly hosts?: readonly string[];
  readonly check?: boolean;
  /** What allows to interrupt something in closed hours. */
  readonly incident?: string;
  readonly json?: boolean;
}

/** `databridge configure <site…>`. @returns the exit code: 1 if a task failed, or a host that was asked for cannot be reached */
export async function runConfigure(sites: readonly string[], options: Options): Promise<number> {
  const { check = false, json = false, incident } = options;
  if (!canConfigure()) throw new Misused("Ansible is part of a checkout of data-bridge-cdk, not of the package");
  const registers = soundDescription(sites, json);
  if (!registers) return 1;
  const asked = wantedHosts(registers, sites, options.hosts);
  const wanted = new Map(
    [...asked].map(([site, hosts]) => [site, hosts.filter(({ held }) => check || !held)] as const),
  );
  const held = [...asked.values()].flat().filter((host) => !check && host.held !== undefined);
  const closed = check ? [] : closedFor(registers, [...wanted.values()].flat());
  if (closed.length > 0 && incident === undefined) return refused(closed, json);
  const { commit, problems: unseen } = check ? { problems: [] } : reviewed();
  const problems = [...unreviewed(registers, check), ...unseen];
  if (problems.length > 0) {
    tell(problems, json);
    return 1;
  }
  const overrides = incident === undefined ? [] : override(closed, "configure", incident);
  const begun = new Date();
  const all = [...wanted.values()].flat();
  const width = Math.max(0, ...[...all, ...held].map(({ id }) => id.length));
  const show = (line: string) => (json ? console.error(line) : console.log(line));
  for (const { id, why } of all) if (why) show(` ${colors.red("✗")} ${id.padEnd(width)}  not configured: ${why}`);
  for (const { id, held: why } of held) show(` ${colors.yellow("‖")} ${id.padEnd(width)}  left as it is: ${why}`);
  const onDone = (outcome: RoleOutcome) => show(outcomeText(outcome, width, check));
  const results = await Promise.all(
    [...wanted].map(([site, hosts]) => configureSite(registers, site, { hosts, check, onDone })),
  );
  const outcomes = results.flatMap((each) => each.outcomes);
  const report = {
    version: 1,
    world: world.name,
    sites,
    check,
    ...(commit === undefined ? {} : { commit }),
    ...(incident === undefined ? {} : { incident }),
    begun: begun.toISOString(),
    ended: new Date().toISOString(),
    ...(overrides.length === 0 ? {} : { overrides }),
    held: held.map(({ id, held: why }) => ({ id, why })),
    hosts: outcomes,
    blocked: results.flatMap(({ blocked }) => blocked),
    errors: results.flatMap(({ error }) => error ?? []),
    logs: results.flatMap(({ log }) => log ?? []),
  };
  const file = join(world.work, "configure.json");
  mkdirSync(world.work, { recursive: true });
  writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
  if (json) console.log(JSON.stringify(report, undefined, 2));
  else
    console.log(
      [
        endText(outcomes, report.blocked.length, check, relative(process.cwd(), file)),
        ...nextLines(toCommit(overrides)),
      ].join("\n"),
    );
  for (const error of report.errors) console.error(error);
  if (!results.every(isDone)) for (const log of report.logs) console.error(`all that Ansible said: ${log}`);
  return results.every(isDone) ? 0 : 1;
}

const isDone = ({ outcomes, blocked, error }: Configured): boolean =>
  blocked.length === 0 && error === undefined && outcomes.every(({ failed }) => failed === 0);

/** The hosts that were asked for, by site. @throws Misused for one that is not there */
function wantedHosts(
  registers: Registers,
  sites: readonly string[],
  ids: readonly string[] | undefined,
): ReadonlyMap<string, readonly Wanted[]> {
  const bySite = registers.sites
    .filter(({ name }) => isWanted(name, sites))
    .map(({ name }) => [name, hostsOf(registers, name)] as const);
  const names = bySite.flatMap(([, hosts]) => hosts.map(({ id }) => id));
  const unknown = ids?.find((id) => !names.includes(id));
  if (unknown !== undefined)
    throw new Misused(`there is no host "${unknown}"; ${didYouMean(unknown, names, `there are ${listed(names)}`)}`);
  return new Map(
    bySite
      .map(([site, hosts]) => [site, ids ? hosts.filter(({ id }) => ids.includes(id)) : hosts] as const)
      .filter(([, hosts]) => hosts.length > 0),
  );
}

/** What Ansible would change is not known before it has looked: all counts which it may restart. */
function refused(closed: readonly Interruption[], json: boolean): number {
  const fix = "wait, look with --check, name --hosts of another tenancy, or an --incident, which is logged";
  const allowed = "what interrupts nothing in these hours";
  if (json)
    tell(
      closed.map((each) => ({ path: "configure", value: each, allowed, fix })),
      json,
    );
  else console.error(`${closed.map(interruptionText).join("\n\n")}\n\n${fix}`);
  return 1;
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

function outcomeText(
  { host, role, ok, changed, failed, seconds, changes, failures, notes }: RoleOutcome,
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
    ...[...differences, ...failures.flatMap((each) => each.split("\n")), ...notes].map((line) => `     ${line}`),
  ].join("\n");
}

export function endText(outcomes: readonly RoleOutcome[], unreached: number, check: boolean, file: string): string {
  const sum = (of: (outcome: RoleOutcome) => number): number => outcomes.reduce((all, each) => all + of(each), 0);
  const hosts = new Set(outcomes.map(({ host }) => host)).size;
  const changed = sum((each) => each.changed);
  const failed = sum((each) => each.failed);
  const counts = [
    `${hosts} hosts`,
    `${changed} ${check ? "to change" : "changed"}`,
    `${failed} failed`,
    ...(unreached > 0 ? [`${unreached} not reached`] : []),
  ];
  return `\n ${[...counts, file].join(" · ")}`;
}
