import { stringify } from "yaml";
import type { StatedAction, StatedMultio, StatedPlans } from "../../model/site/multio";
import type { FileSink } from "../../model/site/multio-actions";

/**
 * Plans as MultIO reads them, for whoever has the fields and for I/O servers.
 * @see multio, docs/content/processing-pipelines; src/multio/server/{MultioClient,MultioServer}.cc
 */
export function plansYaml({ plans, servers, home }: StatedMultio): string {
  const made = planList(plans, home);
  return stringify(
    servers
      ? {
          client: { plans: made },
          server: {
            transport: "mpi",
            ...(servers.group === undefined ? {} : { group: servers.group }),
            plans: planList(servers.plans, home),
          },
        }
      : { plans: made },
    // eckit reads YAML of its own: no, 1_000 and 007 are no text to it.
    { lineWidth: 0, aliasDuplicateObjects: false, defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" },
  );
}

const planList = (plans: StatedPlans, home: string | undefined) =>
  Object.entries(plans).map(([name, { actions }]) => ({
    name,
    actions: actions.map((action) => (action.type === "sink" ? ending(action, home) : action)),
  }));

/**
 * Its `fdb_home` beats the environment's, and one misspelt would fall back to that in silence.
 * @see multio, src/multio/fdb5/FDB5Sink.cc; fdb, src/fdb5/config/Config.cc, expandConfig
 */
const ending = ({ type, sinks }: Extract<StatedAction, { readonly type: "sink" }>, home: string | undefined) => ({
  type,
  sinks: sinks.map((sink: FileSink | { readonly type: "fdb5" }) =>
    sink.type === "fdb5" ? { ...sink, config: { fdb_home: home } } : sink,
  ),
});
