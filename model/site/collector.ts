import { z } from "zod";
import { type Fields, text } from "../words/parse";
import { type Duration, type Rate, rate, time } from "../words/quantity";
import type { PlaceName } from "./place-name";

/** What gathers the metrics and logs of a tenancy. */
export interface CollectorSpec {
  /** The tenancy whose monitoring takes them. */
  readonly deliversTo: PlaceName;
  /** How long it holds everything while nobody takes it. */
  readonly survives: Duration;
  /** What the tenancy produces, metrics and logs together, before it is compressed. */
  readonly at: Rate;
}

export const collectorSchema = z.strictObject({
  deliversTo: z.strictObject({ site: text("a site"), tenancy: text("a tenancy") } satisfies Fields<PlaceName>),
  survives: time,
  at: rate,
} satisfies Fields<CollectorSpec>);
export type StatedCollector = z.output<typeof collectorSchema>;
