import { grouped } from "../model/words/grouped";
import { together } from "./alike";
import { type Level, levels } from "./effects";
import type { Entry, Packet } from "./packet";

/** Colours of a terminal; what makes no difference elsewhere. */
export type Paint = Readonly<Record<"red" | "yellow" | "dim" | "bold", (text: string) => string>>;

const marks: Readonly<Record<Level, string>> = {
  irreversible: "!",
  outage: "×",
  review: "?",
  safe: "~",
  moved: ">",
  noise: "·",
};

/** The packet on a terminal: what has to be read first, in one screen. @param all also what is safe, moved or noise */
export function packetText(packet: Packet, paint: Paint, all = false): string {
  const told = packet.entries.filter(({ level }) => all || ["irreversible", "outage", "review"].includes(level));
  const label = (text: string) => paint.yellow(text.padEnd(13));
  const section = (name: string, lines: readonly string[]) =>
    lines.map((line, i) => ` ${label(i === 0 ? name : "")} ${line}`);
  return [
    `${paint.bold("VERDICT")}  ${verdictText(packet)}     base ${packet.base.ref} → head ${packet.head.ref}`,
    "",
    ...alike(told).flatMap((entries) => entryLines(entries, paint)),
    ...(told.length > 0 ? [""] : []),
    ...matrixText(packet),
    "",
    ...section("unexplained", unexplained(packet)),
    ...section("unwise", unwiseLines(packet)),
    ...section("needs first", packet.needs),
    ...section("opens", packet.opens),
    ...section("closes", packet.closes),
    ...section("reads", packet.reads),
    ...section("kept", fateLines(packet)),
    ...section("locks", packet.locks),
    ...section("quota", quotaLines(packet)),
    ...section("calendar", packet.calendar),
    ...section("order", packet.order.length > 0 ? [packet.order.join(" → ")] : []),
    ...section("note", packet.notes),
    ...section("digests", digestLines(packet)),
  ]
    .join("\n")
    .trimEnd();
}

/** `1 irreversible · 9 safe · 0 unexplained`, without what there is none of. */
export function verdictText({ verdict }: Packet): string {
  const parts = [...levels, "unexplained" as const, "unwise" as const]
    .filter((level) => verdict[level] > 0)
    .map((level) => `${verdict[level]} ${level}`);
  return parts.length > 0 ? parts.join(" · ") : "nothing changes";
}

/** Entries that say the same of several constructs, together; values may differ. */
function alike(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const keyOf = ({ level, stacks, causes, at, reasons, construct }: Entry): string => {
    const stems = reasons.map((reason) => reason.split(": ")[0]);
    return JSON.stringify([level, stacks, causes, at, stems, reasons.length === 0 && construct]);
  };
  return [...grouped(entries, keyOf).values()];
}

function entryLines(entries: readonly Entry[], paint: Paint): readonly string[] {
  const [entry] = entries;
  if (!entry) return [];
  const { level, stacks, reasons, causes } = entry;
  const construct = few(entries.map((each) => each.construct));
  const because = [...new Set(entries.flatMap((each) => each.because))];
  const name = level.toUpperCase().padEnd(13);
  const colored = level === "irreversible" || level === "outage" ? paint.red(name) : paint.yellow(name);
  const [first = actionsText(entry), ...others] =
    entries.length === 1 ? reasons : reasons.map((reason) => `${reason}, for example`);
  const cause = few(causeOf(causes, [...new Set(entries.flatMap(({ at }) => at))], because));
  const indent = " ".repeat(15);
  return [
    ` ${colored} ${paint.bold(construct)} · ${stacks.join(", ")}${cause === "" ? "" : paint.dim(` · ${cause}`)}`,
    ...[first, ...others].slice(0, most).map((reason) => `${indent}${reason}`),
    ...(others.length >= most ? [`${indent}and ${others.length + 1 - most} more`] : []),
  ];
}

/** Where lines of site files are known, they say more than that it is one, or which component. */
export const causeOf = (
  causes: readonly string[],
  at: readonly string[],
  because: readonly string[],
): readonly string[] =>
  at.length === 0 ? [...causes, ...because] : [...causes.filter((cause) => cause !== "site file"), ...linesText(at)];

/** `sites/lumi.ts:35, 84-86` for `sites/lumi.ts:84-86` and `sites/lumi.ts:35`. */
export function linesText(at: readonly string[]): readonly string[] {
  const places = at.map((place) => /^(.*):(\d+(?:-\d+)?)$/.exec(place) ?? [place, place, ""]);
  return [...grouped(places, ([, file = ""]) => file)].sort().map(([file, lines]) => {
    const ranges = [...new Set(lines.map(([, , range = ""]) => range))].filter(Boolean);
    const sorted = ranges.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
    return sorted.length === 0 ? file : `${file}:${few(sorted)}`;
  });
}

