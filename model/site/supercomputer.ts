import { z } from "zod";
import type { Described } from "../words/assumed";
import { day } from "../words/calendar";
import { type Environment, environments } from "../words/environment";
import { nameOf } from "../words/name";
import { type BlockFact, block } from "../words/network-block";
import { type Fields, flag, oneOf, text, url, word } from "../words/parse";
import { type Pending, readPending } from "../words/public-address";
import { type Duration, days, time } from "../words/quantity";
import { type HostKeysFact, hostKeys } from "./host-keys";
import { type JobFacts, type Jobs, jobsSchema, machineName } from "./hpc-jobs";
import { type PartitionFacts, partitionSchema, type QosFacts, qosSchema, slurmName } from "./partition";
import { filePath, secretPath } from "./secret";
import { type SoftwareFacts, softwareSchema } from "./software";

/** Who computes: a service with an agreement, or a person. */
export interface AccountFacts {
  readonly kind: "service" | "person";
  readonly user: string;
  /** What its jobs are charged to. */
  readonly projects: readonly string[];
  /** Its folder on the shared file system, in which output of jobs lies, and what they report: `/scratch/project_465000001`. @default - not known */
  readonly work?: string;
  /** The last day, `2027-06-30`. @default - not known */
  readonly expires?: string;
}

/** An account of a service, which an agreement allows to run unattended. */
export const service = (user: string, ...projects: readonly string[]): AccountFacts => ({
  kind: "service",
  user,
  projects,
});
/** An account of a person. */
export const person = (user: string, ...projects: readonly string[]): AccountFacts => ({
  kind: "person",
  user,
  projects,
});

/** How one logs in. */
export type LoginFact = RegisteredKey | SignedKey | OperatorCertificate;

/** A key that each host makes, and our Vault signs for some hours: the operator trusts its CA. */
interface SignedKey {
  readonly kind: "signed-key";
  readonly lifetime: Duration;
}

/** A key whose public half somebody registers at the operator's portal. */
interface RegisteredKey {
  readonly kind: "registered-key";
  /** Where its private half is kept, a path in the store of secrets: `hpc/lumi`. */
  readonly secret: string;
  /** The portal. @default - the operator is asked */
  readonly portal?: string;
  /** How long it takes until a key that was registered is let in, at most: the old one has to be valid that long. @default 1 day */
  readonly propagates?: Duration;
  /** @default 1 year */
  readonly greatestAge?: Duration;
}

/** A certificate that the operator's CA issues for some hours. */
interface OperatorCertificate {
  readonly kind: "operator-certificate";
  /** URL of the CA. */
  readonly ca: string;
  /** SHA-256 of its root, in hex. */
  readonly fingerprint: string;
  readonly lifetime: Duration;
  /** Whether a person with a second factor must be there at every renewal. */
  readonly renewal: "person" | "automatic";
}

/** A key that somebody registers at the operator's portal. @param secret where its private half is kept, a path in the store of secrets */
export const registeredKey = (secret: string, facts: Omit<RegisteredKey, "kind" | "secret"> = {}): LoginFact => ({
  kind: "registered-key",
  secret,
  ...facts,
});
/**
 * A key that each host makes for itself, and our Vault signs, where the operator trusts its CA. *Untried*: no operator is known to.
 * @param lifetime of a certificate; thrice as long as Vault may be away, since it is renewed when a third is left
 */
export const signedKey = (lifetime: Duration): LoginFact => ({ kind: "signed-key", lifetime });
/** A certificate that the operator's CA issues for some hours, after a login that a person confirms or a service is allowed. */
export const operatorCertificate = (facts: Omit<OperatorCertificate, "kind">): LoginFact => ({
  kind: "operator-certificate",
  ...facts,
});

/** A host by which one has to pass to login nodes, with the same key. */
export interface JumpFacts {
  readonly host: string;
  /** Its addresses, which are met instead of those of the login nodes. */
  readonly login: BlockFact;
  readonly hostKeys: HostKeysFact;
  /** @default - as at the login nodes */
  readonly user?: string;
}

/** Facts about a supercomputer. */
export interface SupercomputerFacts {
  /** The name that one logs in to. */
  readonly host: string;
  /** Addresses of the login nodes. */
  readonly login: BlockFact;
  /** Host keys of the login nodes. @default - none known, and nobody logs in */
  readonly hostKeys?: HostKeysFact;
  /** @default - login nodes are met straight */
  readonly jump?: JumpFacts;
  /** Addresses that connections of compute nodes come from. @default - compute nodes reach nothing outside */
  readonly nat?: BlockFact;
  /** Whether login and compute nodes reach the internet. */
  readonly internet: { readonly login: boolean; readonly compute: boolean };
  readonly auth: LoginFact;
  /**
   * The operator's written word that a service may log in unattended, where its certificates are made for people: production logs in
   * by nothing less, and while it is only asked for, waits. @default - there is none
   */
  readonly agreement?: string | Pending;
  /** As whom jobs of an environment run. @default - none yet */
  readonly accounts?: Readonly<Partial<Record<Environment, AccountFacts>>>;
  /** As whom else experiments run: each person by an account of their own, `lumi-jdoe` to Troika. @default - nobody */
  readonly people?: Readonly<Record<string, AccountFacts>>;
  readonly jobs?: JobFacts;
  readonly partitions: Readonly<Record<string, PartitionFacts>>;
  /** @default - none known */
  readonly qos?: Readonly<Record<string, QosFacts>>;
  /**
   * Where accounts read what they may use and have used: limits of Slurm (`GrpTRESMins`), or a program of the operator, `lumi-allocations` of CSC, `saldo` of CINECA.
   * @default - nowhere
   */
  readonly budget?: (typeof budgets)[number];
  /** How software is installed. @default - nobody knows, and none is */
  readonly software?: SoftwareFacts;
}

