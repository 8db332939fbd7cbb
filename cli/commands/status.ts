import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Registers } from "../../model/registers";
import { stacksOf } from "../../model/stacks";
import { counted } from "../../model/words/problem";
import { type Standing, standingsOf } from "../../operate/status";
import { Misused } from "../misused";
import { colors } from "../print/colors";
import { table } from "../print/table";
import { type Applied, appliedHere, type Drifted, digestOf, driftedHere } from "../project/applied";
import { isWanted, soundDescription, world } from "../project/description";
import { lastChange, uncommittedIn } from "../project/git";
import { root } from "../project/project";
import { moments, today } from "../project/today";

/** What is known here of a stack; what is not known is missing. */
interface Status extends Standing {
  /** The commit that last changed what is synthesized of it. `uncommitted`: something is otherwise in the working tree. */
  readonly committed?: { readonly commit: string; readonly day: string } | "uncommitted";
  /** When it was applied from this folder; `current`: what is synthesized now. */
  readonly applied?: Applied & { readonly current: boolean };
  /** What `databridge drift` found last, from this folder. */
  readonly drifted?: Drifted;
}

/** `databridge status [site…]`. Asks nobody. @returns the exit code: 1 if the last day of a hold is past */
export function runStatus(sites: readonly string[], { json = false }: { readonly json?: boolean }): number {
  const registers = soundDescription(sites, json);
  if (!registers) return 1;
  const all = statusesOf(registers).filter(({ site }) => isWanted(site, sites));
  console.log(json ? JSON.stringify(all, undefined, 2) : statusText(all));
  return all.some(({ held }) => held?.over) ? 1 : 0;
}

function statusesOf(registers: Registers): readonly Status[] {
  const [applied, drifted, committed] = [appliedHere.read(), driftedHere.read(), committedIn(registers)];
  const now = moments().at(-1) ?? new Date();
  return standingsOf(registers, today(), now).map((standing): Status => {
    const { stack } = standing;
    const [did, saw, last] = [applied[stack], drifted[stack], committed.get(stack)];
    const file = fileOf(stack);
    const isCurrent = did !== undefined && existsSync(file) && digestOf(readFileSync(file, "utf8")) === did.digest;
    return {
      ...standing,
      ...(last ? { committed: last } : {}),
      ...(did ? { applied: { ...did, current: isCurrent } } : {}),
      ...(saw ? { drifted: saw } : {}),
    };
  });
}

const fileOf = (stack: string): string => join(world.synthesized, "stacks", `${stack}.json`);

/** Of each stack what git tells, host files of a tenancy with it. Nothing of the sandbox is committed. */
function committedIn({ places }: Registers): ReadonlyMap<string, NonNullable<Status["committed"]>> {
  if (world.name === "sandbox") return new Map();
  try {
    const changed = uncommittedIn(["synthesized"]);
    return new Map(
      places.flatMap(stacksOf).flatMap(({ name, kind, place }) => {
        const hosts = kind === "tenancy" ? place.hosts : [];
        const folders = hosts.map(({ id }) => join(world.synthesized, "hosts", id));
        const paths = [fileOf(name), ...folders].map((path) => relative(root, path));
        const isChanged = changed.some((file) => paths.some((path) => file === path || file.startsWith(`${path}/`)));
        const last = isChanged ? ("uncommitted" as const) : lastChange(paths);
        return last === undefined ? [] : [[name, last] as const];
      }),
    );
  } catch (error) {
    if (error instanceof Misused) return new Map();
    throw error;
  }
}

function statusText(all: readonly Status[]): string {
  const head = ["stack", "committed", "applied from here", "drifted", "held", "ends next", "not granted"];
  const rows = all.map((each) => [each.stack, ...cellsOf(each)]);
  const closed = new Map(all.flatMap(({ stack, closed: is }) => (is ? [[stack, is] as const] : [])));
  const [first] = closed.values();
  const same = [...closed.values()].every(({ why, opens }) => why === first?.why && opens === first.opens);
  const lines = first
    ? same
      ? [[`${counted(closed.size, "stack")}: ${first.why}; opens ${minute(first.opens)}`]]
      : [[...closed].map(([stack, { why, opens }]) => `${stack}: ${why}; opens ${minute(opens)}`)]
    : [];
  const reasons = all.flatMap(({ stack, held }) =>
    held && held.stack === stack
      ? [
          `${stack}: ${held.reason} · ${held.by}, since ${held.since}${held.over ? `; ${colors.red("its last day is past")}, and it goes on: databridge release ${stack}, or databridge hold once more` : ""}`,
        ]
      : [],
  );
  return [
    table(head, rows),
    "",
    ...reasons.map((each) => ` ${colors.yellow("held".padEnd(9))} ${each}`),
    ...lines.flat(2).map((each) => ` ${colors.yellow("closed".padEnd(9))} ${each}`),
  ]
    .join("\n")
    .trimEnd();
}

function cellsOf({ committed, applied, drifted, held, ends, grants, stack }: Status): readonly string[] {
  const unknown = colors.dim("unknown");
  const last = committed === undefined ? unknown : committed === "uncommitted" ? "not yet" : shownCommit(committed);
  const did = applied === undefined ? unknown : `${minute(applied.at)}${applied.current ? ", current" : ", older"}`;
  const saw =
    drifted === undefined || drifted.unseen !== undefined
      ? unknown
      : `${drifted.count === 0 ? "no" : `${drifted.count} otherwise`}, ${minute(drifted.at)}`;
  const holds = held
    ? `until ${held.until} by ${held.by}${held.stack === stack ? "" : `, as ${held.stack}`}${held.over ? colors.red(" OVER") : ""}`
    : "";
  return [
    last,
    did,
    saw,
    holds,
    ends ? `${ends.until} ${ends.kind}` : "",
    grants.length === 0 ? "" : `${grants.length}: ${grants.map(({ grant }) => grant).join(", ")}`,
  ];
}

const shownCommit = ({ commit, day }: { readonly commit: string; readonly day: string }): string =>
  `${commit.slice(0, 8)} ${day}`;
const minute = (iso: string): string => `${iso.slice(0, 16).replace("T", " ")}Z`;
