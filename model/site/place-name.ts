import { word } from "../words/parse";
import { isRecord } from "../words/record";

/** A tenancy of a site. */
export interface PlaceName {
  readonly site: string;
  readonly tenancy: string;
}

/** Where what the sites share stands, unless somebody says otherwise. */
export const home: PlaceName = { site: "home", tenancy: "production" };

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
export const isPlaceName = (value: unknown): value is PlaceName =>
  isRecord(value) && isText(value.site) && isText(value.tenancy);

/** A schema for the name of a tenancy. */
export const placeName = (fix: string) =>
  word((v) => (isPlaceName(v) ? v : undefined), 'a tenancy, { site: "…", tenancy: "…" }', fix);
