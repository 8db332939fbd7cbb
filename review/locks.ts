import { type Locks, lockChanges } from "../model/locks";

/** Entries that a change takes out of locks or writes anew: what they protected, or told, is another then. */
export const looseEntries = (base: Locks, head: Locks): readonly string[] =>
  [...new Set([...base.keys(), ...head.keys()])]
    .sort()
    .flatMap((site) => lockChanges(site, base.get(site), head.get(site)))
    .flatMap(({ path, before, after }) =>
      before === undefined ? [] : [after === undefined ? `${path}: ${before} goes` : `${path}: ${before} → ${after}`],
    );
