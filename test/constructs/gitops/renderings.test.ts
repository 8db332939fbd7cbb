import { alg, Graph } from "@dagrejs/graphlib";
import { graphMermaid, graphText } from "../../../cli/print/step-graph";
import { type GraphStep, graphOf } from "../../../model/graph";
import { identityOf } from "../../../model/site/identity";
import { closureOf, type Step } from "../../../model/steps";
import { type ActProps, stepsOfAct } from "../../../operate/acts";
import { applyPipeline } from "../../../operate/gitlab/apply-pipeline";
import { type CustomResource, ours, terraformsOf } from "./platform";

const { registers } = ours();
const { steps } = graphOf(registers);
const { pipelines } = identityOf(registers.sites);
if (!pipelines) throw new Error("the sites have no pipelines");

/** Which step comes before which other. */
type Order = ReadonlySet<string>;
const pair = (before: string, after: string): string => `${before} < ${after}`;

const ofJson = (all: readonly GraphStep[]): Order =>
  new Set(all.flatMap(({ id, needs }) => needs.map((need) => pair(need, id))));

/** Lines of a flowchart: `  s1["id"]`, with brackets of a shape and maybe a class, and `  s1 --> s2`. */
function ofMermaid(text: string): { readonly ids: readonly string[]; readonly order: Order } {
  const [first, ...lines] = text.split("\n");
  expect(first).toBe("flowchart LR");
  const names = new Map<string, string>();
  const order = new Set<string>();
  for (const line of lines) {
    const node = /^ {2}(s\d+)[[(/]+"(.+)"[\])/]+(:::bootstrap)?$/.exec(line);
    const edge = /^ {2}(s\d+) --> (s\d+)$/.exec(line);
    if (node) names.set(`${node[1]}`, `${node[2]}`.replaceAll("#quot;", '"'));
    else if (edge) order.add(pair(`${names.get(`${edge[1]}`)}`, `${names.get(`${edge[2]}`)}`));
    else expect(line).toBe("  classDef bootstrap stroke-width:3px");
  }
  return { ids: [...names.values()], order };
}

/** Waves of text, from what stands after `after`: ids hold commas, so that they are taken away one by one. */
function ofText(text: string): { readonly ids: readonly string[]; readonly order: Order } {
  const known = steps.map(({ id }) => id);
  const longest = [...known].sort((a, b) => b.length - a.length);
  const order = new Set<string>();
  const ids: string[] = [];
  for (const line of text.split("\n")) {
    const head = /^ {2}(?:stack|learn|configure|person) +(.+)$/.exec(line);
    const after = /^ +after (.+)$/.exec(line);
    if (head) ids.push(longest.find((id) => `${head[1]}`.startsWith(`${id} · `)) ?? `unknown: ${line}`);
    let rest = after?.[1] ?? "";
    while (rest !== "") {
      const need = longest.find((id) => rest === id || rest.startsWith(`${id}, `));
      if (need === undefined) throw new Error(`unknown: ${rest}`);
      order.add(pair(need, `${ids.at(-1)}`));
      rest = rest.slice(need.length + 2);
    }
  }
  return { ids, order };
}

/** Pairs of names, all that follow from those that are said. */
function closed(nodes: readonly string[], edges: readonly (readonly [string, string])[]): ReadonlySet<string> {
  const graph = new Graph();
  for (const node of nodes) graph.setNode(node);
  for (const [before, after] of edges) graph.setEdge(before, after);
  expect(alg.isAcyclic(graph)).toBe(true);
  const all = alg.dijkstraAll(graph);
  return new Set(
    nodes.flatMap((from) =>
      nodes.flatMap((to) => (from !== to && `${all[from]?.[to]?.distance}` !== "Infinity" ? [pair(from, to)] : [])),
    ),
  );
}

/** What a controller is told of stacks, from the steps alone: those that are bootstrap are behind it. */
function ofSteps(): { readonly stacks: readonly string[]; readonly order: ReadonlySet<string> } {
  const left = steps.filter(({ bootstrap }) => !bootstrap);
  const ids = left.map(({ id }) => id);
  const before = closed(
    ids,
    left.flatMap(({ id, needs }) => needs.flatMap((need) => (ids.includes(need) ? [[need, id] as const] : []))),
  );
  // The first time that a stack is applied.
  const firsts = left.filter(({ stack }, i) => stack && left.findIndex((each) => each.stack === stack) === i);
  return {
    stacks: firsts.flatMap(({ stack }) => stack ?? []).sort(),
    order: new Set(
      firsts.flatMap((one) =>
        firsts.flatMap((other) => (before.has(pair(one.id, other.id)) ? [pair(`${one.stack}`, `${other.stack}`)] : [])),
      ),
    ),
  };
}

