import type { z } from "zod";
import type { Address, HostEntry, PlaceEntry, Said, SubnetEntry, SubnetKey, Trust } from "./entries";
import { avisoSchema } from "./site/aviso";
import { clusterSchema } from "./site/cluster";
import { collectorSchema } from "./site/collector";
import { type Component, idOf, type Place } from "./site/component";
import { ecflowSchema } from "./site/ecflow";
import { fdbSchema } from "./site/fdb";
import { gitopsSchema } from "./site/gitops";
import type { Identity } from "./site/identity";
import type { Lock } from "./site/lock";
import { modulesSchema } from "./site/modules";
import { monitoringSchema } from "./site/monitoring";
import { multioSchema } from "./site/multio";
import { namespaceSchema } from "./site/namespace";
import { needSchema, serviceSchema } from "./site/need";
import { polytopeSchema } from "./site/polytope";
import { releaseSchema } from "./site/release";
import { secretSchema } from "./site/secret";
import type { Site } from "./site/site";
import {
  balancerSchema,
  bucketSchema,
  type Description,
  descriptionSchema,
  hostSchema,
  sharedAddressSchema,
} from "./site/specs";
import { broughtSchema, logSchema, panelSchema, recordingSchema, scrapeSchema } from "./site/telemetry";
import type { Tenancy } from "./site/tenancy";
import { agentSchema, vaultSchema } from "./site/vault";
import { vouchingSchema } from "./site/vouching";
import { workloadSchema } from "./site/workload";
import { at, cut, type Ipv4, only, sizeOf } from "./words/address";
import type { Assumption } from "./words/assumed";
import { read } from "./words/parse";
import type { Problem } from "./words/problem";
import { isPending, type PublicAddress } from "./words/public-address";
import { isRecord, own, pathOf } from "./words/record";

/** A tenancy of a site, as far as its file could be read. */
export interface PlaceInput {
  readonly site: Site;
  readonly name: string;
  readonly tenancy: Tenancy;
  /** Whether its file had no problems so far. */
  readonly sound: boolean;
  readonly lock: Lock;
  readonly trust: Trust;
  /** Who vouches for people and pipelines, at all sites. */
  readonly identity: Identity;
}

/** Computes what stands in a tenancy: subnets, hosts, their addresses and names. */
export function placeOf({ site, name, tenancy, sound, lock, trust, identity }: PlaceInput): {
  readonly place: PlaceEntry;
  readonly assumptions: readonly Assumption[];
  readonly problems: readonly Problem[];
} {
  const id = `${site.name}-${name}`;
  const here = {
    site: site.name,
    tenancy: name,
    environment: tenancy.environment,
    cloud: site.cloud,
    network: tenancy.network.cidr,
    supercomputer: site.supercomputer,
    identity,
  };
  const { said, assumptions, problems } = describeAll(tenancy.runs, here, `${site.name}.${name}.runs`, sound);
  const learned = own(lock.learned, name);
  const learn = { learn: site.name };
  const subnets = subnetsOf(tenancy);
  const addressIn = (subnet: SubnetKey, slot: number): Ipv4 => at(subnets[subnet].cidr, slot);

  /** All of one list, each read by its schema; what is not sound is told and left out. */
  const all = <T>(list: Exclude<keyof Description, "unobserved">, schema: z.ZodType<T>): readonly Said<T>[] =>
    said.flatMap(({ said, because }) =>
      (said[list] ?? []).flatMap((spec: unknown) => {
        const result = read(schema, spec, pathOf(because, list, nameOf(spec)));
        if ("value" in result) return [{ said: result.value, because }];
        problems.push(...result.problems);
        return [];
      }),
    );
  const entries = <T>(
    list: Exclude<keyof Description, "unobserved">,
    schema: z.ZodType<T>,
  ): readonly (T & { because: string })[] => all(list, schema).map(({ said, because }) => ({ ...said, because }));

  const publicOf = (host: string, how: PublicAddress): HostEntry["public"] => {
    const known = how === "allocated" ? own(learned?.public ?? {}, host) : "granted" in how ? how.granted : undefined;
    const awaited = isPending(how) ? { ask: how.pending } : learn;
    return { how, address: { name: `${id}-${host}`, ...(known ? { known: only(known) } : { awaited }) } };
  };
  const hosts = entries("hosts", hostSchema).map((host): HostEntry => {
    const how = own(tenancy.public, host.name);
    const facing = how && publicOf(host.name, how);
    const address = addressIn(host.subnet, host.slot);
    const entry = { ...host, id: `${id}-${host.name}`, address, dns: `${host.name}.${name}.${site.dns}` };
    return facing ? { ...entry, public: facing } : entry;
  });
  const egress: Address = {
    name: `${id}-router`,
    ...(learned?.router ? { known: only(learned.router) } : { awaited: learn }),
  };
  const needs = all("needs", needSchema);
  const place = {
    id,
    site,
    name,
    tenancy,
    project: tenancy.project ?? id,
    subnets,
    egress,
    hosts,
    sharedAddresses: entries("sharedAddresses", sharedAddressSchema).map((shared) => ({
      ...shared,
      address: addressIn(shared.subnet, shared.slot),
    })),
    balancers: entries("balancers", balancerSchema).map((balancer) => ({
      ...balancer,
      group: { place: id, role: balancer.name, balancer: true as const },
      address: addressIn("balancers", balancer.slot),
      virtual: { name: balancer.name, known: only(addressIn("balancers", balancer.slot)) },
      sources: { name: "balancers", known: subnets.balancers.cidr },
    })),
    buckets: entries("buckets", bucketSchema),
    services: all("services", serviceSchema),
    needs: needs.flatMap(({ said, because }) => (said.need === "flow" ? [{ said, because }] : [])),
    secrets: all("secrets", secretSchema),
    reads: needs.flatMap(({ said, because }) => (said.need === "secret" ? [{ said, because }] : [])),
    certificates: needs.flatMap(({ said, because }) => (said.need === "certificate" ? [{ said, because }] : [])),
    signals: needs.flatMap(({ said, because }) => (said.need === "signal" ? [{ said, because }] : [])),
    collectors: all("collectors", collectorSchema),
    monitoring: all("monitoring", monitoringSchema),
    gitops: all("gitops", gitopsSchema),
    scrapes: all("scrapes", scrapeSchema),
    brought: all("brought", broughtSchema),
    logs: all("logs", logSchema),
    recordings: all("recordings", recordingSchema),
    panels: all("panels", panelSchema),
    unobserved: said.flatMap(({ said: { unobserved }, because }) =>
      unobserved === undefined ? [] : [{ said: unobserved, because }],
    ),
    vault: all("vault", vaultSchema),
    ecflow: all("ecflow", ecflowSchema),
    fdb: all("fdb", fdbSchema),
    aviso: all("aviso", avisoSchema),
    polytope: all("polytope", polytopeSchema),
    vouching: all("vouching", vouchingSchema),
    modules: all("modules", modulesSchema),
    multio: all("multio", multioSchema),
    clusters: all("clusters", clusterSchema),
    ...(learned?.clusterCa === undefined ? {} : { clusterCa: learned.clusterCa }),
    ...(learned?.clusterKey === undefined ? {} : { clusterKey: learned.clusterKey }),
    namespaces: entries("namespaces", namespaceSchema).map((namespace) => ({
      ...namespace,
      owner: namespace.owner ?? tenancy.owner,
      environment: namespace.environment ?? tenancy.environment,
    })),
    workloads: all("workloads", workloadSchema),
    releases: all("releases", releaseSchema),
    agents: all("agents", agentSchema),
    trust,
  };
  return { problems, assumptions, place: { ...place, whole: sound && problems.length === 0 } };
}

