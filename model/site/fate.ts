import { oneOf } from "../words/parse";

/** What becomes of a stateful thing that leaves the description: kept until its retirement is written, or destroyed. */
export const fates = ["keep", "disposable"] as const;
/** What becomes of data when their owner leaves the description: `keep` refuses to lose them, `disposable` lets them go. */
export type Fate = (typeof fates)[number];

/** A schema for the fate of something stateful. */
export const fate = oneOf(fates, 'write "keep", or "disposable" if nobody would miss it');
