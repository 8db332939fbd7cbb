import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { FileRole } from "../../model/host-file";
import { hpcLogins } from "../../model/hpc-logins";
import type { Registers } from "../../model/registers";

/** A kind of thing that has a page in `docs/runbooks`. */
export interface Kind {
  readonly title: string;
  /** Of components: `ecflow` of `ecflow-prod`. */
  readonly components: readonly string[];
  /** Of files that bring units of it to hosts. */
  readonly files: readonly FileRole[];
}

/** By the name of their page. */
export const kinds = {
  edge: { title: "bastion and proxy", components: ["bastion", "proxy"], files: ["bastion", "proxy"] },
  ecflow: { title: "ecFlow", components: ["ecflow", "experiments"], files: ["ecflow", "copies"] },
  hpc: { title: "supercomputer", components: [], files: ["hpc"] },
  modules: { title: "software there", components: ["modules"], files: [] },
  ecpds: { title: "ECPDS", components: ["ecpds-mover"], files: [] },
  fdb: { title: "FDB", components: ["fdb"], files: ["fdb"] },
  polytope: { title: "Polytope", components: ["polytope"], files: [] },
  aviso: { title: "Aviso", components: ["aviso", "auth-o-tron"], files: [] },
  cluster: { title: "cluster", components: ["cluster"], files: ["cluster"] },
  gitops: { title: "GitOps", components: ["gitops"], files: [] },
  vault: { title: "Vault", components: ["vault"], files: ["vault", "copies"] },
  backup: { title: "copies", components: ["backups"], files: [] },
  monitoring: {
    title: "collector and monitoring",
    components: ["collector", "monitoring"],
    files: ["telemetry", "monitoring"],
  },
} as const satisfies Readonly<Record<string, Kind>>;

export type KindName = keyof typeof kinds;
export const kindNames = Object.keys(kinds) as readonly KindName[];

/** What there is of a kind in a tenancy. */
export interface Instance {
  readonly place: PlaceEntry;
  readonly hosts: readonly HostEntry[];
  /** What is no host: workloads and charts of the cluster, buckets. */
  readonly others: readonly string[];
}

/** Where something of a kind stands. */
export const instancesOf = (name: KindName, registers: Registers): readonly Instance[] =>
  registers.places.flatMap((place) => {
    const is = name === "hpc" ? loggingIn(place, registers) : statedBy(kinds[name].components, place);
    return is.hosts.length + is.others.length > 0 ? [{ place, ...is }] : [];
  });

function statedBy(components: readonly string[], place: PlaceEntry): Omit<Instance, "place"> {
  const isOurs = ({ because }: { readonly because: string }): boolean => {
    const id = because.slice(because.lastIndexOf(".") + 1);
    return components.some((component) => id === component || id.startsWith(`${component}-`));
  };
  return {
    hosts: place.hosts.filter(isOurs),
    others: [
      ...place.workloads.filter(isOurs).map(({ said }) => `pods of ${said.workload}`),
      ...place.releases.filter(isOurs).map(({ said }) => `chart ${said.release}`),
      ...place.buckets.filter(isOurs).map(({ name }) => `bucket ${place.id}-${name}`),
    ],
  };
}

function loggingIn(place: PlaceEntry, registers: Registers): Omit<Instance, "place"> {
  const by = hpcLogins(registers).flatMap((login) => (login.place.id === place.id ? login.by : []));
  const roles = by.flatMap(({ role, workload }) => (workload === undefined ? [role] : []));
  return {
    hosts: place.hosts.filter((host) => host.roles.some((role) => roles.includes(role))),
    others: by.flatMap(({ workload }) => (workload === undefined ? [] : [`pods of ${workload}`])),
  };
}
