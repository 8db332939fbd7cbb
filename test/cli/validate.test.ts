import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "./command";

let checkout: Checkout;
beforeEach(() => {
  checkout = new Checkout();
});
afterEach(() => checkout.remove());

const box = { resource: { box_thing: { a: { size: "many" } } } };
const schema = { block: { attributes: { size: { type: "number", optional: true, description: "its size" } } } };
const providers = { "registry.terraform.io/hashicorp/box": { resource_schemas: { box_thing: schema } } };

/** Output of somebody's program, with one stack. */
const output = (stack: object): string => {
  const folder = join(checkout.folder, "theirs", "stacks", "one");
  mkdirSync(join(folder, ".terraform"), { recursive: true });
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(stack));
  return join(checkout.folder, "theirs");
};
const env = (more: Readonly<Record<string, string>> = {}) => ({
  XDG_CACHE_HOME: join(checkout.folder, "cache"),
  ...more,
});

describe("databridge validate", () => {
  test("holds every block of what the sites give against its schema, and writes nothing", () => {
    const { code, out, err } = checkout.databridgeWith(env(), "validate");
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatch(/^validated \d{3} blocks of 2 stacks · 0 problems · [\d.]+ s\n$/);
    expect(readdirSync(checkout.folder)).not.toContain("cdktf.out");
    const one = JSON.parse(checkout.databridgeWith(env(), "validate", "south-production-tenancy", "--json").out);
    expect(one).toMatchObject({ stacks: 1, problems: [], unchecked: [] });
  });
  test("tells which stack may have been meant, or those of a site", () => {
    const told = (name: string) => checkout.databridgeWith(env(), "validate", name).err;
    expect(told("north-production-tenansy")).toContain('did you mean "north-production-tenancy"?');
    expect(told("north")).toContain('there is no stack "north"; there are north-production-tenancy');
  });
  test("tells problems of somebody else's output, with exit code 1", () => {
    const wrong = { resource: { terraform_data: { d: { inputs: 1 } } } };
    const { code, err } = checkout.databridgeWith(env(), "validate", "--dir", output(wrong));
    expect([code, err]).toEqual([
      1,
      ' one.terraform_data.d.inputs\n   "inputs" · allowed: input, triggers_replace · fix: did you mean "input"?\n',
    ]);
  });
  test("counts what no schema is known of, and fails for it if it is told to be strict", () => {
    const dir = output(box);
    const { code, out } = checkout.databridgeWith(env(), "validate", "--dir", dir);
    expect([code, out]).toEqual([
      0,
      expect.stringContaining("not checked: 1 blocks, no schema of registry.terraform.io/hashicorp/box"),
    ]);
    expect(checkout.databridgeWith(env(), "validate", "--dir", dir, "--strict").code).toBe(1);
  });
  test("takes schemas from a folder that a variable names", () => {
    const folder = join(checkout.folder, "schemas");
    mkdirSync(folder);
    writeFileSync(join(folder, "box.json"), JSON.stringify({ provider_schemas: providers }));
    const { err } = checkout.databridgeWith(env({ DATABRIDGE_SCHEMAS: folder }), "validate", "--dir", output(box));
    expect(err).toContain('one.box_thing.a.size\n   "many" · allowed: number');
  });
  test("of what is not there is a call that cannot be understood", () => {
    expect(checkout.databridge("validate", "no-such-stack")).toMatchObject({
      code: 2,
      err: expect.stringContaining("no-such-stack"),
    });
    expect(checkout.databridge("validate", "--dir", "nowhere")).toMatchObject({
      code: 2,
      err: expect.stringContaining("nowhere"),
    });
  });
  test("tells problems of the sites first", () => {
    writeFileSync(join(checkout.folder, "sites", "east.ts"), "export default 1;");
    expect(checkout.databridge("validate")).toMatchObject({ code: 1, err: expect.stringContaining("sites/east.ts") });
  });
});

describe("databridge schemas", () => {
  const engine = (says: string, code = 0): string => {
    const file = join(checkout.folder, "terraform");
    writeFileSync(file, `#!/bin/sh\necho '${says}'\nexit ${code}\n`);
    chmodSync(file, 0o755);
    return file;
  };
  test("keeps what the providers of initialized stacks tell, without prose, for validate", () => {
    const dir = output(box);
    const terraform = engine(JSON.stringify({ provider_schemas: providers }));
    const { code, out } = checkout.databridgeWith(env({ TERRAFORM_BINARY_NAME: terraform }), "schemas", "--dir", dir);
    expect([code, out]).toEqual([0, "kept registry.terraform.io/hashicorp/box\n"]);
    const kept = join(checkout.folder, "cache", "data-bridge-cdk", "schemas");
    const [file = ""] = readdirSync(kept);
    expect(readFileSync(join(kept, file), "utf8")).not.toContain("its size");
    expect(checkout.databridgeWith(env(), "validate", "--dir", dir).code).toBe(1);
  });
  test("tells what failed", () => {
    const terraform = engine("", 3);
    const { code, err } = checkout.databridgeWith(
      env({ TERRAFORM_BINARY_NAME: terraform }),
      "schemas",
      "--dir",
      output(box),
    );
    expect([code, err]).toEqual([1, expect.stringContaining("one: ")]);
  });
  test("needs a stack that is initialized", () => {
    expect(checkout.databridge("schemas", "--dir", "nowhere")).toMatchObject({
      code: 1,
      err: expect.stringContaining("terraform init"),
    });
  });
});
