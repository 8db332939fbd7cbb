import type { HostEntry, PlaceEntry } from "../../model/entries";

/** The first line of a file: where it comes from. @param comment what begins a comment there */
export const header = ({ id }: HostEntry, { site }: PlaceEntry, comment = "#"): string =>
  `${comment} ${id}: from sites/${site.name}.ts by databridge synth; what is changed here is undone by databridge configure`;