const ofObjects = (all: readonly CustomResource[]) => ({
  stacks: all.map(({ metadata }) => metadata.name).sort(),
  order: closed(
    all.map(({ metadata }) => metadata.name),
    all.flatMap(({ metadata, spec }) => (spec.dependsOn ?? []).map(({ name }) => [name, metadata.name] as const)),
  ),
});

test("text and Mermaid have the steps of the JSON, in its order", () => {
  const said = { ids: steps.map(({ id }) => id).sort(), order: ofJson(steps) };
  for (const { ids, order } of [ofMermaid(graphMermaid(steps)), ofText(graphText(steps))])
    expect({ ids: [...ids].sort(), order }).toEqual(said);
});

test("a step, or a need, that a drawing lacks is found", () => {
  const text = graphMermaid(steps);
  const edge = /^ {2}s\d+ --> s\d+\n/m;
  expect(ofMermaid(text.replace(edge, "")).order).not.toEqual(ofJson(steps));
  expect(ofText(graphText(steps).replace(/\n +after .+/, "")).order).not.toEqual(ofJson(steps));
});

test("objects of the controller are all stacks that are not bootstrap, in the order of the graph", () => {
  expect(ofObjects(terraformsOf(registers))).toEqual(ofSteps());
  expect(ofSteps().stacks).toHaveLength(11);
});

test("another order of objects, or one too few, is found", () => {
  const all = terraformsOf(registers);
  const [last] = [...all].reverse();
  expect(ofObjects(all.slice(1)).stacks).not.toEqual(ofSteps().stacks);
  const others = all.map((each) => (each === last ? { ...each, spec: { ...each.spec, dependsOn: [] } } : each));
  expect(ofObjects(others).order).not.toEqual(ofSteps().order);
});

test("no object says what another already implies", () => {
  for (const { spec } of terraformsOf(registers)) {
    const names = (spec.dependsOn ?? []).map(({ name }) => name);
    const { order } = ofObjects(terraformsOf(registers));
    for (const one of names) for (const other of names) expect(order.has(pair(one, other))).toBe(false);
  }
});

/** Which of some stacks comes before which other, the first time that each is applied. */
function orderOf(all: readonly Pick<Step, "id" | "stack" | "needs">[], isAsked = (_: string) => true): Order {
  const firsts = all.filter(
    ({ stack }, i) => stack !== undefined && isAsked(stack) && all.findIndex((each) => each.stack === stack) === i,
  );
  return new Set(
    firsts.flatMap(({ id, stack }) => {
      const before = closureOf(all, id);
      return firsts.flatMap((other) => (before.has(other.id) ? [pair(`${other.stack}`, `${stack}`)] : []));
    }),
  );
}
const backwards = (order: Order): Order =>
  new Set([...order].map((each) => each.split(" < ")).map(([before, after]) => pair(`${after}`, `${before}`)));

const names = registers.sites.map(({ name }) => name);
const runs: readonly (readonly [string, readonly string[]])[] = [
  ["all sites", names],
  ...names.map((name) => [name, [name]] as const),
];

test.each(runs)("databridge deploy has the order of the graph, forwards and backwards, for %s", (_, sites) => {
  const done = (props: Pick<ActProps, "act" | "configures">) =>
    orderOf(stepsOfAct(registers, { isWanted: (site) => sites.includes(site), ...props }));
  const told = orderOf(steps, (stack) => steps.some((step) => step.stack === stack && sites.includes(`${step.site}`)));
  for (const configured of [true, false]) {
    const configures = () => configured;
    for (const act of ["apply", "plan", "apply plans"] as const) expect(done({ act, configures })).toEqual(told);
    expect(backwards(done({ act: "destroy", configures }))).toEqual(told);
  }
});

test("a pipeline of GitLab has it too, also for any two stacks that alone have work", () => {
  const rendered = (has: (stack: string) => boolean, hostsDiffer: () => boolean) =>
    Object.entries(applyPipeline(registers, pipelines, { hasWork: has, differs: has, hostsDiffer }).jobs).map(
      ([id, { needs = [] }]) => ({
        id,
        ...(id.startsWith("apply ") && { stack: `${id.split(" ")[1]}` }),
        needs: needs.flatMap((need) => (typeof need === "string" ? [need] : [])),
      }),
    );
  const told = orderOf(steps);
  for (const configured of [true, false])
    expect(
      orderOf(
        rendered(
          () => true,
          () => configured,
        ),
      ),
    ).toEqual(told);
  const alone = [...told].filter((each) => {
    const jobs = rendered(
      (stack) => each.split(" < ").includes(stack),
      () => false,
    );
    // What is done by hand, and for nobody, is no job.
    const stacks = jobs.flatMap(({ stack }) => stack ?? []);
    return each.split(" < ").every((stack) => stacks.includes(stack)) && !orderOf(jobs).has(each);
  });
  expect(alone).toEqual([]);
});
