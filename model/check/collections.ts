import type { PlaceEntry } from "../entries";
import { keysOf, unknownKeys, unknownValues } from "../layout";
import type { LayoutKeys } from "../site/layout";
import type { Problem } from "../words/problem";
import { own, pathOf } from "../words/record";
import { askedFdb } from "./asked-fdb";
import { roleProblems, vouchingFor } from "./roles";

/** Collections of which the FDB could have no field, since nobody would be told, and find nothing for ever; and who could not read it. */
export const collectionProblems = (place: PlaceEntry): readonly Problem[] => [
  ...place.polytope.flatMap(({ said, because }): readonly Problem[] => {
    const { fdb, problems } = askedFdb(place, said.fdb, because);
    if (!fdb) return problems;
    const rules = fdb.said.layout.rules.map(keysOf);
    const unnamed = said.workers.filter(
      (worker) => !fdb.said.clients.some((client) => "workload" in client && client.workload === worker),
    );
    const collections = Object.entries(said.collections).flatMap(([name, { serves }]) =>
      unknownIn(serves, rules, pathOf(because, "collections", name, "serves"), `${fdb.because}.layout`),
    );
    return [
      ...collections,
      ...unnamed.map((worker) => ({
        path: because,
        value: worker,
        allowed: "a client of the FDB, which lets in nobody else",
        fix: `add { workload: "${worker}" } to ${fdb.because}.clients`,
      })),
    ];
  }),
  ...place.polytope.flatMap(({ said, because }) => {
    const vouching = vouchingFor(place, said.asks);
    return Object.entries(said.collections).flatMap(([name, { roles = {} }]) =>
      vouching ? roleProblems(vouching, roles, pathOf(because, "collections", name, "roles")) : [],
    );
  }),
];

/** What is known of no rule; or, where each is known of one, of none with another. */
function unknownIn(
  serves: Readonly<Record<string, readonly string[]>>,
  rules: readonly LayoutKeys[],
  path: string,
  layout: string,
): readonly Problem[] {
  const alone = [
    ...unknownKeys(Object.keys(serves), rules, path, layout),
    ...Object.entries(serves).flatMap(([key, values]) => unknownValues(key, values, rules, pathOf(path, key), layout)),
  ];
  if (alone.length > 0) return alone;
  return pairsOf(serves)
    .filter((pair) => !rules.some((rule) => pair.every(([key, value]) => takes(rule, key, value))))
    .map((pair) => ({
      path,
      value: pair.map(([key, value]) => `${key}=${value}`).join(","),
      allowed: `values that a rule of ${layout} has together`,
      fix: "state them in a collection of their own, or leave one of them out",
    }));
}

const takes = (rule: LayoutKeys, key: string, value: string): boolean => {
  const said = own(rule, key);
  return said !== undefined && (said.is === undefined || said.is.includes(value));
};

type Pair = readonly (readonly [key: string, value: string])[];

/** Each value of a key with each of every other key. */
function pairsOf(serves: Readonly<Record<string, readonly string[]>>): readonly Pair[] {
  const all = Object.entries(serves);
  return all.flatMap(([key, values], i) =>
    all.slice(i + 1).flatMap(([other, others]) =>
      values.flatMap((a) =>
        others.map(
          (b): Pair => [
            [key, a],
            [other, b],
          ],
        ),
      ),
    ),
  );
}
