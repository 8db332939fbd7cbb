import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "./command";

let checkout: Checkout;
beforeEach(() => {
  checkout = new Checkout();
});
afterEach(() => checkout.remove());
const there = (...path: readonly string[]): string => join(checkout.folder, "ejected", ...path);
const json = (...path: readonly string[]) => JSON.parse(readFileSync(there(...path), "utf8"));

test("databridge eject writes stacks, hosts, and how to go on; and changes nothing here", () => {
  const { code, out, err } = checkout.databridge("eject", there());
  expect([code, err]).toEqual([0, ""]);
  expect(out).toMatch(/^✓ stacks\/north-production-tenancy {2}\d+ resources\n✓ stacks\/south-/);
  expect(out).toContain("README.md tells how to go on; states stay where they are");
  expect(readdirSync(there()).sort()).toEqual(["README.md", "ansible", "stacks"]);
  expect(json("stacks", "north-production-tenancy", "versions.tf.json").terraform.backend.s3.key).toBe(
    "north/production/north-production-tenancy.tfstate",
  );
  const { hosts, children } = json("ansible", "inventory", "hosts.json").all;
  expect(readdirSync(there("ansible", "hosts")).sort()).toEqual(Object.keys(hosts).sort());
  expect(children.role_bastion.hosts).toEqual({ "north-production-bastion": {}, "south-production-bastion": {} });
  const text = JSON.stringify(hosts);
  expect([
    text.includes(checkout.folder),
    text.includes("{{ inventory_dir }}/../hosts/north-production-proxy"),
  ]).toEqual([false, true]);
  expect(readFileSync(there("README.md"), "utf8")).toContain("| `south-production-tenancy` | ");
  for (const made of ["cdktf.out", "synthesized"]) expect(existsSync(join(checkout.folder, made))).toBe(false);
});

test("what is there already is not written over, not even by a word in a file", () => {
  mkdirSync(there());
  writeFileSync(there("mine"), "");
  expect(checkout.databridge("eject", there())).toMatchObject({
    code: 2,
    err: expect.stringContaining("is not an empty folder: eject writes over nothing"),
  });
  expect(checkout.databridge("eject", there("mine")).code).toBe(2);
  expect(readdirSync(there())).toEqual(["mine"]);
});

test("what is wrong is told, and nothing is written", () => {
  const file = join(checkout.folder, "sites", "south.ts");
  writeFileSync(file, readFileSync(file, "utf8").replace("standby: true", "standbye: true"));
  const { code, out } = checkout.databridge("eject", there(), "--json");
  expect([code, JSON.parse(out).problems.map(({ path }: { path: string }) => path), existsSync(there())]).toEqual([
    1,
    ["south.production.runs.ecflow-prod.standbye"],
    false,
  ]);
});
