import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { outdated, writeSynthesized } from "../../engine/synthesized";
import { production } from "../../engine/world";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "databridge-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const output = (name: string, content: object = {}) => {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify({ name, ...content }));
  return {
    name,
    resources: 0,
    stateful: [],
    file,
    over: [],
    unlocked: [],
    files: new Map<string, string>(),
    hostFiles: new Map<string, string>(),
  };
};
const files = () => readdirSync(join(folder, "synthesized", "stacks")).sort();

test("what changed is told and written; what is no more goes", () => {
  const world = production(folder);
  expect(writeSynthesized(world, [output("one"), output("two")])).toEqual(["stacks/one.json", "stacks/two.json"]);
  const later = [output("one"), output("three")];
  expect(outdated(world, later)).toEqual(["stacks/three.json", "stacks/two.json"]);
  expect(files()).toEqual(["one.json", "two.json"]);
  writeSynthesized(world, later);
  expect(files()).toEqual(["one.json", "three.json"]);
  expect(writeSynthesized(world, later)).toEqual([]);
});

test("a changed stack is told, and what is no stack is left alone", () => {
  const world = production(folder);
  mkdirSync(join(folder, "synthesized", "stacks"), { recursive: true });
  writeFileSync(join(folder, "synthesized", "stacks", "README.md"), "ours");
  writeSynthesized(world, [output("one")]);
  expect(writeSynthesized(world, [output("one", { more: 1 })])).toEqual(["stacks/one.json"]);
  expect(readFileSync(join(folder, "synthesized", "stacks", "one.json"), "utf8")).toContain("more");
  expect(files()).toEqual(["README.md", "one.json"]);
});

test("files of hosts lie below hosts; those of a host that is no more go, with their folders", () => {
  const world = production(folder);
  const of = (...hosts: readonly string[]) => ({
    ...output("one"),
    hostFiles: new Map(hosts.map((host) => [`${host}/etc/squid/squid.conf`, host])),
  });
  expect(writeSynthesized(world, [of("a", "b")])).toContain("hosts/b/etc/squid/squid.conf");
  expect(outdated(world, [of("a")])).toEqual(["hosts/b/etc/squid/squid.conf"]);
  writeSynthesized(world, [of("a")]);
  expect(readdirSync(join(folder, "synthesized", "hosts"))).toEqual(["a"]);
});
