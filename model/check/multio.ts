import type { PlaceEntry, Said } from "../entries";
import { keysOf } from "../layout";
import type { StatedFdb } from "../site/fdb";
import type { LayoutKeys } from "../site/layout";
import type { StatedAction, StatedMultio, StatedPlans } from "../site/multio";
import { didYouMean, listed, type Problem } from "../words/problem";
import { own, pathOf } from "../words/record";

/** Plans of MultIO whose fields nobody would take, or that no model would find. */
export const multioProblems = (place: PlaceEntry): readonly Problem[] =>
  place.multio.flatMap((each) => [...withoutJobs(place, each), ...fdbProblems(place, each)]);

/** Models find plans by what suites include, where a server has jobs submitted that report to it. */
function withoutJobs({ needs }: PlaceEntry, { said, because }: Said<StatedMultio>): readonly Problem[] {
  const submits = needs.some(
    ({ said: { from, callback } }) => callback && "supercomputer" in from && from.supercomputer === said.supercomputer,
  );
  if (submits) return [];
  return [
    {
      path: because,
      value: said.supercomputer,
      allowed: `a tenancy whose ecFlow submits jobs to ${said.supercomputer}`,
      fix: `write submitsTo: ["${said.supercomputer}"] there, or leave multio() out`,
    },
  ];
}

function fdbProblems({ fdb }: PlaceEntry, { said, because }: Said<StatedMultio>): readonly Problem[] {
  const plans = [
    ...Object.entries(said.plans).map(([name, plan]) => ({ path: pathOf(because, "plans", name, "actions"), plan })),
    ...Object.entries(said.servers?.plans ?? {}).map(([name, plan]) => ({
      path: pathOf(because, "servers.plans", name, "actions"),
      plan,
    })),
  ].filter(({ plan }) => endsInFdb(plan.actions));
  if (plans.length === 0) return [];
  const found = fdb.find((each) => each.said.fdb === said.fdb);
  const names = fdb.map((each) => each.said.fdb);
  if (!found)
    return [
      {
        path: `${because}.fdb`,
        value: said.fdb,
        allowed: `an FDB of the tenancy: ${listed(names)}`,
        fix: didYouMean(said.fdb, names, "name one of them, or add fdb() to the tenancy"),
      },
    ];
  return plans.flatMap(({ path, plan }) => [
    ...untaken(path, plan.actions, found),
    ...withoutTimespan(path, plan.actions, found),
  ]);
}

const endsInFdb = (actions: StatedPlans[string]["actions"]): boolean =>
  actions.some((action) => action.type === "sink" && action.sinks.some(({ type }) => type === "fdb5"));

/** What a plan says of its fields that MARS knows them by; of others the model decides. */
const marsKeys = ["class", "dataset", "expver", "stream", "type", "levtype"] as const;
type MarsKey = (typeof marsKeys)[number];
/** A value, and the path at which the plan says it. */
interface SaidValue {
  readonly value: string;
  readonly path: string;
}
type SaidValues = Readonly<Partial<Record<MarsKey, readonly SaidValue[]>>>;

/** Values for which the layout has no rule: FDB would refuse such a field, and end the model. */
function untaken(path: string, actions: readonly StatedAction[], fdb: Said<StatedFdb>): readonly Problem[] {
  const fields = saidOfFields(path, actions).flatMap(eachOf);
  const problems = fields.flatMap((field): readonly Problem[] => {
    const [nearest] = fdb.said.layout.rules
      .map((rule) => refusedBy(keysOf(rule), field))
      .sort((a, b) => a.length - b.length);
    return (nearest ?? []).map(({ key, value, path: at, is }) => ({
      path: at,
      value,
      allowed: `${listed(is)}: what ${fdb.because}.layout has of ${key}`,
      fix: didYouMean(value, is, "write one of these, or let the FDB's layout have it too"),
    }));
  });
  return [...new Map(problems.map((each) => [`${each.path} ${each.value}`, each])).values()];
}

type Field = Readonly<Partial<Record<MarsKey, SaidValue>>>;

/** What a rule does not take of a field. */
const refusedBy = (keys: LayoutKeys, field: Field) =>
  marsKeys.flatMap((key) => {
    const [stated, is] = [field[key], own(keys, key)?.is];
    return stated && is && !is.includes(stated.value) ? [{ key, ...stated, is }] : [];
  });

/** Every way in which a plan lets fields through, with what it then says of them. */
const saidOfFields = (path: string, actions: readonly StatedAction[]): readonly SaidValues[] =>
  actions.reduce<readonly SaidValues[]>(
    (ways, action) => {
      if (action.type === "select" && action.match) {
        const { match } = action;
        return ways.flatMap((way) =>
          match.map((with_) => ({ ...way, ...valuesAt(pathOf(path, "match"), (key) => with_[key]) })),
        );
      }
      const metadata = action.type === "encode" ? action["additional-metadata"] : undefined;
      if (!metadata) return ways;
      const written = valuesAt(pathOf(path, "additional-metadata"), (key) => {
        const value = key === "levtype" ? undefined : metadata[key];
        return value === undefined ? undefined : [value];
      });
      return ways.map((way) => ({ ...way, ...written }));
    },
    [{}],
  );

const valuesAt = (path: string, of: (key: MarsKey) => readonly string[] | undefined): SaidValues =>
  Object.fromEntries(
    marsKeys.flatMap((key) => {
      const values = of(key);
      return values ? [[key, values.map((value) => ({ value, path: pathOf(path, key) }))] as const] : [];
    }),
  );

/** One field for each combination of values. */
const eachOf = (values: SaidValues): readonly Field[] =>
  marsKeys.reduce<readonly Field[]>(
    (fields, key) => fields.flatMap((field) => values[key]?.map((value) => ({ ...field, [key]: value })) ?? [field]),
    [{}],
  );

/** MultIO 2.12 has its fields say over which time they are, `none` for an instant; FDB refuses a key for which it has no place. */
function withoutTimespan(path: string, actions: readonly StatedAction[], fdb: Said<StatedFdb>): readonly Problem[] {
  if (!actions.some(({ type }) => type === "encode-mtg2")) return [];
  const { rules } = fdb.said.layout;
  if (rules.some((rule) => "timespan" in keysOf(rule))) return [];
  return [
    {
      path,
      value: "encode-mtg2",
      allowed: `encode, since encode-mtg2 writes timespan, for which ${fdb.because}.layout has no place`,
      fix: "encode by a template; or, while there is no data, add timespan: { optional: true } to element of the layout",
    },
  ];
}
