import { machinesOf } from "../../constructs/vault/machines";
import type { StackOutput } from "../../engine/app";
import { siteOfTrust } from "../../model/awaited";
import type { PlaceEntry } from "../../model/entries";
import { type Hold, holdsOf, isOver } from "../../model/holds";
import { fetchedSourcesOf } from "../../model/programs";
import { type Registers, rulesIn } from "../../model/registers";
import type { StackEntry } from "../../model/stacks";
import {
  type Awaited,
  awaited,
  flowsOf,
  grantsOf,
  isFromInternet,
  operatorOf,
  type Standing,
  standingOf,
} from "../../model/standing";
import type { Day } from "../../model/words/calendar";
import { Size } from "../../model/words/quantity";
import { type Judged, judge } from "../../policy/judge";

/** A number of something, against the quota where one is known. */
export interface Share {
  readonly taken: number;
  readonly limit: number;
}

/** One row of the table: a stack, what is in it and what it takes. */
export interface StackSummary {
  readonly site: string;
  readonly tenancy: string;
  readonly stack: string;
  readonly resources: number;
  readonly stateful: number;
  /** @default - it takes nothing of a cloud */
  readonly takes?: TenancySummary;
}

/** What a stack of a tenancy takes of its cloud, and lets through. */
export interface TenancySummary {
  readonly quota: {
    readonly vcpus: Share;
    readonly ramGiB: Share;
    readonly volumesGiB: Share;
    readonly floatingIps: Share;
  };
  readonly flows: Readonly<Record<Standing, number>>;
  /** What anybody may connect to: `22 bastion`. */
  readonly internet: readonly string[];
}

/** What a synthesis came to. */
export interface Summary {
  readonly stacks: readonly StackSummary[];
  readonly waiting: readonly Awaited[];
  /** Keys of sources that nobody has looked at: software that is built of them waits. */
  readonly sources: readonly string[];
  /** Whether it is known who signs SSH logins; no plan succeeds before. */
  readonly trusted: boolean;
  /** The site in whose lock that is, and checksums of sources. */
  readonly home: string;
  /** What is kept and no lock holds yet, as `<stack>.<address>`. */
  readonly unlocked: readonly string[];
  /** Paths of answers, formerly and retired, that no lock has anything about any more. */
  readonly over: readonly string[];
  /** What operators have to open and have not been seen to, by how far it is. */
  readonly grants: readonly { readonly operator: string; readonly grants: readonly string[]; readonly state: string }[];
  /** What is secret, what is certified, and who logs in to Vault: how many cannot yet, and how many of their keys wait for a CA. */
  readonly secrets: {
    readonly stated: number;
    readonly certificates: number;
    readonly readers: number;
    readonly waiting: number;
    readonly unsigned: number;
  };
  /** Stacks that nobody applies, and whether the day is past on which somebody had to look again. */
  readonly holds: readonly (Hold & { readonly over: boolean })[];
  /** Facts that nobody has confirmed. */
  readonly assumed: number;
  /** What the policy finds: how much has to be decided, how much somebody answers for, and when the first of that ends. */
  readonly unwise: { readonly open: number; readonly acknowledged: number; readonly until?: string };
}

export function summarize(
  registers: Registers,
  stacks: readonly StackEntry[],
  outputs: readonly StackOutput[],
  today: Day,
): Summary {
  const places = [...new Set(stacks.map(({ place }) => place))];
  const shown = outputs.filter(({ name }) => stacks.some((stack) => stack.name === name));
  const mine = (path: string) => places.some(({ site }) => path.startsWith(`${site.name}.`));
  return {
    stacks: stacks.map((stack) =>
      summarizeStack(
        registers,
        stack,
        outputs.find(({ name }) => name === stack.name),
      ),
    ),
    trusted: places.every(({ trust }) => trust.sshUserCas.length > 0),
    home: siteOfTrust(registers) ?? "<site>",
    unlocked: shown.flatMap(({ name, unlocked }) => unlocked.map((address) => `${name}.${address}`)),
    over: shown.flatMap(({ over }) => over),
    waiting: awaited(
      places.flatMap((place) => rulesIn(registers, place)),
      places,
    ),
    sources: fetchedSourcesOf(places).flatMap(({ key, sha256 }) => (sha256 === undefined ? [key] : [])),
    grants: unprovenGrants(registers, places),
    secrets: secretsIn(registers, places),
    holds: holdsOf(registers)
      .filter(({ stack }) => stacks.some(({ name }) => name === stack))
      .map((hold) => ({ ...hold, over: isOver(hold, today) })),
    assumed: registers.assumptions.filter(({ path }) => mine(path)).length,
    unwise: unwiseIn(judge(registers, today), mine),
  };
}

