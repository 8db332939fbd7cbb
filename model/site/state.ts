import { z } from "zod";
import { type Fields, text, url, word } from "../words/parse";

/** Where the state of a tenancy's stacks is kept. Every kind locks it while somebody applies. */
export type StateFacts =
  | (S3Facts & { readonly kind: "s3" })
  | (HttpFacts & { readonly kind: "http" })
  | (PgFacts & { readonly kind: "pg" });

/** A bucket of an S3 store that honours conditional writes, which is what its lock is made of. */
export interface S3Facts {
  readonly bucket: string;
  readonly region: string;
  /** URL of the store. @default - AWS */
  readonly endpoint?: string;
}

/** A server that keeps states by HTTP, as GitLab does. Credentials come from `TF_HTTP_USERNAME` and `TF_HTTP_PASSWORD`. */
export interface HttpFacts {
  /** Below it every stack has an address of its own, which is locked by POST and unlocked by DELETE at its `/lock`. */
  readonly address: string;
}

/** A PostgreSQL database. Where it is and who we are there comes from `PG_CONN_STR`. */
export interface PgFacts {
  /** Every stack has a schema of its own, whose name begins so. */
  readonly schemaName: string;
}

/** A state in a bucket, of AWS or of whoever speaks S3; it is locked by a file beside it. */
export const s3 = (facts: S3Facts): StateFacts => ({ kind: "s3", ...facts });
/** A state behind an HTTP address that locks, as GitLab keeps them. */
export const http = (facts: HttpFacts): StateFacts => ({ kind: "http", ...facts });
/** A state in PostgreSQL, a schema for each stack. Its connection, with a password, comes from `PG_CONN_STR`. */
export const pg = (facts: PgFacts): StateFacts => ({ kind: "pg", ...facts });

const bucketName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** Whoever reads a site file would read a password in an address too; the problem does not repeat it. */
const withoutCredentials = (of: string) =>
  z
    .unknown()
    .transform((value, context) => {
      if (typeof value !== "string" || !/[@?#]/.test(value)) return value;
      const params = { allowed: "an address without user, password and query", fix: "give them by the environment" };
      const input = value.replace(/\/\/.*@/, "//…@").replace(/[?#].*/, "?…");
      context.issues.push({ code: "custom", input, params });
      return z.NEVER;
    })
    .pipe(url(of));

export const stateSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("s3"),
      bucket: word(
        (v) => (typeof v === "string" && bucketName.test(v) ? v : undefined),
        "the name of a bucket: 3 to 63 lower-case letters, digits, dots and dashes",
        "write its name",
      ),
      region: text("the store's region"),
      endpoint: withoutCredentials("the store").optional(),
    } satisfies Fields<S3Facts & { kind: "s3" }>),
    z.strictObject({
      kind: z.literal("http"),
      address: withoutCredentials("the server"),
    } satisfies Fields<HttpFacts & { kind: "http" }>),
    z.strictObject({
      kind: z.literal("pg"),
      schemaName: word(
        (v) => (typeof v === "string" && /^[a-z][a-z0-9_-]{0,19}$/.test(v) ? v : undefined),
        "the beginning of a schema's name: at most 20 lower-case letters, digits, _ and -",
        "write e.g. databridge",
      ),
    } satisfies Fields<PgFacts & { kind: "pg" }>),
  ])
  .meta({ written: "s3({ bucket, region }), http({ address }) or pg({ schemaName })" });
export type State = z.output<typeof stateSchema>;

/** What tells a state from all others, as the lock holds it: `s3://bucket/key`. Nothing in it is secret. */
export function stateUrl(state: State, key: string): string {
  if (state.kind === "http") return httpAddress(state, key);
  if (state.kind === "pg") return `pg://${pgSchema(state, key)}`;
  return `s3://${state.bucket}/${key}${state.endpoint === undefined ? "" : `?endpoint=${state.endpoint}`}`;
}

/** The address of one stack's state. */
export const httpAddress = ({ address }: HttpFacts, key: string): string =>
  `${address.replace(/\/+$/, "")}/${nameOf(key)}`;

/** The schema of one stack's state: all stacks of one schema would share a state. */
export const pgSchema = ({ schemaName }: PgFacts, key: string): string => `${schemaName}-${nameOf(key)}`;

/** `lumi/production/lumi-production-tenancy.tfstate` is the key where there are folders; elsewhere its last name does. */
const nameOf = (key: string): string => key.replace(/^.*\//, "").replace(/\.tfstate$/, "");
