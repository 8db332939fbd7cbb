import { type Flow, isOurs, type Ours, type Party, type PlaceEntry, pathTo } from "../entries";
import type { Registers } from "../registers";
import { servicesOf } from "../services";
import type { StatedEcflow } from "../site/ecflow";
import { type Origin, originName } from "../site/milestone";
import type { Service } from "../site/need";
import type { Site } from "../site/site";
import { didYouMean, listed, type Problem } from "../words/problem";
import { pathOf } from "../words/record";

/**
 * What a milestone is said to come from, and could not: nothing of that name is there, nothing is brought to it, or no flow leads from it to
 * where the jobs of the server run.
 */
export const milestoneProblems = (registers: Registers): readonly Problem[] =>
  registers.places.flatMap((place) =>
    place.ecflow.flatMap(({ said, because }) =>
      Object.entries(said.milestones).flatMap(([name, { from }]) =>
        from.flatMap((origin) => {
          const wrong = whatIsWrong(origin, said, place, registers);
          return wrong ? [{ path: pathOf(because, "milestones", name, "from"), ...wrong }] : [];
        }),
      ),
    ),
  );

type Wrong = Omit<Problem, "path"> | undefined;

function whatIsWrong(
  origin: Origin,
  server: StatedEcflow,
  place: PlaceEntry,
  { flows, places, sites }: Registers,
): Wrong {
  if (!place.whole) return undefined;
  const isRun = runsAt(server, place, flows, sites);
  const value = originName(origin);
  if ("name" in origin)
    return named(
      origin.name,
      flows.filter(({ from }) => isRun(from)),
    );
  if ("outside" in origin)
    return joined(flows, (party) => !isOurs(party) && party.theirs === origin.outside, isRun)
      ? undefined
      : {
          value,
          allowed: `a network with which a flow joins ecFlow ${server.server}, or the supercomputers to which it submits`,
          fix: "state the flow in the component that fetches from there, or leave it out",
        };
  const at = origin.at ?? { site: place.site.name, tenancy: place.name };
  const there = places.find(({ site, name }) => site.name === at.site && name === at.tenancy);
  if (!there) return tenancyUnknown(`${at.site}.${at.tenancy}`, places);
  if (!there.whole) return undefined;
  const services = servicesOf(there).map(({ said }) => said);
  const found = services.find(({ service }) => service === origin.service);
  if (!found) {
    const names = services.map(({ service }) => service);
    const fix = didYouMean(value, names, "add the component that offers it");
    return { value, allowed: `a service in ${pathTo(there)}: ${listed(names)}`, fix };
  }
  const isThere = (party: Party): boolean => isOurs(party) && stands(party, found, there);
  if (!flows.some(({ from, to }) => isThere(to) && !isThere(from)))
    return {
      value,
      allowed: "a service to which something is brought",
      fix: "state who brings it there, by a flow to it",
    };
  return joined(flows, isThere, isRun)
    ? undefined
    : {
        value,
        allowed: `a service from which a flow leads to ecFlow ${server.server}, or to the supercomputers to which it submits`,
        fix: "say where what arrives goes from there, or leave it out",
      };
}

function named(name: string, mine: readonly Flow[]): Wrong {
  const names = [...new Set(mine.flatMap((flow) => flow.names ?? []))];
  if (names.includes(name)) return undefined;
  return {
    value: name,
    allowed: names.length > 0 ? `a host that its server asks: ${listed(names)}` : "a host that its server asks",
    fix: didYouMean(name, names, "add it to fetchesFrom of the server"),
  };
}

const tenancyUnknown = (wanted: string, places: readonly PlaceEntry[]): Wrong => {
  const names = places.map(pathTo);
  return { value: wanted, allowed: `a tenancy: ${listed(names)}`, fix: didYouMean(wanted, names, "name one of them") };
};

/** Whether a flow leads from one to the other, whoever of them begins it. */
const joined = (flows: readonly Flow[], one: (party: Party) => boolean, other: (party: Party) => boolean): boolean =>
  flows.some(({ from, to }) => (one(from) && other(to)) || (other(from) && one(to)));

/** Where jobs of a server run: on its own hosts, and at supercomputers whose login nodes these go to. */
function runsAt(
  { on }: StatedEcflow,
  place: PlaceEntry,
  flows: readonly Flow[],
  sites: readonly Site[],
): (party: Party) => boolean {
  const isServer = (party: Party): boolean => isOurs(party) && stands(party, { on }, place);
  const reached = new Set(flows.flatMap(({ from, to }) => (isServer(from) && !isOurs(to) ? [to.theirs] : [])));
  const nodes = sites.flatMap(({ supercomputer: each }) =>
    each && reached.has(`${each.name}.login`) ? [`${each.name}.login`, `${each.name}.compute`] : [],
  );
  return (party) => isServer(party) || (!isOurs(party) && nodes.includes(party.theirs));
}

/** Whether it is the hosts, or the pods, on which something stands; what all hosts have tells of none of them. */
const stands = (party: Ours, { on }: Pick<Service, "on">, { id }: PlaceEntry): boolean =>
  party.group.place === id &&
  ("workload" in on
    ? party.pods?.workload === on.workload
    : party.pods === undefined && "role" in on && party.group.role === on.role);
