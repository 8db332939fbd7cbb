import { alg, Graph } from "@dagrejs/graphlib";
import { siteOfTrust } from "./awaited";
import type { PlaceEntry } from "./entries";
import { heldText, holdOf } from "./holds";
import { hpcLogins } from "./hpc-logins";
import { fetchedSourcesOf } from "./programs";
import { allRules, type Registers, rulesIn } from "./registers";
import { clusterStacks } from "./site/namespace";
import type { PlaceName } from "./site/place-name";
import { awaitedForLogin } from "./site/supercomputer";
import { type StackEntry, stacksOf } from "./stacks";
import { type Awaited, awaited, grantsOf, isGiven, shownSource } from "./standing";

/** Something to be done: an engine applies a `stack`, what clouds gave is `learn`ed, Ansible `configure`s hosts, a `person` asks or makes. */
export interface Step {
  /** Unique, and the same in every rendering: `apply lumi-production-tenancy`. */
  readonly id: string;
  readonly kind: "stack" | "learn" | "configure" | "person";
  /** The site that it is for. @default - the whole platform */
  readonly site?: string;
  /** The tenancy there. @default - all of them */
  readonly tenancy?: string;
  /** The stack that is applied, and what it is of. @default - none is */
  readonly stack?: string;
  readonly of?: StackEntry["kind"];
  /** What it may restart, make anew or cut off; whether it does, a plan tells. @default - nothing */
  readonly interrupts?: (typeof interruptions)[number];
  /** Ids of the steps that come before it. */
  readonly needs: readonly string[];
  readonly what: string;
  /** Why nobody does it: its stack is held, or one that it needs. @default - it is not */
  readonly held?: string;
}

/** Hosts and what runs on them, pods, or the logins of both to Vault. */
export const interruptions = ["hosts", "pods", "logins"] as const;

/**
 * Everything that has to be done, as far as description and locks tell, none before what it needs.
 *
 * What was learned lets a stack be applied once more. What somebody is asked holds nothing up: the answer is an edit of a
 * site file, and with it comes another graph.
 */
export function stepsOf(registers: Registers): readonly Step[] {
  const { places, sites } = registers;
  const home = siteOfTrust(registers) ?? "<site>";
  const trust = trustStepsOf(places, home);
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
  const ask = awaited(allRules(registers), places).flatMap(({ from, rules, addresses }): readonly Step[] =>
    "ask" in from ? [{ id: askId(from), kind: "person", needs: [], what: askedFor(rules, addresses) }] : [],
  );
  const grants = places.flatMap((place) => grantStepsOf(place, registers));
  const again = places.flatMap((place) => againStepsOf(place, registers));
  const configure = sites.flatMap(({ name }) => configureStepsOf(name, places, [...learn, ...again]));
  const vault = places.flatMap((place) => vaultStepsOf(place, registers, home));
  const vaults = places.flatMap(stacksOf).filter(({ kind: of }) => of === "vault");
  const enrolled = new Set(
    vault.flatMap(({ id, site }) => (id === `enrol ${site}` && site !== undefined ? [site] : [])),
  );
  const clusters = places.flatMap((place) => clusterStepsOf(place, vaults, enrolled));
  const all = inOrder([
    ...trust,
    ...sourceStepsOf(places, home),
    ...ask,
    ...grants,
    ...apply,
    ...learn,
    ...again,
    ...configure,
    ...vault,
    ...clusters,
  ]);
  return withHolds(testedFirst(all, places), registers);
}

/** What production waits for or is, last: so that of two that need not wait for each other the one that is not production comes first. */
function testedFirst(steps: readonly Step[], places: readonly PlaceEntry[]): readonly Step[] {
  const production = new Set(
    places.filter(({ tenancy }) => tenancy.environment === "production").map((place) => placeKey(within(place))),
  );
  const late = new Set<string>();
  // What is needed stands before: so does its rank.
  for (const step of steps)
    if (production.has(placeKey(step)) || step.needs.some((need) => late.has(need))) late.add(step.id);
  return [...steps.filter(({ id }) => !late.has(id)), ...steps.filter(({ id }) => late.has(id))];
}

const placeKey = ({ site, tenancy }: Pick<Step, "site" | "tenancy">): string => `${site}.${tenancy}`;

/**
 * What is held, and what it holds up. To learn is to read, and goes on; hosts are configured but for those of a tenancy that
 * is held, which what stands on the tenancy knows by itself.
 */
