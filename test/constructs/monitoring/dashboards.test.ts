import { join } from "node:path";
import { dashboardsOf } from "../../../constructs/monitoring/dashboards";
import { production, readLocks, readSites } from "../../../engine/world";
import { gather } from "../../../model/gather";
import type { Registers } from "../../../model/registers";
import { dashboards, type Panel, type PanelSpec, panelSchema } from "../../../model/site/telemetry";
import { metricsOf } from "../../../model/telemetry";

const load = () => import("@prometheus-io/lezer-promql");
let promql: Awaited<ReturnType<typeof load>>;
beforeAll(async () => {
  promql = await load();
});

const root = join(__dirname, "../../..");
const { registers } = gather(readSites(join(root, "sites")).sites, readLocks(production(root)));

const panel = (is: Partial<PanelSpec> = {}): PanelSpec => ({
  panel: "A thing",
  on: "site",
  as: "timeseries",
  queries: [{ query: 'up{site=~"$site"}', legend: "{{host}}" }],
  what: "a thing",
  ...is,
});
const asking = (query: string, is: Partial<PanelSpec> = {}) => panel({ queries: [{ query, legend: "x" }], ...is });

/** The platform, with these panels. */
const including = (panels: readonly PanelSpec[] = [], is: Partial<Registers> = {}): Registers => ({
  ...registers,
  telemetry: {
    ...registers.telemetry,
    panels: [...registers.telemetry.panels, ...panels.map((each) => panelSchema.parse(each))],
  },
  ...is,
});

/** Prometheus itself makes it, of what rings. */
const ofPrometheus = "ALERTS";

/** What of an expression does not parse, and names that nobody declares. */
function faultsIn(query: string, declared: ReadonlySet<string>): readonly string[] {
  const faults: string[] = [];
  promql.parser.parse(query).iterate({
    enter: ({ name, type, from, to, node }) => {
      const text = query.slice(from, to);
      if (type.isError) faults.push(`no PromQL at ${from}: ${query}`);
      if (name !== "VectorSelector") return;
      const metric = node.getChild("Identifier");
      const asked = metric ? query.slice(metric.from, metric.to) : text;
      if (!declared.has(asked)) faults.push(`nobody declares ${asked}`);
    },
  });
  return faults;
}

const declaredIn = ({ telemetry, signals }: Registers): ReadonlySet<string> =>
  new Set([ofPrometheus, ...metricsOf(telemetry).keys(), ...signals.map(({ signal }) => signal)]);

