import type { Command } from "commander";
import { type Step, stepsOf, wavesOf } from "../operate/steps";
import { isWanted, soundDescription } from "./description";

/** `databridge graph`. */
export const addGraph = (program: Command, done: (code: number) => void): Command =>
  program
    .command("graph")
    .description("what has to be done, by whom and in which order")
    .argument("[site...]", "only the steps for these sites, and those that hold for all")
    .option("--json", "as JSON: what pipelines and controllers run")
    .action((sites: readonly string[], { json = false }: { json?: boolean }) => {
      const registers = soundDescription(sites, json);
      if (!registers) return done(1);
      const steps = stepsOf(registers).filter(({ site }) => site === undefined || isWanted(site, sites));
      if (json) return console.log(JSON.stringify({ steps }, undefined, 2));
      console.log(graphText(steps));
    });

/** Steps by wave; those of a wave can be done at the same time. */
function graphText(steps: readonly Step[]): string {
  const waves = wavesOf(steps);
  const width = Math.max(...steps.map(({ kind }) => kind.length));
  const line = ({ kind, id, what, needs }: Step) =>
    [
      `  ${kind.padEnd(width)}  ${id} · ${what}`,
      ...(needs.length > 0 ? [`  ${" ".repeat(width)}  after ${needs.join(", ")}`] : []),
    ].join("\n");
  const count = Math.max(0, ...waves.values());
  return Array.from({ length: count }, (_, i) => {
    const wave = steps.filter(({ id }) => waves.get(id) === i + 1);
    return [`wave ${i + 1}`, ...wave.map(line)].join("\n");
  }).join("\n\n");
}
