import type { Level } from "./effects";
import type { Entry, Packet } from "./packet";
import { plain } from "./plain";
import {
  actionsText,
  causeOf,
  digestLines,
  fateLines,
  legend,
  matrixRows,
  quotaLines,
  unexplained,
  unwiseLines,
  verdictText,
} from "./text";

/** Forges refuse longer comments; GitHub's limit is 65,536 characters. */
export const longest = 60_000;

/** The packet as a comment on a change: the verdict first, what is harmless folded, never longer than a forge takes. */
export function packetMarkdown(packet: Packet): string {
  const of = (level: Level) => packet.entries.filter((entry) => entry.level === level);
  const worst = (["irreversible", "outage", "review"] as const).flatMap((level) =>
    of(level).map((entry) => entryLine(entry, true)),
  );
  const harmless = (["safe", "moved", "noise"] as const).flatMap((level) => {
    const entries = of(level);
    const count = entries.reduce((sum, entry) => sum + entry.addresses.length * entry.stacks.length, 0);
    return entries.length === 0
      ? []
      : [
          folded(
            `${count} ${level}`,
            entries.map((entry) => entryLine(entry, level === "moved")),
          ),
        ];
  });
  const failing = [
    ["Unexplained", unexplained(packet)],
    ["Unwise", unwiseLines(packet)],
  ] as const;
  const facts = [
    ["Needs first", packet.needs],
    ["Opens", packet.opens],
    ["Closes", packet.closes],
    ["Newly allowed in Vault", packet.reads],
    ["What is kept", fateLines(packet)],
    ["Locks", packet.locks],
    ["Quota", quotaLines(packet)],
    ["Calendar", packet.calendar],
    ["Order", packet.order.length > 0 ? [packet.order.join(" → ")] : []],
    ["Notes", packet.notes],
  ] as const;
  const head = [
    `**${verdictText(packet)}**, \`${packet.base.ref}\` → \`${packet.head.ref}\``,
    "",
    ...matrix(packet),
    "",
    `<sub>${legend}</sub>`,
    "",
  ];
  const foot = ["", `<sub>${digestLines(packet).join(" ")}</sub>`, ""];
  const sections = (of: typeof failing | typeof facts) => of.flatMap(([name, lines]) => section(name, lines));
  const body = [...sections(failing), ...worst, "", ...sections(facts), ...harmless];
  return filled(head, body, foot);
}

function entryLine(entry: Entry, isTold: boolean): string {
  const { level, construct, stacks, reasons, causes, at, because } = entry;
  const told = [
    `**${level}** \`${construct.replaceAll("`", "")}\``,
    escaped(stacks.join(", ")),
    escaped(causeOf(causes, at, because).join(", ")),
  ]
    .filter(Boolean)
    .join(" · ");
  const what = reasons.length > 0 && isTold ? reasons : [actionsText(entry)];
  const shown = what.slice(0, most).map((reason) => `  - ${escaped(reason)}`);
  return [`- ${told}`, ...shown, ...(what.length > most ? [`  - and ${what.length - most} more`] : [])].join("\n");
}

const most = 20;

/** Text of others cannot make links, mentions or markup. */
const escaped = (text: string): string =>
  plain(text, 400)
    .replace(/[\\`*_[\]<>@#|]/g, (character) => `\\${character}`)
    // Forges make links of these by themselves.
    .replace(/:\/\//g, "&#58;//")
    .replace(/\bwww\./gi, "www&#46;");

const section = (name: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [`**${name}**`, "", ...lines.map((line) => `- ${escaped(line)}`), ""];

const folded = (summary: string, lines: readonly string[]): string =>
  [`<details><summary>${summary}</summary>`, "", ...lines, "", "</details>", ""].join("\n");

function matrix(packet: Packet): readonly string[] {
  const [head = [], ...rows] = matrixRows(packet);
  return [
    `| ${head.join(" | ")} |`,
    `|${head.map(() => "---").join("|")}|`,
    ...rows.map((row) => `| ${row.map(escaped).join(" | ")} |`),
  ];
}

/** Whole blocks, worst first, until the comment is full; what does not fit is said. */
function filled(head: readonly string[], body: readonly string[], foot: readonly string[]): string {
  const more = (left: number) => `*${left} blocks more: databridge review --all*`;
  const fixed = [...head, more(body.length), ...foot].join("\n").length;
  let length = fixed;
  const shown = body.filter((block) => {
    if (length + block.length + 1 > longest) return false;
    length += block.length + 1;
    return true;
  });
  const left = body.length - shown.length;
  return [...head, ...shown, ...(left > 0 ? [more(left)] : []), ...foot].join("\n");
}
