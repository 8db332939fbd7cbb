import type { z } from "zod";
import type { Address, HostEntry, PlaceEntry, Said, SubnetEntry, SubnetKey } from "./entries";
import { idOf } from "./site/component";
import type { Lock } from "./site/lock";
import type { Site } from "./site/site";
import { balancerSchema, bucketSchema, type Description, hostSchema, sharedAddressSchema } from "./site/specs";
import type { Tenancy } from "./site/tenancy";
import { at, cut, type Ipv4, only, sizeOf } from "./words/address";
import { pathOf, read } from "./words/parse";
import type { Problem } from "./words/problem";
import type { PublicAddress } from "./words/public-address";

/** Computes what stands in a tenancy: subnets, hosts, their addresses and names. */
export function placeOf(
  site: Site,
  name: string,
  tenancy: Tenancy,
  lock: Lock,
  sshUserCa: string | undefined,
): { readonly place: PlaceEntry; readonly problems: readonly Problem[] } {
  const path = `${site.name}.${name}`;
  const id = `${site.name}-${name}`;
  const problems: Problem[] = [];
  const learned = lock.learned[name];
  const learn = { learn: site.name };

  const said = tenancy.runs.flatMap((component): readonly Said<Description>[] => {
    const because = `${path}.runs.${idOf(component)}`;
    problems.push(...located(component.problems, because));
    try {
      const place = {
        site: site.name,
        tenancy: name,
        environment: tenancy.environment,
        cloud: site.cloud,
        supercomputer: site.supercomputer,
      };
      const said = component.describe(place);
      problems.push(...located(said.problems ?? [], because));
      return [{ said, because }];
    } catch (error) {
      problems.push({
        path: because,
        value: String(error),
        allowed: "a component that can describe itself",
        fix: "mend the component",
      });
      return [];
    }
  });
  /** All of one list, each read by its schema; what is not sound is told and left out. */
  const all = <K extends keyof Description, T>(list: K, schema: z.ZodType<T>): readonly (T & { because: string })[] =>
    said.flatMap(({ said, because }) =>
      (said[list] ?? []).flatMap((spec) => {
        const result = read(schema, spec, pathOf(because, list, "name" in spec ? spec.name : ""));
        if ("value" in result) return [{ ...result.value, because }];
        problems.push(...result.problems);
        return [];
      }),
    );

  const subnets = subnetsOf(tenancy);
  const addressIn = (subnet: SubnetKey, slot: number): Ipv4 => at(subnets[subnet].cidr, slot);

  const publicOf = (host: string, how: PublicAddress): HostEntry["public"] => {
    const known = how === "allocated" ? learned?.public[host] : "granted" in how ? how.granted : undefined;
    const awaited = how !== "allocated" && "pending" in how ? { ask: how.pending } : learn;
    return { how, address: { name: `${id}-${host}`, ...(known ? { known: only(known) } : { awaited }) } };
  };
  const hosts = all("hosts", hostSchema).map((host): HostEntry => {
    const how = tenancy.public[host.name];
    const entry = {
      ...host,
      id: `${id}-${host.name}`,
      address: addressIn(host.subnet, host.slot),
      dns: `${host.name}.${name}.${site.dns}`,
    };
    const facing = how && publicOf(host.name, how);
    return facing ? { ...entry, public: facing } : entry;
  });
  const egress: Address = {
    name: `${id}-router`,
    ...(learned?.router ? { known: only(learned.router) } : { awaited: learn }),
  };

  return {
    problems,
    place: {
      id,
      site,
      name,
      tenancy,
      subnets,
      egress,
      hosts,
      sharedAddresses: all("sharedAddresses", sharedAddressSchema).map((shared) => ({
        ...shared,
        address: addressIn(shared.subnet, shared.slot),
      })),
      balancers: all("balancers", balancerSchema).map((balancer) => ({
        ...balancer,
        group: { place: id, role: balancer.name, balancer: true },
        address: addressIn("balancers", balancer.slot),
        virtual: { name: balancer.name, known: only(addressIn("balancers", balancer.slot)) },
        sources: { name: "balancers", known: subnets.balancers.cidr },
      })),
      buckets: all("buckets", bucketSchema),
      services: said.flatMap(({ said, because }) =>
        (said.services ?? []).map((service) => ({ said: service, because })),
      ),
      needs: said.flatMap(({ said, because }) => (said.needs ?? []).map((need) => ({ said: need, because }))),
      sshUserCa,
    },
  };
}

const located = (problems: readonly Problem[], at: string): readonly Problem[] =>
  problems.map((problem) => ({ ...problem, path: pathOf(at, problem.path) }));

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
