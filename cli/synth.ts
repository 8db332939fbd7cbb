import { relative } from "node:path";
import type { Command } from "commander";
import type { StackEntry } from "../model/stacks";
import { stacksOf } from "../model/stacks";
import { isWanted, outdir, soundDescription, world } from "./description";
import { headerText, summaryText } from "./print";
import { summarize } from "./summary";

/** `databridge synth [site…]`. */
export const addSynth = (program: Command, done: (code: number) => void): Command =>
  program
    .command("synth")
    .description("check all sites, write Terraform for all stacks, show what came of it")
    .argument("[site...]", "only the stacks of these sites")
    .option("--json", "the table as JSON; problems too")
    .action(async (sites: readonly string[], { json = false }: { json?: boolean }) => {
      const registers = soundDescription(sites, json);
      if (!registers) return done(1);
      // Loaded late: checking the description needs no engine.
      const { main } = await import("../main.js");
      const { writeSynthesized } = await import("../engine/synthesized.js");
      const stacks = registers.places.flatMap(stacksOf).filter(({ place }) => isWanted(place.site.name, sites));
      const outputs = main(registers, stacks, outdir);
      writeSynthesized(world, outputs, { complete: sites.length === 0 });
      const summary = summarize(registers, stacks, outputs);
      const seconds = Math.round(performance.now() / 10) / 100;
      if (json) console.log(JSON.stringify({ ...summary, seconds }, undefined, 2));
      else console.log(`${headerText(summary, seconds)}\n\n${summaryText(summary)}\n${written(stacks)}`);
    });

const written = ([first]: readonly StackEntry[]): string =>
  ` written   ${relative(process.cwd(), outdir) || "."}, synthesized   next: git diff synthesized · cdktf diff ${first?.name}`;
