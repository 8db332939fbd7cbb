import { type PlaceEntry, pathTo, type Said } from "../entries";
import type { StatedFdb } from "../site/fdb";
import { didYouMean, listed, type Problem } from "../words/problem";

/** The FDB of a tenancy that somebody names, or why there is none; of a place that could not be read as a whole, neither. @param path of who names it */
export function askedFdb(
  place: PlaceEntry,
  name: string,
  path: string,
): { readonly fdb?: Said<StatedFdb>; readonly problems: readonly Problem[] } {
  const fdb = place.fdb.find(({ said }) => said.fdb === name);
  if (fdb) return { fdb, problems: [] };
  if (!place.whole) return { problems: [] };
  const names = place.fdb.map(({ said }) => said.fdb);
  const allowed = `an FDB of ${pathTo(place)}: ${listed(names)}`;
  return { problems: [{ path, value: name, allowed, fix: didYouMean(name, names, "add fdb()") }] };
}
