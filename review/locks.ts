import { type Locks, lockChanges } from "../model/locks";
import { plain } from "./plain";

/** Entries that a change takes out of locks or writes anew: what they protected, or told, is another then. */
export const looseEntries = (base: Locks, head: Locks): readonly string[] =>
  [...new Set([...base.keys(), ...head.keys()])]
    .sort()
    .flatMap((site) => lockChanges(site, base.get(site), head.get(site)))
    .filter(({ path }) => !path.endsWith(".lock.version"))
    .flatMap(({ path, before, after }) =>
      before === undefined
        ? []
        : [plain(`${path}: ${plain(before, 80)} ${after === undefined ? "goes" : `→ ${plain(after, 80)}`}`, 400)],
    );
