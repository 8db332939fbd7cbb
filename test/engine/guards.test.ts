import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BlockstorageVolumeV3 } from "@cdktf/provider-openstack/lib/blockstorage-volume-v3";
import { ComputeInstanceV2 } from "@cdktf/provider-openstack/lib/compute-instance-v2";
import { ComputeKeypairV2 } from "@cdktf/provider-openstack/lib/compute-keypair-v2";
import { DataOpenstackKeymanagerSecretV1 } from "@cdktf/provider-openstack/lib/data-openstack-keymanager-secret-v1";
import { DbInstanceV1 } from "@cdktf/provider-openstack/lib/db-instance-v1";
import { ObjectstorageContainerV1 } from "@cdktf/provider-openstack/lib/objectstorage-container-v1";
import { OpenstackProvider } from "@cdktf/provider-openstack/lib/provider";
import { Aspects, LocalBackend, S3Backend, TerraformOutput, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { PlatformApp } from "../../engine/app";
import { isRevealing } from "../../engine/guards/secrets";
import { Refused } from "../../engine/refused";
import { PlatformStack } from "../../engine/stack";
import { keep } from "../../engine/stateful";
import type { State } from "../../model/site/state";
import { http, pg, s3 } from "../../model/vocabulary";

let folder: string;
let app: PlatformApp;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "databridge-"));
  app = new PlatformApp(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

const states = s3({ bucket: "states", region: "r" }) as State;
function stackIn(scope: Construct, name: string, state = states): PlatformStack {
  const stack = new PlatformStack(scope, name, { state, key: `${name}.tfstate` });
  new OpenstackProvider(stack, "openstack", { cloud: "here" });
  return stack;
}
const volume = (scope: Construct, id: string) => new BlockstorageVolumeV3(scope, id, { size: 1 });

/** Why the app is refused, as `path: value`; nothing has been written then. */
function refusals(): readonly string[] {
  try {
    app.synth();
    return [];
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    expect(readdirSync(folder, { recursive: true })).toEqual(["stacks"]);
    return error.problems.map(({ path, value }) => `${path}: ${value}`);
  }
}

test("a sound app is refused nothing, and written", () => {
  volume(stackIn(app, "one"), "data");
  expect(refusals()).toEqual([]);
  expect(readdirSync(join(folder, "stacks"))).toEqual(["one"]);
});

test("everything wrong is told at once, before anything is written", () => {
  volume(stackIn(app, "one"), "a_b");
  volume(stackIn(app, "two"), "data").overrideLogicalId("other");
  expect(refusals()).toEqual(["one/a_b: a_b", "two/data: other"]);
});

describe("an element outside of every stack", () => {
  test("is refused: it would be written nowhere", () => {
    stackIn(app, "one");
    new TerraformOutput(app, "lost", { value: "1" });
    expect(refusals()).toEqual(["lost: lost"]);
  });
});

describe("two elements of one address", () => {
  test("are refused: the last would win", () => {
    const at = new Construct(stackIn(app, "one"), "data");
    volume(at, "Resource");
    volume(at, "Default");
    expect(refusals()).toEqual(["one/data/Default: openstack_blockstorage_volume_v3.data"]);
  });
  test("are refused in a stack that is named by cdktf, and outputs as well", () => {
    const stack = new TerraformStack(app, "plain");
    new OpenstackProvider(stack, "openstack", { cloud: "here" });
    new S3Backend(stack, { bucket: "b", key: "k" });
    for (const id of ["a.b", "ab"]) new TerraformOutput(stack, id, { value: "1" });
    expect(refusals()).toEqual(["plain/ab: output.ab"]);
  });
  test("are none if they are of two types, or in two stacks", () => {
    const one = stackIn(app, "one");
    volume(one, "data");
    volume(stackIn(app, "two"), "data");
    new TerraformOutput(new Construct(one, "out"), "data", { value: "1" });
    expect(refusals()).toEqual([]);
  });
});

describe("an id", () => {
  test.each(["a_b", "a.b", "1a", "ä"])("%s is refused: its address would be another's, or none", (id) => {
    volume(stackIn(app, "one"), id);
    expect(refusals()).toEqual([`one/${id}: ${id}`]);
  });
  test("in the middle of a path is refused too, and may begin with a digit", () => {
    const stack = stackIn(app, "one");
    volume(new Construct(new Construct(stack, "host"), "1"), "data");
    volume(new Construct(new Construct(stack, "other"), "a_b"), "data");
    expect(refusals()).toEqual(["one/other/a_b: a_b"]);
  });
  test("that leads to no address may be as it likes", () => {
    new Construct(stackIn(app, "one"), "a_b");
    expect(refusals()).toEqual([]);
  });
});

test("an overridden logical id is refused", () => {
  volume(stackIn(app, "one"), "data").overrideLogicalId("data");
  expect(refusals()).toEqual(["one/data: data"]);
});

describe("a backend", () => {
  test("that is missing, or a second one, or a file, is refused", () => {
    new TerraformStack(app, "missing");
    new S3Backend(new Construct(stackIn(app, "twice"), "second"), { bucket: "b", key: "k" });
    new LocalBackend(new TerraformStack(app, "file"), { path: "x" });
    expect(refusals()).toEqual(["missing: undefined", "twice: 2", "file: local"]);
  });
  test("is a file in the sandbox, beside the stack", () => {
    app = new PlatformApp(folder, { world: "sandbox" });
    volume(stackIn(app, "one"), "data");
    expect(backendOf("one")).toEqual({ local: { path: "one.tfstate" } });
    expect(readdirSync(join(folder, "stacks", "one"))).toEqual(["cdk.tf.json", "encryption.tofu.json"]);
  });
  test("cannot be made a file by the environment", () => {
    process.env.CDKTF_CONTEXT_JSON = JSON.stringify({ "databridge/world": "sandbox" });
    try {
      app = new PlatformApp(folder);
      volume(stackIn(app, "one"), "data");
      expect(Object.keys(backendOf("one"))).toEqual(["s3"]);
    } finally {
      delete process.env.CDKTF_CONTEXT_JSON;
    }
  });
  test("of S3 locks, and is asked to encrypt by AWS alone", () => {
    const endpoint = "https://s3.example.org";
    stackIn(app, "aws");
    stackIn(app, "other", s3({ bucket: "states", region: "r", endpoint }) as State);
    expect(backendOf("aws")).toEqual({
      s3: { bucket: "states", key: "aws.tfstate", region: "r", encrypt: true, use_lockfile: true },
    });
    const { s3: other } = backendOf("other");
    expect(other).toMatchObject({ endpoints: { s3: endpoint }, use_lockfile: true, use_path_style: true });
    expect(other).not.toHaveProperty("encrypt");
  });
  test("of HTTP has an address a stack, and locks", () => {
    stackIn(app, "one", http({ address: "https://git.example.org/state/" }) as State);
    const address = "https://git.example.org/state/one";
    expect(backendOf("one")).toEqual({
      http: {
        address,
        lock_address: `${address}/lock`,
        lock_method: "POST",
        unlock_address: `${address}/lock`,
        unlock_method: "DELETE",
      },
    });
  });
  test("of PostgreSQL has a schema a stack, and nothing that says where it is", () => {
    stackIn(app, "one", pg({ schemaName: "databridge" }) as State);
    expect(backendOf("one")).toEqual({ pg: { schema_name: "databridge-one" } });
  });
});

describe("a state", () => {
  const twice = (state: State, keys: readonly string[]) =>
    keys.forEach((key, i) => void new PlatformStack(app, `stack-${i}`, { state, key }));
  test("that two stacks share is refused", () => {
    twice(states, ["k", "k"]);
    expect(refusals()).toEqual(["stack-1.state: s3://states/k"]);
  });
  test("in a bucket that a stack makes is refused, whichever stack", () => {
    new ObjectstorageContainerV1(stackIn(app, "one"), "bucket", { name: "states" });
    stackIn(app, "two");
    expect(refusals()).toEqual(["one.state: s3://states/one.tfstate", "two.state: s3://states/two.tfstate"]);
  });
  test("in PostgreSQL whose schema's name would be cut off is refused", () => {
    stackIn(app, "a".repeat(60), pg({ schemaName: "databridge" }) as State);
    expect(refusals()).toEqual([`${"a".repeat(60)}.state: pg://databridge-${"a".repeat(60)}`]);
  });
});

describe("what would put a secret into state", () => {
  test("is refused: a resource that makes one, a data source that reads one", () => {
    const stack = stackIn(app, "one");
    new ComputeKeypairV2(stack, "key", { name: "k" });
    new DataOpenstackKeymanagerSecretV1(stack, "secret", { name: "s" });
    expect(refusals()).toEqual([
      "one/key: openstack_compute_keypair_v2",
      "one/secret: data.openstack_keymanager_secret_v1",
    ]);
  });
  test("is refused as an argument, without its value, also if it is an override", () => {
    const server = (id: string, is: object) =>
      new ComputeInstanceV2(stackIn(app, id), "server", { name: "s", network: [{ port: "p" }], ...is });
    server("plain", { adminPass: "hunter2" });
    server("sound", {});
    server("hidden", {}).addOverride("admin_pass", "hunter2");
    expect(refusals()).toEqual([
      "plain/server.admin_pass: openstack_compute_instance_v2",
      "hidden/server.admin_pass: openstack_compute_instance_v2",
    ]);
  });
  test("is refused in a block of a resource too", () => {
    const user = [{ name: "u", password: "hunter2" }];
    new DbInstanceV1(stackIn(app, "one"), "db", { name: "d", size: 1, datastore: { type: "t", version: "1" }, user });
    expect(refusals()).toEqual(["one/db.password: openstack_db_instance_v1"]);
  });
  test("is all that OpenStack's provider calls sensitive", () => {
    const schema = JSON.parse(readFileSync(join(__dirname, "../../packages/provider-openstack/schema.json"), "utf8"));
    const [provider] = Object.values(schema.provider_schemas) as [
      Record<string, Record<string, { block: SchemaBlock }>>,
    ];
    const sensitive = (kind: string, prefix: string) =>
      Object.entries(provider[kind] ?? {}).flatMap(([type, { block }]) => (isSensitive(block) ? [prefix + type] : []));
    const all = [...sensitive("resource_schemas", ""), ...sensitive("data_source_schemas", "data.")];
    expect(all.length).toBeGreaterThan(10);
    expect(all.filter((type) => !isRevealing(type))).toEqual([]);
  });
});

interface SchemaBlock {
  readonly attributes?: Readonly<Record<string, { readonly sensitive?: boolean }>>;
  readonly block_types?: Readonly<Record<string, { readonly block: SchemaBlock }>>;
}
const isSensitive = ({ attributes = {}, block_types = {} }: SchemaBlock): boolean =>
  Object.values(attributes).some(({ sensitive }) => sensitive === true) ||
  Object.values(block_types).some(({ block }) => isSensitive(block));

const backendOf = (stack: string): Readonly<Record<string, object>> => {
  app.synth();
  const file = join(folder, "stacks", stack, "cdk.tf.json");
  return JSON.parse(readFileSync(file, "utf8")).terraform.backend;
};

describe("encryption by OpenTofu", () => {
  test("stands beside each stack in a file that Terraform does not read, and not in the stack", () => {
    volume(stackIn(app, "one"), "data");
    app.synth();
    const files = readdirSync(join(folder, "stacks", "one")).sort();
    expect(files).toEqual(["cdk.tf.json", "encryption.tofu.json"]);
    const [stack = "", encryption = ""] = files.map((file) =>
      readFileSync(join(folder, "stacks", "one", file), "utf8"),
    );
    expect(stack).not.toContain("encryption");
    expect(JSON.parse(encryption)).toEqual({
      variable: { state_passphrase: { type: "string", sensitive: true, description: expect.any(String) } },
      terraform: {
        encryption: {
          key_provider: { pbkdf2: { state: { passphrase: "${var.state_passphrase}" } } },
          method: { aes_gcm: { state: { keys: "${key_provider.pbkdf2.state}" } } },
          state: { method: "method.aes_gcm.state", enforced: true },
          plan: { method: "method.aes_gcm.state", enforced: true },
        },
      },
    });
  });
});

describe("what is kept", () => {
  const kept = (scope: Construct) => {
    const data = volume(scope, "data");
    keep(data, "volume");
    return data;
  };
  test.each<[string, (data: BlockstorageVolumeV3) => void, string]>([
    [
      "another lifecycle",
      (data) => Object.assign(data, { lifecycle: { ignoreChanges: ["size"] } }),
      "one/data.lifecycle: [object Object]",
    ],
    [
      "an override",
      (data) => data.addOverride("lifecycle.prevent_destroy", false),
      "one/data.lifecycle: [object Object]",
    ],
    ["a count of none", (data) => data.addOverride("count", 0), "one/data: 0"],
    [
      "an aspect",
      (data) => Aspects.of(data).add({ visit: () => Object.assign(data, { lifecycle: {} }) }),
      "one/data.lifecycle: [object Object]",
    ],
  ])("stays so in spite of %s", (_, undo, problem) => {
    undo(kept(stackIn(app, "one")));
    expect(refusals()).toEqual([problem]);
  });
  test("is missed in a stack that stands in another construct, too", () => {
    const gone = { "openstack_blockstorage_volume_v3.data": "volume" };
    const locked = new Map([["one", { path: "lock", state: "", stateful: gone }]]);
    app = new PlatformApp(folder, { locked });
    volume(stackIn(new Construct(app, "group"), "one"), "other");
    expect(refusals()).toContain("lock.stateful.openstack_blockstorage_volume_v3.data: volume");
  });
});
