import { z } from "zod";
import { nameOf } from "../words/name";
import { type Fields, oneOf, text } from "../words/parse";
import { type Action, actionSchema } from "./multio-actions";
import { filePath } from "./secret";

/** What becomes of the fields of a model as they are made, from where they come to where they go. Each field goes to every plan. */
export interface Plan {
  /**
   * What comes: values of a field and what is known of it; or GRIB that the model has encoded itself, of which MultIO knows nothing, so
   * that nothing can be selected. @default "values"
   */
  readonly of?: (typeof comings)[number];
  /** What is done, in this order; the last is a sink. */
  readonly actions: readonly Action[];
}
const comings = ["values", "grib"] as const;

/** Plans by name. */
export type Plans = Readonly<Record<string, Plan>>;

/** Processes of a model that do nothing but write its fields, and what they do. */
export interface IoServers {
  readonly plans: Plans;
  /** The communicator of MPI in which servers are and whom they serve. @default - MultIO's own, `multio` */
  readonly group?: string;
}

/** Plans of MultIO for the models of a tenancy at the supercomputer beside it. */
export interface MultioSpec {
  /** Unique in its tenancy: `forecast`. */
  readonly multio: string;
  readonly supercomputer: string;
  /** Where fields are made; and if there are I/O servers, what is sent to them. */
  readonly plans: Plans;
  readonly servers?: IoServers;
  /** The FDB of the tenancy for whose layout fields are. */
  readonly fdb: string;
  /** FDB_HOME at the supercomputer, where `etc/fdb/config.yaml` says how fields get to it. */
  readonly home?: string;
}

const planName = nameOf("rename the plan");
export const plansSchema = z
  .record(
    planName,
    z.strictObject({
      of: oneOf(comings).default("values"),
      actions: z.array(actionSchema).min(1),
    } satisfies Fields<Plan>),
  )
  .refine((all) => Object.keys(all).length > 0, {
    params: { allowed: "one plan or more", fix: "write plans: { fields: { actions: [ … ] } }" },
  });

export const serversSchema = z.strictObject({
  plans: plansSchema,
  group: nameOf("rename it").exactOptional(),
} satisfies Fields<IoServers>);

export const multioSchema = z.strictObject({
  multio: text("a name"),
  supercomputer: text("a supercomputer"),
  plans: plansSchema,
  servers: serversSchema.exactOptional(),
  fdb: text("an FDB of the tenancy"),
  home: filePath.exactOptional(),
} satisfies Fields<MultioSpec>);
export type StatedMultio = z.output<typeof multioSchema>;
export type StatedPlans = z.output<typeof plansSchema>;
export type StatedAction = StatedPlans[string]["actions"][number];
