import { z } from "zod";
import { clock } from "../words/calendar";
import { isName, nameRule } from "../words/name";
import { type Fields, text, word } from "../words/parse";
import { isRecord } from "../words/record";
import { hostName } from "./need";
import { isPlaceName, type PlaceName } from "./place-name";

/**
 * It is reached when its node becomes complete. That has to last for a minute: a node that repeats, or the last one in what repeats, begins
 * anew at once, and is never seen complete.
 */
export interface Milestone {
  /** A family or task, `/dte/main/forecast`. */
  readonly node: string;
  /** The hour of each day in UTC by which it is reached, `06:30`. */
  readonly by: string;
  /** The hour, later that day, at which it is urgent, `07:30`. @default - it never is */
  readonly critical?: string;
  /** `the forecast` */
  readonly what: string;
  /** Where that comes from: a flow has to lead from each of these to where the server's jobs run. @default - from what runs there itself */
  readonly from?: readonly Origin[];
}

/** Where something comes from that a milestone waits for. */
export type Origin =
  /** A service, on whose hosts or pods it arrives. */
  | {
      readonly service: string;
      /** @default - the tenancy of the server */
      readonly at?: PlaceName;
    }
  /** A network that a site names under `outside`. */
  | { readonly outside: string }
  /** A host of the internet that is asked through the forward proxy: `polytope.example.org`. */
  | { readonly name: string };

/** As people say it. */
export const originName = (origin: Origin): string =>
  "service" in origin ? origin.service : "outside" in origin ? origin.outside : origin.name;

/** Commas part paths in the white list. */
export const nodePath = word(
  (v) => (typeof v === "string" && /^(\/[A-Za-z0-9_][A-Za-z0-9_.]*)+$/.test(v) ? v : undefined),
  "the path of a suite or what is in it, /o/main",
  "write it from the suite on",
);

const origin = word(
  readOrigin,
  '{ service: "…" }, { outside: "…" } or { name: "polytope.example.org" }',
  "write one of them",
);

function readOrigin(value: unknown): Origin | undefined {
  if (!isRecord(value)) return undefined;
  const { service, outside, name, at } = value;
  const known = Object.keys(value).every((key) => key === "at" || ["service", "outside", "name"].includes(key));
  if (!known || [service, outside, name].filter((each) => each !== undefined).length !== 1) return undefined;
  if (isName(service) && (at === undefined || isPlaceName(at))) return { service, ...(at === undefined ? {} : { at }) };
  if (at !== undefined) return undefined;
  if (isName(outside)) return { outside };
  return hostName.safeParse(name).success ? { name: `${name}` } : undefined;
}

const milestoneSchema = z
  .strictObject({
    node: nodePath,
    by: clock,
    critical: clock.exactOptional(),
    what: text("what is reached"),
    from: z.array(origin).default([]),
  } satisfies Fields<Milestone>)
  .superRefine(({ by, critical }, context) => {
    if (critical !== undefined && critical <= by)
      context.issues.push({
        code: "custom",
        input: critical,
        path: ["critical"],
        params: { allowed: `an hour after ${by}, of the same day`, fix: "leave it out if it is never urgent" },
      });
  });
/** A milestone, read. */
export type StatedMilestone = z.output<typeof milestoneSchema>;

/** Milestones by name, a label of what is told of them. */
export const milestonesSchema = z.record(
  word((v) => (isName(v) ? v : undefined), nameRule, "write it as forecast-complete"),
  milestoneSchema,
);
