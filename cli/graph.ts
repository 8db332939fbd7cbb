import type { Command } from "commander";
import { stepsOf, wavesOf } from "../operate/steps";
import { soundDescription } from "./description";
import { table } from "./print";

/** `databridge graph`. */
export const addGraph = (program: Command, done: (code: number) => void): Command =>
  program
    .command("graph")
    .description("what has to be done, by whom and in which order")
    .option("--json", "as JSON: what pipelines and controllers run")
    .action(({ json = false }: { json?: boolean }) => {
      const registers = soundDescription([], json);
      if (!registers) return done(1);
      const steps = stepsOf(registers);
      if (json) return console.log(JSON.stringify({ steps }, undefined, 2));
      const waves = wavesOf(steps);
      const rows = [...steps]
        .sort((a, b) => (waves.get(a.id) ?? 0) - (waves.get(b.id) ?? 0))
        .map(({ id, kind, needs, what }) => [String(waves.get(id)), kind, id, what, needs.join("\n")]);
      console.log(table(["wave", "kind", "step", "what", "after"], rows, [0]));
    });
