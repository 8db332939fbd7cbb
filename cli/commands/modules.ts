import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { siteOfTrust } from "../../model/awaited";
import { heldText, holdOf } from "../../model/holds";
import type { Registers } from "../../model/registers";
import { stacksOf } from "../../model/stacks";
import { counted, didYouMean, listed } from "../../model/words/problem";
import { Misused } from "../misused";
import { colors } from "../print/colors";
import { nextLines } from "../print/report";
import { table } from "../print/table";
import { interruptionsMeanwhile, interruptionsNow, override, toCommit } from "../project/closed-hours";
import { soundDescription, world } from "../project/description";
import { type Installing, installingAt, namesOf, pinHostKeys, programOf, writeOrder } from "../project/modules";

export type ModulesAction = "deploy" | "status" | "diff" | "preflight" | "test" | "rollback";

interface Options {
  readonly tenancy?: string;
  readonly user?: string;
  readonly only?: readonly string[];
  readonly sources?: string;
  readonly wheels?: string;
  readonly again?: boolean;
  readonly wait?: boolean;
  readonly dryRun?: boolean;
  readonly incident?: string;
  readonly of?: string;
  readonly to?: string;
  readonly json?: boolean;
}

/** `databridge modules order <site> <folder>`. @returns the exit code */
export function runOrder(site: string, folder: string, { user, tenancy }: Options): number {
  const registers = soundDescription([site], false);
  if (!registers) return 1;
  writeOrder(installingAt(registers, site, tenancy), registers, resolve(folder), { user });
  console.log(resolve(folder));
  return 0;
}

/** `databridge modules <action> <site…>`. @returns the worst exit code of the program that deploys; what is held is no failure */
export function runModules(action: ModulesAction, sites: readonly string[], options: Options): number {
  const registers = soundDescription(sites, options.json ?? false);
  if (!registers) return 1;
  const asked = chosen(installingIn(registers, sites, options), options.only);
  const acts = (action === "deploy" || action === "rollback") && !options.dryRun;
  const held = acts ? asked.flatMap((each) => holdOfSoftware(registers, each.installing) ?? []) : [];
  for (const { stack, hold } of held) console.error(`${colors.yellow("‖")} ${stack}: ${heldText(hold, stack)}`);
  const all = asked.filter(({ installing }) => !held.some(({ stack }) => stack === stackOf(installing)));
  if (acts && options.incident !== undefined) logOverrides(registers, all, action, options.incident);
  if (options.json || action === "status") return told(registers, all, action, options);
  return worst(
    all.map(({ installing, only }) => {
      const command = begun(registers, installing, options);
      if ("problem" in command) {
        console.error(`${colors.red("✗")} ${about(installing.said.supercomputer, command.problem)}`);
        return 1;
      }
      const [program = "", ...args] = [...command.words, action, ...wordsOf({ ...options, only })];
      return spawnSync(program, args, { stdio: ["ignore", "inherit", "inherit"] }).status ?? 1;
    }),
  );
}

/** The stack of the job that installs the same, or without a cluster that of the tenancy: who holds that, holds what people would do. */
const stackOf = ({ place }: Installing): string =>
  (["modules", "tenancy"] as const).flatMap((of) => stacksOf(place).filter(({ kind }) => kind === of))[0]?.name ?? "";

function holdOfSoftware(registers: Registers, installing: Installing) {
  const stack = stackOf(installing);
  const hold = holdOf(registers, stack);
  return hold && { stack, hold };
}

/**
 * The program refuses by itself, at the moment at which it would publish; that it is not to is logged before it begins. What is
 * built is published hours later: that it may be closed then is logged too.
 */
function logOverrides(registers: Registers, all: readonly Chosen[], action: ModulesAction, incident: string): void {
  const interruptions = action === "deploy" ? interruptionsMeanwhile : interruptionsNow;
  const overrides = all.flatMap(({ installing, only }) => {
    const what = only.length === 0 ? "all cycles and targets" : only.join(", ");
    const interrupts = [`may move what jobs load: ${what}`];
    return override(
      interruptions(registers, { stack: stackOf(installing), interrupts }),
      `modules ${action}`,
      incident,
    );
  });
  for (const line of nextLines(toCommit(overrides))) console.error(line);
}

/** What has failed says more than what another does. @see hpc/program/problems.py */
const worst = (codes: readonly number[]): number =>
  [1, 4, 2, 130, 75, 3].find((code) => codes.includes(code)) ?? Math.max(0, ...codes);

function installingIn(registers: Registers, sites: readonly string[], { tenancy }: Options): readonly Installing[] {
  if (sites.length > 0) return sites.map((site) => installingAt(registers, site, tenancy));
  return registers.places.flatMap((place) => place.modules.map(({ said }) => ({ place, said })));
}

/** What of it is asked for. */
interface Chosen {
  readonly installing: Installing;
  /** Cycles and targets; all if it is empty. */
  readonly only: readonly string[];
}