/** What the components of a tenancy say, those that stand twice once. */
function describeAll(
  components: readonly Component[],
  at: Place,
  path: string,
  sound: boolean,
): {
  readonly said: readonly Said<Description>[];
  readonly assumptions: readonly Assumption[];
  readonly problems: Problem[];
} {
  const problems: Problem[] = [];
  const assumptions: Assumption[] = [];
  const seen = new Set<string>();
  const said = components.flatMap((component): readonly Said<Description>[] => {
    const because = pathOf(path, idOf(component));
    if (seen.has(because)) {
      const fix = component.name === component.kind ? "leave one of them out" : "rename one of them";
      problems.push({ path: because, value: idOf(component), allowed: "a component once", fix });
      return [];
    }
    seen.add(because);
    problems.push(...located(component.problems, because));
    assumptions.push(...located(component.assumptions ?? [], because));
    try {
      const result = read(descriptionSchema, component.describe(at), because);
      if ("problems" in result) problems.push(...result.problems);
      const description = "value" in result ? result.value : {};
      // What is missing in facts that could not be read is not the component's fault.
      if (sound) problems.push(...located([...(description.problems ?? []), ...silence(description)], because));
      return [{ said: description, because }];
    } catch (error) {
      const fix = "mend the component";
      problems.push({ path: because, value: String(error), allowed: "a component that can describe itself", fix });
      return [];
    }
  });
  return { said, assumptions, problems };
}

/** What runs somewhere exposes something by which one knows that it works, or says why not. */
function silence({ hosts, workloads, releases, needs, scrapes, logs, unobserved }: Description): readonly Problem[] {
  const runs = [hosts, workloads, releases].some((list) => (list ?? []).length > 0);
  const tells =
    (scrapes ?? []).length > 0 || (logs ?? []).length > 0 || (needs ?? []).some(({ need }) => need === "signal");
  if (!runs || tells) {
    if (unobserved === undefined || runs) return [];
    return [
      { path: "unobserved", value: unobserved, allowed: "a reason only where something runs", fix: "leave it out" },
    ];
  }
  if (unobserved !== undefined) return [];
  return [
    {
      path: "",
      value: "no scrapes, logs or signals",
      allowed: "something by which one knows that what runs there works",
      fix: 'state scrapes, logs or a need: "signal"; or why there are none: unobserved: "…"',
    },
  ];
}

const located = <T extends { readonly path: string }>(all: readonly T[], at: string): readonly T[] =>
  all.map((each) => ({ ...each, path: pathOf(at, each.path) }));

const nameOf = (spec: unknown): string =>
  isRecord(spec)
    ? ([
        spec.name,
        spec.server,
        spec.signal,
        spec.scrape,
        spec.log,
        spec.recording,
        spec.panel,
        spec.service,
        spec.secret,
        spec.workload,
        spec.release,
        spec.namespace,
      ].find((name) => typeof name === "string") ?? "")
    : "";

/** The network in four equal parts. */
function subnetsOf({ network }: Tenancy): Readonly<Record<SubnetKey, SubnetEntry>> {
  const parts = cut(network.cidr, 2);
  const entry = (i: number): SubnetEntry => {
    const cidr = parts[i] ?? network.cidr;
    const size = sizeOf(cidr);
    return { cidr, gateway: at(cidr, 1), pool: { start: at(cidr, size / 2), end: at(cidr, size - 2) } };
  };
  return { edge: entry(0), services: entry(1), data: entry(2), balancers: entry(3) };
}
