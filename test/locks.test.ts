import { join } from "node:path";
import { production, readLocks, readSites } from "../engine/world";
import { standing } from "../main";
import { gather } from "../model/gather";
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
  expect(locked.sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual(now);
  expect(now.length).toBeGreaterThan(4);
});
