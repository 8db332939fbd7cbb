import type { PlaceEntry, Said } from "../entries";
import { keysOf, unknownKeys, unknownValues } from "../layout";
import { adminRole, type Event, type IdentifierType, type Roles, type StatedAviso } from "../site/aviso";
import type { KeyType, Layout, LayoutKeys } from "../site/layout";
import type { StatedVouching } from "../site/vouching";
import { listed, type Problem } from "../words/problem";
import { own, pathOf } from "../words/record";
import { askedFdb } from "./asked-fdb";
import { roleProblems, vouchingFor } from "./roles";

/** Events that no field of the FDB could have: each would be refused, or tell of nothing; and those of which nobody could be told, or tell. */
export const eventProblems = (place: PlaceEntry): readonly Problem[] => [
  ...place.aviso.flatMap(({ said, because }): readonly Problem[] => {
    const { fdb, problems } = askedFdb(place, said.fdb, pathOf(because, "fdb"));
    if (!fdb) return problems;
    const at = `${fdb.because}.layout`;
    return Object.entries(said.events).flatMap(([name, { identifier }]) =>
      unfit(identifier, fdb.said.layout, pathOf(because, "events", name, "identifier"), at),
    );
  }),
  ...place.aviso.flatMap((each) => {
    const vouching = vouchingFor(place, each.said.asks);
    return vouching ? [...strangers(each, vouching), ...mute(each, vouching)] : [];
  }),
];

/** Who may listen, notify and delete, by realms and roles that there are not. */
const strangers = (
  { said: { events, admins }, because }: Said<StatedAviso>,
  vouching: Said<StatedVouching>,
): readonly Problem[] => {
  // Everybody of a realm; and who is administrator while nobody is said to be.
  const free = ["*", adminRole];
  const held = (roles: Roles, ...path: readonly string[]): readonly Problem[] =>
    roleProblems(
      vouching,
      Object.fromEntries(
        Object.entries(roles).map(([realm, all]) => [realm, all.filter((role) => !free.includes(role))]),
      ),
      pathOf(because, ...path),
    );
  return [
    ...Object.entries(events).flatMap(([name, { reads = {}, writes = {} }]) => [
      ...held(reads, "events", name, "reads"),
      ...held(writes, "events", name, "writes"),
    ]),
    ...held(admins, "admins"),
  ];
};

/** Accounts of hosts by which nobody may notify of anything; one that there is not is told as a secret that there is not. */
const mute = (
  { said: { events, admins, notifiers }, because }: Said<StatedAviso>,
  { said: { platform, accounts }, because: its }: Said<StatedVouching>,
): readonly Problem[] => {
  const may = [
    ...new Set(
      [admins, ...Object.values(events).map(({ writes = {} }) => writes)].flatMap(
        (roles) => own(roles, platform) ?? [],
      ),
    ),
  ];
  return Object.entries(notifiers).flatMap(([role, account]): readonly Problem[] => {
    const has = own(accounts, account);
    if (!has || may.includes("*") || has.some((each) => may.includes(each))) return [];
    return [
      {
        path: pathOf(because, "notifiers", role, "account"),
        value: account,
        allowed: `an account with a role that may notify of some event: ${listed(may)}`,
        fix: `give it one in ${pathOf(its, "accounts", account)}, or add one that it has to writes of an event: ${listed(has)}`,
      },
    ];
  });
};

function unfit(identifier: Event["identifier"], layout: Layout, path: string, at: string): readonly Problem[] {
  const rules = layout.rules.map(keysOf);
  const keys = Object.keys(identifier);
  const unknown = unknownKeys(keys, rules, path, at);
  if (unknown.length > 0) return unknown;
  // Whoever notifies has to say every key, so that of a field without one nobody could be told.
  const hasAll = (rule: LayoutKeys, key: string): boolean =>
    own(rule, key) !== undefined && own(rule, key)?.optional !== true;
  const fitting = rules.filter((rule) => keys.every((key) => hasAll(rule, key)));
  if (fitting.length === 0) {
    const lacking = keys.filter((key) => !rules.some((rule) => hasAll(rule, key)));
    const allowed = `keys that all fields of a rule of ${at} have`;
    const value = listed(lacking.length > 0 ? lacking : keys);
    return [{ path, value, allowed, fix: "leave out what fields may lack" }];
  }
  return Object.entries(identifier).flatMap(([key, is]) => unlike(key, is, fitting, layout, pathOf(path, key), at));
}

/** Values of a key that fields have otherwise. */
function unlike(
  key: string,
  is: IdentifierType,
  rules: readonly LayoutKeys[],
  { types = {} }: Layout,
  path: string,
  at: string,
): readonly Problem[] {
  const type = own(rules[0] ?? {}, key)?.type ?? own(types, key);
  const sorts = type === undefined ? undefined : own(sortsOf, type);
  if (sorts && !sorts.includes(is.is))
    return [
      { path, value: is.is, allowed: `what ${at} has of it, ${type}: ${listed(sorts)}`, fix: "write one of them" },
    ];
  return is.is === "one-of" ? unknownValues(key, is.values, rules, path, at) : [];
}

/** What values of a type of FDB can be told as; of all others anything. */
const sortsOf: Readonly<Partial<Record<KeyType, readonly IdentifierType["is"][]>>> = {
  Date: ["date"],
  Time: ["time"],
  Expver: ["expver", "one-of", "text"],
  Integer: ["integer", "one-of", "text"],
  Double: ["number", "integer", "one-of", "text"],
};