/** All that is wrong with dashboards of a platform. */
function faultsOf(is: Registers): readonly string[] {
  const declared = declaredIn(is);
  return [...dashboardsOf(is)].flatMap(([name, dashboard]) => {
    const panels = (dashboard.panels ?? []).flatMap((each) => ("targets" in each ? [each] : []));
    const variables = (dashboard.templating.list ?? []).map((variable) => variable.name);
    const asked = [
      ...panels.flatMap(({ targets }) => (targets ?? []).map((target) => ("expr" in target ? `${target.expr}` : ""))),
      ...(dashboard.templating.list ?? []).flatMap(
        ({ type, query }) => (type === "query" && /^label_values\((.*), \w+\)$/.exec(`${query}`)?.[1]) || [],
      ),
    ];
    const twice = (what: string, all: readonly unknown[]) =>
      all.filter((each, i) => all.indexOf(each) !== i).map((each) => `${name}: two panels of ${what} ${each}`);
    return [
      ...asked.flatMap((query) => faultsIn(query, declared)),
      ...asked.flatMap((query) =>
        [...query.matchAll(/\$\{?(\w+)/g)].flatMap(([, variable = ""]) =>
          variables.includes(variable) ? [] : [`${name} has no $${variable}`],
        ),
      ),
      ...twice(
        "title",
        panels.map(({ title }) => title),
      ),
      ...twice(
        "id",
        panels.map(({ id }) => id),
      ),
      ...overlaps(panels.flatMap(({ gridPos }) => gridPos ?? [])),
    ];
  });
}

type Grid = { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
const overlaps = (all: readonly Grid[]): readonly string[] =>
  all.flatMap((a, i) => [
    ...(a.x + a.w > 24 ? [`beyond the grid: ${JSON.stringify(a)}`] : []),
    ...all
      .slice(0, i)
      .filter((b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h)
      .map((b) => `${JSON.stringify(a)} over ${JSON.stringify(b)}`),
  ]);

test("all queries parse, name what somebody declares, and variables that are there", () =>
  expect(faultsOf(including())).toEqual([]));

test("so do all that the platform shows today", () => expect(faultsOf(registers)).toEqual([]));

test("so do recordings", () => {
  const declared = declaredIn(registers);
  expect(registers.telemetry.recordings.length).toBeGreaterThan(5);
  expect(registers.telemetry.recordings.flatMap(({ expr }) => faultsIn(expr, declared))).toEqual([]);
  expect(faultsIn("otelcol_exporter_queue_length / 2", declared)).toEqual([
    "nobody declares otelcol_exporter_queue_length",
  ]);
});

describe("what is wrong is seen:", () => {
  const unknown = "haproxy_frontend_sessions_of_nobody";
  test.each<[string, readonly PanelSpec[], string]>([
    ["a metric of nobody", [asking(`sum(rate(${unknown}[5m]))`)], `nobody declares ${unknown}`],
    ["a metric that a matcher names", [asking('{__name__="up"}')], 'nobody declares {__name__="up"}'],
    ["what is no PromQL", [asking("sum by (host (up)")], "no PromQL at 13: sum by (host (up)"],
    ["two panels of a title", [panel(), panel()], "site: two panels of title A thing"],
    ["a variable of another dashboard", [asking('up{server="$server"}')], "site has no $server"],
    ["a variable at a glance of all", [asking('up{site="$site"}', { on: "platform" })], "platform has no $site"],
  ])("%s", (_, panels, fault) => expect(faultsOf(including(panels))).toContain(fault));

  test("panels over each other, and beyond the grid", () => {
    const at = { x: 0, y: 0, w: 12, h: 8 };
    expect(overlaps([at, { ...at, x: 11 }])).toHaveLength(1);
    expect(overlaps([at, { ...at, y: 7 }])).toHaveLength(1);
    expect(overlaps([{ ...at, x: 13 }])).toHaveLength(1);
    expect(overlaps([at, { ...at, x: 12 }, { ...at, y: 8 }])).toEqual([]);
  });
});

test("each name of a dashboard is one, once somebody has a panel on it", () => {
  const all = dashboardsOf(including());
  expect([...all.keys()]).toEqual([...dashboards]);
  expect([...all.values()].map(({ uid }) => uid)).toEqual(dashboards.map((name) => `databridge-${name}`));
  expect([
    ...dashboardsOf({ ...registers, signals: [], telemetry: { ...registers.telemetry, panels: [] } }).keys(),
  ]).toEqual(["platform"]);
});

test("they are the same each time, and a panel keeps its id when another comes", () => {
  const ids = (is: Registers) =>
    new Map((dashboardsOf(is).get("site")?.panels ?? []).map((each) => [each.title, each.id] as const));
  expect(JSON.stringify([...dashboardsOf(registers)])).toBe(JSON.stringify([...dashboardsOf(registers)]));
  const before = ids(including());
  const after = ids(including([panel({ as: "stat" })]));
  expect(after.size).toBe(before.size + 1);
  for (const [title, id] of before) expect([title, after.get(title)]).toEqual([title, id]);
});

/** A panel as it is rendered. */
const shown = (is: PanelSpec) =>
  (dashboardsOf(including([is])).get(is.on)?.panels ?? []).find(({ title }) => title === is.panel);

test("a table asks once, and is sorted as its query says", () => {
  const is = asking("sort_desc(sum by (host) (up))", { as: "table" });
  expect(shown(is)).toMatchObject({
    type: "table",
    description: "a thing",
    targets: [{ instant: true, format: "table" }],
    options: { sortBy: [{ displayName: "x", desc: true }] },
  });
  expect(shown({ ...is, as: "timeseries" })).toMatchObject({ type: "timeseries", targets: [{ range: true }] });
});

test("units are those of Grafana, whose times are in milliseconds", () => {
  expect(shown(asking("up", { unit: "time" }))).toMatchObject({
    targets: [{ expr: "1000 * (up)" }],
    fieldConfig: { defaults: { unit: "dateTimeAsIso" } },
  });
  expect(shown(asking("up", { unit: "percentunit" }))).toMatchObject({
    fieldConfig: { defaults: { unit: "percentunit", min: 0, max: 1 } },
  });
});

test("what rings has the colours of its thresholds, what is well or not those of its unit", () => {
  const steps = (is: Partial<PanelSpec>) =>
    (shown(panel(is)) as { fieldConfig?: { defaults: { thresholds?: { steps: unknown } } } }).fieldConfig?.defaults
      .thresholds?.steps;
  expect(steps({ signal: "platform_filesystem_free_ratio" })).toEqual([
    { value: null, color: "red" },
    { value: 0.05, color: "orange" },
    { value: 0.15, color: "green" },
  ]);
  expect(steps({ signal: "platform_collector_queue_ratio" })).toEqual([
    { value: null, color: "green" },
    { value: 0.1, color: "orange" },
    { value: 0.6, color: "red" },
  ]);
  expect(steps({ unit: "faults" })).toEqual([
    { value: null, color: "green" },
    { value: 1, color: "red" },
  ]);
  const known = new Set(registers.signals.map(({ signal }) => signal));
  const said = including().telemetry.panels.flatMap(({ signal }: Panel) => signal ?? []);
  expect(said.length).toBeGreaterThan(3);
  expect(said.filter((signal) => !known.has(signal))).toEqual([]);
});

/** Expressions of a panel of a dashboard. */
const queriesOf = (on: string, title: string): string =>
  [...dashboardsOf(registers)]
    .flatMap(([name, { panels }]) => (name === on ? (panels ?? []) : []))
    .flatMap((each) => (each.title === title && "targets" in each ? (each.targets ?? []) : []))
    .map((target) => ("expr" in target ? `${target.expr}` : ""))
    .join();

describe("what ends", () => {
  const everything = queriesOf("expiry", "Everything that ends");
  test("is there with every signal that has a time left, or an age", () => {
    const names = registers.signals.flatMap(({ signal, thresholds, by }) =>
      Object.values(thresholds).some((each) => "left" in each || "age" in each) && !("pods" in by) ? [signal] : [],
    );
    expect(new Set(names).size).toBeGreaterThan(9);
    expect([...new Set(names)].filter((name) => !everything.includes(name))).toEqual([]);
  });
  test("of ages that differ, each has its own limit", () => {
    expect(everything).toMatch(/90000 - \(time\(\) - platform_snapshot_timestamp_seconds\{environment=[^}]*of="vault"/);
    expect(everything).toContain("21600 - (time() - platform_snapshot_timestamp_seconds{site=~");
  });
  test("of what people renew, only what nothing else does", () => {
    const people = queriesOf("expiry", "What people have to renew");
    expect(people).toContain('platform_certificate_expiry_timestamp_seconds{certificate="vault"');
    expect(people).not.toContain("platform_certificate_expiry_timestamp_seconds{site=~");
    expect(people).not.toContain("platform_vault_login");
  });
});

test("a tenancy of which nothing comes is named", () => {
  const silent = queriesOf("platform", "Silent sites");
  expect(silent.match(/absent\(/g)).toHaveLength(registers.places.length);
  for (const { site, name } of registers.places)
    expect(silent).toContain(`absent(up{job="collector",site="${site.name}",tenancy="${name}"})`);
});
