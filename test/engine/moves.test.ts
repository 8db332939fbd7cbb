import { Construct } from "constructs";
import { Volume } from "../../constructs/openstack/volume";
import { formerly } from "../../engine/moves/formerly";
import { destroyed, gib, released } from "../../model/vocabulary";
import { addresses, type Build, host, lockOf, over, refusals, type Written, written } from "./trees";

const volume = (scope: Construct, id: string) => new Volume(scope, id, { name: id, size: gib(1) });
const volumeAt = (path: string) => `openstack_blockstorage_volume_v3.${path}`;

/** Every old address that is no more has one block, to a resource of the same type that was not there before. */
function nothingIsLost(before: Written, after: Written): void {
  const [old, now] = [addresses(before), addresses(after)];
  const { moved = [] } = after;
  expect(moved.map(({ from }) => from).sort()).toEqual(old.filter((address) => !now.includes(address)));
  expect(moved.map(({ to }) => to).sort()).toEqual(now.filter((address) => !old.includes(address)));
  for (const { from, to } of moved) expect(to.split(".")[0]).toBe(from.split(".")[0]);
}

/** A tree before and after, and the words that say what became of it. */
const moves: Readonly<
  Record<string, { before: Build; after: Build; formerly: Record<string, string>; first: object }>
> = {
  "is renamed": {
    before: (stack) => host(new Construct(stack, "host"), "vault-a"),
    after: (stack) => host(new Construct(stack, "host"), "vault-1"),
    formerly: { "host/vault-1": "host/vault-a" },
    first: {
      from: "openstack_networking_port_v2.host_vault-a_port",
      to: "openstack_networking_port_v2.host_vault-1_port",
    },
  },
  "is wrapped by another": {
    before: (stack) => volume(stack, "data"),
    after: (stack) => volume(new Construct(stack, "data"), "disk"),
    formerly: { "data/disk": "data" },
    first: { from: volumeAt("data"), to: volumeAt("data_disk") },
  },
  "is unwrapped": {
    before: (stack) => volume(new Construct(stack, "data"), "disk"),
    after: (stack) => volume(stack, "data"),
    formerly: { data: "data/disk" },
    first: { from: volumeAt("data_disk"), to: volumeAt("data") },
  },
  "is split into two": {
    before: (stack) => {
      const one = new Construct(stack, "fdb");
      volume(one, "catalogue");
      volume(one, "store");
    },
    after: (stack) => {
      volume(new Construct(stack, "catalogue"), "data");
      volume(new Construct(stack, "store"), "data");
    },
    formerly: { "catalogue/data": "fdb/catalogue", "store/data": "fdb/store" },
    first: { from: volumeAt("fdb_catalogue"), to: volumeAt("catalogue_data") },
  },
  "goes to another parent": {
    before: (stack) => host(new Construct(stack, "host"), "store"),
    after: (stack) => host(new Construct(new Construct(stack, "fdb"), "host"), "store"),
    formerly: { "fdb/host/store": "host/store" },
    first: {
      from: "openstack_networking_port_v2.host_store_port",
      to: "openstack_networking_port_v2.fdb_host_store_port",
    },
  },
};

describe("a construct that", () => {
  for (const [what, { before, after, formerly: words, first }] of Object.entries(moves))
    test(`${what} takes all of its state along, and without a word is refused`, () => {
      const locked = lockOf(before);
      expect(refusals(after, { locked })).toEqual(
        Object.entries(locked.stateful).map(
          ([address, kept]) => `north.lock.stacks.stack.stateful.${address}: ${kept}`,
        ),
      );
      const stack = written(after, { locked, moves: { formerly: words } });
      expect(stack.moved?.[0]).toEqual(first);
      nothingIsLost(written(before), stack);
    });

  test("says itself where it stood does the same", () => {
    const old: Build = (stack) => host(stack, "old");
    const stack = written((stack) => formerly(host(stack, "new"), "old"), { locked: lockOf(old) });
    nothingIsLost(written(old), stack);
  });

  test("moves inside of one that moves goes by the innermost word", () => {
    const old: Build = (stack) => {
      volume(new Construct(stack, "a"), "data");
      volume(stack, "extra");
    };
    const after: Build = (stack) => {
      const b = new Construct(stack, "b");
      volume(b, "data");
      volume(b, "extra");
    };
    const stack = written(after, { locked: lockOf(old), moves: { formerly: { b: "a", "b/extra": "extra" } } });
    expect(stack.moved).toEqual([
      { from: volumeAt("a_data"), to: volumeAt("b_data") },
      { from: volumeAt("extra"), to: volumeAt("b_extra") },
    ]);
  });

  test("moves and is kept no more is refused all the same", () => {
    const locked = lockOf((stack) => volume(stack, "old"));
    const after: Build = (stack) => new Volume(stack, "new", { name: "v", size: gib(1), fate: "disposable" });
    expect(refusals(after, { locked, moves: { formerly: { new: "old" } } })).toHaveLength(1);
  });
});