/** A target of one site is none of another. @throws Misused for what is of none */
function chosen(all: readonly Installing[], only: readonly string[] = []): readonly Chosen[] {
  if (only.length === 0) return all.map((installing) => ({ installing, only }));
  const named = all.map((installing) => ({ installing, names: namesOf(installing) }));
  const names = [...new Set(named.flatMap((each) => each.names))];
  const unknown = only.find((each) => !names.includes(each));
  if (unknown !== undefined)
    throw new Misused(`there is no ${unknown} there; ${didYouMean(unknown, names, `there are ${listed(names)}`)}`);
  return named
    .map(({ installing, names: mine }) => ({ installing, only: only.filter((each) => mine.includes(each)) }))
    .filter(({ only: mine }) => mine.length > 0);
}

/** The command of the program, up to what it is to do; or why it cannot be begun. */
function begun(
  registers: Registers,
  installing: Installing,
  { user }: Options,
): { readonly words: readonly string[] } | { readonly problem: string } {
  const folder = writeOrder(installing, registers, join(world.work, "modules", installing.place.id), { user });
  try {
    pinHostKeys(installing, folder);
  } catch (error) {
    return { problem: (error as Error).message };
  }
  return { words: programOf(installing, folder) };
}

const wordsOf = ({
  only = [],
  sources,
  wheels,
  again,
  wait,
  dryRun,
  incident,
  of,
  to,
  json,
}: Options): readonly string[] => [
  ...(of === undefined ? [] : [of]),
  ...(to === undefined ? [] : ["--to", to]),
  ...(sources === undefined ? [] : ["--sources", resolve(sources)]),
  ...(wheels === undefined ? [] : ["--wheels", resolve(wheels)]),
  ...(again ? ["--again"] : []),
  ...(wait === false ? ["--no-wait"] : []),
  ...(dryRun ? ["--dry-run"] : []),
  ...(incident === undefined ? [] : ["--incident", incident]),
  ...(json ? ["--json"] : []),
  ...(only.length > 0 ? ["--only", ...only] : []),
];

/** What the program tells of a site, and why it does not tell all. */
interface Told {
  readonly site: string;
  readonly place: string;
  readonly problem: string | null;
  readonly code: number;
  readonly said: unknown;
}

/** What it tells of all sites: as one document, or of what is there as one table. */
function told(registers: Registers, all: readonly Chosen[], action: ModulesAction, options: Options): number {
  const every = all.map(({ installing, only }): Told => {
    const at = { site: installing.said.supercomputer, place: installing.place.id };
    const command = begun(registers, installing, options);
    if ("problem" in command) return { ...at, problem: command.problem, code: 1, said: null };
    const [program = "", ...args] = [...command.words, action, ...wordsOf({ ...options, only, json: true })];
    const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: "utf8" });
    const said: unknown = /^[[{]/.test(stdout ?? "") ? JSON.parse(stdout) : null;
    const problem = error?.message ?? (stderr.trim() === "" ? null : stderr.trim());
    return { ...at, problem, code: status ?? 1, said };
  });
  if (options.json) console.log(JSON.stringify(every, undefined, 2));
  else statusTable(every, siteOfTrust(registers) ?? "<site>");
  return worst(every.map(({ code }) => code));
}

/** Some of what is wrong names its site by itself. */
const about = (site: string, problem: string): string =>
  problem.startsWith(`${site}: `) || problem.startsWith(`${site} `) ? problem : `${site}: ${problem}`;

/** What the program tells of an installation. */
interface Row {
  readonly installation: string;
  readonly wanted: string;
  readonly current: string | null;
  readonly held: boolean;
  readonly waits: readonly string[];
  readonly test: { readonly passed: boolean; readonly time: number } | null;
  readonly drift: readonly string[];
  readonly jobs: Readonly<Record<string, { readonly state: string }>>;
}

function statusTable(all: readonly Told[], home: string): void {
  const rows = all.flatMap(({ site, said }) =>
    ((said as { installations?: readonly Row[] } | null)?.installations ?? []).map((row) => [
      site,
      ...cellsOf(row, home),
    ]),
  );
  if (rows.length > 0) console.log(table(["site", "cycle/target", "wanted", "current", "tests", ""], rows));
  for (const { site, problem } of all)
    if (problem !== null) console.error(`${colors.red("✗")} ${about(site, problem)}`);
}

function cellsOf(
  { installation, wanted, current, held, waits, test, drift, jobs }: Row,
  home: string,
): readonly string[] {
  const when = test ? new Date(test.time * 1000).toISOString().slice(0, 16).replace("T", " ") : "";
  return [
    installation,
    wanted,
    current === wanted ? colors.green("= wanted") : (current ?? "nothing"),
    test ? `${test.passed ? "passed" : colors.red("FAILED")} ${when}Z` : "never",
    [
      ...(held ? ["held: rolled back"] : []),
      ...(waits.length > 0 ? [`waits for ${counted(waits.length, "checksum")}: databridge learn ${home}`] : []),
      ...Object.entries(jobs).map(([kind, { state }]) => `${kind} job ${state.toLowerCase()}`),
      ...drift.map((each) => colors.red(`DRIFT ${each}`)),
    ].join("; "),
  ];
}
