import { bastion, proxy } from "../../../constructs/edge/spec";
import { fdb } from "../../../constructs/fdb/spec";
import { gather } from "../../../model/gather";
import { fingerprintOf } from "../../../model/layout";
import { forget, readLocksOf } from "../../../model/locks";
import type { Layout } from "../../../model/site/layout";
import { gib, granted } from "../../../model/vocabulary";
import { layout, north, tenancy } from "../platform";
import { root } from "../roots";

const site = () => north({ production: tenancy({ runs: [bastion(), proxy()] }) });
const told = (locks: Record<string, unknown>, sites: readonly unknown[] = [site()], options = {}) =>
  gather(sites, locks, options).problems.map(({ path, value }) => [path, value]);
const stack = "north-production-tenancy";
const state = `s3://state/north/production/${stack}.tfstate`;
const key = { sshUserCa: "ssh-ed25519 AAAA" };

describe("a lock is refused that holds", () => {
  test("a stack that is described no more", () =>
    expect(
      told({ north: { version: 1, stacks: { [stack]: { state }, "north-test-tenancy": { state: "s3://b/k" } } } }),
    ).toEqual([["north.lock.stacks.north-test-tenancy", "s3://b/k"]]));
  test("another place of a state: bucket, key, endpoint or kind", () => {
    for (const other of [`s3://b/${stack}`, `${state}?endpoint=https://s3.example.org`, `pg://x-${stack}`])
      expect(told({ north: { version: 1, stacks: { [stack]: { state: other } } } })).toEqual([
        ["north.production.state", state],
      ]);
  });
  test("stacks of a site without a file", () => {
    const locks = { south: { version: 1, stacks: { "south-production-tenancy": { state: "s3://b/k" } } } };
    expect(told(locks)).toEqual([["south.lock", "the stacks south-production-tenancy"]]);
    expect(told(locks, [site()], { partial: true })).toEqual([]);
  });
  test("values of a tenancy or a host that is none, or whose address is not allocated", () => {
    expect(told({ north: { version: 1, learned: { test: { router: "192.0.2.1" } } } })).toEqual([
      ["north.lock.learned.test", "{…}"],
    ]);
    const locks = {
      north: { version: 1, learned: { production: { public: { bastion: "192.0.2.1", x: "192.0.2.2" } } } },
    };
    expect(told(locks)).toEqual([["north.lock.learned.production.public.x", "192.0.2.2"]]);
    const given = { bastion: granted("192.0.2.9"), proxy: granted("192.0.2.8") };
    const sites = [north({ production: tenancy({ public: given, runs: [bastion(), proxy()] }) })];
    expect(told(locks, sites)).toContainEqual(["north.lock.learned.production.public.bastion", "192.0.2.1"]);
  });
  test("the CA of a cluster that is none", () => {
    expect(told({ north: { version: 3, learned: { production: { clusterCa: root } } } })).toEqual([
      ["north.lock.learned.production.clusterCa", "a certificate"],
    ]);
  });
  test("trust, where another has it", () =>
    expect(
      told({ north: { version: 1, trust: key }, south: { version: 2, trust: { revoked: {} } } }, [site()], {
        partial: true,
      }),
    ).toEqual([["south.lock.trust", "revoked"]]));
  test.each(["sshUserCa", "sshUserCaToo", "sshHostCa", "sshHostCaToo"])("%s, in force and revoked", (ca) =>
    expect(told({ north: { version: 4, trust: { [ca]: key.sshUserCa, revoked: { old: key.sshUserCa } } } })).toEqual([
      ["north.lock.trust.revoked.old", key.sshUserCa],
    ]));
});

test("data that is laid out is not laid out anew, unless somebody says that it is gone", () => {
  const runs = (layout: Layout) => [bastion(), proxy(), fdb({ stores: 1, volume: gib(10), fate: "keep", layout })];
  const described = (layout: Layout) => [north({ production: tenancy({ runs: runs(layout) }) })];
  const of = (layouts?: object) => ({ north: { version: 7, stacks: { [stack]: { state, layouts } } } });
  const fdbPath = "north.production.runs.fdb.layout";
  expect(told(of(), described(layout))).toEqual([]);
  expect(told(of({ fdb: fingerprintOf(layout) }), described(layout))).toEqual([]);
  const changed = { rules: [...layout.rules, ...layout.rules] };
  expect(told(of({ fdb: fingerprintOf(layout) }), described(changed))).toEqual([
    [fdbPath, `a layout, ${fingerprintOf(changed).slice(0, 12)}`],
  ]);
  const { locks, problems } = forget(
    readLocksOf(of({ fdb: fingerprintOf(layout) })).locks,
    [`${stack}.layouts.fdb`],
    new Map(),
  );
  expect(problems).toEqual([]);
  expect(told(Object.fromEntries(locks), described(changed))).toEqual([]);
});

test("a lock is not blamed for what a site file that cannot be read leaves out", () => {
  const broken = { ...site(), tenancies: 7 };
  expect(told({ north: { version: 1, stacks: { [stack]: { state } } } }, [broken])).toEqual([["north.tenancies", 7]]);
});
