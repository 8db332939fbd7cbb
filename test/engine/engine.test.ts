import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
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
      unlocked: ["openstack_blockstorage_volume_v3.data"],
      over: [],
      file: join(folder, "stacks", "one", "cdk.tf.json"),
      files: new Map(),
      hostFiles: new Map(),
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

describe("normalized output", () => {
  test("has its keys in order, paths for comments, and nothing that is empty or tells the engine's version", () => {
    const stack = {
      "//": { metadata: { version: "0.21.0" }, outputs: {} },
      resource: { t: { b: { z: 1, a: [], "//": { metadata: { path: "s/b", uniqueId: "b" } } } } },
    };
    expect(JSON.parse(normalized(JSON.stringify(stack)))).toEqual({ resource: { t: { b: { "//": "s/b", z: 1 } } } });
    expect(Object.keys(JSON.parse(normalized('{"b":1,"a":{"d":0,"c":false}}')))).toEqual(["a", "b"]);
    // An empty block says something: a selector of all pods.
    const block = '{"resource":{"t":{"a":{"selector":{},"list":[]}}}}';
    expect(JSON.parse(normalized(block))).toEqual({ resource: { t: { a: { selector: {} } } } });
    expect(normalized('{"a":{"d":0,"c":false}}')).toBe('{\n  "a": {\n    "c": false,\n    "d": 0\n  }\n}\n');
  });
});
