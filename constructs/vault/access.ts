import { configuringAt, onlyPasses, opensVault, principalsAt } from "../../model/accounts";
import { type HostCertificate, ofHosts, ofPods, type PodCertificate } from "../../model/certificates";
import type { PlaceEntry } from "../../model/entries";
import { type HpcLogin, hpcLogins } from "../../model/hpc-logins";
import type { Registers } from "../../model/registers";
import type { SecretEntry } from "../../model/secrets";
import { breakGlassGroup, vaultOperatorsGroup } from "../../model/site/vault";
import { type Cidr, only } from "../../model/words/address";
import { grouped } from "../../model/words/grouped";
import { isPending } from "../../model/words/public-address";
import type { Duration } from "../../model/words/quantity";
import { own } from "../../model/words/record";

/** Where everything of Vault stands, by the names that policies and clients share. */
export const mounts = {
  machines: "approle",
  people: "people",
  pipelines: "pipelines",
  logins: "ssh",
  outward: "ssh-outward",
  root: "pki-root",
  issuerOf: (environment: string): string => `pki-${environment}`,
  /** Pods of the cluster of a tenancy. */
  podsOf: (place: string): string => `pods-${place}`,
} as const;

/** One path of a policy. */
export interface Grant {
  readonly path: string;
  readonly capabilities: readonly ("create" | "read" | "update" | "delete" | "list" | "patch" | "sudo")[];
  /** Seconds that a wrapping of the answer may live; without a wrapping, it is refused. @default - it need not be wrapped */
  readonly wrapped?: number;
}

/** A policy and why each of its lines is there. Nothing is allowed that no line says. */
export interface Policy {
  readonly name: string;
  readonly grants: readonly (Grant & { readonly why: string })[];
}

/** Hosts of a role, which log in by the agent on each, and what they read. */
export interface Machine {
  /** Of the role and its policy: `lumi-production-ecflow-prod`. */
  readonly name: string;
  readonly place: PlaceEntry;
  readonly role: string;
  readonly secrets: readonly SecretEntry[];
  readonly certificates: readonly HostCertificate[];
  /** Logins to supercomputers that trust what Vault signs. */
  readonly signs: readonly SignedLogin[];
  /** Networks from which Vault sees them; while one is not learned, they cannot log in. */
  readonly from: readonly Cidr[] | "not learned";
  /** Seconds that a token lives without being renewed: as long as Vault may be away, thrice. */
  readonly period: number;
}

/** Seconds that a secret id lives, by those that a token lives. */
export const secretIdLives = (period: number): number => 4 * period;

/** A login to a supercomputer as one of its users, by a key that Vault signs. */
export interface SignedLogin {
  /** Of the role in Vault: `north-production-polaris`. */
  readonly name: string;
  readonly user: string;
  readonly lifetime: Duration;
  readonly why: string;
}

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
  /** Machines of these, to which it hands their secret ids. */
  readonly machines: readonly Machine[];
}

/** Everybody who reads, by role of hosts; where no agent fetches anything, nobody logs in. */
export function machinesOf(registers: Registers): readonly Machine[] {
  const { places, secrets, certificates } = registers;
  const signed = hpcLogins(registers).flatMap(signedLogin);
  const vaultAt = places.find(({ vault }) => vault.length > 0);
  return places.flatMap((place) => {
    if (place.agents.length === 0) return [];
    const shown = ofHosts(certificates).filter((each) => each.place.id === place.id);
    const read = secrets.filter(({ readers }) => readers.some((reader) => reader.place.id === place.id));
    const rolesOf = (secret: SecretEntry) =>
      secret.readers.flatMap((reader) => (reader.place.id === place.id ? [reader.role] : []));
    const mine = signed.filter((login) => login.place.id === place.id);
    const signing = mine.flatMap(({ by }) => by.map(({ role }) => role));
    const roles = [...new Set([...shown.map(({ role }) => role), ...read.flatMap(rolesOf), ...signing])].sort();
    return roles.map(
      (role): Machine => ({
        name: `${place.id}-${role}`,
        place,
        role,
        secrets: read.filter((secret) => rolesOf(secret).includes(role)),
        certificates: shown.filter((each) => each.role === role),
        signs: mine.filter(({ by }) => by.some((each) => each.role === role)).map(({ login }) => login),
        from: seenFrom(place, role, vaultAt),
        period: 3 * Math.max(0, ...place.agents.map(({ said }) => said.survives.seconds)),
      }),
    );
  });
}

function signedLogin({ place, supercomputer: { name, auth, accounts }, by }: HpcLogin) {
  const user = own(accounts, place.tenancy.environment)?.user;
  if (auth.kind !== "signed-key" || user === undefined) return [];
  const login: SignedLogin = { name: `${place.id}-${name}`, user, lifetime: auth.lifetime, why: `logs in to ${name}` };
  return [{ place, by, login }];
}

/** Whether hosts of a place meet the servers of Vault straight: one of somebody else is outside, wherever it is stated. */
export const isBeside = (place: PlaceEntry, vaultAt: PlaceEntry | undefined): boolean =>
  place.id === vaultAt?.id && vaultAt.hosts.some(({ roles }) => roles.includes("vault"));

