import type { MultioOptions } from "../../../constructs/multio/spec";
import { bastion, ecflow, fdb, multio, proxy } from "../../../constructs/specs";
import type { Layout, LayoutRule } from "../../../model/site/layout";
import type { Action } from "../../../model/site/multio-actions";
import { gib } from "../../../model/vocabulary";
import { learned, north, tenancy } from "../../model/platform";

const rule: LayoutRule = {
  dataset: { class: { is: ["d1"] }, dataset: { is: ["extremes-dt"] }, stream: { is: ["oper", "wave"] }, expver: {} },
  collocation: { type: {}, levtype: {} },
  element: { step: {}, param: {} },
};
const sink = { type: "sink", sinks: [{ type: "fdb5" }] } as const;
const encoding = (metadata: object): Action => ({
  type: "encode",
  format: "grib",
  template: "/templates/sfc.tmpl",
  "additional-metadata": metadata,
});
const run = "north.production.runs";

function problemsOf(options: Partial<MultioOptions>, layout: Layout = { rules: [rule] }, submits = true) {
  const runs = [
    bastion(),
    proxy(),
    ...(submits ? [ecflow("prod", { submitsTo: ["polaris"] })] : []),
    fdb({ stores: 1, volume: gib(10), fate: "keep", layout }),
    multio("forecast", { home: "/fdb", plans: { fields: { of: "grib", actions: [sink] } }, ...options }),
  ];
  return learned([north({ production: tenancy({ runs }) })]).problems;
}
const ofActions = (actions: readonly Action[], layout?: Layout) =>
  problemsOf({ plans: { fields: { actions } } }, layout).map(({ path, value, allowed }) => {
    expect(path.startsWith(`${run}.multio-forecast.plans.fields.actions`)).toBe(true);
    return `${path.slice(`${run}.multio-forecast.plans.fields.actions`.length)} ${value} | ${allowed}`;
  });

test("what the layout takes, and what the plan leaves to the model, is sound", () => {
  expect(problemsOf({})).toEqual([]);
  const select = { type: "select", match: [{ class: "d1", stream: ["oper", "wave"] }] } as const;
  expect(ofActions([select, encoding({ class: "d1", expver: "0001", type: "fc" }), sink])).toEqual([]);
});

test("a value that the layout has not is refused, with the paths of both", () => {
  expect(ofActions([encoding({ class: "od" }), sink])).toEqual([
    `.additional-metadata.class od | d1: what ${run}.fdb.layout has of class`,
  ]);
  expect(
    ofActions([{ type: "select", match: [{ stream: ["oper", "enfo"] }] }, encoding({ class: "d1" }), sink]),
  ).toEqual([`.match.stream enfo | oper, wave: what ${run}.fdb.layout has of stream`]);
  const [problem] = problemsOf({ plans: { fields: { actions: [encoding({ stream: "opr" }), sink] } } });
  expect(problem?.fix).toBe('did you mean "oper"?');
});

test("what is written counts, not what was selected", () => {
  const select = { type: "select", match: [{ class: "rd" }] } as const;
  expect(ofActions([select, encoding({ class: "d1" }), sink])).toEqual([]);
  expect(ofActions([select, encoding({ expver: "0001" }), sink])).toHaveLength(1);
});

test("each way in which fields are let through, and all values of one, have to fit together", () => {
  const other: LayoutRule = { ...rule, dataset: { ...rule.dataset, stream: { is: ["enfo"] }, class: { is: ["ed"] } } };
  const of = (match: readonly object[]) =>
    ofActions([{ type: "select", match }, encoding({ expver: "0001" }), sink], { rules: [rule, other] });
  expect(
    of([
      { class: "d1", stream: "oper" },
      { class: "ed", stream: "enfo" },
    ]),
  ).toEqual([]);
  expect(
    of([
      { class: "d1", stream: "oper" },
      { class: "ed", stream: "wave" },
    ]),
  ).toHaveLength(1);
  expect(of([{ class: ["d1", "ed"], stream: "oper" }])).toEqual([
    `.match.class ed | d1: what ${run}.fdb.layout has of class`,
  ]);
});

test("fields that do not go to an FDB are as they like", () => {
  const file = { type: "sink", sinks: [{ type: "file", path: "x" }] } as const;
  expect(ofActions([encoding({ class: "od" }), file])).toEqual([]);
});

test("fields of I/O servers too", () => {
  const servers = { plans: { whole: { actions: [encoding({ class: "od" }), sink] } } } as const;
  const plans = { all: { actions: [{ type: "transport", target: "server" }] } } as const;
  expect(problemsOf({ plans, servers }).map(({ path }) => path)).toEqual([
    `${run}.multio-forecast.servers.plans.whole.actions.additional-metadata.class`,
  ]);
});

test("encode-mtg2 writes timespan, for which the layout has to have a place", () => {
  const actions = [{ type: "encode-mtg2" }, sink] as const;
  expect(ofActions(actions)).toEqual([
    ` encode-mtg2 | encode, since encode-mtg2 writes timespan, for which ${run}.fdb.layout has no place`,
  ]);
  expect(
    ofActions(actions, { rules: [{ ...rule, element: { ...rule.element, timespan: { optional: true } } }] }),
  ).toEqual([]);
});

test("the FDB is one of the tenancy, and somebody there submits jobs of models", () => {
  const told = (problems: ReturnType<typeof problemsOf>) => problems.map(({ path, value }) => [path, value]);
  expect(told(problemsOf({ fdb: "fbd" }))).toEqual([[`${run}.multio-forecast.fdb`, "fbd"]]);
  expect(told(problemsOf({}, undefined, false))).toEqual([[`${run}.multio-forecast`, "polaris"]]);
});
