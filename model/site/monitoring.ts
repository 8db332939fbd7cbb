import { z } from "zod";
import { type Fields, flag, oneOf, text, url, word } from "../words/parse";
import { type Duration, days, time } from "../words/quantity";
import { hostName } from "./need";

/** What keeps and shows the metrics and logs of all tenancies that deliver to it. */
export interface MonitoringSpec {
  readonly keeps: Retention;
  /** @default - nothing goes on */
  readonly delivery?: Delivery;
  /** Who is rung, by the name under which owners of tenancies, secrets and acknowledgements are stated. @default - nobody is */
  readonly teams?: Readonly<Record<string, Team>>;
  /** @default - there is none; teams cannot be without */
  readonly mail?: Mail;
  /** @default - nobody misses it when nothing rings any more */
  readonly heartbeat?: Heartbeat;
}

/** How a team is reached. */
export interface Team {
  /** Where everything goes that it answers for. */
  readonly email: string;
  /** Where what is critical goes too: an address that wakes whoever is on call. @default - nobody is woken */
  readonly onCall?: string;
}

/** By whom mail goes out. It is spoken to at the port of submission, and by TLS. */
export interface Mail {
  /** The outside network in which it is. */
  readonly to: string;
  /** Its name, as its certificate has it. */
  readonly smarthost: string;
  /** Who sends. */
  readonly from: string;
  /** As whom, with a password of the secret `monitoring/mail`. @default - it knows the host by its address */
  readonly user?: string;
}

/**
 * Somebody outside who is told every minute that all is well, and rings when that ends: whatever of home is down by then. Alertmanager
 * 0.25 reads no URL from a file: it is no secret, and whoever knows it can say no more than that all is well.
 */
export interface Heartbeat {
  /** It takes a POST. */
  readonly url: string;
  /** Whether it asks for a token, which is the secret `monitoring/heartbeat`. @default false */
  readonly token?: boolean;
}

/** How long something can be looked up at home. */
export interface Retention {
  /** @default 366 days, so that a season can be held against the last */
  readonly metrics?: Duration;
  /** @default 90 days */
  readonly logs?: Duration;
}

/** Where everything goes for good. */
export interface Delivery {
  /** An outside network. */
  readonly to: string;
  /** OTLP over HTTP, or the bulk interface of OpenSearch. */
  readonly by: (typeof deliveries)[number];
  /** Without a path: `https://telemetry.example.org`. */
  readonly url: string;
  /** How long it is held while nobody takes it there. @default 24 hours */
  readonly survives?: Duration;
}

export const deliveries = ["otlp", "opensearch"] as const;

export const retentionSchema = z.strictObject({
  metrics: time.default(days(366)),
  logs: time.default(days(90)),
} satisfies Fields<Retention>);

export const deliverySchema = z.strictObject({
  to: text("the name of an outside network"),
  by: oneOf(deliveries),
  url: url("the platform that takes it"),
  survives: time.default(days(1)),
} satisfies Fields<Delivery>);

const email = word(
  (v) => (typeof v === "string" && /^[\w.+-]+@([a-z0-9-]+\.)+[a-z]{2,}$/.test(v) ? v : undefined),
  "an address of mail, operators@example.org",
  "write it without a name",
);

export const teamsSchema = z.record(
  text("the name of a team"),
  z.strictObject({ email, onCall: email.exactOptional() } satisfies Fields<Team>),
);

export const mailSchema = z.strictObject({
  to: text("the name of an outside network"),
  smarthost: hostName,
  from: email,
  user: text("an account there").exactOptional(),
} satisfies Fields<Mail>);

export const heartbeatSchema = z.strictObject({
  url: url("who misses it"),
  token: flag.default(false),
} satisfies Fields<Heartbeat>);

export const monitoringSchema = z.strictObject({
  keeps: retentionSchema,
  delivery: deliverySchema.exactOptional(),
  teams: teamsSchema.default({}),
  mail: mailSchema.exactOptional(),
  heartbeat: heartbeatSchema.exactOptional(),
} satisfies Fields<MonitoringSpec>);
export type StatedMonitoring = z.output<typeof monitoringSchema>;
