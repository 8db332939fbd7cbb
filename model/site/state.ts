import { z } from "zod";
import { type Fields, text, url, word } from "../words/parse";

/** Where the state of a tenancy's stacks is kept. Every kind locks it while somebody applies. */
export type StateFacts = S3Facts & { readonly kind: "s3" };

/** A bucket of an S3 store that honours conditional writes, which is what its lock is made of. */
export interface S3Facts {
  readonly bucket: string;
  readonly region: string;
  /** URL of the store. @default - AWS */
  readonly endpoint?: string;
}

export const s3 = (facts: S3Facts): StateFacts => ({ kind: "s3", ...facts });

const bucketName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

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
      endpoint: url("the store").optional(),
    } satisfies Fields<StateFacts>),
  ])
  .meta({ written: "s3({ bucket, region })" });
export type State = z.output<typeof stateSchema>;
