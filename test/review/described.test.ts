import { ecflow } from "../../constructs/ecflow/spec";
import { bastion, proxy } from "../../constructs/edge/spec";
import { fdb } from "../../constructs/fdb/spec";
import { gather } from "../../model/gather";
import type { Component } from "../../model/site/component";
import type { TenancyInput } from "../../model/site/tenancy";
import { gib } from "../../model/vocabulary";
import type { Day } from "../../model/words/calendar";
import { closedHours } from "../../review/calendar";
import type { Change } from "../../review/change";
import { needsFirst } from "../../review/needs";
import { policyAt } from "../../review/policy";
import { takings } from "../../review/quota";
import type { Element } from "../../review/stack";
import { unwiseLines } from "../../review/text";
import { layout, north, south, tenancy } from "../model/platform";

const today = "2026-11-24" as Day;
const edge = [bastion(), proxy()];
const registers = (is: Partial<TenancyInput>) => {
  const gathered = gather([north({ production: tenancy({ runs: edge, ...is }) }), south({})]);
  expect(gathered.problems).toEqual([]);
  return gathered.registers;
};
const submitting = { runs: [...edge, ecflow("prod", { submitsTo: ["polaris"] })] };
const name = "north-production-tenancy";
const learnedRouter = (router: string) => {
  const locks = { north: { version: 1, learned: { production: { router } } } };
  return gather([north({ production: tenancy(submitting) }), south({})], locks).registers;
};

const element = (type: string): Element => ({
  address: `${type}.x`,
  kind: "resource",
  type,
  path: "x",
  args: {},
  lifecycle: {},
  dependsOn: [],
});
const change = (type: string, action: Change["action"], path?: string): Change => ({
  stack: name,
  address: `${type}.x`,
  action,
  before: element(type),
  after: action === "delete" ? undefined : element(type),
  differences: path === undefined ? [] : [{ path, before: "a", after: "b", effect: "changes" }],
});

describe("what operators have to do first", () => {
  const login = "NORTH · polaris.login for north-production: tcp-22 in from north-production-router";
  test("is to open what new flows need, and not what was needed before", () => {
    expect(needsFirst([], registers({}), registers(submitting))).toEqual([
      login,
      "NORTH · polaris.compute for north-production: tcp-3141 out to north-production-proxy",
    ]);
    expect(needsFirst([], registers(submitting), registers(submitting))).toEqual([]);
  });
  test("is to open another port, a second server, another address, though the grant is given already", () => {
    const given = { "polaris.compute": { state: "granted" as const, ticket: "T-1" } };
    const from = registers({ ...submitting, grants: given });
    const needs = (port: number, more: readonly Component[] = []) =>
      needsFirst(
        [],
        from,
        registers({ grants: given, runs: [...edge, ecflow("prod", { submitsTo: ["polaris"], port }), ...more] }),
      );
    expect(needs(3199)).toEqual([
      "NORTH · polaris.compute for north-production: tcp-3199 out to north-production-proxy (granted, T-1)",
    ]);
    const second = ecflow("b", { submitsTo: ["polaris"], slot: 70, port: 3142 });
    expect(needs(3141, [second])).toEqual([
      "NORTH · polaris.compute for north-production: tcp-3142 out to north-production-proxy (granted, T-1)",
    ]);
    expect(needsFirst([], from, learnedRouter("198.51.100.7"))[0]).toBe(`${login} (198.51.100.7)`);
  });
  test("is to open again what was granted and is no more", () => {
    const state = (is: "granted" | "requested") =>
      registers({ ...submitting, grants: { "polaris.login": { state: is, ticket: "T-1" } } });
    expect(needsFirst([], state("granted"), state("requested"))).toEqual([`${login} (requested, T-1)`]);
    expect(needsFirst([], state("requested"), state("granted"))).toEqual([]);
  });
  test("is to write down addresses that are others afterwards", () => {
    const at = registers(submitting);
    const router = "openstack_networking_router_v2";
    const address = "openstack_networking_floatingip_v2";
    const needs = (...changes: readonly Change[]) => needsFirst(changes, at, at);
    expect(needs(change(router, "replace"), change(address, "delete"))).toEqual([
      "NORTH · writes down another egress address of north-production",
      "NORTH · writes down another public address of north-production",
    ]);
    expect(needs(change(router, "update", "external_network_id"))).toHaveLength(1);
    expect(needs(change(router, "update", "name"), change(router, "create"), change(router, "forget"))).toEqual([]);
  });
});

