import { appendFileSync, mkdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { type Interruption, interruptionsAfter, interruptionsAt, type Undertaking } from "../../model/closed-hours";
import { minuteText } from "../../model/hours";
import type { Registers } from "../../model/registers";
import { world } from "./description";
import { root } from "./project";
import { moments } from "./today";
import { who } from "./who";

/** What of an undertaking its tenancies' calendars refuse now. Nothing is in the sandbox, on which no forecast depends. */
export const interruptionsNow = (registers: Registers, what: Undertaking): readonly Interruption[] =>
  world.name === "sandbox"
    ? []
    : (moments()
        .map((moment) => interruptionsAt(registers, what, moment))
        .find((found) => found.length > 0) ?? []);

/** The same of what goes on for hours, and interrupts at its end: what is closed now, or will be first. */
export function interruptionsMeanwhile(registers: Registers, what: Undertaking): readonly Interruption[] {
  const found = interruptionsNow(registers, what);
  return found.length > 0 || world.name === "sandbox" ? found : interruptionsAfter(registers, what, new Date());
}

/** That somebody interrupted something in hours that were closed. */
export interface Override {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly who: string;
  readonly site: string;
  readonly incident: string;
  /** The command. */
  readonly did: string;
  readonly target: string;
  readonly interrupts: readonly string[];
  readonly why: string;
  readonly opens: string;
}

/** The log of a site: a line for each override, none of which is ever written again. */
const incidentsFile = (site: string): string => join(root, "incidents", `${site}.jsonl`);

/** What is left to do for who overrode something. */
export const toCommit = (overrides: readonly Override[]): readonly string[] =>
  [...new Set(overrides.map(({ site }) => site))].map(
    (site) => `commit ${relative(process.cwd(), incidentsFile(site))}`,
  );

/**
 * Logs that closed hours are overridden, before anything is done: what is killed has been logged. It is to be committed; it
 * stands outside of what a commit must hold before hosts are configured, so that it delays nothing.
 */
export function override(found: readonly Interruption[], did: string, incident: string): readonly Override[] {
  const at = new Date().toISOString();
  return found.map(({ site, target, interrupts, why, opens }) => {
    const line: Override = { at, who: who(), site, incident, did, target, interrupts, why, opens: minuteText(opens) };
    const file = incidentsFile(site);
    mkdirSync(dirname(file), { recursive: true });
    appendFileSync(file, `${JSON.stringify(line)}\n`);
    return line;
  });
}
