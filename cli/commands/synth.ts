import { relative } from "node:path";
import type { Registers } from "../../model/registers";
import { stacksOf } from "../../model/stacks";
import { summarize } from "../print/summary";
import { headerText, nextText, summaryText } from "../print/summary-table";
import { isWanted, outdir, soundDescription, tell, world } from "../project/description";
import { today } from "../project/today";

interface Options {
  readonly json?: boolean;
  readonly check?: boolean;
}

/** `databridge synth [site…]`. @returns the exit code */
export async function runSynth(sites: readonly string[], { json = false, check = false }: Options): Promise<number> {
  const begun = performance.now();
  const registers = soundDescription(sites, json);
  if (!registers) return 1;
  const synthesized = await synthesize(registers, json, check);
  if (!synthesized) return 1;
  const { outputs, changed } = synthesized;
  const stacks = registers.places.flatMap(stacksOf).filter(({ place }) => isWanted(place.site.name, sites));
  const summary = summarize(registers, stacks, outputs, today());
  const seconds = Math.round((performance.now() - begun) / 100) / 10;
  if (json) console.log(JSON.stringify({ ...summary, changed, seconds }, undefined, 2));
  else {
    console.log(`${headerText(summary, seconds)}\n\n${summaryText(summary)}`);
    console.log(
      nextText({
        changed,
        check,
        stacks: outputs.map(({ name }) => name),
        outdir: relative(process.cwd(), outdir) || ".",
      }),
    );
  }
  const unlocked = outputs.some(({ unlocked }) => unlocked.length > 0);
  if (check && unlocked && !json) console.error("fails: something is kept that no lock holds · databridge lock");
  return check && (changed.length > 0 || unlocked) ? 1 : 0;
}

/** Writes all output, or tells why not. */
async function synthesize(registers: Registers, json: boolean, check: boolean) {
  // Loaded late: checking the description needs no engine.
  const { Refused } = await import("../../engine/refused.js");
  const { withoutTraces } = await import("../../engine/traces.js");
  try {
    const { main } = await import("../../main.js");
    const { outdated, writeSynthesized } = await import("../../engine/synthesized.js");
    const outputs = withoutTraces(() => main(registers, outdir, world.name));
    if (process.env.CDKTF_OUTDIR !== undefined) return { outputs, changed: [] };
    return { outputs, changed: check ? outdated(world, outputs) : writeSynthesized(world, outputs) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    tell(error.problems, json);
    return undefined;
  }
}
