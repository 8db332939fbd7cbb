import { z } from "zod";
import { nameOf } from "../words/name";
import { type Fields, flag, text, word } from "../words/parse";
import { type Duration, days, time } from "../words/quantity";
import { type PlaceName, placeName } from "./place-name";

/** A schema for a path in the store of secrets: what Vault takes without escaping. */
export const secretPath = word(
  (v) => (typeof v === "string" && /^[a-z0-9]+(-[a-z0-9]+)*(\/[a-z0-9]+(-[a-z0-9]+)*)*$/.test(v) ? v : undefined),
  "a path of lower-case words: ecflow/prod",
  "write it as ecflow/prod",
);
const key = nameOf("rename the key");

/** Something secret that people or a job write, and hosts read. No description ever holds its value. */
export interface Secret {
  /** Its path, unique in its tenancy: `ecflow/prod`. */
  readonly secret: string;
  /** What it holds, by name: `["password"]`. */
  readonly keys: readonly string[];
  /** Who writes it: a team, or a job that rotates it. @default - the owner of the tenancy */
  readonly writer?: string;
  /** Whether jobs of the writer write it, by whom the site says vouches for pipelines; otherwise people alone do. @default false */
  readonly byJob?: boolean;
  /** When it has to be another one. @default 1 year */
  readonly greatestAge?: Duration;
  /** How another one takes its place. @default - it is written, and its readers take it */
  readonly rotation?: Rotation;
  readonly why: string;
}

/** How a secret gives way to the next. */
export interface Rotation {
  /** How long old and new have to be valid side by side. @default - they need not be */
  readonly overlap?: Duration;
  /** What is done, in this order. */
  readonly steps: readonly string[];
  /** How one sees that the new one works, before the old one ends. */
  readonly test: string;
}

/** Who on a host holds what an agent writes. */
export interface Holder {
  /** The account that reads it; nobody else can. @default "root" */
  readonly owner?: string;
  /** The unit that takes another value while it runs. @default - none has to */
  readonly reloads?: string;
  /** The unit that has to be restarted for another value, in hours that are open. @default - none has to */
  readonly restarts?: string;
}

/**
 * Who reads a secret: an agent on each host renders it to a file; the cluster keeps it for pods, in which it is a file of the first
 * container, or of another that says so. Both keep it while Vault cannot be reached.
 */
export interface SecretNeed extends Holder {
  readonly need: "secret";
  /** Hosts of a role, or pods of a workload, in the tenancy of the component. */
  readonly by: { readonly role: string } | { readonly workload: string };
  readonly secret: string;
  /** The tenancy of the secret. @default - the tenancy of the component */
  readonly at?: PlaceName;
  /** The one key of it that is read. */
  readonly key: string;
  /** Where it is written: `/etc/ecflow/password`. */
  readonly file: string;
  /**
   * The variable of pods that has it too, `AUTH_SECRET`, for a program that reads no file: it sees another value when it begins anew.
   * @default - none has
   */
  readonly variable?: string;
  readonly why: string;
  /** Reader and secret may belong to two environments. @default false */
  readonly acrossEnvironments?: boolean;
}

/** The unit that is told of another value, if any is. */
export const toldAt = ({ reloads, restarts }: Holder): string | undefined => reloads ?? restarts;

const unit = text("the name of a unit");

/** A schema for a file that an agent writes. */
export const filePath = word(
  (v) => (typeof v === "string" && /^\/[\w.-]+(\/[\w.-]+)*$/.test(v) && !v.includes("..") ? v : undefined),
  "an absolute path of a file",
  "write it as /etc/ecflow/password",
);

/** A schema for the name of a variable. */
export const variable = word(
  (v) => (typeof v === "string" && /^[A-Za-z_]\w*$/.test(v) ? v : undefined),
  "the name of a variable, AUTH_SECRET",
  "write it in letters, digits and underscores",
);

/** Schemas for who holds what an agent writes. */
export const holderFields = {
  owner: text("an account of the host").default("root"),
  reloads: unit.exactOptional(),
  restarts: unit.exactOptional(),
} satisfies Fields<Holder>;

const rotationSchema = z.strictObject({
  overlap: time.exactOptional(),
  steps: z.array(text("what is done")).min(1),
  test: text("how one sees that it works"),
} satisfies Fields<Rotation>);

export const secretSchema = z
  .strictObject({
    secret: secretPath,
    keys: z.array(key).min(1),
    writer: text("a team, or a job").exactOptional(),
    byJob: flag.default(false),
    greatestAge: time.default(days(365)),
    rotation: rotationSchema.exactOptional(),
    why: text("what it is for"),
  } satisfies Fields<Secret>)
  // Somebody may have written the value itself.
  .meta({ unshown: true });

export type StatedSecret = z.output<typeof secretSchema>;

const role = z.strictObject({ role: text("a role of hosts in the tenancy") });
const workload = z.strictObject({ workload: text("a workload of the tenancy's cluster") });

/**
 * How those that are named in needs of secrets and certificates are read. Pods are told nothing: they read the file when they need it,
 * and see another value within minutes.
 */
export const byEither = z.union([role, workload]).meta({ written: '{ role: "…" } or { workload: "…" }' });

export const secretNeedSchema = z.strictObject({
  need: z.literal("secret"),
  by: byEither,
  secret: secretPath,
  at: placeName("name one").exactOptional(),
  key,
  file: filePath,
  variable: variable.exactOptional(),
  ...holderFields,
  why: text("why it is read"),
  acrossEnvironments: flag.exactOptional(),
} satisfies Fields<SecretNeed>);
export type ReadSecret = z.output<typeof secretNeedSchema>;