describe("formerly is refused", () => {
  const there: Build = (stack) => volume(stack, "data");
  test.each<[string, Build, Record<string, string>, string]>([
    ["for a path that is not described", there, { dato: "old" }, "north.production.formerly.dato: dato"],
    [
      "from a path at which something stands",
      (stack) => {
        volume(stack, "data");
        volume(stack, "old");
      },
      { data: "old" },
      "north.production.formerly.data: old",
    ],
    [
      "from one path to two",
      (stack) => {
        volume(stack, "a");
        volume(stack, "b");
      },
      { a: "old", b: "old" },
      "north.production.formerly.b: old",
    ],
  ])("%s", (_, build, words, problem) => expect(refusals(build, { moves: { formerly: words } })).toEqual([problem]));
});

test("formerly is refused for a path that the state has already: Terraform would destroy one of them", () => {
  const locked = lockOf((stack) => {
    volume(stack, "one");
    volume(stack, "three");
  });
  const moves = { formerly: { one: "three" } };
  expect(refusals((stack) => volume(stack, "one"), { locked, moves })).toEqual([
    `north.production.formerly.one: ${volumeAt("one")}`,
    `north.lock.stacks.stack.stateful.${volumeAt("three")}: volume`,
  ]);
});

describe("what is retired", () => {
  const locked = lockOf((stack) => host(stack, "x"));
  const nothing: Build = () => undefined;
  test("is destroyed without a block: it just leaves", () => {
    const stack = written(nothing, { locked, moves: { retired: { x: destroyed("its service ended") } } });
    expect(stack).not.toHaveProperty("removed");
  });
  test("is forgotten by Terraform and stays, if it is released", () => {
    const stack = written(nothing, { locked, moves: { retired: { "x/volume-data": released("goes to fdb") } } });
    expect(stack.removed).toEqual([{ from: volumeAt("x_volume-data"), lifecycle: [{ destroy: false }] }]);
  });
  test.each([
    ["with more than the lock holds", "x", locked],
    ["though no lock holds it", "y", locked],
    ["once it was applied", "x/volume-data", { ...locked, stateful: {} }],
  ])("cannot be released %s: it would be destroyed", (_, path, held) => {
    const retired = { x: destroyed("the rest"), [path]: released("goes") };
    expect(refusals(nothing, { locked: held, moves: { retired } })).toEqual([
      `north.production.retired.${path}: ${path}`,
    ]);
  });
  test("takes nothing along whose name only begins alike", () => {
    const two = lockOf((stack) => {
      volume(stack, "x");
      volume(stack, "x-2");
    });
    expect(refusals(nothing, { locked: two, moves: { retired: { x: destroyed("old") } } })).toEqual([
      `north.lock.stacks.stack.stateful.${volumeAt("x-2")}: volume`,
    ]);
  });
  test("must be gone", () =>
    expect(refusals((stack) => host(stack, "x"), { locked, moves: { retired: { x: destroyed("old") } } })).toEqual([
      "north.production.retired.x: x",
    ]));
});

describe("what is adopted", () => {
  test("is refused twice, and where the lock has something", () => {
    const two: Build = (stack) => {
      volume(stack, "a");
      volume(stack, "b");
    };
    expect(refusals(two, { moves: { adopted: { a: "1f", b: "1f" } } })).toEqual(["north.production.adopted: 1f"]);
    expect(refusals(two, { locked: lockOf(two), moves: { adopted: { a: "1f" } } })).toEqual([
      "north.production.adopted.a: 1f",
    ]);
  });
  test("is imported by the path of its construct", () =>
    expect(written((stack) => volume(stack, "data"), { moves: { adopted: { data: "1f-2e" } } }).import).toEqual([
      { to: volumeAt("data"), id: "1f-2e" },
    ]));
  test("must be one resource that is described", () => {
    const adopted = { host: "1", "host/x": "2", y: "3" };
    expect(refusals((stack) => host(new Construct(stack, "host"), "x"), { moves: { adopted } })).toEqual([
      "north.production.adopted.host: host",
      "north.production.adopted.host/x: host/x",
      "north.production.adopted.y: y",
    ]);
  });
});

test("answers are over once the lock knows nothing of what they name, and not before", () => {
  const locked = lockOf((stack) => {
    volume(stack, "a");
    volume(stack, "b");
  });
  const now: Build = (stack) => volume(stack, "c");
  const words = { formerly: { c: "a" }, retired: { b: destroyed("old") } };
  expect(over(now, { locked, moves: words })).toEqual([]);
  expect(over(now, { locked: lockOf(now), moves: words })).toEqual([
    "north.production.formerly.c",
    "north.production.retired.b",
  ]);
  expect(refusals(now, { locked: lockOf(now), moves: words })).toEqual([]);
});