function unwiseIn({ findings, problems }: Judged, mine: (path: string) => boolean): Summary["unwise"] {
  const ends = findings.flatMap(({ target, acknowledged }) => (mine(target) ? (acknowledged?.until ?? []) : [])).sort();
  const open = problems.filter(({ path }) => mine(path) || path.startsWith("policy.")).length;
  const [until] = ends;
  return { open, acknowledged: ends.length, ...(until === undefined ? {} : { until }) };
}

function summarizeStack(
  registers: Registers,
  { name, kind, place }: StackEntry,
  output: StackOutput | undefined,
): StackSummary {
  return {
    site: place.site.name,
    tenancy: place.name,
    stack: name,
    resources: output?.resources ?? 0,
    stateful: output?.stateful.length ?? 0,
    ...(kind === "tenancy" ? { takes: takenBy(place, registers) } : {}),
  };
}

function secretsIn(registers: Registers, places: readonly PlaceEntry[]): Summary["secrets"] {
  const here = ({ place }: { readonly place: PlaceEntry }): boolean => places.includes(place);
  const readers = machinesOf(registers).filter(here);
  return {
    stated: registers.secrets.filter(here).length,
    certificates: registers.certificates.filter(here).length,
    readers: readers.length,
    waiting: readers.filter(({ from }) => from === "not learned").length,
    unsigned: readers.flatMap(({ signs }) => signs).filter(({ cas }) => cas.length === 0).length,
  };
}

function takenBy(place: PlaceEntry, registers: Registers): TenancySummary {
  const { quota } = place.tenancy;
  const capacity = registers.capacity.get(place.id);
  const share = (key: "vcpus" | "ram" | "gigabytes" | "floatingIps"): Share => ({
    taken: capacity?.[key] ?? 0,
    limit: gibOf(quota[key]),
  });
  const flows = flowsOf(place, registers.flows);
  const count = (standing: Standing) => flows.filter((flow) => standingOf(flow, place) === standing).length;
  return {
    quota: {
      vcpus: share("vcpus"),
      ramGiB: share("ram"),
      volumesGiB: share("gigabytes"),
      floatingIps: share("floatingIps"),
    },
    flows: { open: count("open"), waiting: count("waiting"), granted: count("granted") },
    internet: flows.filter(isFromInternet).map(({ traffic, relay, to }) => {
      const door = relay ?? { traffic, party: to };
      return `${door.traffic.from} ${"group" in door.party ? door.party.group.role : ""}`;
    }),
  };
}

function unprovenGrants({ sites, flows }: Registers, places: readonly PlaceEntry[]): Summary["grants"] {
  const lines = new Map<string, { operator: string; grants: string[]; state: string }>();
  for (const { grant, place, is } of places.flatMap((place) => grantsOf(place, flows))) {
    if (is?.state === "proven") continue;
    const operator = operatorOf(grant, sites);
    const state = is ? `${is.state}, ${is.ticket}` : "to be asked for";
    const line = lines.get(`${operator} ${state}`) ?? { operator, grants: [], state };
    line.grants.push(`${grant} for ${place.id}`);
    lines.set(`${operator} ${state}`, line);
  }
  return [...lines.values()];
}

const gibOf = (limit: number | Size): number => (limit instanceof Size ? limit.gib : limit);
