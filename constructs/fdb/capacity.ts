import type { Problem } from "../../model/words/problem";
import type { Duration, Size } from "../../model/words/quantity";

/** What comes each day, of all spaces together, and how long it stays. */
export interface Retention {
  readonly daily: Size;
  /** Nothing deletes by itself, and without `wipe` no client may: a person does. */
  readonly kept: Duration;
}

/** A volume is full at this share: beyond it XFS is slow, and a day that is larger than others does not end it. */
const usable = 0.9;

/** Whether what is kept fits; the newest day is there before the oldest has gone. @param volumes of each store that take new fields */
export function capacityProblems(
  { daily, kept }: Retention,
  stores: number,
  volumes: readonly { readonly size: Size }[],
): readonly Problem[] {
  const days = Math.ceil(kept.seconds / 86400) + 1;
  const each = volumes.reduce((sum, { size }) => sum + size.gib, 0) * usable;
  const [needed, room] = [daily.gib * days, Math.floor(stores * each)];
  if (needed <= room) return [];
  const enough = Math.ceil(needed / each);
  return [
    {
      path: "retention",
      value: `${daily} a day for ${kept}: ${needed} GiB, with the day that comes`,
      allowed: `at most ${room} GiB, nine tenths of the volumes of ${stores === 1 ? "a store" : `${stores} stores`}`,
      fix: `${enough <= 20 ? `write stores: ${enough}` : "make volumes larger"}, or keep it for less long`,
    },
  ];
}