const most = 6;

/** The first of many names, and how many there are more. */
const few = (names: readonly string[]): string =>
  names.length <= most
    ? names.join(", ")
    : `${names.slice(0, most - 1).join(", ")} and ${names.length - most + 1} more`;

export const actionsText = ({ actions }: Entry): string =>
  Object.entries(actions)
    .map(([action, count]) => `${action} ${count}`)
    .join(", ");

/** The matrix as rows of cells; the first is the head. */
export function matrixRows({ matrix }: Packet): readonly (readonly string[])[] {
  const columns = [...new Set(matrix.flatMap(({ cells }) => Object.keys(cells)))];
  return [
    ["", ...columns],
    ...matrix.map(({ site, cells }) => [site, ...columns.map((column) => cellText(cells[column]))]),
  ];
}

function cellText(cell: Packet["matrix"][number]["cells"][string] | undefined): string {
  if (cell === undefined) return "";
  if (typeof cell === "string") return cell;
  const text = levels.flatMap((level) => (cell[level] ? [`${marks[level]}${cell[level]}`] : [])).join(" ");
  return text === "" ? "–" : text;
}

function matrixText(packet: Packet): readonly string[] {
  const rows = matrixRows(packet);
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map((row) => ` ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("   ")}`.trimEnd());
}

export const legend = levels.map((level) => `${marks[level]} ${level}`).join(" · ");

export function unexplained({ entries, stale }: Packet): readonly string[] {
  const found = entries.filter(({ causes }) => causes.includes("unexplained"));
  const named = new Set(found.flatMap(({ stacks }) => stacks));
  return [
    ...found.map(
      ({ construct, stacks }) =>
        `${construct} · ${stacks.join(", ")}: no site file, lock or code gives this · databridge synth`,
    ),
    ...stale
      .filter((stack) => !named.has(stack))
      .map((stack) => `synthesized/ of ${stack} is not what site files, locks and code give · databridge synth`),
  ];
}

/** What a change makes unwise, or lets somebody answer for; what was so before is counted. */
export function unwiseLines({ policy, policyDefects }: Pick<Packet, "policy" | "policyDefects">): readonly string[] {
  const isOpen = ({ acknowledged }: Packet["policy"][number]): boolean => acknowledged === undefined;
  const old = policy.filter(({ isNew }) => !isNew);
  const answered = old.filter(({ acknowledged }) => acknowledged !== undefined);
  const [first] = answered.flatMap(({ acknowledged }) => acknowledged?.until ?? []).sort();
  const counts = [
    ...(answered.length < old.length ? [`${old.length - answered.length} that nobody answers for`] : []),
    ...(answered.length > 0 ? [`${answered.length} acknowledged, the first until ${first}`] : []),
  ];
  return [
    ...policyDefects,
    ...policy
      .filter(({ isNew }) => isNew)
      .sort((a, b) => Number(isOpen(b)) - Number(isOpen(a)))
      .map(({ rule, target, unwise, added = unwise, acknowledged: by }) => {
        const answer = by ? `${by.owner} answers for it until ${by.until}: ${by.reason}` : "nobody answers for it";
        return `new: ${target}: ${few(added)} (${rule}) · ${answer}`;
      }),
    ...(counts.length > 0 ? [`before: ${counts.join(" · ")} · databridge policy`] : []),
  ];
}

/** Quotas by stack: `lumi-production-tenancy: instances 15 → 16`. */
export function quotaLines({ quota }: Packet): readonly string[] {
  return [...new Set(quota.map(({ stack }) => stack))].map((stack) => {
    const changed = quota.filter((each) => each.stack === stack);
    return `${stack}: ${changed.map(({ what, before, after }) => `${what} ${before} → ${after}`).join(" · ")}`;
  });
}

/** What becomes of what is kept: each fate once, with the stacks where it is so. */
export const fateLines = ({ fates }: Packet): readonly string[] =>
  together(fates.map(({ stack, address, fate }) => [stack, `${address}: ${fate}`]));

export function digestLines({ base, head }: Packet): readonly string[] {
  const shown = (name: string, { digest, parts = {} }: Packet["base"]) =>
    [`${name} ${digest}`, ...Object.entries(parts).map(([part, is]) => `${part} ${is}`)].join(", ");
  return [`${shown("base", base)} · ${shown("head", head)}`];
}
