import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { chosen, type Dashboard } from "../../../model/site/telemetry";

/** Whatever is picked as the source of all panels. */
export const source = { type: "prometheus", uid: "${datasource}" } as const;

/** Of series that may be of no tenancy, since the description states them by itself. */
export const filter = 'site=~"$site",tenancy=~"$tenancy|"';

/** Each is a label, of the series of which it is picked. */
const asked = {
  site: "up",
  tenancy: 'up{site=~"$site"}',
  server: `ecflow_up{${chosen}}`,
  supercomputer: `hpc_up{${chosen}}`,
} as const;
type Variable = keyof typeof asked;

const everywhere: readonly Variable[] = ["site", "tenancy"];
const variablesOf: Readonly<Record<Dashboard, readonly Variable[]>> = {
  platform: [],
  site: everywhere,
  ecflow: [...everywhere, "server"],
  forecast: everywhere,
  hpc: [...everywhere, "supercomputer"],
  data: everywhere,
  expiry: everywhere,
  collector: everywhere,
};

/** Several of each may be picked, and all are at first; but one site where its hosts are seen each. */
export const variables = (dashboard: Dashboard) => [
  new DatasourceVariableBuilder("datasource").label("source").type(source.type),
  ...variablesOf[dashboard].map((name) => {
    const is = new QueryVariableBuilder(name)
      .datasource(source)
      .query(`label_values(${asked[name]}, ${name})`)
      .refresh(VariableRefresh.OnTimeRangeChanged)
      .sort(VariableSort.AlphabeticalAsc);
    return dashboard === "site" && name === "site"
      ? is
      : is.multi(true).includeAll(true).current({ text: "All", value: "$__all" });
  }),
];
