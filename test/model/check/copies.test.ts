import { backups, bastion, cluster, ecflow, proxy, vault } from "../../../constructs/specs";
import { gather } from "../../../model/gather";
import type { Component } from "../../../model/site/component";
import type { PlaceName } from "../../../model/site/place-name";
import type { TenancyInput } from "../../../model/site/tenancy";
import { gib } from "../../../model/vocabulary";
import { north, saying, south, tenancy } from "../platform";

const edge = [bastion({ from: [] }), proxy()];
const taken = (is: Partial<Parameters<typeof tenancy>[0]> = {}) => tenancy({ runs: [...edge, backups()], ...is });
/** What is told of a component of the south, whose copies a tenancy of the north takes. */
const told = (
  component: Component,
  takers: Record<string, TenancyInput> = { production: taken() },
  { partial = false } = {},
) => {
  const site = south({ production: tenancy({ network: { cidr: "10.36.0.0/20" }, runs: [...edge, component] }) });
  return gather([north(takers), site], {}, { partial })
    .problems.filter(({ path }) => path.startsWith("south.production.runs."))
    .map(({ path, value, allowed, fix }) => [path, value, allowed, fix].join(" | "));
};
const copied = (at: PlaceName) => vault({ from: [], copies: { at, endpoint: "object.example.org" } });
const [mine, theirs] = [
  { site: "south", tenancy: "production" },
  { site: "north", tenancy: "production" },
];

test("another site takes copies", () => expect(told(copied(theirs))).toEqual([]));
test("the same site does not: they would be lost together", () =>
  expect(told(copied(mine))).toEqual([
    "south.production.runs.vault.copies.at | south.production | a tenancy of another site, for production, that has backups(): north.production | name one of another site",
  ]));
test("a tenancy that is misspelt does not, unless its site was not read", () => {
  const wrong = copied({ site: "north", tenancy: "productoin" });
  expect(told(wrong)).toEqual([
    'south.production.runs.vault.copies.at | north.productoin | a tenancy of another site, for production, that has backups(): north.production | did you mean "north.production"?',
  ]);
  expect(told(copied({ site: "x", tenancy: "y" }))[0]).toMatch(/name one that is described$/);
  expect(told(wrong, undefined, { partial: true })).toEqual([]);
});
test("a tenancy without the bucket does not, and is told once for all servers", () =>
  expect(told(copied(theirs), { production: taken({ runs: edge }) })).toEqual([
    "south.production.runs.vault.copies.at | north.production | a tenancy of another site, for production, that has backups() | add backups() there, or name another",
  ]));
test("one of another environment does not: who tests there could delete them", () => {
  const test = taken({ environment: "test", network: { cidr: "10.21.0.0/20" } });
  expect(told(copied({ site: "north", tenancy: "test" }), { production: taken(), test })).toEqual([
    "south.production.runs.vault.copies.at | north.test | a tenancy of another site, for production, that has backups(): north.production | name one for production",
  ]);
});
test("it is so for check points of ecFlow, and told once for a server and its standby", () => {
  const copies = { at: mine, endpoint: "object.example.org" };
  expect(told(ecflow("prod", { standby: true, copies })).map((line) => line.split(" | ")[0])).toEqual([
    "south.production.runs.ecflow-prod.copies.at",
  ]);
  expect(told(ecflow("prod", { standby: true, copies: { ...copies, at: theirs } }))).toEqual([]);
});
test("it is so for clusters, and for components of others at the volume itself", () => {
  const snapshots = { at: mine, endpoint: "object.example.org" };
  const box = { name: "box", roles: ["box"], subnet: "data" as const, slot: 9, flavor: "small" };
  const volumes = [{ name: "data", size: gib(1), fate: "keep" as const, backup: mine }];
  const paths = (component: Component) => told(component).map((line) => line.split(" | ")[0]);
  expect(paths(cluster({ snapshots }))).toContain("south.production.runs.cluster.snapshots.at");
  expect(paths(saying({ hosts: [{ ...box, volumes }] }))).toEqual([
    "south.production.runs.thing.hosts.box.volumes.data.backup",
  ]);
});
