import { join } from "node:path";
import { production, readLocks, readSites } from "../engine/world";
import { standing } from "../main";
import { gather } from "../model/gather";
import { layoutsOf } from "../model/layouts";
import { readLocksOf } from "../model/locks";

const root = join(__dirname, "..");

test("the locks hold all that the sites keep; databridge lock writes it", () => {
  const written = readLocks(production(root));
  const { registers, problems } = gather(readSites(join(root, "sites")).sites, written);
  expect(problems).toEqual([]);
  const locked = [...readLocksOf(written).locks.values()].flatMap(({ stacks }) =>
    Object.entries(stacks).map(([name, { state, stateful }]) => ({ name, state, stateful })),
  );
  // A lock has them by name.
  const inOrder = [...standing(registers)].sort((a, b) => (a.name < b.name ? -1 : 1));
  const now = inOrder.map(({ name, state, stateful }) => ({
    name,
    state,
    stateful: expect.objectContaining(Object.fromEntries(stateful.map(({ address, what }) => [address, what]))),
  }));
  const layouts = registers.places.flatMap(layoutsOf);
  const locks = [...readLocksOf(written).locks.values()].flatMap(({ stacks }) => Object.entries(stacks));
  expect(
    locks.flatMap(([stack, { layouts = {} }]) => Object.entries(layouts).map((each) => [stack, ...each])).sort(),
  ).toEqual(layouts.map(({ stack, fdb, fingerprint }) => [stack, fdb, fingerprint]).sort());
  // Programs that are older go by it.
  for (const [site, { version }] of readLocksOf(written).locks)
    expect([site, written[site]]).toMatchObject([site, { version }]);
  expect(locked.sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual(now);
  expect(now.length).toBeGreaterThan(4);
});