function withHolds(steps: readonly Step[], registers: Registers): readonly Step[] {
  const held = new Map<string, string>();
  return steps.map((step) => {
    const hold = step.stack === undefined ? undefined : holdOf(registers, step.stack);
    const after = ["stack", "person"].includes(step.kind) ? step.needs.find((need) => held.has(need)) : undefined;
    const why = hold ? heldText(hold, step.stack) : after && `after ${after}, which is held`;
    if (why === undefined) return step;
    held.set(step.id, why);
    return { ...step, held: why };
  });
}

const trustStepsOf = (places: readonly PlaceEntry[], home: string): readonly Step[] =>
  places.every(({ trust }) => trust.sshUserCas.length > 0)
    ? []
    : [
        {
          id: "make ssh-user-ca",
          kind: "person",
          needs: [],
          what: `a CA that signs SSH logins: databridge bootstrap-ca <folder>; then databridge learn ${home} trust.sshUserCa="ssh-ed25519 …"`,
        },
      ];

/** Software waits for people who look at what it is built from. */
function sourceStepsOf(places: readonly PlaceEntry[], home: string): readonly Step[] {
  const unknown = fetchedSourcesOf(places).filter(({ sha256 }) => sha256 === undefined);
  return unknown.length === 0
    ? []
    : [
        {
          id: "look at sources",
          kind: "person",
          needs: [],
          what: `${unknown.length} whose checksum nobody knows: databridge learn ${home} lists them, docs/runbooks/modules.md`,
        },
      ];
}

/** The id of the step in which somebody is asked for what will come from there. */
export const askId = (from: Awaited["from"]): string => `ask ${shownSource(from)}`;

const askedFor = (rules: number, addresses: readonly string[]): string =>
  rules === 0 ? `the address of ${addresses.join(", ")}` : `${counted(rules)} for ${addresses.join(", ")}`;

/** What operators have to open and have not. */
const grantStepsOf = (place: PlaceEntry, { flows }: Registers): readonly Step[] =>
  grantsOf(place, flows)
    .filter(({ is }) => !isGiven(is))
    .map(({ grant, flows, is }) => ({
      id: `ask for ${grant} of ${place.id}`,
      kind: "person",
      ...within(place),
      needs: [],
      what: `${flows.map(({ why }) => why).join("; ")}${is ? ` (${is.state}, ${is.ticket})` : ""}; the answer into grants of sites/${place.site.name}.ts`,
    }));

const applyStepsOf = (place: PlaceEntry, before: readonly Step[]): readonly Step[] =>
  tenanciesOf(place).map((stack) => ({
    ...applying(stack),
    needs: before.map(({ id }) => id),
    what: "all that waits for nothing",
  }));

/** What is the same of every step that applies a stack. */
const applying = ({ name, kind, place }: StackEntry) => {
  const interrupts = interruptedBy(kind, place);
  return {
    id: `apply ${name}`,
    kind: "stack" as const,
    ...within(place),
    stack: name,
    of: kind,
    ...(interrupts === undefined ? {} : { interrupts }),
  };
};

const within = ({ site, name }: PlaceEntry) => ({ site: site.name, tenancy: name });

/** What an apply may do at worst to what a stack holds. */
function interruptedBy(kind: StackEntry["kind"], place: PlaceEntry): Step["interrupts"] {
  if (kind === "vault") return "logins";
  if (kind === "tenancy") return place.hosts.length > 0 ? "hosts" : undefined;
  const mine = place.namespaces.filter(({ stack }) => stack === kind).map(({ namespace }) => namespace);
  return [...place.workloads, ...place.releases].some(({ said }) => mine.includes(said.namespace)) ? "pods" : undefined;
}

const tenanciesOf = (place: PlaceEntry): readonly StackEntry[] =>
  stacksOf(place).filter(({ kind }) => kind === "tenancy");

/**
 * Vault is configured once its servers run and somebody has unsealed it. Hosts log in from addresses that their clouds gave; where one
 * is not learned they have no login, and cannot be enrolled. They have keys signed by CAs that are learned.
 */
