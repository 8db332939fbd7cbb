import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import type { Outcome } from "../operate/run";
import { colors } from "./colors";
import { world } from "./description";
import { root } from "./project";

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
}

export interface ReportProps {
  readonly sites: readonly string[];
  readonly engine: string;
  readonly begun: Date;
  readonly outcomes: readonly Outcome[];
  readonly logOf: (stack: string) => string;
}

export const reportOf = ({ sites, engine, begun, outcomes, logOf }: ReportProps): Report => ({
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
});

export function writeReport(file: string, report: Report): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
}

/** The end of a deployment: how much is done, and what comes next. */
export function endText({ sites, steps }: Report, file: string, next: readonly string[]): string {
  const done = steps.filter(({ progress }) => progress === "done").length;
  return [
    `\n ${sites.join(" ")}: ${done} of ${steps.length} steps · report ${relative(process.cwd(), file)}`,
    ...next.map((each) => ` ${colors.yellow("next".padEnd(9))} ${each}`),
  ].join("\n");
}