describe("closed hours", () => {
  const calendar = {
    forecast: "02:00-09:00",
    freezes: [
      { from: "2026-12-20", to: "2027-01-06", why: "holidays" },
      { from: "2026-01-01", to: "2026-11-23", why: "over" },
    ],
    maintenance: [{ from: today, to: today, why: "power" }],
  };
  const at = registers({ calendar });
  const told = (base: Partial<TenancyInput> | undefined, stacks: readonly string[]) =>
    closedHours(base && registers(base), at, new Set(stacks), today);
  const all = `not 02:00-09:00 UTC (forecast) · not 2026-12-20 to 2027-01-06 (holidays) · not ${today} to ${today} (power)`;
  test("are told of stacks that interrupt something, as far as they are ahead", () => {
    expect(told(undefined, [name])).toEqual([`${name}: ${all}`]);
    expect(told({ calendar }, [name])).toEqual([`${name}: ${all}`]);
    expect(told({ calendar }, [])).toEqual([]);
  });
  test("are those of both sides, so that a change opens none for itself; and a calendar that changes is told", () => {
    const base = { calendar: { forecast: "00:00-23:00" } };
    expect(told(base, [name])).toEqual([
      expect.stringMatching(
        /^north-production-tenancy: not 00:00-23:00 UTC \(forecast\) · not 02:00-09:00 UTC .* · the calendar changes: 00:00/,
      ),
    ]);
    expect(told(base, [])).toEqual([
      expect.stringMatching(/^north-production-tenancy: the calendar changes: 00:00.* → 02:00/),
    ]);
  });
  test("of a tenancy that goes are those that it had", () => {
    const gone = gather([north({}), south({})]).registers;
    expect(closedHours(at, gone, new Set([name]), today)).toEqual([`${name}: ${all}`]);
  });
  test("where there is no calendar there are none", () =>
    expect(closedHours(undefined, registers({}), new Set([name]), today)).toEqual([]));
});

test("a quota is told as the description counts it: what no resource of Terraform tells too", () => {
  const [base, head] = [registers({ runs: edge }), registers(submitting)];
  const capacity = (of: typeof base) => of.capacity.get("north-production");
  const taken = takings(new Map(), new Map(), { base, head });
  expect(taken).toContainEqual({
    stack: name,
    what: "ports",
    before: capacity(base)?.ports,
    after: capacity(head)?.ports,
  });
  expect(taken.map(({ what }) => what)).toContain("vCPU");
  expect(takings(new Map(), new Map(), { base, head: base })).toEqual([]);
});

describe("what is unwise", () => {
  const grants = (until: string) => ({
    ...submitting,
    grants: { "polaris.login": { state: "granted" as const, ticket: "T-1", until } },
  });
  const told = (base: Partial<TenancyInput> | undefined, head: Partial<TenancyInput>) =>
    policyAt(registers(head), base && registers(base), today)
      .unwise.filter(({ rule }) => rule === "grant-run-out")
      .map(({ target, isNew }) => [target, isNew]);
  test("is new if the base has it not", () => {
    expect(told(grants("2027-01-01"), grants("2026-01-01"))).toEqual([["north.production.grants.polaris.login", true]]);
    expect(told(grants("2026-01-01"), grants("2026-01-01"))).toEqual([
      ["north.production.grants.polaris.login", false],
    ]);
  });
  test("is told as far as it is added to what the base has", () => {
    const stores = (count: number) =>
      registers({ runs: [...edge, fdb({ stores: count, volume: gib(100), fate: "keep", layout })] });
    const { unwise } = policyAt(stores(4), stores(3), today);
    const added = unwise.filter(({ isNew }) => isNew);
    expect(added.map(({ rule, added }) => [rule, added])).toEqual([
      ["stateful-without-backup", ["fdb-store-4/data has no copy at another site"]],
    ]);
    expect(added[0]?.unwise.length).toBeGreaterThan(3);
    expect(unwiseLines({ policy: unwise, policyDefects: [] })[0]).toBe(
      "new: north.production.runs.fdb: fdb-store-4/data has no copy at another site (stateful-without-backup) · nobody answers for it",
    );
  });
  test("is not called new where nothing is known of the base", () =>
    expect(told(undefined, grants("2026-01-01"))[0]?.[1]).toBe(false));
  test("acknowledgements of nothing are told, if the base has them not", () => {
    const answers = (...acknowledged: readonly object[]) =>
      gather([north({ production: tenancy({ runs: edge }) }, { acknowledged } as never), south({})]).registers;
    const idle = { rule: "no-such-rule", targets: ["x"], reason: "r", owner: "o", until: "2027-01-01" };
    expect(policyAt(answers(idle), answers(), today).defects).toEqual([
      expect.stringMatching(/^north.acknowledged.no-such-rule: no-such-rule · allowed: /),
    ]);
    expect(policyAt(answers(idle), answers(idle), today).defects).toEqual([]);
  });
});
