import type { PlaceEntry } from "../../model/entries";
import type { Software } from "../../model/site/software";

/** The folder at a supercomputer in which a tenancy has its own software. */
export const prefixOf = ({ place, software }: { readonly place: PlaceEntry; readonly software: Software }): string =>
  `${software.prefix}/${place.name}`;
