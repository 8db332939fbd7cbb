import type { Step } from "../model/steps";

/** How far a step is. `skipped`: something that it needs has failed, or the run was stopped; `held`: by decision. */
export type Progress = "running" | "done" | "failed" | "skipped" | "held";

/** What a step came to. */
export interface Outcome {
  readonly step: Step;
  readonly progress: Exclude<Progress, "running">;
  readonly seconds: number;
  /** In words: `88 created`. */
  readonly what: string;
}

export interface RunProps {
  readonly steps: readonly Step[];
  /** Does a step; throws if it cannot. @returns what it came to, in words */
  readonly perform: (step: Step) => Promise<string>;
  /** Told at the beginning and at the end of each step. */
  readonly onProgress: (step: Step, progress: Progress, outcome?: Outcome) => void;
  /** How many at the same time. */
  readonly parallel: number;
  /** Once it is true, nothing begins any more; what runs goes on to its end. @default - never */
  readonly isStopped?: () => boolean;
}

/**
 * Performs steps, each after all that it needs, as many at a time as may be. Where one fails, what needs it is skipped, and
 * the others go on. A need that is not among the steps counts as done, as does one that is held: what it holds up says so itself.
 */
export async function run({ steps, perform, onProgress, parallel, isStopped = () => false }: RunProps) {
  const outcomes = new Map<string, Outcome>();
  const running = new Map<string, Promise<void>>();
  const ids = new Set(steps.map(({ id }) => id));
  const settle = (step: Step, progress: Outcome["progress"], seconds: number, what: string): void => {
    const outcome = { step, progress, seconds, what };
    outcomes.set(step.id, outcome);
    onProgress(step, progress, outcome);
  };
  const begin = async (step: Step): Promise<void> => {
    const begun = performance.now();
    const seconds = () => (performance.now() - begun) / 1000;
    onProgress(step, "running");
    try {
      const what = await perform(step);
      settle(step, "done", seconds(), what);
    } catch (error) {
      settle(step, "failed", seconds(), error instanceof Error ? error.message : String(error));
    } finally {
      running.delete(step.id);
    }
  };
  for (;;) {
    const waiting = steps.filter(({ id }) => !outcomes.has(id) && !running.has(id));
    for (const step of waiting) {
      const needs = step.needs.filter((need) => ids.has(need)).map((need) => outcomes.get(need)?.progress);
      const failed = step.needs.find((need) => ["failed", "skipped"].includes(outcomes.get(need)?.progress ?? ""));
      if (step.held !== undefined) settle(step, "held", 0, step.held);
      else if (failed !== undefined) settle(step, "skipped", 0, `after ${failed}`);
      else if (isStopped()) settle(step, "skipped", 0, "stopped");
      else if (running.size < parallel && needs.every((progress) => progress === "done" || progress === "held"))
        running.set(step.id, begin(step));
    }
    if (running.size > 0) await Promise.race(running.values());
    else if (steps.every(({ id }) => outcomes.has(id))) return steps.flatMap(({ id }) => outcomes.get(id) ?? []);
  }
}
