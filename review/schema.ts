import { z } from "zod";
import { causes } from "./causes";
import { levels } from "./effects";
import type { Packet } from "./packet";

const count = z.int().nonnegative();
const names = z.array(z.string());

const side = z.strictObject({
  ref: z.string(),
  digest: z.string(),
  parts: z.record(z.string(), z.string()).exactOptional(),
});

/** The form of a packet, which whoever takes the JSON can rely on. Another form has another version. */
export const packetSchema = z.strictObject({
  version: z.literal(1),
  base: side,
  head: side,
  verdict: z.record(z.enum([...levels, "unexplained", "unwise"]), count),
  entries: z.array(
    z.strictObject({
      level: z.enum(levels),
      construct: z.string(),
      stacks: names,
      addresses: names,
      actions: z.record(z.string(), count),
      reasons: names,
      causes: z.array(z.enum(causes)),
      at: names,
      because: names,
    }),
  ),
  stale: names,
  matrix: z.array(
    z.strictObject({
      site: z.string(),
      cells: z.record(z.string(), z.union([z.string(), z.partialRecord(z.enum(levels), count)])),
    }),
  ),
  opens: names,
  closes: names,
  reads: names,
  fates: z.array(z.strictObject({ stack: z.string(), address: z.string(), fate: z.string() })),
  quota: z.array(z.strictObject({ stack: z.string(), what: z.string(), before: z.number(), after: z.number() })),
  policy: z.array(
    z.strictObject({
      rule: z.string(),
      target: z.string(),
      unwise: names,
      acknowledged: z.strictObject({ reason: z.string(), owner: z.string(), until: z.string() }).exactOptional(),
      isNew: z.boolean(),
      added: names.exactOptional(),
    }),
  ),
  policyDefects: names,
  needs: names,
  calendar: names,
  locks: names,
  order: names,
  notes: names,
});

/** The same as JSON Schema 2020-12. */
export const packetJsonSchema = (): object => ({
  title: "What a change does to all sites: databridge review --json",
  ...z.toJSONSchema(packetSchema satisfies z.ZodType<ReadonlyJson<Packet>>),
});

/** A packet as JSON holds it: days are text there. */
type ReadonlyJson<T> = T extends string
  ? string
  : T extends object
    ? { readonly [K in keyof T]: ReadonlyJson<T[K]> }
    : T;

/** A packet of which JSON was written. @returns nothing if it is none */
export function readPacket(text: string): Pick<Packet, "head" | "verdict"> | undefined {
  try {
    return packetSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** What a packet calls the digest of a plan. */
export const planPart = (stack: string): string => `plan ${stack}`;

/** Digests of the plans that a packet tells of, by stack. */
export const plansRead = ({ head: { parts = {} } }: Pick<Packet, "head">): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(parts).flatMap(([name, digest]) => (name.startsWith("plan ") ? [[name.slice(5), digest]] : [])),
  );
