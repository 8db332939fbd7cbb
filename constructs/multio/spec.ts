import { z } from "zod";
import { type Component, component } from "../../model/site/component";
import { type IoServers, type Plans, plansSchema, type StatedPlans, serversSchema } from "../../model/site/multio";
import { filePath } from "../../model/site/secret";
import type { DescribedFields } from "../../model/words/assumed";
import { type Fields, text } from "../../model/words/parse";
import { orderProblems } from "./order";

/** What becomes of the fields of models that run at the supercomputer of the site, by MultIO. */
export interface MultioOptions {
  /** Where fields are made; and if there are I/O servers, what is sent to them. */
  readonly plans: Plans;
  /** @default - none: plans run in the processes that make the fields, or in I/O servers of the model's own, as of IFS */
  readonly servers?: IoServers;
  /** The FDB of the tenancy for whose layout fields are. @default "fdb" */
  readonly fdb?: string;
  /**
   * FDB_HOME at the supercomputer, where `etc/fdb/config.yaml` says how fields get to that FDB: `/appl/local/destine/fdb`.
   * @default - no plan ends in an FDB
   */
  readonly home?: string;
}

const schema = z.strictObject({
  plans: plansSchema,
  servers: serversSchema.exactOptional(),
  fdb: text("an FDB of the tenancy").default("fdb"),
  home: filePath.exactOptional(),
} satisfies Fields<MultioOptions>);

const fallback = { plans: { fields: { actions: [{ type: "sink", sinks: [{ type: "file", path: "fields.grib" }] }] } } };

/** Plans of MultIO for models at the supercomputer beside the site. Jobs find them by a file that suites include. */
export const multio = (name: string, options: DescribedFields<MultioOptions>): Component => {
  const read = component("multio", name, { schema, input: options, fallback }, (is, place) => {
    const { supercomputer, site } = place;
    if (!supercomputer)
      return {
        problems: [{ path: "", value: site, allowed: "a site with a supercomputer", fix: "leave multio() out here" }],
      };
    const toFdb = [is.plans, is.servers?.plans ?? {}].some(endInFdb);
    return {
      problems:
        toFdb && is.home === undefined
          ? [
              {
                path: "home",
                value: undefined,
                allowed: `FDB_HOME at ${supercomputer.name}, since a plan ends in an FDB`,
                fix: 'add it: home: "/appl/local/destine/fdb"',
              },
            ]
          : [],
      multio: [
        {
          multio: name,
          supercomputer: supercomputer.name,
          plans: is.plans,
          ...(is.servers ? { servers: is.servers } : {}),
          fdb: is.fdb,
          ...(is.home === undefined ? {} : { home: is.home }),
        },
      ],
    };
  });
  return { ...read, problems: [...read.problems, ...orderProblems(options)] };
};

const endInFdb = (plans: StatedPlans): boolean =>
  Object.values(plans).some(({ actions }) =>
    actions.some((action) => action.type === "sink" && action.sinks.some(({ type }) => type === "fdb5")),
  );
