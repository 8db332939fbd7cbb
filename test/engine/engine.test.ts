import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BlockstorageVolumeV3 } from "@cdktf/provider-openstack/lib/blockstorage-volume-v3";
import { OpenstackProvider } from "@cdktf/provider-openstack/lib/provider";
import { Construct } from "constructs";
import { addressOf } from "../../engine/address";
import { PlatformApp } from "../../engine/app";
import { normalized } from "../../engine/normalize";
import { PlatformStack } from "../../engine/stack";
import { keep, statefulIn } from "../../engine/stateful";
import { writeSynthesized } from "../../engine/synthesized";
import { production, projectRoot, readLocks, readSites } from "../../engine/world";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "databridge-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const state = { kind: "s3" as const, bucket: "b", region: "r" };
const stackIn = (app: PlatformApp, name: string) => {
  const stack = new PlatformStack(app, name, { state, key: `${name}.tfstate` });
  new OpenstackProvider(stack, "openstack", { cloud: "here" });
  return stack;
};

describe("an address in a stack of ours", () => {
  test("is the path of the construct, without hashes and without the name of a main child", () => {
    const stack = stackIn(new PlatformApp(folder), "stack");
    const host = new Construct(new Construct(stack, "host"), "store-1");
    const volume = new BlockstorageVolumeV3(new Construct(host, "volume-data"), "Resource", { size: 1 });
    expect(addressOf(volume)).toBe("openstack_blockstorage_volume_v3.host_store-1_volume-data");
    expect(addressOf(new BlockstorageVolumeV3(stack, "Resource", { size: 1 }))).toBe(
      "openstack_blockstorage_volume_v3.Resource",
    );
  });
});

describe("a stateful resource", () => {
  test("cannot be destroyed, keeps what else its life depends on, and is listed", () => {
    const app = new PlatformApp(folder);
    const volume = new BlockstorageVolumeV3(stackIn(app, "stack"), "data", {
      size: 1,
      lifecycle: { ignoreChanges: ["name"] },
    });
    keep(volume, "volume");
    expect(volume.lifecycle).toEqual({ ignoreChanges: ["name"], preventDestroy: true });
    expect(statefulIn(app)).toEqual([{ address: "openstack_blockstorage_volume_v3.data", what: "volume" }]);
  });
});

describe("the app", () => {
  test("tells what it wrote, and where", () => {
    const app = new PlatformApp(folder);
    keep(new BlockstorageVolumeV3(stackIn(app, "one"), "data", { size: 1 }), "volume");
    const [output] = app.synthesize();
    expect(output).toEqual({
      name: "one",
      resources: 1,
      stateful: [{ address: "openstack_blockstorage_volume_v3.data", what: "volume" }],
      file: join(folder, "stacks", "one", "cdk.tf.json"),
    });
    expect(existsSync(output?.file ?? "")).toBe(true);
  });
  test("writes the same bytes twice, without a path of the machine", () => {
    const text = () => {
      const app = new PlatformApp(folder);
      new BlockstorageVolumeV3(stackIn(app, "one"), "data", { size: 1 });
      return readFileSync(app.synthesize()[0]?.file ?? "", "utf8");
    };
    const first = text();
    expect(text()).toBe(first);
    expect(first).not.toContain(__dirname);
    expect(first).not.toContain(folder);
  });
});

test("output of stacks that are no more goes, so that nobody applies it", () => {
  const app = new PlatformApp(folder);
  stackIn(app, "one");
  app.synthesize();
  mkdirSync(join(folder, "stacks", "gone"));
  app.removeOthers(["one", "two"]);
  expect(readdirSync(join(folder, "stacks"))).toEqual(["one"]);
});

describe("normalized output", () => {
  test("has its keys in order, paths for comments, and nothing that is empty or tells the engine's version", () => {
    const stack = {
      "//": { metadata: { version: "0.21.0" }, outputs: {} },
      resource: { t: { b: { z: 1, a: [], "//": { metadata: { path: "s/b", uniqueId: "b" } } } } },
    };
    expect(JSON.parse(normalized(JSON.stringify(stack)))).toEqual({ resource: { t: { b: { "//": "s/b", z: 1 } } } });
    expect(Object.keys(JSON.parse(normalized('{"b":1,"a":{"d":0,"c":false}}')))).toEqual(["a", "b"]);
    expect(normalized('{"a":{"d":0,"c":false}}')).toBe('{\n  "a": {\n    "c": false,\n    "d": 0\n  }\n}\n');
  });
});

describe("synthesized files", () => {
  const output = (name: string) => {
    const file = join(folder, `${name}.json`);
    writeFileSync(file, JSON.stringify({ name }));
    return { name, resources: 0, stateful: [], file };
  };
  const world = () => ({ ...production(folder), synthesized: join(folder, "synthesized") });
  const files = () => readdirSync(join(folder, "synthesized", "stacks")).sort();

  test("of stacks that are no more go with a complete synthesis, and stay with a part of it", () => {
    writeSynthesized(world(), [output("one"), output("two")], { complete: true });
    writeSynthesized(world(), [output("one")], { complete: false });
    expect(files()).toEqual(["one.json", "two.json"]);
    writeSynthesized(world(), [output("one")], { complete: true });
    expect(files()).toEqual(["one.json"]);
  });
});

describe("a world", () => {
  test("reads every site file of a folder, in the order of names, and no lock as one", () => {
    writeFileSync(join(folder, "b.js"), "exports.default = { name: 'b' };");
    writeFileSync(join(folder, "a.js"), "exports.default = { name: 'a' };");
    writeFileSync(join(folder, "a.js.map"), "{}");
    writeFileSync(join(folder, "a.lock.json"), "{}");
    expect(readSites(folder)).toEqual({ sites: [{ name: "a" }, { name: "b" }], problems: [] });
  });
  test("reads locks by the name of their site, and tells what is no JSON", () => {
    mkdirSync(join(folder, "sites"));
    writeFileSync(join(folder, "sites", "lumi.lock.json"), '{"version":1}');
    writeFileSync(join(folder, "sites", "home.lock.json"), "<<<<<<< HEAD");
    expect(readLocks(production(folder))).toEqual({ lumi: { version: 1 }, home: expect.stringContaining("not JSON") });
  });
  test("of a project without locks has none", () => expect(readLocks(production(folder))).toEqual({}));
  test("is found from anywhere inside the project, and told where there is none", () => {
    const deep = join(folder, "a", "b");
    mkdirSync(deep, { recursive: true });
    writeFileSync(join(folder, "cdktf.json"), "{}");
    expect(projectRoot(deep)).toBe(folder);
    expect(() => projectRoot(tmpdir())).toThrow("no cdktf.json");
  });
});
