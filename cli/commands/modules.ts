import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Registers } from "../../model/registers";
import { colors } from "../print/colors";
import { table } from "../print/table";
import { soundDescription, world } from "../project/description";
import { type Installing, installingAt, pinHostKeys, programOf, writeOrder } from "../project/modules";

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

/** `databridge modules <action> <site…>`. @returns the worst exit code of the program that deploys */
export function runModules(action: ModulesAction, sites: readonly string[], options: Options): number {
  const registers = soundDescription(sites, false);
  if (!registers) return 1;
  const all = installingIn(registers, sites, options);
  if (action === "status" && !options.json) return statusOf(registers, all, options);
  return Math.max(0, ...all.map((installing) => runAt(registers, installing, action, options)));
}

function installingIn(registers: Registers, sites: readonly string[], { tenancy }: Options): readonly Installing[] {
  if (sites.length > 0) return sites.map((site) => installingAt(registers, site, tenancy));
  return registers.places.flatMap((place) => place.modules.map(({ said }) => ({ place, said })));
}

/** Runs the program for one site, and lets it speak for itself. */
function runAt(registers: Registers, installing: Installing, action: ModulesAction, options: Options): number {
  const command = begun(registers, installing, options);
  if (command === undefined) return 4;
  const [program = "", ...args] = [...command, action, ...wordsOf(options)];
  return spawnSync(program, args, { stdio: ["ignore", "inherit", "inherit"] }).status ?? 1;
}

/** Its command, up to what it is to do; nothing where the site cannot be known again. */
function begun(registers: Registers, installing: Installing, { user }: Options): readonly string[] | undefined {
  const folder = join(world.work, "modules", installing.place.id);
  mkdirSync(folder, { recursive: true });
  writeOrder(installing, registers, folder, { user });
  try {
    pinHostKeys(installing, folder);
  } catch (error) {
    console.error(`${installing.said.supercomputer}: ${(error as Error).message}`);
    return undefined;
  }
  return programOf(installing, folder);
}

const wordsOf = ({
  only,
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
  ...(only ? ["--only", ...only] : []),
];

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

/** All sites in one table. */
function statusOf(registers: Registers, all: readonly Installing[], options: Options): number {
  const asked = all.map((installing) => {
    const command = begun(registers, installing, options);
    const site = installing.said.supercomputer;
    if (command === undefined) return { site, problem: "its host keys are not known", rows: [], code: 4 };
    const [program = "", ...args] = [
      ...command,
      "status",
      "--json",
      ...wordsOf({ ...(options.only ? { only: options.only } : {}) }),
    ];
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
    const said = stdout === "" ? { problem: stderr.trim(), installations: [] } : JSON.parse(stdout);
    return {
      site,
      problem: said.problem as string | null,
      rows: said.installations as readonly Row[],
      code: status ?? 1,
    };
  });
  const rows = asked.flatMap(({ site, rows }) => rows.map((row) => [site, ...cellsOf(row)]));
  if (rows.length > 0) console.log(table(["site", "cycle/target", "wanted", "current", "tests", ""], rows));
  for (const { site, problem } of asked) if (problem) console.error(`${colors.red("✗")} ${site}: ${problem}`);
  return Math.max(0, ...asked.map(({ code }) => code));
}

function cellsOf({ installation, wanted, current, held, waits, test, drift, jobs }: Row): readonly string[] {
  const when = test ? new Date(test.time * 1000).toISOString().slice(0, 16).replace("T", " ") : "";
  const under = Object.entries(jobs).map(([kind, { state }]) => `${kind} job ${state.toLowerCase()}`);
  return [
    installation,
    wanted,
    current === wanted ? colors.green("= wanted") : (current ?? "nothing"),
    test ? `${test.passed ? "passed" : colors.red("FAILED")} ${when}Z` : "never",
    [
      ...(held ? ["held: rolled back"] : []),
      ...(waits.length > 0
        ? [`waits for ${waits.length} ${waits.length === 1 ? "checksum" : "checksums"}: databridge learn home`]
        : []),
      ...under,
      ...drift.map((each) => colors.red(`DRIFT ${each}`)),
    ].join("; "),
  ];
}
