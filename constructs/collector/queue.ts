import type { StatedCollector } from "../../model/site/collector";
import { gib, type Size } from "../../model/words/quantity";

type Outage = Pick<StatedCollector, "survives" | "at">;

/** Bytes that come in an outage: what a queue has to hold. */
export const bytesOf = ({ survives, at }: Outage): number => Math.ceil((survives.seconds * at.bitsPerSecond) / 8);

/**
 * The file of a queue on disk: a quarter more for its own pages, and a step by which it grows. It has to hold what the queue may: one that
 * can write nothing more forgets what it takes off, while a queue that is full refuses, and all stays where it was.
 * @see bbolt: a file grows by doubling, from a GiB on by a GiB
 */
export const fileOf = (bytes: number): number => Math.ceil(bytes * 1.25) + 2 ** 29;

/** The disk of a collector. Metrics and logs have a queue each, and either may be all that comes. */
export const diskOf = (outage: Outage): Size => gib(Math.ceil((2 * fileOf(bytesOf(outage))) / 2 ** 30));
