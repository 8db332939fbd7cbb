import { createHash } from "node:crypto";
import { PanelBuilder as BarGauge } from "@grafana/grafana-foundation-sdk/bargauge";
import {
  BarGaugeDisplayMode,
  BigValueColorMode,
  BigValueGraphMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  ReduceDataOptionsBuilder,
  SortOrder,
  TableSortByFieldStateBuilder,
  TooltipDisplayMode,
  VisibilityMode,
  VizOrientation,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import {
  FieldColorBuilder,
  FieldColorModeId,
  MappingType,
  type ValueMapping,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder, PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as Stat } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as StateTimeline } from "@grafana/grafana-foundation-sdk/statetimeline";
import { PanelBuilder as Table } from "@grafana/grafana-foundation-sdk/table";
import { PanelBuilder as Timeseries } from "@grafana/grafana-foundation-sdk/timeseries";
import type { SignalEntry } from "../../../model/signal-entries";
import type { Panel, Unit } from "../../../model/site/telemetry";
import { coloursOf } from "./colours";
import type { Placed } from "./grid";
import { source } from "./variables";

/** A panel as Grafana has it. */
export function panelOf({ panel, at }: Placed, signals: readonly SignalEntry[]) {
  const { unit, as } = panel;
  const is = shapes[as](panel)
    .id(idOf(panel))
    .title(panel.panel)
    .description(panel.what)
    .gridPos({ ...at })
    .datasource(source)
    .targets(panel.queries.map(({ query, legend }, i) => target(panel, query, legend, i)))
    .unit(unitsOfGrafana[unit])
    .thresholds(coloursOf(panel, signals))
    .mappings(unit === "bool" ? [yesOrNo] : []);
  if (as !== "timeseries") is.colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds));
  if (unit === "percentunit") is.max(1);
  return unit === "none" || unit === "seconds" || unit === "time" ? is : is.min(0);
}

/** By its title, so that links to it last while others come and go. */
const idOf = ({ panel }: Panel): number =>
  Number.parseInt(createHash("sha256").update(panel).digest("hex").slice(0, 7), 16);

/** @see Grafana, "Standard options: Unit"; times are in milliseconds there, see {@link target} */
const unitsOfGrafana: Readonly<Record<Unit, string>> = {
  none: "short",
  percentunit: "percentunit",
  seconds: "s",
  bytes: "bytes",
  "bytes-per-second": "binBps",
  "per-second": "cps",
  time: "dateTimeAsIso",
  bool: "bool_yes_no",
  faults: "short",
  warnings: "short",
};

const yesOrNo: ValueMapping = { type: MappingType.ValueToText, options: { "0": { text: "no" }, "1": { text: "yes" } } };

const refId = (i: number): string => String.fromCharCode("A".charCodeAt(0) + i);

function target({ as, unit }: Panel, query: string, legend: string, i: number): DataqueryBuilder {
  const is = new DataqueryBuilder()
    .refId(refId(i))
    .expr(unit === "time" ? `1000 * (${query})` : query)
    .legendFormat(legend);
  if (as === "timeseries" || as === "state-timeline") return is.range();
  return as === "table" ? is.instant().format(PromQueryFormat.Table) : is.instant();
}

const last = () => new ReduceDataOptionsBuilder().calcs(["lastNotNull"]);

const shapes = {
  stat: ({ unit }: Panel) =>
    new Stat()
      .reduceOptions(last())
      .graphMode(BigValueGraphMode.None)
      .colorMode(unit === "faults" || unit === "warnings" ? BigValueColorMode.Background : BigValueColorMode.Value),
  table: tableOf,
  "state-timeline": () => new StateTimeline().showValue(VisibilityMode.Never).mergeValues(true),
  "bar-gauge": () =>
    new BarGauge().reduceOptions(last()).displayMode(BarGaugeDisplayMode.Basic).orientation(VizOrientation.Horizontal),
  timeseries: ({ signal }: Panel) =>
    new Timeseries()
      .fillOpacity(10)
      .showPoints(VisibilityMode.Never)
      .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
      .thresholdsStyle(
        new GraphThresholdsStyleConfigBuilder().mode(
          signal === undefined ? GraphThresholdsStyleMode.Off : GraphThresholdsStyleMode.Dashed,
        ),
      ),
} as const satisfies Record<Panel["as"], unknown>;

/** Labels are columns, and values are one for each query, sorted as the first query says. */
function tableOf({ queries }: Panel): Table {
  const names = queries.map(
    ({ legend }, i) => [queries.length === 1 ? "Value" : `Value #${refId(i)}`, legend] as const,
  );
  const sorted = /^sort(_desc)?\(/.exec(queries[0]?.query ?? "");
  const is = new Table()
    .transformations([
      { id: "merge", options: {} },
      { id: "organize", options: { excludeByName: { Time: true }, renameByName: Object.fromEntries(names) } },
    ])
    .sortBy(
      sorted === null
        ? []
        : [new TableSortByFieldStateBuilder().displayName(queries[0]?.legend ?? "").desc(sorted[1] !== undefined)],
    );
  return names.reduce(
    (table, [, name]) => table.overrideByName(name, [{ id: "custom.cellOptions", value: { type: "color-text" } }]),
    is,
  );
}
