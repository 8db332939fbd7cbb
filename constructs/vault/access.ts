import { configuringAt, onlyPasses, opensVault, principalsAt, servesVault } from "../../model/accounts";
import { ofPods, type PodCertificate } from "../../model/certificates";
import type { Deployer } from "../../model/deployers";
import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { Registers } from "../../model/registers";
import { runnersOf } from "../../model/runners";
import type { SecretEntry } from "../../model/secrets";
import { breakGlassGroup, vaultOperatorsGroup } from "../../model/site/vault";
import type { Cidr } from "../../model/words/address";
import { grouped } from "../../model/words/grouped";
import { type Machine, machinesOf, seenFrom } from "./machines";
import { mounts, type Policy } from "./policy";

/** A workload that reads secrets or shows certificates: whatever acts for it logs in by a token that the cluster gave to its account. */
export interface Account {
  /** Of its role and policy: `lumi-production-pods-web`. */
  readonly name: string;
  readonly place: PlaceEntry;
  /** As tokens say it: `system:serviceaccount:one:web`. */
  readonly subject: string;
  readonly secrets: readonly SecretEntry[];
  readonly certificates: readonly PodCertificate[];
  /** Networks from which Vault sees pods; while one is not learned, they cannot log in. */
  readonly from: readonly Cidr[] | "not learned";
}

/** A team, or a job, that writes secrets and lets people in. */
export interface Writer {
  readonly name: string;
  readonly secrets: readonly SecretEntry[];
  /** Tenancies that it answers for. */
  readonly owns: readonly PlaceEntry[];
  /** Machines of these but servers of Vault: it hands them their secret ids. */
  readonly machines: readonly Machine[];
}

/** The name of a workload's role and policy. */
export const accountOf = (place: PlaceEntry, workload: string): string => `${place.id}-pods-${workload}`;

/** Every workload that reads, or shows a certificate. */
export function accountsOf({ places, secrets, certificates }: Registers): readonly Account[] {
  const vaultAt = places.find(({ vault }) => vault.length > 0);
  const shown = ofPods(certificates);
  const runners = runnersOf(places);
  return places.flatMap((place) =>
    [
      ...place.workloads.map(({ said }) => said),
      ...runners.filter(({ at }) => at.id === place.id).map(({ account, by }) => ({ ...by, workload: account })),
    ].flatMap(({ workload, namespace }): readonly Account[] => {
      const isMine = (each: { readonly place: PlaceEntry; readonly workload: string }) =>
        each.place.id === place.id && each.workload === workload;
      const mine = { secrets: secrets.filter(({ pods }) => pods.some(isMine)), certificates: shown.filter(isMine) };
      if (mine.secrets.length + mine.certificates.length === 0) return [];
      const subject = `system:serviceaccount:${namespace}:${workload}`;
      // The nodes stand for their pods wherever these leave the cluster.
      const from = seenFrom(place, nodesOf(place), vaultAt);
      return [{ name: accountOf(place, workload), place, subject, ...mine, from }];
    }),
  );
}

const nodesOf = ({ hosts, clusters: [cluster] }: PlaceEntry): readonly HostEntry[] =>
  hosts.filter(({ roles }) => roles.includes(cluster?.said.nodes ?? ""));

/** Reads what its description names, has its certificates signed, and nothing else. */
export const policyOfAccount = ({ name, secrets, certificates }: Account): Policy => ({
  name,
  grants: [
    ...secrets.map(({ mount, path, why }) => ({
      path: `${mount}/data/${path}`,
      capabilities: ["read" as const],
      why,
    })),
    ...certificates.map((certificate) => ({
      // The key is made on the cluster, and stays there.
      path: signerOf(certificate),
      capabilities: ["update" as const],
      why: certificate.why,
    })),
  ],
});

/** Where what pods show is signed. */
export const signerOf = ({ id, environment }: PodCertificate): string => `${mounts.issuerOf(environment)}/sign/${id}`;

/** Everybody who writes, by name. */
export function writersOf(registers: Registers): readonly Writer[] {
  const owned = grouped(registers.places, ({ tenancy }) => tenancy.owner);
  const written = grouped(registers.secrets, ({ writer }) => writer);
  const all = machinesOf(registers).filter(({ host }) => !servesVault(host));
  const machines = grouped(all, ({ place }) => place.tenancy.owner);
  return [...new Set([...owned.keys(), ...written.keys()])].sort().map((name) => ({
    name,
    secrets: written.get(name) ?? [],
    owns: owned.get(name) ?? [],
    machines: machines.get(name) ?? [],
  }));
}

