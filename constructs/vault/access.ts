import { principalsAt } from "../../model/accounts";
import type { CertificateEntry } from "../../model/certificates";
import type { PlaceEntry } from "../../model/entries";
import type { Registers } from "../../model/registers";
import type { SecretEntry } from "../../model/secrets";
import { breakGlassGroup } from "../../model/site/vault";
import { type Cidr, only } from "../../model/words/address";
import { grouped } from "../../model/words/grouped";
import { isPending } from "../../model/words/public-address";

/** Where everything of Vault stands, by the names that policies and clients share. */
export const mounts = {
  machines: "approle",
  people: "people",
  pipelines: "pipelines",
  logins: "ssh",
  root: "pki-root",
  issuerOf: (environment: string): string => `pki-${environment}`,
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
  readonly certificates: readonly CertificateEntry[];
  /** Networks from which Vault sees them; while one is not learned, they cannot log in. */
  readonly from: readonly Cidr[] | "not learned";
  /** Seconds that a token lives without being renewed: as long as Vault may be away, thrice. */
  readonly period: number;
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
export function machinesOf({ places, secrets, certificates }: Registers): readonly Machine[] {
  const vaultAt = places.find(({ vault }) => vault.length > 0);
  return places.flatMap((place) => {
    if (place.agents.length === 0) return [];
    const shown = certificates.filter((each) => each.place.id === place.id);
    const read = secrets.filter(({ readers }) => readers.some((reader) => reader.place.id === place.id));
    const rolesOf = (secret: SecretEntry) =>
      secret.readers.flatMap((reader) => (reader.place.id === place.id ? [reader.role] : []));
    const roles = [...new Set([...shown.map(({ role }) => role), ...read.flatMap(rolesOf)])].sort();
    return roles.map(
      (role): Machine => ({
        name: `${place.id}-${role}`,
        place,
        role,
        secrets: read.filter((secret) => rolesOf(secret).includes(role)),
        certificates: shown.filter((each) => each.role === role),
        from: seenFrom(place, role, vaultAt),
        period: 3 * Math.max(0, ...place.agents.map(({ said }) => said.survives.seconds)),
      }),
    );
  });
}

/** Relays hand over who connects: hosts of Vault's own tenancy come by their address, others by that of their proxy. */
function seenFrom(place: PlaceEntry, role: string, vaultAt: PlaceEntry | undefined): Machine["from"] {
  if (place.id === vaultAt?.id)
    return place.hosts.filter(({ roles }) => roles.includes(role)).map(({ address }) => only(address));
  const proxies = place.hosts.filter(({ roles }) => roles.includes("proxy"));
  const addresses = proxies.map((host) =>
    host.public && !isPending(host.public.how) ? host.public.address : place.egress,
  );
  const known = addresses.flatMap((address) => ("known" in address ? [address.known] : []));
  return known.length === addresses.length && known.length > 0 ? [...new Set(known)] : "not learned";
}

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
export const policyOfMachine = ({ name, secrets, certificates }: Machine): Policy => ({
  name,
  grants: [
    ...secrets.map(({ mount, path, why }) => ({
      path: `${mount}/data/${path}`,
      capabilities: ["read" as const],
      why,
    })),
    ...certificates.map(({ id, place, why }) => ({
      path: `${mounts.issuerOf(place.tenancy.environment)}/issue/${id}`,
      capabilities: ["update" as const],
      why,
    })),
  ],
});

/**
 * Writes its secrets without reading them, sees how old they are, signs logins to what it owns, and hands secret ids to the
 * machines there. A machine opens the wrapping: if somebody else did before, it knows.
 */
export const policyOfWriter = ({ name, secrets, owns, machines }: Writer): Policy => ({
  name: `write-${name}`,
  grants: [
    ...secrets.flatMap(({ mount, path, why }) => [
      { path: `${mount}/data/${path}`, capabilities: ["create", "update"] as const, why },
      { path: `${mount}/metadata/${path}`, capabilities: ["read"] as const, why: "how old it is" },
    ]),
    ...owns.flatMap((place) =>
      principalsAt(place).map((principal) => ({
        path: `${mounts.logins}/sign/${loginRoleOf(principal)}`,
        capabilities: ["update"] as const,
        why: principal,
      })),
    ),
    ...machines.flatMap(({ name: machine }) => [
      {
        path: `auth/${mounts.machines}/role/${machine}/role-id`,
        capabilities: ["read"] as const,
        why: `who ${machine} is`,
      },
      {
        path: `auth/${mounts.machines}/role/${machine}/secret-id`,
        capabilities: ["update"] as const,
        wrapped: 600,
        why: `lets ${machine} log in`,
      },
    ]),
  ],
});

/** Everything, for an hour, and nobody can use it unseen: whoever logs in by it is told of as an alert. */
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
