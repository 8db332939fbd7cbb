import { alg, Graph } from "@dagrejs/graphlib";
import type { PlaceEntry, Source } from "../model/entries";
import type { Registers } from "../model/registers";
import { stacksOf } from "../model/stacks";
import { awaited, shownSource } from "../model/standing";

/** Something to be done: an engine applies a `stack`, what clouds gave is `learn`ed, a `person` asks or answers. */
export interface Step {
  /** Unique, and the same in every rendering: `apply lumi-production-tenancy`. */
  readonly id: string;
  readonly kind: "stack" | "learn" | "person";
  /** The site that it is for. @default - the whole platform */
  readonly site?: string;
  /** Ids of the steps that come before it. */
  readonly needs: readonly string[];
  readonly what: string;
}

/** Everything that has to be done, as far as description and locks tell, none before what it needs. */
export function stepsOf(registers: Registers): readonly Step[] {
  const { places, sites } = registers;
  const trusted = places.every(({ sshUserCa }) => sshUserCa !== undefined);
  const trust: readonly Step[] = trusted
    ? []
    : [
        {
          id: "make ssh-user-ca",
          kind: "person",
          needs: [],
          what: "a CA that signs SSH logins, its public key in the lock of home",
        },
      ];
  const apply = places.flatMap((place) => applyStepsOf(place, trust));
  const learn = sites.map(({ name }): Step => {
    const needs = apply.filter(({ site }) => site === name).map(({ id }) => id);
    return {
      id: `learn ${name}`,
      kind: "learn",
      site: name,
      needs,
      what: "addresses that the cloud gave, written to the lock",
    };
  });
  const again = places.flatMap((place) => againStepsOf(place, registers));
  const ask = [...new Set(again.flatMap(({ needs }) => needs))]
    .filter((id) => id.startsWith("ask "))
    .map((id): Step => ({ id, kind: "person", needs: [], what: "the answer goes into the site file" }));
  return inOrder([...trust, ...ask, ...apply, ...learn, ...again]);
}

const applyStepsOf = (place: PlaceEntry, before: readonly Step[]): readonly Step[] =>
  stacksOf(place).map(({ name }) => ({
    id: `apply ${name}`,
    kind: "stack",
    site: place.site.name,
    needs: before.map(({ id }) => id),
    what: "all that waits for nothing",
  }));

/** Rules that waited need the stack applied once more, after what they wait for. */
function againStepsOf(place: PlaceEntry, { rules }: Registers): readonly Step[] {
  const waiting = awaited(rules.filter(({ group }) => group.place === place.id));
  const count = waiting.reduce((sum, each) => sum + each.rules, 0);
  if (count === 0) return [];
  return stacksOf(place).map(({ name }) => ({
    id: `apply ${name} again`,
    kind: "stack",
    site: place.site.name,
    needs: [`apply ${name}`, ...waiting.map(({ from }) => idOf(from))],
    what: `${count} ${count === 1 ? "rule that waits" : "rules that wait"}`,
  }));
}

const idOf = (source: Source): string => ("learn" in source ? `learn ${source.learn}` : `ask ${shownSource(source)}`);

/** The same steps, each after all that it needs. @throws if they need each other in a circle */
function inOrder(steps: readonly Step[]): readonly Step[] {
  const graph = new Graph();
  for (const { id } of steps) graph.setNode(id);
  for (const { id, needs } of steps) for (const need of needs) graph.setEdge(need, id);
  const order = new Map(alg.topsort(graph).map((id, i) => [id, i]));
  return [...steps].sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));
}

/** Which steps can be done at the same time: a step's wave is the one after the latest of what it needs, from 1. */
export function wavesOf(steps: readonly Step[]): ReadonlyMap<string, number> {
  const waves = new Map<string, number>();
  for (const { id, needs } of steps) waves.set(id, 1 + Math.max(0, ...needs.map((need) => waves.get(need) ?? 0)));
  return waves;
}
