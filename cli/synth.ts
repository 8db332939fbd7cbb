import { relative } from "node:path";
import type { Command } from "commander";
import type { Registers } from "../model/registers";
import { stacksOf } from "../model/stacks";
import { isWanted, outdir, soundDescription, tell, world } from "./description";
import { headerText, nextText, summaryText } from "./print";
import { summarize } from "./summary";

interface Options {
  readonly json?: boolean;
  readonly check?: boolean;
}

/** `databridge synth [site…]`. */
export const addSynth = (program: Command, done: (code: number) => void): Command =>
  program
    .command("synth")
    .description("check all sites, write Terraform for all stacks, show what came of it")
    .argument("[site...]", "show the stacks of these sites; all are written")
    .option("--json", "the table as JSON; problems too")
    .option("--check", "fail if synthesized/ is not what the sites give, instead of writing it")
    .action(async (sites: readonly string[], { json = false, check = false }: Options) => {
      const begun = performance.now();
      const registers = soundDescription(sites, json);
      if (!registers) return done(1);
      const synthesized = await synthesize(registers, json, check);
      if (!synthesized) return done(1);
      const { outputs, changed } = synthesized;
      const stacks = registers.places.flatMap(stacksOf).filter(({ place }) => isWanted(place.site.name, sites));
      const summary = summarize(registers, stacks, outputs);
      const seconds = Math.round((performance.now() - begun) / 100) / 10;
      if (json) console.log(JSON.stringify({ ...summary, changed, seconds }, undefined, 2));
      else {
        console.log(`${headerText(summary, seconds)}\n\n${summaryText(summary)}`);
        console.log(nextText({ changed, check, outdir: relative(process.cwd(), outdir) || "." }));
      }
      if (check && changed.length > 0) done(1);
    });

/** Writes all output, or tells why not. */
async function synthesize(registers: Registers, json: boolean, check: boolean) {
  // Loaded late: checking the description needs no engine.
  const { Refused } = await import("../engine/refused.js");
  const { withoutTraces } = await import("../engine/traces.js");
  try {
    const { main } = await import("../main.js");
    const { outdated, writeSynthesized } = await import("../engine/synthesized.js");
    const outputs = withoutTraces(() => main(registers, outdir));
    if (process.env.CDKTF_OUTDIR !== undefined) return { outputs, changed: [] };
    return { outputs, changed: check ? outdated(world, outputs) : writeSynthesized(world, outputs) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    tell(error.problems, json);
    return undefined;
  }
}