function vaultStepsOf(place: PlaceEntry, registers: Registers, home: string): readonly Step[] {
  const { places } = registers;
  const readers = places.filter(({ agents }) => agents.some(({ said: { at } }) => isAt(place, at)));
  const sites = [...new Set(readers.map(({ site }) => site.name))];
  const { sshHostCas, sshOutwardCas } = place.trust;
  const outward = hpcLogins({ ...registers, places: readers }).some(
    ({ supercomputer: { auth } }) => auth.kind === "signed-key",
  );
  const awaitedCas = [
    ...(readers.length > 0 && sshHostCas.length === 0
      ? [{ of: "host keys", key: "sshHostCa", mount: "ssh-hosts" }]
      : []),
    ...(outward && sshOutwardCas.length === 0
      ? [{ of: "logins to supercomputers", key: "sshOutwardCa", mount: "ssh-outward" }]
      : []),
  ];
  return stacksOf(place)
    .filter(({ kind }) => kind === "vault")
    .flatMap((stack): readonly Step[] => [
      {
        id: `unseal ${place.id}`,
        kind: "person",
        ...within(place),
        needs: [`configure ${place.site.name}`],
        what: "initialise Vault, the first time; unseal it; export VAULT_ADDR and VAULT_TOKEN",
      },
      {
        ...applying(stack),
        needs: [`unseal ${place.id}`, ...sites.map((site) => `learn ${site}`)],
        what: "who reads, writes and is issued what, at all sites",
      },
      ...awaitedCas.map(
        ({ of, key, mount }): Step => ({
          id: `learn the CA of ${of}`,
          kind: "person",
          ...within(place),
          needs: [`apply ${stack.name}`],
          what: `databridge learn ${home} trust.${key}="$(bao read -field=public_key ${mount}/config/ca)"`,
        }),
      ),
      ...sites.map(
        (site): Step => ({
          id: `enrol ${site}`,
          kind: "person",
          site,
          interrupts: "hosts",
          needs: [`apply ${stack.name}`, ...awaitedCas.map(({ of }) => `learn the CA of ${of}`), `configure ${site}`],
          what: `its hosts log in to Vault: databridge configure ${site}, with VAULT_ADDR and VAULT_TOKEN of who owns them`,
        }),
      ),
    ]);
}

const isAt = ({ site, name }: PlaceEntry, at: PlaceName): boolean => site.name === at.site && name === at.tenancy;

/** What stands on a cluster comes once the cluster does; first what the rest of it counts on. */
function clusterStepsOf(
  place: PlaceEntry,
  vaults: readonly StackEntry[],
  enrolled: ReadonlySet<string>,
): readonly Step[] {
  const site = place.site.name;
  const stacks = stacksOf(place).filter(({ kind }) => clusterStacks.some((each) => each === kind));
  const [cluster] = place.clusters;
  // Nodes get their tokens from Vault, and join nobody whose CA is not known.
  const isOurs = cluster?.said.nodes !== undefined;
  const up = isOurs ? [`configure ${site}`, ...(enrolled.has(site) ? [`enrol ${site}`] : [])] : [];
  const authority: readonly Step[] =
    cluster?.said.product === "rke2" && place.clusterCa === undefined
      ? [
          {
            id: `learn the CA of ${place.id}`,
            kind: "person",
            ...within(place),
            interrupts: "hosts",
            needs: up,
            what: `databridge learn ${site} ${place.name}.clusterCa=…, and databridge configure ${site} once more: docs/runbooks/cluster.md`,
          },
        ]
      : [];
  const configured = [...up.slice(0, 1), ...(authority.length > 0 ? authority.map(({ id }) => id) : up.slice(1))];
  const before = (kind: StackEntry["kind"]): readonly string[] =>
    stacks
      .slice(
        0,
        stacks.findIndex((stack) => stack.kind === kind),
      )
      .map(({ name }) => `apply ${name}`);
  const reads = place.reads.some(({ said }) => "workload" in said.by);
  const keys: readonly Step[] =
    reads && place.clusterKey === undefined
      ? [
          {
            id: `learn the key of ${place.id}`,
            kind: "person",
            ...within(place),
            needs: configured,
            what: `databridge learn ${site} ${place.name}.clusterKey=…, and Vault's stack once more: docs/runbooks/cluster.md`,
          },
        ]
      : [];
  const secrets = reads ? [...vaults.map(({ name }) => `apply ${name}`), ...keys.map(({ id }) => id)] : [];
  return [
    ...authority,
    ...keys,
    ...stacks.map(
      (stack): Step => ({
        ...applying(stack),
        needs: [...configured, ...before(stack.kind), ...secrets],
        what: clusterStackDoes[stack.kind] ?? "",
      }),
    ),
    ...softwareStepsOf(place),
  ];
}

/** Where no job can log in by itself, somebody has to, once that can be done at all. */
const softwareStepsOf = (place: PlaceEntry): readonly Step[] =>
  place.modules.flatMap(({ said }): readonly Step[] => {
    const { id, site, tenancy, workloads } = place;
    const runs = workloads.find(({ said: { workload } }) => workload === said.workload)?.said.runs;
    const suspended = runs && "suspended" in runs ? runs.suspended : undefined;
    const { supercomputer } = site;
    const waits = supercomputer ? awaitedForLogin(supercomputer, tenancy.environment) : [];
    return suspended === undefined || waits.length > 0
      ? []
      : [
          {
            id: `install software of ${id}`,
            kind: "person",
            ...within(place),
            needs: [],
            what: `databridge modules deploy ${site.name}, by somebody who logs in there: ${suspended}`,
          },
        ];
  });

