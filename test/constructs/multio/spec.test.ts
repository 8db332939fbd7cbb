import { type MultioOptions, multio } from "../../../constructs/multio/spec";
import type { Action } from "../../../model/site/multio-actions";
import { said } from "../../model/platform";

const fdb5 = { type: "sink", sinks: [{ type: "fdb5" }] } as const;
const file = { type: "sink", sinks: [{ type: "file", path: "fields.grib" }] } as const;
const select = { type: "select", match: [{ paramId: 167 }] } as const;
const encode = { type: "encode", format: "grib", template: "/templates/sfc.tmpl" } as const;
const transport = { type: "transport", target: "server" } as const;

const problemsOf = (options: Partial<MultioOptions>) =>
  said(multio("forecast", { home: "/fdb", plans: { fields: { actions: [file] } }, ...options })).problems;
const ofActions = (...actions: readonly Action[]) => problemsOf({ plans: { fields: { actions } } });
const ofAnything = (...actions: readonly unknown[]) => ofActions(...(actions as readonly Action[]));
const at = "plans.fields.actions";

test("values are selected, computed, encoded and end in an FDB; what a model has encoded goes as it is", () => {
  const { description, problems } = said(
    multio("forecast", {
      home: "/appl/fdb",
      plans: {
        surface: {
          actions: [
            select,
            { type: "statistics", "output-frequency": "6h", operations: ["average"] },
            encode,
            { type: "print" },
            fdb5,
          ],
        },
        all: { of: "grib", actions: [fdb5] },
      },
    }),
  );
  expect(problems).toEqual([]);
  expect(description.multio?.map(({ multio, supercomputer, fdb, home }) => [multio, supercomputer, fdb, home])).toEqual(
    [["forecast", "polaris", "fdb", "/appl/fdb"]],
  );
});

test("where there is no supercomputer, there are no models", () => {
  const component = multio("forecast", { plans: { fields: { actions: [file] } } });
  expect(said(component, { supercomputer: undefined }).problems).toEqual([' "north"']);
});

test("an FDB is reached by what its home says; who needs none says none", () => {
  const plans = { fields: { of: "grib", actions: [fdb5] } } as const;
  expect(said(multio("forecast", { plans })).problems).toEqual(["home undefined"]);
  expect(said(multio("forecast", { plans: { fields: { actions: [file] } } })).problems).toEqual([]);
});

describe("words that MultIO does not know, of which it says nothing, are refused", () => {
  test.each<readonly [unknown, string]>([
    [{ ...select, mach: [] }, `${at}.mach []`],
    [{ type: "select", match: [{ paramid: 167 }] }, `${at}.match.paramid 167`],
    [{ type: "print", only_fields: true }, `${at}.only_fields true`],
    [{ ...encode, templat: "/x" }, `${at}.templat "/x"`],
    [{ ...encode, "additional-metadata": { clas: "d1" } }, `${at}.additional-metadata.clas "d1"`],
    [{ type: "sink", sinks: [{ type: "file", path: "x", apend: true }] }, `${at}.sinks.apend true`],
    [{ type: "sink", sinks: [{ type: "fdb5", config: {} }] }, `${at}.sinks.config {}`],
    [
      { type: "statistics", "output-frequency": "1h", operations: ["average"], options: { "time-stp": 1 } },
      `${at}.options.time-stp 1`,
    ],
  ])("%j", (action, problem) =>
    expect(ofAnything(action, encode, fdb5).filter((each) => each === problem)).toEqual([problem]));
});

describe("values that MultIO would not take are refused", () => {
  test.each<readonly [unknown, string]>([
    [{ type: "encod" }, `${at}.type {"type":"encod"}`],
    [{ type: "sink", sinks: [{ type: "fdb" }] }, `${at}.sinks.type {"type":"fdb"}`],
    [{ type: "select", match: [{ paramId: "167" }] }, `${at}.match.paramId "167"`],
    [{ type: "select", match: [{ param: 167 }] }, `${at}.match.param 167`],
    [{ type: "select", match: [{ levtype: ["sfc", 1] }] }, `${at}.match.levtype 1`],
    [{ ...encode, "additional-metadata": { expver: 1 } }, `${at}.additional-metadata.expver 1`],
    [
      { ...encode, "additional-metadata": { setLocalDefinition: true } },
      `${at}.additional-metadata.setLocalDefinition true`,
    ],
    [{ ...encode, "atlas-named-grid": "1280" }, `${at}.atlas-named-grid "1280"`],
    [{ type: "statistics", "output-frequency": "six", operations: ["average"] }, `${at}.output-frequency "six"`],
    [{ type: "statistics", "output-frequency": "6h", operations: ["stddev"] }, `${at}.operations "stddev"`],
    [{ type: "print", prefix: 'a"b' }, `${at}.prefix "a\\"b"`],
    [{ type: "metadata-mapping", mapping: "a b" }, `${at}.mapping "a b"`],
  ])("%j", (action, problem) => expect(ofAnything(action, encode, fdb5)).toContain(problem));

  test("a dataset is not written without the status that products of Destination Earth have", () => {
    const of = (metadata: object) => ofAnything(select, { ...encode, "additional-metadata": metadata }, fdb5);
    expect(of({ dataset: "extremes-dt" })).toHaveLength(1);
    expect(of({ dataset: "extremes-dt", productionStatusOfProcessedData: 12 })).toEqual([]);
  });

  test("select says what it lets through", () => {
    expect(ofAnything({ type: "select" }, encode, fdb5)).toEqual([`${at} {"type":"select"}`]);
    expect(ofAnything({ type: "select", ignore: [{ levtype: "sfc" }] }, encode, fdb5)).toEqual([]);
  });

  test("there is a plan, and it has a name that a file can have", () => {
    expect(problemsOf({ plans: {} })).toEqual(["plans {}"]);
    expect(problemsOf({ plans: { "All of it": { actions: [file] } } })).toEqual(['plans.All of it "All of it"']);
  });
});