const budgets = ["slurm", "lumi-allocations", "saldo"] as const;

/** A supercomputer under Slurm. Its name is how others speak of it: `submitsTo: ["lumi"]`. */
export const slurm = (name: string, facts: Described<SupercomputerFacts>): SupercomputerInput => ({ name, facts });

/** A supercomputer as a site file writes it; {@link slurm} makes it. */
export interface SupercomputerInput {
  readonly name: string;
  readonly facts: Described<SupercomputerFacts>;
}

const userName = word(
  (v) => (typeof v === "string" && /^[A-Za-z_][\w.-]*$/.test(v) ? v : undefined),
  "a user name at the site",
  "write one, as the operator does",
);

const accountSchema = z.strictObject({
  kind: oneOf(["service", "person"]),
  user: userName,
  projects: z.array(slurmName("a project at the site")),
  work: filePath.exactOptional(),
  expires: day.optional(),
} satisfies Fields<AccountFacts>);
export type Account = z.output<typeof accountSchema>;

const login = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("registered-key"),
      secret: secretPath,
      portal: text("the portal").exactOptional(),
      propagates: time.default(days(1)),
      greatestAge: time.default(days(365)),
    } satisfies Fields<RegisteredKey>),
    z.strictObject({ kind: z.literal("signed-key"), lifetime: time } satisfies Fields<SignedKey>),
    z.strictObject({
      kind: z.literal("operator-certificate"),
      ca: url("the operator's CA"),
      fingerprint: text("SHA-256 of the CA's root, in hex"),
      lifetime: time,
      renewal: oneOf(["person", "automatic"]),
    } satisfies Fields<OperatorCertificate>),
  ])
  .meta({ written: 'registeredKey("path"), signedKey(hours(n)) or operatorCertificate({ … })' });

const jumpSchema = z.strictObject({
  host: machineName("the host to pass by"),
  login: block,
  hostKeys,
  user: userName.exactOptional(),
} satisfies Fields<JumpFacts>);

const personSchema = accountSchema.extend({
  kind: word((v) => (v === "person" ? v : undefined), "a person", 'write person("user", "project")'),
});

export const supercomputerSchema = z.strictObject({
  name: nameOf("rename the supercomputer"),
  host: machineName("the name that one logs in to"),
  login: block,
  hostKeys: hostKeys.exactOptional(),
  jump: jumpSchema.exactOptional(),
  nat: block.optional(),
  internet: z.strictObject({ login: flag, compute: flag }),
  auth: login,
  agreement: word(
    (v): string | Pending | undefined => (typeof v === "string" && v.trim() !== "" ? v : readPending(v)),
    'the agreement that allows a service to log in, or pending("who is asked")',
    "write it as text, in quotes",
  ).exactOptional(),
  accounts: z.partialRecord(z.enum(environments), accountSchema).default({}),
  people: z.record(z.string(), personSchema).default({}),
  jobs: jobsSchema.prefault({}),
  partitions: z.record(slurmName("a partition"), partitionSchema),
  qos: z.record(slurmName("a quality of service"), qosSchema).default({}),
  budget: oneOf(budgets).exactOptional(),
  software: softwareSchema.exactOptional(),
} satisfies Fields<SupercomputerFacts & { name: string }>);
export type Supercomputer = z.output<typeof supercomputerSchema>;

/** What an environment waits for before it can log in: the operator's word that it may without a person, and keys to know it by. */
export function awaitedForLogin(
  { auth, agreement, hostKeys, jump }: Supercomputer,
  environment: Environment,
): readonly string[] {
  const isPerson = environment === "production" && auth.kind === "operator-certificate";
  const asked = [isPerson ? agreement : undefined, hostKeys, jump?.hostKeys];
  return asked.flatMap((each) => (typeof each === "object" && "pending" in each ? [each.pending] : []));
}

/** How jobs report; not known where it is not stated, and compute nodes reach nothing outside. */
export const callbackOf = ({ jobs, nat }: Supercomputer): Jobs["callback"] => jobs.callback ?? (nat && "proxy");

/** Stands in for facts that are wrong, so that the rest of a site can still be checked. */
export const supercomputerFallback = {
  name: "unnamed",
  host: "unknown",
  login: { pending: "?" },
  internet: { login: false, compute: false },
  auth: { kind: "registered-key", secret: "unnamed" },
  partitions: {},
};
