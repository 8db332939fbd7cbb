import { z } from "zod";
import { type Fields, flag, oneOf, text } from "../words/parse";
import { type MarsFields, marsFields } from "./layout";

/**
 * How a space chooses among its volumes where a dataset begins; the rest of it follows. `envvar` and `expver`, which ask the client's
 * environment and a file beside the server, are left out: neither is described here.
 * @see fdb, src/fdb5/toc/FileSpaceHandler.cc
 */
export const spaceHandlers = [
  "Default",
  "LeastUsed",
  "LeastUsedPercent",
  "RoundRobin",
  "Random",
  "WeightedRandom",
  "WeightedRandomPercent",
] as const;
/** One of {@link spaceHandlers}. */
export type SpaceHandler = (typeof spaceHandlers)[number];

/** Volumes that share what comes to a server. The first space that a field is of takes it. */
export interface FdbSpace {
  /** Values of keys of the dataset; a field has one of each key. @default - every field is of it */
  readonly of?: MarsFields;
  readonly handler: SpaceHandler;
  /** Whether it takes new fields; what it has is read in any case. */
  readonly archive: boolean;
  readonly volumes: readonly string[];
}

export const fdbSpaceSchema = z.strictObject({
  of: marsFields.exactOptional(),
  handler: oneOf(spaceHandlers),
  archive: flag,
  volumes: z.array(text("a volume of these hosts")).min(1),
} satisfies Fields<FdbSpace>);
