import { z } from "zod";
import { day } from "../words/calendar";
import { isName, nameRule } from "../words/name";
import { type Fields, names, oneOf, text, whole, word } from "../words/parse";
import { type Duration, days, minutes, time } from "../words/quantity";
import { copiesSchema, type SnapshotCopies } from "./copies";
import { type Milestone, milestonesSchema, nodePath } from "./milestone";
import { filePath } from "./secret";

/** The accounts that every server has: its own, which may do everything, and one that only looks, by which its exporter asks. */
export const serverAccount = "ecflow";
export const probeAccount = "probe";

/** An ecFlow server: who may do what there, and how it begins, ends and is kept. On which machine is no matter. */
export interface EcflowSpec {
  /** Unique in its tenancy: `prod`. */
  readonly server: string;
  /** Hosts of a role, or pods of a workload. */
  readonly on: { readonly role: string } | { readonly workload: string };
  /** The service that it offers. */
  readonly service: string;
  /** ECF_HOME, and what it keeps beside. */
  readonly home: string;
  /** Whether jobs run after its first start; later it begins as it ended. @default "running" */
  readonly starts?: "running" | "halted";
  /** Whoever may ask it, beside its own account and the probe, by the name that requests say; nothing proves it but a password. */
  readonly users: Readonly<Record<string, EcflowUser>>;
  readonly checkPoints?: CheckPoints;
  /** Where copies of its check points go, from hosts of a role. @default - to no other place */
  readonly copies?: CheckPointCopies;
  /** How long its logs are kept, turned over each day. @default 90 days */
  readonly logs?: Duration;
  /** Programs ask it by HTTPS and tokens too. @default - they do not */
  readonly rest?: RestApi;
  /** What others wait for each day, by name: `forecast-complete`. @default - nothing is stated */
  readonly milestones?: Readonly<Record<string, Milestone>>;
}

/** ecFlow's REST API, which polls the server. *Untried*: Debian's ecFlow 5.9.2 has no `ecflow_http`. @see ecFlow, rest_api */
export interface RestApi {
  /** @default 8443 */
  readonly port?: number;
  /** Outside networks of the programs that ask. @default - they are inside the tenancy */
  readonly from?: readonly string[];
}

/** Somebody whom the white list names: a person, a team, or a program that stands in for people. */
export interface EcflowUser {
  readonly is: (typeof kinds)[number];
  /** To read is to see the passwords of jobs too, by which their state could be reported. @default "write" */
  readonly rights?: "read" | "write";
  /**
   * Suites or families, `/o/main`, to which its rights are confined, so that nobody changes another's by mistake. **No wall**: whoever
   * may write to one suite has commands run on the server's host by its account, and reads what that reads. @default - all
   */
  readonly paths?: readonly string[];
  /** Outside networks that it comes from. @default - it comes from inside the tenancy alone */
  readonly from?: readonly string[];
  /** The last day, `2027-06-30`. @default - no end is stated */
  readonly until?: string;
  readonly why: string;
}

const kinds = ["person", "team", "front-end"] as const;

/** Everybody who has a password: the server's own, and users. */
export const accountsOf = (users: Readonly<Record<string, unknown>>): readonly string[] => [
  serverAccount,
  probeAccount,
  ...Object.keys(users),
];

/** What its state is saved by, in case that it ends. @see ecFlow, ECF_CHECKMODE, ECF_CHECKINTERVAL */
export interface CheckPoints {
  /** Written each so often; less than a minute would be the work of saving alone. @default 2 minutes */
  readonly every?: Duration;
  /** Copies are kept this long, one for each quarter of an hour. @default 7 days */
  readonly kept?: Duration;
}

/**
 * Copies of check points at another site, one an hour. They have definitions, states and variables of suites, and the passwords of jobs that
 * run, all of it as it is: whoever reads that bucket reads them. They have no scripts of suites, and no output of jobs.
 */
export interface CheckPointCopies extends SnapshotCopies {
  /** How long the other site keeps each, a day or more. @default 30 days */
  readonly kept?: Duration;
}

/** A word in the white list, where `-` or `*` at its beginning would mean something else; and the key of its password. */
const user = word(
  (v) => (isName(v) && !own.includes(v) ? v : undefined),
  `${nameRule}; none of the server's own: ${serverAccount}, ${probeAccount}`,
  "write it as its requests say it",
);
const own: readonly string[] = [serverAccount, probeAccount];

const userSchema = z.strictObject({
  is: oneOf(kinds),
  rights: oneOf(["read", "write"]).default("write"),
  paths: z.array(nodePath).default([]),
  from: names("the name of an outside network").default([]),
  until: day.exactOptional(),
  why: text("what it does there"),
} satisfies Fields<EcflowUser>);

/** Users by name. */
export const usersSchema = z.record(user, userSchema);
export type StatedUsers = z.output<typeof usersSchema>;

const every = time.refine((each) => each.seconds >= 60, {
  params: { allowed: "a minute or more", fix: "leave it out for 2 minutes" },
});

export const checkPointsSchema = z.strictObject({
  every: every.default(minutes(2)),
  kept: time.default(days(7)),
} satisfies Fields<CheckPoints>);

export const checkPointCopiesSchema = copiesSchema.extend({
  kept: time
    .refine((each) => each.seconds >= 86400, { params: { allowed: "a day or more", fix: "leave it out for 30 days" } })
    .default(days(30)),
} satisfies Pick<Fields<CheckPointCopies>, "kept">);

export const restSchema = z.strictObject({
  port: whole(1024, 65535, "1024 to 65535", "leave it out for 8443").default(8443),
  from: names("the name of an outside network").default([]),
} satisfies Fields<RestApi>);

export const ecflowSchema = z.strictObject({
  server: text("a name"),
  on: z.union([z.strictObject({ role: text("a role") }), z.strictObject({ workload: text("a workload") })]),
  service: text("a service"),
  home: filePath,
  starts: oneOf(["running", "halted"]).default("running"),
  users: usersSchema,
  checkPoints: checkPointsSchema.prefault({}),
  copies: checkPointCopiesSchema.exactOptional(),
  logs: time.default(days(90)),
  rest: restSchema.exactOptional(),
  milestones: milestonesSchema.default({}),
} satisfies Fields<EcflowSpec>);
export type StatedEcflow = z.output<typeof ecflowSchema>;
