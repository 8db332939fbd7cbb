import { z } from "zod";
import { nameOf } from "../words/name";
import { type Fields, names, oneOf, text, url, whole, word } from "../words/parse";
import { type MarsFields, marsFields } from "./layout";
import { hostName } from "./need";

/** What people get data of the FDB of a tenancy by: Polytope. */
export interface PolytopeSpec {
  /** Unique in its tenancy: `polytope`. */
  readonly polytope: string;
  /** The FDB of the tenancy that it reads. */
  readonly fdb: string;
  /** Workloads that do: it names them as its clients. */
  readonly workers: readonly string[];
  /** The service that vouches for who asks. */
  readonly asks: string;
  readonly tags: Tags;
  /** As clients know it, in full: `polytope.lumi.apps.dte.destination-earth.eu`. */
  readonly address: string;
  /** What may be asked for, by the name of a collection. */
  readonly collections: Readonly<Record<string, Collection>>;
  /** Requests of a pool of workers that wait, at most: who asks then is told to come again. */
  readonly queue: number;
  /** Where users who are told of an error find help. @default - they are told none */
  readonly support?: string;
  /** What cuts features, as points and polygons, out of fields. @default - nobody does: fields come whole */
  readonly features?: Features;
}

/** What tells its requests from those of other Polytopes: each 1 to 3 lower-case letters and digits. */
export interface Tags {
  /** `lum` */
  readonly site: string;
  /** `prd` */
  readonly env: string;
}

/** Fields that may be asked for together. */
export interface Collection {
  /**
   * What requests have to say, by keys of MARS, `{ class: ["d1"], dataset: ["extremes-dt"] }`. Who asks for several values is let through
   * if one of them is among these.
   */
  readonly serves: MarsFields;
  /** Who may ask, by realm: whoever has one of these roles there. @default - everybody who logs in */
  readonly roles?: Readonly<Record<string, readonly string[]>>;
  /** How old fields have to be, `> 1d`, or how young, `< 15d`, by the key `date`; all of it. @default - as they are */
  readonly dates?: readonly string[];
  /** Whether fields come whole, or features of them. @default "fields" */
  readonly as?: (typeof forms)[number];
}

export const forms = ["fields", "features"] as const;

/** Workers that cut features out of fields: GribJump finds these beside the stores of the FDB. */
export interface Features {
  /** The service of GribJump on hosts of the FDB's stores. */
  readonly gribjump: string;
  readonly options: FeatureOptions;
}

/** How axes of fields become those of a datacube. @see polytope-python 2.1.17, polytope_feature/options.py: Config */
export interface FeatureOptions {
  readonly axis_config: readonly AxisConfig[];
  readonly compressed_axes_config: readonly string[];
  /** Axes whose values a request has to say, one each. */
  readonly pre_path: readonly string[];
  readonly alternative_axes?: readonly { readonly axis_name: string; readonly values: readonly string[] }[];
}

/** What is done to the values of an axis before they are asked for. @see polytope-python, polytope_feature/options.py */
interface AxisConfig {
  readonly axis_name: string;
  readonly transformations: readonly Transformation[];
}

/** @see polytope-python 2.1.17, polytope_feature/options.py; of `mapper` what grids of our fields need */
type Transformation =
  | { readonly name: "cyclic"; readonly range: readonly number[] }
  | {
      readonly name: "mapper";
      readonly type: string;
      readonly resolution: number | readonly number[];
      readonly axes: readonly string[];
      readonly md5_hash?: string;
      readonly local?: readonly number[];
      readonly axis_reversed?: Readonly<Record<string, boolean>>;
    }
  | { readonly name: "reverse"; readonly is_reverse: boolean }
  | { readonly name: "type_change"; readonly type: string }
  | { readonly name: "merge"; readonly other_axis: string; readonly linkers: readonly string[] };

/** @see bits-broker, bits/src/request_id.rs: pack_tag */
const tag = word(
  (v) => (typeof v === "string" && /^[a-z0-9]{1,3}$/.test(v) ? v : undefined),
  "1 to 3 lower-case letters and digits",
  "shorten it: lum, prd",
);

export const tagsSchema = z.strictObject({ site: tag, env: tag } satisfies Fields<Tags>);

/** @see polytope-server, frontend/src/actions/date_check.rs: months there are none, m is minutes */
const dates = word(
  (v) => (typeof v === "string" && /^[<>] ?(\d+[dhm])+$/.test(v) ? v : undefined),
  'an age of fields in days, hours and minutes: "> 1d", or "< 15d"',
  "write it so",
);

const collectionSchema = z.strictObject({
  serves: marsFields,
  roles: z
    .record(text("a realm"), z.array(text("a role of that realm")).min(1))
    .refine((all) => Object.keys(all).length > 0, {
      params: { allowed: "one realm or more; without any, everybody who logs in may ask", fix: "leave it out" },
    })
    .exactOptional(),
  dates: z.array(dates).min(1).exactOptional(),
  as: oneOf(forms).default("fields"),
} satisfies Fields<Collection>);

/** A schema for what may be asked for. */
export const collectionsSchema = z
  .record(nameOf("rename the collection"), collectionSchema)
  .refine((all) => Object.keys(all).length > 0, {
    params: { allowed: "one collection or more", fix: 'write { "extremes-dt": { serves: { … } } }' },
  });

const transformation = z
  .discriminatedUnion("name", [
    z.strictObject({ name: z.literal("cyclic"), range: z.array(z.number()).min(2) }),
    z.strictObject({
      name: z.literal("mapper"),
      type: text("a kind of grid: octahedral, reduced_ll, …"),
      resolution: z.union([z.int(), z.array(z.int())]),
      axes: z.array(text("an axis")).min(1),
      md5_hash: text("the hash of a grid").exactOptional(),
      local: z.array(z.number()).exactOptional(),
      axis_reversed: z.record(z.string(), z.boolean()).exactOptional(),
    }),
    z.strictObject({ name: z.literal("reverse"), is_reverse: z.boolean() }),
    z.strictObject({ name: z.literal("type_change"), type: text("a type: int, date, …") }),
    z.strictObject({
      name: z.literal("merge"),
      other_axis: text("an axis"),
      linkers: z.array(z.string()),
    }),
  ])
  .meta({ written: 'a transformation: { name: "cyclic", "mapper", "reverse", "type_change" or "merge", … }' });

const axis = text("an axis");

export const featuresSchema = z.strictObject({
  gribjump: text("a service of GribJump on hosts of the FDB's stores"),
  options: z.strictObject({
    axis_config: z
      .array(
        z.strictObject({
          axis_name: axis,
          transformations: z.array(transformation).min(1),
        } satisfies Fields<AxisConfig>),
      )
      .min(1),
    compressed_axes_config: names("an axis"),
    pre_path: names("an axis"),
    alternative_axes: z.array(z.strictObject({ axis_name: axis, values: z.array(z.string()) })).exactOptional(),
  } satisfies Fields<FeatureOptions>),
} satisfies Fields<Features>);

export const queueLength = whole(1, 500_000, "1 to 500000 requests", "leave it out for the default");

export const polytopeSchema = z.strictObject({
  polytope: text("a name"),
  fdb: text("an FDB of the tenancy"),
  workers: z.array(text("a workload")),
  asks: text("a service"),
  tags: tagsSchema,
  address: hostName,
  collections: collectionsSchema,
  queue: queueLength,
  support: url("whoever helps users").exactOptional(),
  features: featuresSchema.exactOptional(),
} satisfies Fields<PolytopeSpec>);
/** A Polytope, read. */
export type StatedPolytope = z.output<typeof polytopeSchema>;
