import type { Change } from "../../review/change";
import { newlyAllowed } from "../../review/reads";
import type { Element } from "../../review/stack";

const policy = (text: string): Element =>
  ({ kind: "resource", type: "vault_policy", path: "policy/reader", args: { name: "reader", policy: text } }) as never;
const change = (is: Partial<Change>): Change =>
  ({ stack: "s", address: "a", action: "update", differences: [], ...is }) as Change;
const [read, write] = [
  'path "kv/data/a" {\n  capabilities = ["read"]\n}\n',
  'path "kv/data/a" { capabilities = ["read", "update"] }',
];

test("what a policy newly allows is told, by path", () => {
  expect(newlyAllowed(change({ before: policy(read), after: policy(write) }))).toEqual(["reader: update kv/data/a"]);
  expect(
    newlyAllowed(change({ before: undefined, after: policy(read + write.replace("/a", "/b")), action: "create" })),
  ).toEqual(["reader: read kv/data/a", "reader: read, update kv/data/b"]);
});

test("a reason that reads like a rule is none", () => {
  const loud = `# path "kv/data/a" { capabilities = ["sudo"] }\n  // path "b" { capabilities = ["sudo"] }\n${read}`;
  expect(newlyAllowed(change({ before: policy(read), after: policy(loud) }))).toEqual([]);
  expect(newlyAllowed(change({ before: policy(loud), after: policy(write) }))).toEqual(["reader: update kv/data/a"]);
});

test("what is answered without a wrapping from now on is told", () => {
  const wrapped = read.replace("}", '  min_wrapping_ttl = "1s"\n}');
  expect(newlyAllowed(change({ before: policy(wrapped), after: policy(read) }))).toEqual([
    "reader: answered without a wrapping kv/data/a",
  ]);
  expect(newlyAllowed(change({ before: policy(read), after: policy(wrapped) }))).toEqual([]);
});

test("what goes, stays, moves, or is no policy, is not", () => {
  expect(newlyAllowed(change({ before: policy(write), after: policy(read) }))).toEqual([]);
  expect(newlyAllowed(change({ before: undefined, after: policy(read), action: "move" }))).toEqual([]);
  expect(
    newlyAllowed(change({ before: undefined, after: { ...policy(read), type: "vault_mount" } as Element })),
  ).toEqual([]);
  expect(newlyAllowed(change({ before: policy(read), after: undefined, action: "delete" }))).toEqual([]);
});

test("a path that nobody quoted rightly, and markup in it, are shown as they are, and plainly", () => {
  const evil = 'path "kv/\\x`<b>" { capabilities = ["read"] }';
  expect(newlyAllowed(change({ before: undefined, after: policy(evil) }))).toHaveLength(1);
});
