import type { FdbOptions } from "../../../constructs/fdb/spec";
import { bastion, direct, fdb, proxy } from "../../../constructs/specs";
import { gather } from "../../../model/gather";
import { type Service, tcp } from "../../../model/site/need";
import type { Description } from "../../../model/site/specs";
import { gib, network } from "../../../model/vocabulary";
import { layout, north, saying, tenancy } from "../platform";

const problems = (description: Description, clients: FdbOptions["clients"] = []) => {
  const server = fdb({ stores: 1, volume: gib(10), fate: "keep", layout, clients });
  const runs = [bastion(), proxy(), server, saying(description)];
  return gather([north({ production: tenancy({ runs }) })]).problems.map(({ path, value, fix }) => [path, value, fix]);
};
const thing = { name: "thing", roles: ["thing"], subnet: "services", slot: 50, flavor: "small" } as const;
const reading = { need: "flow", from: { role: "thing" }, to: { service: "fdb-store" }, why: "it reads" } as const;

test("who is not named as a client does not come near, whoever asks for the flow", () => {
  expect(problems({ hosts: [thing], needs: [reading] })).toEqual([
    ["north.production.runs.thing", "thing to fdb-store", 'add { role: "thing" } to north.production.runs.fdb.clients'],
  ]);
  expect(problems({ hosts: [thing], needs: [reading] }, [{ role: "thing" }])).toEqual([]);
});

test("another name of its ports is no way in, nor is a relay, nor a network of its component", () => {
  const alias = { service: "alias", on: { role: "fdb-store" }, traffic: tcp(9000, 11000), auth: "none" } as const;
  const needs = [{ ...reading, to: { service: "alias" } }] as const;
  expect(problems({ hosts: [thing], services: [alias], needs })).toEqual([
    ["north.production.runs.thing", "thing to alias", 'add { role: "thing" } to north.production.runs.fdb.clients'],
  ]);
  expect(problems({ hosts: [thing], services: [{ ...alias, traffic: tcp(9000) }], needs })).toEqual([]);
  const relayed = { ...alias, traffic: tcp(10000), entrance: { relay: "proxy", port: 19999 }, ownTrust: true } as const;
  expect(problems({ services: [relayed] })).toContainEqual([
    "north.production.runs.thing.services.alias.entrance",
    "proxy",
    expect.stringContaining("gate"),
  ]);
});

test("nobody from elsewhere comes, of whatever network, but as the FDB says itself", () => {
  const fabric = network("10.99.0.0/16");
  const server = fdb({ stores: 1, volume: gib(10), fate: "keep", layout, archiving: direct("fabric") });
  const needs = [{ ...reading, from: { outside: "fabric" } }] as const;
  const of = (description: Description) => {
    const runs = [bastion(), proxy(), server, saying(description)];
    return gather([
      north({ production: tenancy({ runs }) }, { outside: { fabric, operators: network("192.0.2.0/28") } } as never),
    ]).problems;
  };
  expect(of({})).toEqual([]);
  expect(of({ needs }).map(({ path, value }) => [path, value])).toEqual([
    ["north.production.runs.thing", "fabric to fdb-store"],
  ]);
});

test("an FDB of another component is met at private addresses alone, too", () => {
  const server = {
    role: "thing",
    service: "mine",
    spaces: [{ handler: "Default", archive: true, volumes: ["data"] }],
  } as const;
  const of = (entrance: Partial<Service>) =>
    problems({
      hosts: [{ ...thing, volumes: [{ name: "data", size: gib(10), fate: "keep" }] }],
      services: [{ service: "mine", on: { role: "thing" }, traffic: tcp(10001), auth: "none", ...entrance }],
      fdb: [{ fdb: "mine", layout, catalogue: server, store: server, clients: [], wipe: false }],
    }).map(([path, value]) => [path, value]);
  expect(of({})).toEqual([]);
  expect(of({ entrance: { relay: "proxy" } })).toEqual([
    ["north.production.runs.thing.services.mine.entrance", "proxy"],
  ]);
});