const clusterStackDoes: Partial<Record<StackEntry["kind"], string>> = {
  "control-plane": "what coordinates all sites",
  services: "namespaces, what opens them, and what runs in them",
  modules: "the job that installs software at the supercomputer",
};

/** Rules that waited to be learned need the stack applied once more. */
function againStepsOf(place: PlaceEntry, registers: Registers): readonly Step[] {
  const waiting = awaited(rulesIn(registers, place)).filter(({ from }) => "learn" in from);
  if (waiting.length === 0) return [];
  return tenanciesOf(place).map((stack) => ({
    ...applying(stack),
    id: `apply ${stack.name} again`,
    needs: [`apply ${stack.name}`, ...waiting.flatMap(learnStepOf)],
    what: counted(waiting.reduce((sum, each) => sum + each.rules, 0)),
  }));
}

/** Hosts become what they are once their keys are learned, and nothing of their way waits for an address any more. */
function configureStepsOf(site: string, places: readonly PlaceEntry[], before: readonly Step[]): readonly Step[] {
  const hosts = places.filter((place) => place.site.name === site).flatMap((place) => place.hosts);
  if (hosts.length === 0) return [];
  const needs = before.filter((step) => step.site === site).map(({ id }) => id);
  return [
    {
      id: `configure ${site}`,
      kind: "configure",
      site,
      interrupts: "hosts",
      needs,
      what: `Ansible makes ${hosts.length} hosts what they are`,
    },
  ];
}

const learnStepOf = ({ from }: Awaited): readonly string[] => ("learn" in from ? [`learn ${from.learn}`] : []);
const counted = (rules: number): string => `${rules} ${rules === 1 ? "rule that waits" : "rules that wait"}`;

/** The same steps, each after all that it needs. @throws if they need each other in a circle */
function inOrder(steps: readonly Step[]): readonly Step[] {
  const graph = new Graph();
  for (const { id } of steps) graph.setNode(id);
  for (const { id, needs } of steps) for (const need of needs) graph.setEdge(need, id);
  const order = new Map(alg.topsort(graph).map((id, i) => [id, i]));
  return [...steps].sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));
}

/** Which steps can be done at the same time: a step's wave is the one after the latest of what it needs, from 1. */
export function wavesOf(steps: readonly Pick<Step, "id" | "needs">[]): ReadonlyMap<string, number> {
  const waves = new Map<string, number>();
  for (const { id, needs } of steps) waves.set(id, 1 + Math.max(0, ...needs.map((need) => waves.get(need) ?? 0)));
  return waves;
}

/** Some of the steps, each after those of them that it needs, also by way of what is left out. */
export function without<S extends Pick<Step, "id" | "needs">>(
  steps: readonly S[],
  isLeftOut: (step: S) => boolean,
): readonly S[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const needed = new Map<string, readonly string[]>();
  const kept = (id: string): readonly string[] => {
    const step = byId.get(id);
    if (!step) return [];
    return isLeftOut(step) ? (needed.get(id) ?? []) : [id];
  };
  // In their order what is needed comes first.
  for (const { id, needs } of steps) needed.set(id, [...new Set(needs.flatMap(kept))]);
  return steps.filter((step) => !isLeftOut(step)).map((step) => ({ ...step, needs: needed.get(step.id) ?? [] }));
}

/** The same steps the other way round: each after all that needed it. */
export function reversed<S extends Pick<Step, "id" | "needs">>(steps: readonly S[]): readonly S[] {
  const neededBy = (id: string) => steps.filter(({ needs }) => needs.includes(id)).map((step) => step.id);
  return [...steps].reverse().map((step) => ({ ...step, needs: neededBy(step.id) }));
}

/** Ids of all that a step needs, and of all that these need. */
export function closureOf(steps: readonly Pick<Step, "id" | "needs">[], id: string): ReadonlySet<string> {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const found = new Set<string>();
  const waiting = [...(byId.get(id)?.needs ?? [])];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    waiting.push(...(byId.get(next)?.needs ?? []));
  }
  return found;
}

/** Stacks that have to be applied before one can be for the first time. */
export function stacksBefore(steps: readonly Step[], stack: string): readonly string[] {
  const first = steps.find((step) => step.stack === stack);
  const before = first ? closureOf(steps, first.id) : new Set<string>();
  const stacks = steps.flatMap((step) => (step.stack !== undefined && before.has(step.id) ? [step.stack] : []));
  return [...new Set(stacks)].filter((each) => each !== stack);
}
