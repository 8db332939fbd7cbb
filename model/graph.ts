import { z } from "zod";
import { bootstrapStacks } from "./bootstrap";
import type { PlaceEntry } from "./entries";
import { allRules, type Registers, rulesIn } from "./registers";
import { clusterStacks } from "./site/namespace";
import { awaited } from "./standing";
import { askId, interruptions, type Step, stepsOf } from "./steps";
import { environments } from "./words/environment";

/** A step as whoever runs the graph reads it. */
const stepSchema = z.strictObject({
  id: z.string().describe("unique, and the same in every rendering: apply lumi-production-tenancy"),
  kind: z
    .enum(["stack", "learn", "configure", "person"])
    .describe("an engine applies a stack; databridge learn; databridge configure; what no program can do"),
  site: z.string().exactOptional().describe("the site that it is for; absent: the whole platform"),
  tenancy: z.string().exactOptional().describe("the tenancy there; absent: all of the site, or of the platform"),
  environments: z
    .array(z.enum(environments))
    .min(1)
    .describe("of all tenancies that it is for, the strictest first: production, test, experiments"),
  owners: z.array(z.string()).min(1).describe("teams that answer for these tenancies, in alphabetic order"),
  stack: z.string().exactOptional().describe("the stack that it applies; of kind stack alone"),
  of: z
    .enum(["tenancy", "vault", ...clusterStacks])
    .exactOptional()
    .describe("what that stack is of"),
  bootstrap: z
    .boolean()
    .describe("never done by what runs in the control plane, which stands on it: people do it, or what runs elsewhere"),
  interrupts: z
    .enum(interruptions)
    .exactOptional()
    .describe("what it may restart, make anew or cut off at worst; a plan tells whether it does; absent: nothing"),
  held: z
    .string()
    .exactOptional()
    .describe("why nobody does it: its stack is held by somebody, or one that it needs; absent: it is not"),
  needs: z
    .array(z.string())
    .describe("ids of the steps that come before it; one that is not among the steps of the answer counts as done"),
  what: z.string().describe("in words, for people"),
});
export type GraphStep = z.output<typeof stepSchema>;

/** What `databridge graph --json` prints. Another version means that something was removed, or means something else. */
export const graphSchema = z.strictObject({
  version: z.literal(1),
  steps: z.array(stepSchema).describe("each after all that it needs"),
});
export type StepGraph = z.output<typeof graphSchema>;

/** The steps for some sites, and those that hold for all; of what others are asked, what these sites wait for. */
export function stepsFor(registers: Registers, isWanted: (site: string) => boolean): readonly GraphStep[] {
  const places = registers.places.filter(({ site }) => isWanted(site.name));
  const rules = places.flatMap((place) => rulesIn(registers, place));
  const asked = new Set(awaited(rules, places).map(({ from }) => askId(from)));
  const all = new Set(awaited(allRules(registers), registers.places).map(({ from }) => askId(from)));
  return graphOf(registers).steps.filter(({ id, site }) =>
    site === undefined ? asked.has(id) || !all.has(id) : isWanted(site),
  );
}

/** Everything that has to be done, and for whom. All that runs or shows it is a rendering of this. */
export function graphOf(registers: Registers): StepGraph {
  const { places } = registers;
  const steps = stepsOf(registers);
  const bootstrap = bootstrapStacks(places);
  const standsOn = new Set(bootstrap.map(({ place }) => place.id));
  const stacks = new Set(bootstrap.map(({ name }) => name));
  const before = neededBy(steps, ({ stack = "" }) => stacks.has(stack));
  return {
    version: 1,
    steps: steps.map(({ id, kind, needs, what, ...step }) => {
      const mine = places.filter((place) => isFor(step, place));
      return {
        id,
        kind,
        ...step,
        environments: environments.filter((each) => mine.some(({ tenancy }) => tenancy.environment === each)),
        owners: [...new Set(mine.map(({ tenancy }) => tenancy.owner))].sort(),
        bootstrap:
          step.stack === undefined ? before.has(id) && mine.some(({ id }) => standsOn.has(id)) : stacks.has(step.stack),
        needs: [...new Set(needs)],
        what,
      };
    }),
  };
}

const isFor = ({ site, tenancy }: Pick<Step, "site" | "tenancy">, place: PlaceEntry): boolean =>
  (site === undefined || site === place.site.name) && (tenancy === undefined || tenancy === place.name);

/** Ids of all that comes before some steps, however far. */
function neededBy(steps: readonly Step[], are: (step: Step) => boolean): ReadonlySet<string> {
  const needed = new Set<string>();
  for (const step of [...steps].reverse())
    if (are(step) || needed.has(step.id)) for (const need of step.needs) needed.add(need);
  return needed;
}
