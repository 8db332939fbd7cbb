import type { Capacity } from "../../model/capacity";
import type { PlaceEntry } from "../../model/entries";
import { isAssumed, type Registers } from "../../model/registers";
import { grouped } from "../../model/words/grouped";
import { counted } from "../../model/words/problem";
import { Size } from "../../model/words/quantity";

/** What a project takes of one thing, and what the site file says that its quota is. */
export interface Amount {
  readonly of: keyof Capacity;
  /** RAM and volumes in GiB. */
  readonly needed: number;
  /** @default - no limit was stated */
  readonly quota?: number;
}

/** The quota of one project. */
export interface QuotaNeed {
  /** `lumi-production`. */
  readonly tenancy: string;
  /** The entry in `clouds.yaml`. */
  readonly project: string;
  readonly amounts: readonly Amount[];
  /** Whether somebody has confirmed that the project has it. */
  readonly isConfirmed: boolean;
}

/** What the operator of a cloud is asked for. */
export interface QuotaSheet {
  readonly operator: string;
  readonly projects: readonly QuotaNeed[];
}

/** What projects have to hold, by the operator of their cloud. */
export function quotaRequests(registers: Registers, isWanted: (site: string) => boolean): readonly QuotaSheet[] {
  const places = registers.places.filter(({ id, site }) => isWanted(site.name) && registers.capacity.has(id));
  return [...grouped(places, ({ site }) => site.operator)].map(([operator, theirs]) => ({
    operator,
    projects: theirs.flatMap((place) => needOf(place, registers)),
  }));
}

function needOf({ id, site, name, project, tenancy }: PlaceEntry, registers: Registers): readonly QuotaNeed[] {
  const needs = registers.capacity.get(id);
  if (!needs) return [];
  const amounts = kinds.map((of): Amount => {
    const limit = tenancy.quota[of];
    return {
      of,
      needed: needs[of],
      ...(limit === undefined ? {} : { quota: limit instanceof Size ? limit.gib : limit }),
    };
  });
  return [{ tenancy: id, project, amounts, isConfirmed: !isAssumed(registers, `${site.name}.${name}.quota`) }];
}

const labels: Readonly<Record<keyof Capacity, string>> = {
  vcpus: "vCPUs",
  ram: "RAM, GiB",
  gigabytes: "volumes, GiB",
  volumes: "volumes",
  instances: "servers",
  floatingIps: "floating IPs",
  ports: "ports",
  securityGroups: "security groups",
  securityGroupRules: "rules of these",
  serverGroups: "server groups",
  loadBalancers: "load balancers",
};
const kinds = Object.keys(labels) as (keyof Capacity)[];

/** A sheet as text to send. */
export const quotaText = ({ operator, projects }: QuotaSheet): string =>
  [
    `To the cloud team of ${operator}: quotas of ${counted(projects.length, "project")}`,
    ...projects.flatMap(({ project, amounts, isConfirmed }, i) => [
      "",
      `${i + 1}. ${project}${isConfirmed ? "" : ", which nobody has confirmed yet"}`,
      `   ${"".padEnd(16)}${"needed now".padStart(12)}${"quota".padStart(12)}`,
      ...amounts
        .filter(({ needed }) => needed > 0)
        .map(
          ({ of, needed, quota }) =>
            `   ${labels[of].padEnd(16)}${`${needed}`.padStart(12)}${`${quota ?? "any"}`.padStart(12)}`,
        ),
    ]),
  ].join("\n");
