import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { keptIn, withoutAllBut } from "../../operate/destruction";

const folder = join(__dirname, "../../synthesized/stacks");
const stacks = readdirSync(folder).map((file) => [file, JSON.parse(readFileSync(join(folder, file), "utf8"))] as const);
const addresses = ({ resource = {} }: { resource?: Record<string, object> }): string[] =>
  Object.entries(resource).flatMap(([type, names]) => Object.keys(names).map((name) => `${type}.${name}`));

test.each(stacks)("of %s stays what is kept, as it was, what that refers to, and no more", (_, stack) => {
  const left = withoutAllBut(stack, []) as { resource?: Record<string, object>; provider: object };
  const kept = keptIn(stack);
  expect(addresses(left)).toEqual(expect.arrayContaining([...kept]));
  const text = JSON.stringify(left.resource);
  const loose = addresses(left).filter((each) => !kept.includes(each) && !text.includes(each));
  expect(loose).toEqual([]);
  for (const [type, names] of Object.entries(left.resource ?? {}))
    for (const [name, block] of Object.entries(names)) expect(block).toEqual(stack.resource[type][name]);
  expect(left.provider).toEqual(stack.provider);
});

test("what a kept thing refers to stays with it, however far; and the words by which it moves, or others are released", () => {
  const stack = {
    terraform: { backend: {} },
    data: { openstack_a_v1: { far: { x: 1 }, other: {} } },
    resource: {
      openstack_b_v1: { near: { of: "${data.openstack_a_v1.far.id}" }, loose: {} },
      openstack_c_v1: { kept: { at: ["${openstack_b_v1.near.id}"], lifecycle: { prevent_destroy: true } } },
    },
    output: { x: {} },
    moved: [
      { from: "openstack_c_v1.old", to: "openstack_c_v1.kept" },
      { from: "openstack_b_v1.old", to: "openstack_b_v1.loose" },
    ],
    import: [{ to: "openstack_b_v1.loose", id: "x" }],
    removed: [{ from: "openstack_c_v1.released", lifecycle: { destroy: false } }],
  };
  expect(withoutAllBut(stack, [])).toEqual({
    terraform: { backend: {} },
    data: { openstack_a_v1: { far: { x: 1 } } },
    resource: {
      openstack_b_v1: { near: stack.resource.openstack_b_v1.near },
      openstack_c_v1: stack.resource.openstack_c_v1,
    },
    moved: [stack.moved[0]],
    removed: stack.removed,
  });
});

test("what is named goes too, and nothing else of what is kept", () => {
  const [, stack] = stacks[0] ?? ["", {}];
  const [first = "", ...others] = keptIn(stack);
  expect(addresses(withoutAllBut(stack, [first])).sort()).toEqual([...others].sort());
  // Engines refuse an empty block.
  expect(withoutAllBut(stack, keptIn(stack))).not.toHaveProperty("resource");
  expect(withoutAllBut(stack, keptIn(stack))).not.toHaveProperty("data");
});
