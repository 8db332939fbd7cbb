import { bastion, datamover, direct, fdb, proxy, transferJob } from "../../../constructs/specs";
import { gather } from "../../../model/gather";
import { days, gib, network, shared, tib } from "../../../model/vocabulary";
import { flowsOf, hostsOf, layout, north, said, servicesOf, south, tenancy } from "../../model/platform";

test("a catalogue and stores with a volume each, apart where it can be", () => {
  const { description, problems } = said(fdb({ stores: 2, volume: tib(40), fate: "keep", layout }));
  expect(problems).toEqual([]);
  expect(hostsOf(description)).toEqual([
    "fdb-catalogue fdb-catalogue data/10 large index:500 GiB:keep",
    "fdb-store-1 fdb-store data/11 large data:40 TiB:keep",
    "fdb-store-2 fdb-store data/12 large data:40 TiB:keep",
  ]);
  expect(description.hosts?.map(({ apart }) => apart?.policy)).toEqual([
    undefined,
    "soft-anti-affinity",
    "soft-anti-affinity",
  ]);
});

test("nobody reaches it from outside, since its protocol asks nobody who they are", () => {
  const { description } = said(
    fdb({ stores: 1, volume: gib(10), fate: "disposable", layout, clients: [{ role: "cluster-worker" }] }),
  );
  expect(servicesOf(description)).toEqual([
    "fdb-catalogue on fdb-catalogue tcp-10000 none",
    "fdb-store on fdb-store tcp-10000 none",
  ]);
  expect(description.services?.map(({ entrance }) => entrance)).toEqual([undefined, undefined]);
  expect(flowsOf(description)).toEqual([
    "fdb-catalogue -> fdb-store",
    "cluster-worker -> fdb-catalogue",
    "cluster-worker -> fdb-store",
  ]);
});

test("the fate of its data has to be said", () => {
  expect(said(fdb({ stores: 1, volume: gib(10), layout } as never)).problems).toEqual(["fate undefined"]);
  expect(said(fdb({ stores: 0, volume: gib(0.5), fate: "keep", layout })).problems).toEqual([
    "stores 0",
    'volume "512 MiB"',
  ]);
});

test("how its fields are laid out has to be said, in words that FDB knows", () => {
  const of = (layout: unknown) => said(fdb({ stores: 1, volume: gib(10), fate: "keep", layout } as never)).problems;
  const rule = { dataset: { class: {} }, collocation: { type: {} }, element: { param: {} } };
  expect(of(undefined)).toEqual(["layout undefined"]);
  expect(of({ rules: [rule] })).toEqual([]);
  expect(of({ rules: [] })).toEqual(["layout.rules []"]);
  expect(of({ rules: [{ ...rule, element: { parm: {} } }] })).toEqual(['layout.rules.element.parm "parm"']);
  expect(of({ types: { step: "Stepp" }, rules: [rule] })).toEqual(['layout.types.step "Stepp"']);
  expect(of({ rules: [{ ...rule, dataset: { class: { is: ["d1, [ x ]"] } } }] })).toHaveLength(1);
  expect(of({ rules: [{ ...rule, dataset: { class: { is: ["d1"], optional: true } } }] })).toHaveLength(1);
});

test("what is kept has to fit", () => {
  const of = (stores: number, daily: number, kept: number) =>
    said(
      fdb({ stores, volume: tib(1), fate: "keep", layout, retention: { daily: gib(daily), kept: days(kept) } }),
    ).description.problems?.map(({ value, allowed, fix }) => [value, allowed, fix]);
  expect(of(3, 250, 10)).toEqual([]);
  expect(of(2, 250, 10)).toEqual([
    [
      "250 GiB a day for 10 d: 2750 GiB, with the day that comes",
      "at most 1843 GiB, nine tenths of the volumes of 2 stores",
      "write stores: 3, or keep it for less long",
    ],
  ]);
  // What takes nothing new is no room.
  const spaces = { old: { of: { class: ["d1"] }, volumes: [tib(40)], archive: false }, rest: { volumes: [tib(1)] } };
  const retention = { daily: gib(250), kept: days(10) };
  const closed = said(fdb({ stores: 2, spaces, fate: "keep", layout, retention } as never));
  expect(closed.description.problems?.map(({ path }) => path)).toEqual(["retention"]);
});

test("nobody deletes but where the site file lets all clients", () => {
  const of = (wipe: boolean) => said(fdb({ stores: 1, volume: gib(10), fate: "keep", layout, wipe })).description;
  expect(of(false).secrets).toEqual([]);
  expect(of(false).fdb?.[0]?.wipe).toBe(false);
  expect(of(true).secrets?.map(({ secret, keys }) => [secret, keys])).toEqual([["fdb", ["wipe"]]]);
});