describe("an order by which fields get nowhere, or are not what they say, is refused", () => {
  test.each<readonly [string, readonly Action[], string]>([
    ["no end", [select, encode], `${at} "select, encode"`],
    ["something behind the end", [select, file, { type: "print" }], `${at} "print"`],
    ["two ends", [file, file], `${at} "sink"`],
    ["values in an FDB", [select, fdb5], `${at} "select, sink"`],
    ["values in an FDB beside a file", [{ type: "sink", sinks: [...file.sinks, ...fdb5.sinks] }], `${at} "sink"`],
    ["what is selected once it is encoded", [encode, select, fdb5], `${at} "select"`],
    ["what is encoded twice", [encode, { type: "encode-mtg2" }, fdb5], `${at} "encode-mtg2"`],
    ["transport without servers", [transport], `${at} "transport"`],
    ["aggregate at the model", [{ type: "aggregate" }, file], `${at} "aggregate"`],
    ["mask at the model", [{ type: "mask" }, file], `${at} "mask"`],
  ])("%s", (_, actions, problem) => expect(ofActions(...actions)).toEqual([problem]));

  test("statistics of the other encoder", () => {
    const over = { "output-frequency": "6h", operations: ["average"] } as const;
    const by = (statistics: "statistics" | "statistics-mtg2", encoding: Action) =>
      ofActions({ type: statistics, ...over }, encoding, fdb5);
    expect(by("statistics", encode)).toEqual([]);
    expect(by("statistics-mtg2", { type: "encode-mtg2" })).toEqual([]);
    expect(by("statistics", { type: "encode-mtg2" })).toEqual([`${at} "statistics"`]);
    expect(by("statistics-mtg2", encode)).toEqual([`${at} "statistics-mtg2"`]);
  });

  test("anything but print and sink for what comes encoded", () => {
    const of = (...actions: readonly Action[]) => problemsOf({ plans: { fields: { of: "grib", actions } } });
    expect(of({ type: "print" }, fdb5)).toEqual([]);
    expect(of(select, encode, fdb5)).toEqual([`${at} "select"`, `${at} "encode"`]);
  });

  test("servers to which nobody sends, which send, or which share a file", () => {
    const own = { type: "sink", sinks: [{ type: "file", path: "x", "per-server": true }] } as const;
    const of = (actions: readonly Action[], ends: Action = transport) =>
      problemsOf({ plans: { fields: { actions: [ends] } }, servers: { plans: { parts: { actions } } } });
    expect(of([{ type: "aggregate" }, { type: "mask" }, own])).toEqual([]);
    expect(of([own], file)).toEqual(['servers "servers.plans.parts.actions"']);
    expect(of([transport])).toEqual(['servers.plans.parts.actions "transport"']);
    expect(of([{ type: "mask" }, { type: "aggregate" }, own])).toEqual(['servers.plans.parts.actions "mask"']);
    expect(of([file])).toEqual(['servers.plans.parts.actions.sinks.path "fields.grib"']);
  });
});

test("all at once: what is wrong with words, and what with their order", () => {
  const plans = {
    one: { actions: [{ type: "select", match: [{ paramid: 1 }] }, fdb5, { type: "print", stream: "out" }] },
    two: { actions: [{ type: "encode", format: "grib" }] },
  };
  expect(problemsOf({ plans: plans as never }).map((each) => each.replace(/ .*/, ""))).toEqual([
    "plans.one.actions.match.paramid",
    "plans.one.actions.stream",
    "plans.two.actions.template",
    "plans.two.actions",
    "plans.one.actions",
    "plans.one.actions",
  ]);
});
