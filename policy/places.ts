import type { PlaceEntry } from "../model/entries";
import type { Registers } from "../model/registers";

/** The tenancies that production runs in. */
export const inProduction = ({ places }: Registers): readonly PlaceEntry[] =>
  places.filter(({ tenancy }) => tenancy.environment === "production");