test("spaces are of keys of the dataset, and the last takes what no other does", () => {
  const of = (spaces: object, is: object = layout) =>
    said(fdb({ stores: 1, spaces, fate: "keep", layout: is } as never)).description.problems?.map(({ path }) => path);
  const volumes = [gib(10)];
  expect(of({ a: { of: { class: ["d1"] }, volumes }, b: { volumes } })).toEqual([]);
  expect(of({ a: { volumes }, b: { volumes } })).toEqual(["spaces.a.of"]);
  expect(of({ a: { of: { class: ["d1"] }, volumes } })).toEqual(["spaces.a.of"]);
  expect(of({ a: { of: { param: ["167"] }, volumes }, b: { volumes } })).toEqual(["spaces.a.of.param"]);
  const rest = { collocation: { type: {} }, element: { param: {} } };
  const two = {
    rules: [
      { ...rest, dataset: { class: { is: ["d1"] }, date: {} } },
      { ...rest, dataset: { class: { is: ["od"] }, expver: {} } },
    ],
  };
  expect(of({ a: { of: { date: ["20261127"], expver: ["0001"] }, volumes }, b: { volumes } }, two)).toEqual([
    "spaces.a.of",
  ]);
  expect(of({ a: { of: { class: ["zz"] }, volumes }, b: { volumes } }, two)).toEqual(["spaces.a.of.class"]);
  expect(of({ a: { of: { class: ["od"] }, volumes }, b: { volumes } }, two)).toEqual([]);
  expect(of({ a: { of: { class: ["od"], date: ["20261127"] }, volumes }, b: { volumes } }, two)).toEqual([
    "spaces.a.of.class",
  ]);
});

test("a volume that is added leaves the names of those before it", () => {
  const of = (...volumes: readonly ReturnType<typeof gib>[]) =>
    hostsOf(said(fdb({ stores: 1, spaces: { data: { volumes } }, fate: "keep", layout })).description)[1];
  expect(of(gib(10))).toBe("fdb-store-1 fdb-store data/11 large data:10 GiB:keep");
  expect(of(gib(10), gib(20))).toBe("fdb-store-1 fdb-store data/11 large data:10 GiB:keep data-2:20 GiB:keep");
});

test("ports for data are others than that for all else, and no gate leads to them", () => {
  const of = (is: object) =>
    said(fdb({ stores: 1, volume: gib(10), fate: "keep", layout, ...is } as never)).description.problems?.map(
      ({ path, value }) => `${path} ${value}`,
    );
  expect(of({ dataPorts: { from: 40000, to: 40099 } })).toEqual([]);
  expect(of({ dataPorts: { from: 9990, to: 10100 } })).toEqual(["dataPorts 9990 to 10100"]);
  const archiving = transferJob({ key: "$HOME/.ssh/fdb", authorized: [] });
  expect(of({ dataPorts: { from: 40000, to: 40099 }, archiving })).toContain("dataPorts 40000 to 40099");
});

test("stores have one volume, or spaces of several", () => {
  const of = (is: object) =>
    said(fdb({ stores: 1, fate: "keep", layout, ...is } as never)).description.problems?.length;
  expect(of({})).toBe(1);
  expect(of({ volume: gib(10), spaces: { a: { volumes: [gib(10)] } } })).toBe(1);
});

test("output comes from the supercomputer beside it, or not at all", () => {
  const of = (archiving: object, site = north) =>
    gather([
      site({
        production: tenancy({
          runs: [bastion(), proxy(), fdb({ stores: 1, volume: gib(10), fate: "keep", layout, archiving } as never)],
        }),
      }),
    ]).problems.map(({ path, value }) => `${path} ${value}`);
  expect(of(transferJob({ key: "$HOME/.ssh/fdb", authorized: [] }))).toEqual([]);
  expect(of(datamover({ outbox: "/scratch/outbox", staging: gib(20) }))).toEqual([]);
  expect(of(datamover({ outbox: "/scratch/outbox", staging: gib(20) }), south as typeof north)).toEqual([
    "south.production.runs.fdb.archiving datamover",
    "south.production.runs.bastion.from operators",
  ]);
  expect(of(datamover({ outbox: "$HOME/outbox", staging: gib(20) }))).toEqual([
    "north.production.runs.fdb.archiving.outbox $HOME/outbox",
  ]);
  expect(of(transferJob({ key: "id", authorized: ["secret"] }))).toEqual([
    "north.production.runs.fdb.archiving.key id",
    "north.production.runs.fdb.archiving.authorized secret",
  ]);
});

test("nodes that write themselves do so from a private network of one holder", () => {
  const of = (fabric: ReturnType<typeof network>) => {
    const runs = [
      bastion(),
      proxy(),
      fdb({ stores: 1, volume: gib(10), fate: "keep", layout, archiving: direct("fabric") }),
    ];
    return gather([north({ production: tenancy({ runs }) }, { outside: { fabric } } as never)]);
  };
  const { problems, registers } = of(network("10.99.0.0/16"));
  expect(problems.filter(({ path }) => path.includes("fdb"))).toEqual([]);
  const rules = (registers.rules.get("north-production") ?? []).filter(({ id }) => id.includes("10-99-0-0-16"));
  expect(rules.map(({ group, id }) => `${group.role} ${id}`)).toEqual([
    "fdb-catalogue in-tcp-10000-from-10-99-0-0-16",
    "fdb-store in-tcp-10000-from-10-99-0-0-16",
  ]);
  expect(of(network("192.0.2.0/28")).problems.map(({ path }) => path)).toContain(
    "north.production.runs.fdb.archiving.from",
  );
  expect(of(shared("10.99.0.0/16")).problems.map(({ path }) => path)).toContain(
    "north.production.runs.fdb.archiving.from",
  );
});
