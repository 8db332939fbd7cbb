import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import type { Problem } from "../../model/words/problem";
import type { Outcome } from "../../operate/run";
import type { Override } from "../project/closed-hours";
import { world } from "../project/description";
import { root } from "../project/project";
import { colors } from "./colors";

/** What a deployment came to, for programs. */
export interface Report {
  readonly version: 1;
  readonly world: string;
  readonly sites: readonly string[];
  readonly engine: string;
  /** ISO 8601, UTC. */
  readonly begun: string;
  readonly ended: string;
  readonly steps: readonly {
    readonly id: string;
    readonly kind: string;
    readonly progress: Outcome["progress"];
    readonly seconds: number;
    readonly what: string;
    /** Of a stack: all that its engine printed. */
    readonly log?: string;
  }[];
  /** By which closed hours were overridden. @default - they were not */
  readonly incident?: string;
  /** What it overrode; each is a line of `incidents/<site>.jsonl` too. */
  readonly overrides: readonly Override[];
  /** What could not be written after all. */
  readonly problems: readonly Problem[];
}

export interface ReportProps {
  readonly sites: readonly string[];
  readonly engine: string;
  readonly begun: Date;
  readonly outcomes: readonly Outcome[];
  readonly logOf: (stack: string) => string;
  readonly problems: readonly Problem[];
  readonly incident?: string;
  readonly overrides: readonly Override[];
}

export const reportOf = ({ sites, engine, begun, outcomes, logOf, ...more }: ReportProps): Report => ({
  version: 1,
  world: world.name,
  sites,
  engine,
  begun: begun.toISOString(),
  ended: new Date().toISOString(),
  steps: outcomes.map(({ step: { id, kind, stack }, progress, seconds, what }) => ({
    id,
    kind,
    progress,
    seconds: Math.round(seconds * 10) / 10,
    what,
    ...(stack === undefined ? {} : { log: relative(root, logOf(stack)) }),
  })),
  ...more,
});

export function writeReport(file: string, report: Report): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
}

/** The end of a deployment: how much is done, and what comes next. */
export function endText({ sites, steps }: Report, file: string, next: readonly string[]): string {
  const done = steps.filter(({ progress }) => progress === "done").length;
  const held = steps.filter(({ progress }) => progress === "held").length;
  const failed = steps.flatMap(({ progress, log }) => (progress === "failed" && log !== undefined ? [log] : []));
  return [
    `\n ${sites.join(" ")}: ${done} of ${steps.length} steps${held > 0 ? `, ${held} held` : ""} · ${world.name} · report ${relative(process.cwd(), file)}`,
    ...failed.map((log) => ` ${colors.yellow("log".padEnd(9))} ${log}`),
    ...nextLines(next),
  ].join("\n");
}

/** What is left to do. */
export const nextLines = (next: readonly string[]): readonly string[] =>
  next.map((each) => ` ${colors.yellow("next".padEnd(9))} ${each}`);
