import { ecflow } from "../../constructs/ecflow/spec";
import { bastion, proxy } from "../../constructs/edge/spec";
import { gather } from "../../model/gather";
import type { TenancyInput } from "../../model/site/tenancy";
import type { Day } from "../../model/words/calendar";
import { closedHours } from "../../review/calendar";
import type { Change } from "../../review/change";
import { needsFirst } from "../../review/needs";
import { unwiseAt } from "../../review/policy";
import type { Element } from "../../review/stack";
import { north, south, tenancy } from "../model/platform";

const today = "2026-11-24" as Day;
const edge = [bastion(), proxy()];
const registers = (is: Partial<TenancyInput>) => {
  const gathered = gather([north({ production: tenancy({ runs: edge, ...is }) }), south({})]);
  expect(gathered.problems).toEqual([]);
  return gathered.registers;
};
const submitting = { runs: [...edge, ecflow("prod", { submitsTo: ["polaris"] })] };
const name = "north-production-tenancy";

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
  test("is to open what new flows need, and not what was needed before", () => {
    expect(needsFirst([], registers({}), registers(submitting))).toEqual([
      "NORTH · opens polaris.login for north-production: jobs are submitted to polaris by SSH",
      "NORTH · opens polaris.compute for north-production: jobs on polaris report to their server",
    ]);
    expect(needsFirst([], registers(submitting), registers(submitting))).toEqual([]);
  });
  test("is nothing once it was granted; a ticket is named until then", () => {
    const asked = (state: "requested" | "granted") =>
      registers({ ...submitting, grants: { "polaris.login": { state, ticket: "T-1" } } });
    expect(needsFirst([], registers({}), asked("requested"))[0]).toMatch(/\(requested, T-1\)$/);
    expect(needsFirst([], registers({}), asked("granted")).join()).not.toContain("polaris.login");
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
  test("are told of stacks that interrupt something, as far as they are ahead", () =>
    expect(closedHours(at, new Set([name]), today)).toEqual([
      `${name}: not 02:00-09:00 UTC, the forecast · not 2026-12-20 to 2027-01-06, holidays · not ${today} to ${today}, power`,
    ]));
  test("and of no other", () => expect(closedHours(at, new Set(["other"]), today)).toEqual([]));
  test("where there is no calendar there are none", () =>
    expect(closedHours(registers({}), new Set([name]), today)).toEqual([]));
});

describe("what is unwise", () => {
  const grants = (until: string) => ({
    ...submitting,
    grants: { "polaris.login": { state: "granted" as const, ticket: "T-1", until } },
  });
  const told = (base: Partial<TenancyInput> | undefined, head: Partial<TenancyInput>) =>
    unwiseAt(registers(head), base && registers(base), today)
      .filter(({ rule }) => rule === "grant-run-out")
      .map(({ target, isNew }) => [target, isNew]);
  test("is new if the base has it not", () => {
    expect(told(grants("2027-01-01"), grants("2026-01-01"))).toEqual([["north.production.grants.polaris.login", true]]);
    expect(told(grants("2026-01-01"), grants("2026-01-01"))).toEqual([
      ["north.production.grants.polaris.login", false],
    ]);
  });
  test("is new where nothing is known of the base", () =>
    expect(told(undefined, grants("2026-01-01"))[0]?.[1]).toBe(true));
});
