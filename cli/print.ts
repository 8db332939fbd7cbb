import { inspect } from "node:util";
import Table from "cli-table3";
import { createColors } from "picocolors";
import { shownSource } from "../model/standing";
import type { Problem } from "../model/words/problem";
import type { Share, Summary } from "./summary";

/** Colour for people alone: a pipeline's log gets plain text, whatever its variables say. */
const colors = createColors(process.stdout.isTTY === true && !process.env.NO_COLOR);

const none = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
};
const plain = { ...none, left: " ", "left-mid": "", mid: "", "mid-mid": "", right: "", "right-mid": "", middle: "  " };

/** Rows under a head, without lines, so that it can be read, copied and cut. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string {
  const grid = new Table({
    head: [...head],
    chars: plain,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
    colAligns: head.map((_, i) => (right.includes(i) ? "right" : "left")),
  });
  for (const row of rows) grid.push([...row]);
  const lines = grid
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
  return [colors.dim(lines[0] ?? ""), ...lines.slice(1)].join("\n");
}

const share = ({ taken, limit }: Share, unit = 1): string => `${round(taken / unit)}/${round(limit / unit)}`;
const round = (n: number): number => Math.round(n * 10) / 10;

/** The table of a synthesis, and what it waits for. */
export function summaryText({ stacks, waiting, grants, assumed }: Summary): string {
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
  const rows = stacks.map(({ stack, resources, stateful, quota, flows, internet }) => [
    stack,
    String(resources),
    String(stateful),
    share(quota.vcpus),
    share(quota.ramGiB),
    share(quota.volumesGiB, 1024),
    `${flows.open}·${flows.waiting}·${flows.granted}`,
    internet.length === 0 ? "0" : `${internet.length} (${internet.join(", ")})`,
  ]);
  const lines = [
    ...waiting.map(({ from, addresses, rules }) => [
      "waiting",
      `${rules} ${rules === 1 ? "rule" : "rules"} for ${addresses.join(", ")} · ${shownSource(from)}`,
    ]),
    ...grants.map(({ operator, grants, state }) => ["grants", `${operator} · ${grants.join(", ")} · ${state}`]),
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
  const count = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;
  const sites = new Set(stacks.map(({ site }) => site)).size;
  const tenancies = new Set(stacks.map(({ site, tenancy }) => `${site}.${tenancy}`)).size;
  const counts = [
    count(sites, "site", "sites"),
    count(tenancies, "tenancy", "tenancies"),
    count(stacks.length, "stack", "stacks"),
  ];
  return `${colors.bold("Data Bridge CDK")} · ${counts.join(", ")} · ${seconds} s`;
}

/** All problems, by the file that has them. */
export function problemsText(problems: readonly Problem[]): string {
  const files = new Map<string, Problem[]>();
  for (const problem of problems) {
    const file = fileOf(problem.path);
    files.set(file, [...(files.get(file) ?? []), problem]);
  }
  return [...files]
    .map(([file, of]) => {
      const count = `${of.length} ${of.length === 1 ? "problem" : "problems"}`;
      const each = of.map(({ path, value, allowed, fix }) =>
        [` ${colors.bold(path)}`, `   ${shown(value)} · allowed: ${allowed} · fix: ${fix}`].join("\n"),
      );
      return [`${colors.red(file)}: ${count}, nothing was written`, "", ...each].join("\n");
    })
    .join("\n\n");
}

/** `lumi.production.…` stands in `sites/lumi.ts`, `lumi.lock.…` in its lock. */
function fileOf(path: string): string {
  const [site, next] = path.split(".");
  return next === "lock" ? `sites/${site}.lock.json` : `sites/${site}.ts`;
}

/** A value as a site file writes it, on one line. */
function shown(value: unknown): string {
  if (value === undefined) return "missing";
  const text =
    typeof value === "string"
      ? JSON.stringify(value)
      : inspect(value, { depth: 2, breakLength: Number.POSITIVE_INFINITY });
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** Problems as JSON; values that JSON cannot hold are shown as text. */
export const problemsJson = (problems: readonly Problem[]): string =>
  JSON.stringify(
    {
      problems: problems.map((problem) => ({
        ...problem,
        value: isPlain(problem.value) ? problem.value : shown(problem.value),
      })),
    },
    undefined,
    2,
  );

function isPlain(value: unknown): boolean {
  try {
    return JSON.stringify(value) !== undefined;
  } catch {
    return false;
  }
}
