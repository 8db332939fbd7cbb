import { inspect } from "node:util";
import Table from "cli-table3";
import { createColors } from "picocolors";
import { shownSource } from "../model/standing";
import { listed, type Problem } from "../model/words/problem";
import { Duration, Rate, Size } from "../model/words/quantity";
import type { Share, Summary } from "./summary";

/** Colour for people alone: a pipeline's log gets plain text. @see no-color.org */
const colored = (stream: NodeJS.WriteStream): boolean =>
  process.env.FORCE_COLOR !== undefined && process.env.FORCE_COLOR !== "0"
    ? true
    : stream.isTTY === true && !process.env.NO_COLOR;
const colors = createColors(colored(process.stdout));
/** Problems go to standard error. */
const errors = createColors(colored(process.stderr));

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
export function summaryText({ stacks, unlocked, over, waiting, grants, assumed }: Summary): string {
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
    ...(unlocked.length === 0 ? [] : [["unlocked", `${unlocked.length} kept that no lock holds · databridge lock`]]),
    ...over.map((path) => ["over", `${path} · no lock knows it: once applied, leave it out`]),
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

/** What was written, and what to do with it. */
export function nextText({
  changed,
  check,
  outdir,
}: {
  changed: readonly string[];
  check: boolean;
  outdir: string;
}): string {
  const line = (what: string, rest: string) => ` ${colors.yellow(what.padEnd(9))} ${rest}`;
  const files = `${changed.length} ${changed.length === 1 ? "file" : "files"} of synthesized/`;
  if (check)
    return changed.length === 0
      ? line("written", `${outdir}; synthesized/ is current`)
      : line("stale", `${files}: ${listed(changed)} · databridge synth writes them`);
  if (changed.length === 0) return line("written", `${outdir}; nothing changed in synthesized/`);
  const stack = /^stacks\/(.*)\.json$/.exec(changed[0] ?? "")?.[1];
  const next = `git add -N synthesized && git diff synthesized · npx cdktf-cli@0.21 diff ${stack}`;
  return [line("written", `${outdir}, ${files}`), line("next", next)].join("\n");
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
      return [`${errors.red(file)}: ${count}, nothing was written`, "", ...problemLines(of)].join("\n");
    })
    .join("\n\n");
}

/** Problems of one thing, as lines. */
export const problemLines = (problems: readonly Problem[]): readonly string[] => alike(problems).map(problemText);

/** Problems that differ in nothing but their path, together. */
const alike = (problems: readonly Problem[]): readonly (readonly Problem[])[] => {
  const groups = new Map<string, Problem[]>();
  for (const problem of problems) {
    const key = JSON.stringify([shown(problem.value), problem.allowed, problem.fix]);
    groups.set(key, [...(groups.get(key) ?? []), problem]);
  }
  return [...groups.values()];
};

function problemText([first, ...others]: readonly Problem[]): string {
  if (!first) return "";
  const { path, value, allowed, fix } = first;
  return [
    ` ${errors.bold(path)}`,
    ...(others.length === 0 ? [] : [`   and ${others.length} more: ${listed(others.map((other) => other.path))}`]),
    `   ${shown(value)} · allowed: ${allowed} · fix: ${fix}`,
  ].join("\n");
}

/** `lumi.production.…` stands in `sites/lumi.ts`, `lumi.lock.…` in its lock; other paths are those of constructs. */
function fileOf(path: string): string {
  if (path.startsWith("-")) return "databridge";
  const [site = "", next] = path.split(".");
  if (site.includes("/")) return "stacks";
  return next === "lock" ? `sites/${site}.lock.json` : `sites/${site}.ts`;
}

/** A value as a site file writes it, on one line. What looks like a private key is not repeated. */
function shown(value: unknown): string {
  if (value === undefined) return "missing";
  const text = isQuantity(value)
    ? String(value)
    : (jsonOf(value) ?? inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY }));
  if (text.includes("PRIVATE KEY")) return "a private key, not shown";
  const line = text.replace(/\s+/g, " ");
  return line.length > width ? `${line.slice(0, width - 1)}…` : line;
}

const width = 80;
const isQuantity = (value: unknown): boolean => [Size, Duration, Rate].some((of) => value instanceof of);

/** Problems as JSON; values that JSON cannot hold are shown as text. */
export const problemsJson = (problems: readonly Problem[]): string =>
  JSON.stringify(
    {
      problems: problems.map((problem) => ({
        ...problem,
        value: jsonOf(problem.value) === undefined ? shown(problem.value) : problem.value,
      })),
    },
    undefined,
    2,
  );

/** Nothing for what JSON cannot hold: a function, a circle, a number that is none. */
function jsonOf(value: unknown): string | undefined {
  try {
    return typeof value === "number" && !Number.isFinite(value) ? undefined : JSON.stringify(value);
  } catch {
    return undefined;
  }
}