/**
 * Writes its secrets without reading them, sees how old they are, signs logins to what it owns, and hands secret ids to the
 * machines there. A machine opens the wrapping: if somebody else did before, it knows, and its owner ends what was stolen.
 */
export const policyOfWriter = ({ name, secrets, owns, machines }: Writer): Policy => ({
  name: `write-${name}`,
  grants: [
    ...secrets.flatMap(writes),
    ...owns.flatMap((place) => signs(principalsAt(place).filter((principal) => !opensVault(principal)))),
    ...machines.flatMap(enrols),
    ...machines.flatMap(ends),
  ],
});

/**
 * What a job of a team may: what `databridge configure` asks for, and to write what nobody but a job writes. Ansible is root on
 * hosts of the team, and nowhere where Vault runs.
 */
export const policyOfPipeline = ({ name, secrets, owns, machines }: Writer): Policy => ({
  name: `pipeline-${name}`,
  grants: [
    ...secrets.filter(({ byJob }) => byJob).flatMap(writes),
    ...owns.flatMap((place) => signs(configuringAt(place))),
    ...machines.flatMap(enrols),
  ],
});

/** Sites at which jobs of a team do it. */
export const sitesOfPipeline = ({ owns, secrets }: Writer): readonly string[] => [
  ...new Set([...owns, ...secrets.flatMap(({ byJob, place }) => (byJob ? [place] : []))].map(({ site }) => site.name)),
];

/** What a job that plans, or applies, reads: what it logs in by, of the tenancies for which it does, and nothing else. */
export const policyOfDeployer = ({ name }: Deployer, secrets: readonly SecretEntry[]): Policy => ({
  name,
  grants: secrets
    .filter(({ jobs }) => jobs.includes(name))
    .map(({ mount, path, why }) => ({ path: `${mount}/data/${path}`, capabilities: ["read"], why })),
});

/**
 * Logs in to the servers of Vault, which is as much as to be root of all secrets, and enrols them: who has their host keys signed could
 * be taken for them by people who unseal. No team, and no pipeline, may.
 */
export const policyOfVaultOperators = (registers: Registers): Policy => {
  const servers = machinesOf(registers).filter(({ host }) => servesVault(host));
  return {
    name: vaultOperatorsGroup,
    grants: [
      ...registers.places.flatMap((place) => {
        const all = principalsAt(place);
        return all.some(opensVault) ? signs(all.filter((each) => opensVault(each) || onlyPasses(each))) : [];
      }),
      ...servers.flatMap(enrols),
      ...servers.flatMap(ends),
    ],
  };
};

/** Copies all that Vault holds, sealed; the token for it is handed over by a person. */
export const snapshots: Policy = {
  name: "snapshot",
  grants: [{ path: "sys/storage/raft/snapshot", capabilities: ["read"], why: "each server makes copies" }],
};

const writes = ({ mount, path, why }: SecretEntry): Policy["grants"] => [
  { path: `${mount}/data/${path}`, capabilities: ["create", "update", "patch"], why },
  { path: `${mount}/metadata/${path}`, capabilities: ["read"], why: "how old it is" },
];

const signs = (principals: readonly string[]): Policy["grants"] =>
  principals.map((principal) => ({
    path: `${mounts.logins}/sign/${loginRoleOf(principal)}`,
    capabilities: ["update"],
    why: principal,
  }));

const enrols = ({ name }: Machine): Policy["grants"] => [
  { path: `auth/${mounts.machines}/role/${name}/role-id`, capabilities: ["read"], why: `who ${name} is` },
  {
    path: `auth/${mounts.machines}/role/${name}/secret-id`,
    capabilities: ["update"],
    wrapped: 600,
    why: `lets ${name} log in`,
  },
];

const ends = ({ name }: Machine): Policy["grants"] => [
  {
    path: `auth/${mounts.machines}/role/${name}/secret-id/`,
    capabilities: ["list"],
    why: `which secret ids ${name} has`,
  },
  {
    path: `auth/${mounts.machines}/role/${name}/secret-id-accessor/destroy`,
    capabilities: ["update"],
    why: `ends one of ${name} that was stolen`,
  },
];

/** Everything, for an hour; each login by it, and each request, stands in the audit log. No alert tells of it yet. */
export const breakGlass: Policy = {
  name: breakGlassGroup,
  grants: [
    {
      path: "*",
      capabilities: ["create", "read", "update", "delete", "list", "patch", "sudo"],
      why: "nothing else helps any more",
    },
  ],
};

/** The role by which logins as a principal are signed: `operator-lumi-production`. */
export const loginRoleOf = (principal: string): string => principal.replace("@", "-");
