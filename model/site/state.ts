import { z } from "zod";
import { type Fields, text } from "../words/parse";

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

export const stateSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("s3"),
    bucket: text("the name of a bucket"),
    region: text("the store's region"),
    endpoint: text("the URL of the store").optional(),
  } satisfies Fields<StateFacts>),
]);
export type State = z.output<typeof stateSchema>;
