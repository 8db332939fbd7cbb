import fc from "fast-check";
import type { Step } from "../../model/steps";
import { type Outcome, type Progress, run } from "../../operate/run";

const step = (id: string, ...needs: readonly string[]): Step => ({ id, kind: "stack", needs, what: "" });
const soon = () => new Promise((resolve) => setImmediate(resolve));

/** Runs steps, of which some fail; tells what came of each, and what happened in which order. */
async function ran(
  steps: readonly Step[],
  {
    failing = [],
    parallel = 9,
    stopAfter,
  }: { failing?: readonly string[]; parallel?: number; stopAfter?: string } = {},
) {
  const events: string[] = [];
  const is = { running: 0, most: 0, stopped: false };
  const outcomes = await run({
    steps,
    parallel,
    isStopped: () => is.stopped,
    onProgress: (each: Step, progress: Progress) => events.push(`${each.id} ${progress}`),
    perform: async ({ id }) => {
      is.most = Math.max(is.most, ++is.running);
      await soon();
      is.running -= 1;
      if (id === stopAfter) is.stopped = true;
      if (failing.includes(id)) throw new Error(`${id} broke`);
      return `did ${id}`;
    },
  });
  return { outcomes, events, most: is.most, progress: Object.fromEntries(outcomes.map(toEntry)) };
}
const toEntry = ({ step: { id }, progress }: Outcome) => [id, progress] as const;

test("a step begins once all that it needs is done, and tells what it came to", async () => {
  const { events, outcomes } = await ran([step("a"), step("b", "a"), step("c", "a", "b")]);
  expect(events).toEqual(["a running", "a done", "b running", "b done", "c running", "c done"]);
  expect(outcomes.map(({ what }) => what)).toEqual(["did a", "did b", "did c"]);
});

test("where one fails, what needs it is skipped, however far, and the others go on", async () => {
  const { outcomes } = await ran([step("a"), step("b", "a"), step("c", "b"), step("d"), step("e", "d")], {
    failing: ["a"],
  });
  expect(outcomes.map(({ step: { id }, progress, what }) => [id, progress, what])).toEqual([
    ["a", "failed", "a broke"],
    ["b", "skipped", "after a"],
    ["c", "skipped", "after b"],
    ["d", "done", "did d"],
    ["e", "done", "did e"],
  ]);
});

test("a need that is not among the steps is somebody else's, and holds nothing up", async () => {
  expect((await ran([step("a", "elsewhere")])).progress).toEqual({ a: "done" });
});

test("once stopped nothing begins; what runs goes on to its end", async () => {
  const { progress } = await ran([step("a"), step("b"), step("c", "a"), step("d", "b")], { stopAfter: "a" });
  expect(progress).toEqual({ a: "done", b: "done", c: "skipped", d: "skipped" });
});

test("any graph: nothing before its needs, each once, never more at a time than may be", async () => {
  const graphs = fc
    .array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 12 })
    .map((all) => all.map((needs, i) => step(`s${i}`, ...(i === 0 ? [] : needs.map((n) => `s${n % i}`)))));
  await fc.assert(
    fc.asyncProperty(
      graphs,
      fc.array(fc.nat(), { maxLength: 3 }),
      fc.integer({ min: 1, max: 4 }),
      async (steps, f, parallel) => {
        const failing = f.map((n) => `s${n % steps.length}`);
        const { events, progress, most } = await ran(steps, { failing, parallel });
        expect(most).toBeLessThanOrEqual(parallel);
        expect(Object.keys(progress)).toHaveLength(steps.length);
        for (const { id, needs } of steps) {
          const begun = events.indexOf(`${id} running`);
          const sound = needs.every((need) => progress[need] === "done");
          expect(begun >= 0).toBe(sound);
          for (const need of begun < 0 ? [] : needs) expect(events.indexOf(`${need} done`)).toBeLessThan(begun);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test("what is held is told, and done by nobody; what it holds up says so itself, and the rest goes on", async () => {
  const held = { ...step("a"), held: "held by Ada" };
  const { outcomes, events } = await ran([held, step("learn", "a"), { ...step("b", "a"), held: "after a" }]);
  expect(outcomes.map(({ step: { id }, progress, what }) => [id, progress, what])).toEqual([
    ["a", "held", "held by Ada"],
    ["learn", "done", "did learn"],
    ["b", "held", "after a"],
  ]);
  expect(events).not.toContain("a running");
});
