import { heldText, holdAgainstDestroying } from "../model/holds";
import type { Registers } from "../model/registers";
import { reversed, type Step, stepsOf, without } from "../model/steps";

/** What is done with each stack. */
export type Act = "apply" | "plan" | "apply plans" | "destroy";

export interface ActProps {
  readonly act: Act;
  /** Whether something is done for a site. */
  readonly isWanted: (site: string) => boolean;
  /** Whether its hosts are configured too. Only who applies does that. */
  readonly configures: (site: string) => boolean;
}

/** What of the graph a run does, in its order, also by way of what the run leaves to people or to other sites. */
export function stepsOfAct(registers: Registers, { act, isWanted, configures }: ActProps): readonly Step[] {
  const all = stepsOf(registers);
  const isMine = ({ kind, site }: Step): boolean => kind !== "person" && site !== undefined && isWanted(site);
  const learned = new Set(all.filter((step) => isMine(step) && step.kind === "learn").map(({ id }) => id));
  if (act === "apply")
    return without(all, (step) => {
      // To apply once more what waits for another site alone would bring nothing.
      const isAgain = step.id.endsWith(" again") && !step.needs.some((need) => learned.has(need));
      return !isMine(step) || isAgain || (step.kind === "configure" && !configures(step.site ?? ""));
    });
  const firsts = new Map([...all].reverse().flatMap(({ stack, id }) => (stack === undefined ? [] : [[stack, id]])));
  const once = without(all, (step) => !isMine(step) || firsts.get(step.stack ?? "") !== step.id);
  if (act === "destroy") return reversed(once).map((step) => heldFrom(step, registers));
  // To plan is to read.
  return act === "plan" ? once.map(({ held: _, ...step }) => step) : once;
}

/** What stands on a stack is held by nobody who takes the stack away. */
function heldFrom({ held: _, ...step }: Step, registers: Registers): Step {
  const hold = step.stack === undefined ? undefined : holdAgainstDestroying(registers, step.stack);
  return hold ? { ...step, held: heldText(hold, step.stack) } : step;
}
