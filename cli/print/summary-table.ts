import { heldText, overText } from "../../model/holds";
import { shownSource } from "../../model/standing";
import { counted, listed } from "../../model/words/problem";
import { colors } from "./colors";
import type { Share, Summary, TenancySummary } from "./summary";
import { table } from "./table";

const share = ({ taken, limit }: Share, unit = 1): string => `${round(taken / unit)}/${round(limit / unit)}`;
const round = (n: number): number => Math.round(n * 10) / 10;

const takenCells = ({ quota, flows, internet }: TenancySummary): readonly string[] => [
  share(quota.vcpus),
  share(quota.ramGiB),
  share(quota.volumesGiB, 1024),
  `${flows.open}·${flows.waiting}·${flows.granted}`,
  internet.length === 0 ? "0" : `${internet.length} (${internet.join(", ")})`,
];

const shortened = (names: readonly string[]): string =>
  names.length > 2 ? `${names.slice(0, 2).join(", ")}, …` : names.join(", ");

/** The table of a synthesis, and what it waits for. */
export function summaryText({
  stacks,
  trusted,
  home,
  unlocked,
  over,
  waiting,
  sources,
  grants,
  secrets,
  holds,
  assumed,
  unwise,
}: Summary): string {
  const head = [
    "stack",
    "resources",
    "stateful",
    "vCPU",
    "RAM GiB",
    "volumes TiB",
    "flows open·waiting·granted",
    "from the internet",
  ];
  const rows = stacks.map(({ stack, resources, stateful, takes }) => [
    stack,
    String(resources),
    String(stateful),
    ...(takes ? takenCells(takes) : head.slice(3).map(() => "–")),
  ]);
  const lines = [
    ...(unlocked.length === 0 ? [] : [["unlocked", `${unlocked.length} kept that no lock holds · databridge lock`]]),
    ...over.map((path) => ["over", `${path} · no lock knows it: once applied, leave it out`]),
    ...(trusted ? [] : [["waiting", `every plan · a CA that signs SSH logins · databridge learn ${home}`]]),
    ...waiting.map(({ from, addresses, rules }) => [
      "waiting",
      `${rules > 0 ? `${counted(rules, "rule")} for ` : ""}${addresses.join(", ")} · ${shownSource(from)}`,
    ]),
    ...(sources.length > 0
      ? [
          [
            "waiting",
            `${counted(sources.length, "checksum")} of what is fetched: ${shortened(sources)} · databridge learn ${home}`,
          ],
        ]
      : []),
    ...grants.map(({ operator, grants, state }) => ["grants", `${operator} · ${grants.join(", ")} · ${state}`]),
    ...holds.map((hold) => [
      "held",
      hold.over ? overText(hold) : `${hold.stack}, ${heldText(hold)} · databridge status`,
    ]),
    ...(unwise.open > 0 ? [["unwise", `${unwise.open} to be decided · databridge policy`]] : []),
    ...(unwise.acknowledged > 0
      ? [
          [
            "unwise",
            `${unwise.acknowledged} that somebody answers for, the first until ${unwise.until} · databridge policy`,
          ],
        ]
      : []),
    ...(secrets.readers > 0
      ? [
          [
            "secrets",
            `${secrets.stated} · ${secrets.certificates} certificates · ${secrets.readers} hosts log in to Vault, ${secrets.waiting} whose address is not learned · databridge secrets`,
          ],
        ]
      : []),
    ...(secrets.unsigned > 0
      ? [["waiting", `${secrets.unsigned} SSH keys of hosts for the CA that signs them · databridge graph`]]
      : []),
    ...(assumed > 0 ? [["assumed", `${assumed} facts that nobody has confirmed · databridge assumptions`]] : []),
  ];
  return [
    table(head, rows, [1, 2, 3, 4, 5, 6]),
    "",
    ...lines.map(([what, rest]) => ` ${colors.yellow((what ?? "").padEnd(9))} ${rest}`),
  ].join("\n");
}

/** The first line of a synthesis. */
export function headerText({ stacks }: Summary, seconds: number): string {
  const sites = new Set(stacks.map(({ site }) => site)).size;
  const tenancies = new Set(stacks.map(({ site, tenancy }) => `${site}.${tenancy}`)).size;
  const counts = [
    counted(sites, "site"),
    `${tenancies} ${tenancies === 1 ? "tenancy" : "tenancies"}`,
    counted(stacks.length, "stack"),
  ];
  return `${colors.bold("Data Bridge CDK")} · ${counts.join(", ")} · ${seconds} s`;
}

/** What was written, and what to do with it. */
export function nextText({
  changed,
  check,
  outdir,
  stacks,
}: {
  changed: readonly string[];
  check: boolean;
  outdir: string;
  /** Names of all stacks that there are. */
  stacks: readonly string[];
}): string {
  const line = (what: string, rest: string) => ` ${colors.yellow(what.padEnd(9))} ${rest}`;
  const files = `${counted(changed.length, "file")} of synthesized/`;
  if (check)
    return changed.length === 0
      ? line("written", `${outdir}; synthesized/ is current`)
      : line("stale", `${files}: ${listed(changed)} · databridge synth writes them`);
  if (changed.length === 0) return line("written", `${outdir}; nothing changed in synthesized/`);
  const stack = changed
    .flatMap((file) => /^stacks\/(.*)\.json$/.exec(file)?.[1] ?? [])
    .find((name) => stacks.includes(name));
  const diff = stack === undefined ? [] : [`npx cdktf-cli@0.21 diff ${stack}`];
  const next = ["git add -N synthesized && git diff synthesized", "databridge review --base HEAD", ...diff].join(" · ");
  return [line("written", `${outdir}, ${files}`), line("next", next)].join("\n");
}
