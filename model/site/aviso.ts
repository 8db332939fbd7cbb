import { z } from "zod";
import { type Fields, flag, line, text, whole, word } from "../words/parse";
import { type Duration, time } from "../words/quantity";
import { type MarsKey, marsKey } from "./layout";

/** What tells people what there is in the FDB of a tenancy: Aviso. */
export interface AvisoSpec {
  /** Unique in its tenancy: `aviso`. */
  readonly aviso: string;
  /** The FDB of the tenancy of whose fields it tells. */
  readonly fdb: string;
  readonly events: Events;
  /** The service that vouches for who asks. */
  readonly asks: string;
  /** Who may notify of everything, and delete. */
  readonly admins: Roles;
  /** Accounts that notify, by the role of hosts on which they do. */
  readonly notifiers: Readonly<Record<string, string>>;
}

/** What is told, by the name of the event. */
export type Events = Readonly<Record<string, EventFacts>>;

/** Notifications of one kind. */
export interface EventFacts {
  /** By which each is told from others, in the order of its subject. Whoever notifies has to say all of them, so all fields have them. */
  readonly identifier: Readonly<Partial<Record<MarsKey, IdentifierKey>>>;
  /** With what subjects begin: no other event has it. @default - the name of the event */
  readonly topic?: string;
  /** Whether a notification has to carry more than its identifier. @default false */
  readonly payload?: boolean;
  /** Who may listen, by realm: whoever has one of these roles there, `["*"]` for all. @default - everybody who is let in */
  readonly reads?: Roles;
  /** Who may notify. @default - administrators */
  readonly writes?: Roles;
  /** How long notifications are kept, for whoever listens later. */
  readonly kept: Duration;
  /** How many a day has, at most: the room for them follows. */
  readonly perDay: number;
  /** How many bytes one has as it is stored, at most. @default 2048 */
  readonly bytes?: number;
  /** Whether one that says the same as an earlier one stands beside it, or takes its place. @default false */
  readonly repeats?: boolean;
}

/** Roles by the realm that gives them. */
export type Roles = Readonly<Record<string, readonly string[]>>;

/** What values of a key are, in Aviso's sense. */
export type IdentifierKey = {
  /** Whether whoever listens has to say it. @default false */
  readonly asked?: boolean;
  /** What people are told of it. @default - nothing */
  readonly what?: string;
} & IdentifierType;

/** Some text; a date, a time, a version of an experiment as MARS has them; numbers; one of a few values. */
export type IdentifierType =
  | { readonly is: "text"; readonly longest?: number }
  | { readonly is: "date" }
  | { readonly is: "time" }
  | { readonly is: "expver" }
  | { readonly is: "integer"; readonly from?: number; readonly to?: number }
  | { readonly is: "number" }
  | { readonly is: "one-of"; readonly values: readonly string[] };

const more = { asked: flag.default(false), what: line("what people are told of it").exactOptional() };

const identifierKey = z
  .discriminatedUnion("is", [
    z.strictObject({
      is: z.literal("text"),
      longest: whole(1, 200, "1 to 200 characters", "write a number").exactOptional(),
      ...more,
    }),
    ...(["date", "time", "expver", "number"] as const).map((is) => z.strictObject({ is: z.literal(is), ...more })),
    z.strictObject({ is: z.literal("integer"), from: z.int().exactOptional(), to: z.int().exactOptional(), ...more }),
    z.strictObject({ is: z.literal("one-of"), values: z.array(text("a value")).min(1), ...more }),
  ])
  .meta({ written: '{ is: "text", "date", "time", "expver", "integer", "number" or "one-of", … }' });

/** @see aviso-server 0.13.1, src/notification/topic_parser.rs: validate_topic_base */
const topicBase = word(
  (v) => (typeof v === "string" && /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(v) ? v : undefined),
  "the beginning of subjects, in letters, digits, dashes and underscores",
  "write it without dots",
);

/** The role of administrators, unless a site file names another: nobody has it but accounts that are given it. */
export const adminRole = "aviso-admin";

/** A schema for roles by realm. */
export const rolesSchema = z
  .record(text("a realm"), z.array(text('a role of that realm, or "*"')).min(1))
  .refine((all) => Object.keys(all).length > 0, {
    params: { allowed: "one realm or more", fix: "leave it out" },
  });

const eventSchema = z.strictObject({
  identifier: z.record(marsKey, identifierKey).refine((all) => Object.keys(all).length > 0, {
    params: { allowed: "one key or more", fix: 'write { class: { is: "text" } }' },
  }),
  topic: topicBase.exactOptional(),
  payload: flag.default(false),
  reads: rolesSchema.exactOptional(),
  writes: rolesSchema.exactOptional(),
  kept: time,
  perDay: whole(1, 10_000_000, "1 to 10 million notifications", "write a number"),
  bytes: whole(100, 2 ** 20, "100 bytes to 1 MiB, which is all that NATS takes", "leave it out for 2048").default(2048),
  repeats: flag.default(false),
} satisfies Fields<EventFacts>);
/** An event, read. */
export type Event = z.output<typeof eventSchema>;

/** A schema for what is told. */
export const eventsSchema = z
  .record(topicBase, eventSchema)
  .refine((all) => Object.keys(all).length > 0, {
    params: { allowed: "one event or more", fix: "write { mars: { identifier: { … }, … } }" },
  })
  .superRefine((all, context) => {
    const topics = Object.entries(all).map(([name, { topic = name }]) => [name, topic.toLowerCase()] as const);
    for (const [i, [name, topic]] of topics.entries()) {
      const other = topics.slice(0, i).find(([, each]) => each === topic);
      if (!other) continue;
      const params = { allowed: `a topic that ${other[0]} does not have, in whatever case`, fix: "choose another" };
      context.issues.push({ code: "custom", input: topic, path: [name, "topic"], params });
    }
  });

export const avisoSchema = z.strictObject({
  aviso: text("a name"),
  fdb: text("an FDB of the tenancy"),
  events: eventsSchema,
  asks: text("a service"),
  admins: rolesSchema,
  notifiers: z.record(z.string(), text("an account")),
} satisfies Fields<AvisoSpec>);
/** What tells people, read. */
export type StatedAviso = z.output<typeof avisoSchema>;