/** Relays hand over who connects: hosts beside Vault's servers come by their address, others by that of their proxy. */
function seenFrom(place: PlaceEntry, role: string, vaultAt: PlaceEntry | undefined): Machine["from"] {
  if (isBeside(place, vaultAt)) {
    const mine = place.hosts.filter(({ roles }) => roles.includes(role)).map(({ address }) => only(address));
    // Bound to nothing would be bound to nobody.
    return mine.length > 0 ? mine : "not learned";
  }
  const proxies = place.hosts.filter(({ roles }) => roles.includes("proxy"));
  const addresses = proxies.map((host) =>
    host.public && !isPending(host.public.how) ? host.public.address : place.egress,
  );
  const known = addresses.flatMap((address) => ("known" in address ? [address.known] : []));
  return known.length === addresses.length && known.length > 0 ? [...new Set(known)] : "not learned";
}

/** The name of a workload's role and policy. */
export const accountOf = (place: PlaceEntry, workload: string): string => `${place.id}-pods-${workload}`;

/** Every workload that reads, or shows a certificate. */
export function accountsOf({ places, secrets, certificates }: Registers): readonly Account[] {
  const vaultAt = places.find(({ vault }) => vault.length > 0);
  const shown = ofPods(certificates);
  return places.flatMap((place) =>
    place.workloads.flatMap(({ said: { workload, namespace } }): readonly Account[] => {
      const isMine = (each: { readonly place: PlaceEntry; readonly workload: string }) =>
        each.place.id === place.id && each.workload === workload;
      const mine = { secrets: secrets.filter(({ pods }) => pods.some(isMine)), certificates: shown.filter(isMine) };
      if (mine.secrets.length + mine.certificates.length === 0) return [];
      const subject = `system:serviceaccount:${namespace}:${workload}`;
      // The nodes stand for their pods wherever these leave the cluster.
      const from = seenFrom(place, place.clusters[0]?.said.nodes ?? "", vaultAt);
      return [{ name: accountOf(place, workload), place, subject, ...mine, from }];
    }),
  );
}

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
  const machines = grouped(machinesOf(registers), ({ place }) => place.tenancy.owner);
  return [...new Set([...owned.keys(), ...written.keys()])].sort().map((name) => ({
    name,
    secrets: written.get(name) ?? [],
    owns: owned.get(name) ?? [],
    machines: machines.get(name) ?? [],
  }));
}

/** Reads its own secrets and is issued its own certificates; nothing else. */
export const policyOfMachine = ({ name, secrets, certificates, signs: outward }: Machine): Policy => ({
  name,
  grants: [
    ...secrets.map(({ mount, path, why }) => ({
      path: `${mount}/data/${path}`,
      capabilities: ["read" as const],
      why,
    })),
    ...certificates.map(({ id, environment, why }) => ({
      path: `${mounts.issuerOf(environment)}/issue/${id}`,
      capabilities: ["update" as const],
      why,
    })),
    ...outward.map((login) => ({
      path: `${mounts.outward}/sign/${login.name}`,
      capabilities: ["update" as const],
      why: login.why,
    })),
  ],
});

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
    ...machines.flatMap(({ name: machine }) => [
      {
        path: `auth/${mounts.machines}/role/${machine}/secret-id/`,
        capabilities: ["list"] as const,
        why: `which secret ids ${machine} has`,
      },
      {
        path: `auth/${mounts.machines}/role/${machine}/secret-id-accessor/destroy`,
        capabilities: ["update"] as const,
        why: `ends one of ${machine} that was stolen`,
      },
    ]),
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

/** Logs in to the servers of Vault, which is as much as to be root of all secrets; no team, and no pipeline, may. */
export const policyOfVaultOperators = (places: readonly PlaceEntry[]): Policy => ({
  name: vaultOperatorsGroup,
  grants: places.flatMap((place) => {
    const all = principalsAt(place);
    return all.some(opensVault) ? signs(all.filter((each) => opensVault(each) || onlyPasses(each))) : [];
  }),
});

/** Copies all that Vault holds, sealed; the token for it is handed over by a person. */
export const snapshots: Policy = {
  name: "snapshot",
  grants: [{ path: "sys/storage/raft/snapshot", capabilities: ["read"], why: "each server makes copies" }],
};

const writes = ({ mount, path, why }: SecretEntry): Policy["grants"] => [
  { path: `${mount}/data/${path}`, capabilities: ["create", "update"], why },
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

/** A policy as Vault and OpenBao read it, in the order of its paths. */
export const policyText = ({ grants }: Policy): string =>
  [...merged(grants)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, of]) => {
      const capabilities = [...new Set(of.flatMap((grant) => grant.capabilities))];
      const wrapped = of.flatMap((grant) => grant.wrapped ?? []);
      return [
        `# ${[...new Set(of.map(({ why }) => comment(why)))].join("; ")}`,
        `path ${JSON.stringify(path)} {`,
        `  capabilities = ${JSON.stringify(capabilities)}`,
        ...(wrapped.length > 0 ? ['  min_wrapping_ttl = "1s"', `  max_wrapping_ttl = "${Math.min(...wrapped)}s"`] : []),
        "}\n",
      ].join("\n");
    })
    .join("\n");

/** What somebody wrote as a reason stays one: no further line, which would be a rule, and nothing that Terraform computes. */
const comment = (why: string): string => why.replace(/\s+/g, " ").replace(/[$%]+(?=\{)/g, "");

const merged = (grants: Policy["grants"]): ReadonlyMap<string, Policy["grants"]> => grouped(grants, ({ path }) => path);
