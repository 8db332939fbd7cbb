import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { type Block, fullSource, type ProviderSchema, type Schemas, type Type } from "../../../engine/validate/schema";
import { compact, readSchemas } from "../../../engine/validate/schemas";
import { validate } from "../../../engine/validate/validate";

/** A provider with one of everything. */
const provider: ProviderSchema = {
  provider: {
    block: {
      attributes: {
        address: { type: "string", optional: true },
        token: { type: "string", optional: true, sensitive: true },
      },
    },
  },
  resource_schemas: {
    box_thing: {
      block: {
        attributes: {
          id: { type: "string", computed: true },
          name: { type: "string", required: true },
          size: { type: "number", optional: true },
          tags: { type: ["set", "string"], optional: true },
          password: { type: "string", optional: true, sensitive: true },
          password_wo: { type: "string", optional: true, sensitive: true, write_only: true },
          shape: {
            nested_type: {
              nesting_mode: "single",
              attributes: { side: { type: "number", required: true }, colour: { type: "string", optional: true } },
            },
            optional: true,
          },
          parts: {
            nested_type: { nesting_mode: "list", attributes: { name: { type: "string", required: true } } },
            optional: true,
          },
        },
        block_types: {
          lid: {
            nesting_mode: "list",
            min_items: 1,
            max_items: 1,
            block: { attributes: { depth: { type: "number", required: true } } },
          },
          slot: { nesting_mode: "set", block: { attributes: { key: { type: "string", optional: true } } } },
        },
      },
    },
  },
  data_source_schemas: { box_thing: { block: { attributes: { name: { type: "string", required: true } } } } },
  ephemeral_resource_schemas: {
    box_key: {
      block: {
        attributes: {
          path: { type: "string", required: true },
          value: { type: "string", computed: true, sensitive: true },
        },
      },
    },
  },
};
const schemas: Schemas = new Map([["registry.terraform.io/acme/box", provider]]);
const terraform = { required_providers: { box: { source: "acme/box" } } };

const sound = { name: "a", lid: { depth: 1 } };
const found = (stack: object) => validate("s", { terraform, ...stack }, schemas);
const problems = (thing: object, rest: object = {}) =>
  found({ resource: { box_thing: { a: { ...sound, ...thing } } }, ...rest }).problems.map(
    ({ path, allowed, fix }) => `${path.replace("s.box_thing.a", "") || "."} | ${allowed} | ${fix}`,
  );

test("a sound block is counted and has no problems", () => {
  const { checked, problems, unchecked } = found({ resource: { box_thing: { a: sound } } });
  expect([checked, problems, unchecked.size]).toEqual([1, [], 0]);
});

test.each<[object, readonly string[]]>([
  [{ nmae: "x" }, ['.nmae | name, size, tags, password, password_wo, shape, parts, lid, slot | did you mean "name"?']],
  [{ name: null }, [".name | string | add it"]],
  [{ id: "x" }, [".id | what the provider tells, and nobody sets | leave it out"]],
  [{ size: "many" }, [".size | number | write it so"]],
  [{ lid: [] }, [".lid | at least 1 of these blocks | add one"]],
  [{ lid: [{ depth: 1 }, { depth: 2 }] }, [".lid | at most 1 of these blocks | leave out the rest"]],
  [{ lid: undefined }, [".lid | at least 1 of these blocks | add it"]],
  [{ lid: {} }, [".lid.depth | number | add it"]],
  [{ slot: "x" }, [".slot | a block | write { … }"]],
  [
    { shape: { side: "x", edge: 1 } },
    [".shape.side | number | write it so", ".shape.edge | side, colour | leave it out"],
  ],
  [{ shape: {} }, [".shape.side | number | add it"]],
  [{ parts: [{ name: "a" }, {}] }, [".parts.name | string | add it"]],
  [{ parts: "x" }, [".parts | list(object({ name })) | write it so"]],
  [
    { password: "x" },
    [
      ".password | no secret in a file or in state | state would hold it: use a write-only argument, or let the thing fetch it",
    ],
  ],
  [{ password_wo: "x" }, []],
  [{ lid: undefined, dynamic: { lid: { for_each: "${[1]}", content: { depth: 1 } } } }, []],
  [{ tags: "${box_thing.a.id}" }, [".tags | set(string); this is string | write it so"]],
  [
    { name: "${data.box_thing.b.name}" },
    [".name | something that stands in the stack | add it, or refer to something else"],
  ],
])("%j: %j", (thing, expected) => expect(problems(thing)).toEqual(expected));

test("no value of a secret is told, wherever it stands", () => {
  const stack = {
    provider: { box: [{ address: "x", token: "canary-1" }] },
    resource: { box_thing: { a: { ...sound, password: "canary-2" } } },
  };
  const told = JSON.stringify(found(stack).problems);
  expect(found(stack).problems.map(({ path }) => path)).toEqual(["s.box_thing.a.password", "s.provider.box.token"]);
  expect(told).not.toContain("canary");
});

test("a provider's secret may come from a variable", () => {
  const stack = { variable: { t: { type: "string" } }, provider: { box: [{ token: "${var.t}" }] } };
  expect(found(stack).problems).toEqual([]);
});

test("data sources and ephemeral resources have schemas of their own, and are referred to by their kind", () => {
  const rest = { data: { box_thing: { d: { name: "d" } } }, ephemeral: { box_key: { e: { path: "p" } } } };
  expect(problems({ name: "${data.box_thing.d.name}", password_wo: "${ephemeral.box_key.e.value}" }, rest)).toEqual([]);
  expect(problems({ name: "${box_key.e.value}" }, rest)).toHaveLength(1);
});

test("blocks of a provider that nobody knows are counted by it, and their references are followed all the same", () => {
  const stack = { resource: { crate_thing: { a: { any: "${crate_thing.b.id}" }, c: {} } } };
  const { checked, unchecked, problems } = found(stack);
  expect([checked, [...unchecked]]).toEqual([0, [["registry.terraform.io/hashicorp/crate", 2]]]);
  expect(problems.map(({ path }) => path)).toEqual(["s.crate_thing.a.any"]);
});

test("what is no configuration at all is no crash", () => {
  for (const junk of [
    undefined,
    null,
    3,
    "x",
    [],
    { resource: 3 },
    { resource: { box_thing: [1] } },
    { resource: { box_thing: { a: null } } },
  ])
    expect(Array.isArray(validate("s", junk, schemas).problems)).toBe(true);
});

describe("any schema", () => {
  const type: fc.Arbitrary<Type> = fc.letrec<{ type: Type }>((tie) => ({
    type: fc.oneof(
      { maxDepth: 2 },
      fc.constantFrom<Type>("string", "number", "bool"),
      fc.tuple(fc.constantFrom("list" as const, "set" as const, "map" as const), tie("type")),
      fc.dictionary(fc.constantFrom("a", "b"), tie("type"), { minKeys: 1 }).map((of): Type => ["object", of]),
    ),
  })).type;
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{3,8}$/), { minLength: 1, maxLength: 4 });
  const block = names.chain((keys) =>
    fc.tuple(...keys.map(() => type)).map(
      (types): Block => ({
        attributes: Object.fromEntries(keys.map((key, i) => [key, { type: types[i] ?? "string", required: true }])),
      }),
    ),
  );
  const exampleOf = (of: Type): unknown => {
    if (of === "string" || of === "dynamic") return "x";
    if (of === "number") return 1;
    if (of === "bool") return true;
    if (of[0] === "tuple") return of[1].map(exampleOf);
    if (of[0] === "map") return { k: exampleOf(of[1]) };
    if (of[0] === "object")
      return Object.fromEntries(Object.entries(of[1]).map(([key, inner]) => [key, exampleOf(inner)]));
    return [exampleOf(of[1])];
  };
  /** Of another shape than a type wants. */
  const wrong = (of: Type): unknown => (typeof of === "string" ? [[1]] : "x");
  const check = (schema: Block, thing: object) =>
    validate(
      "s",
      { terraform, resource: { box_thing: { a: thing } } },
      new Map([["registry.terraform.io/acme/box", { resource_schemas: { box_thing: { block: schema } } }]]),
    ).problems;

  test("accepts what it describes, and nothing with one thing wrong", () =>
    fc.assert(
      fc.property(block, fc.nat(), ({ attributes = {} }, n) => {
        const entries = Object.entries(attributes);
        const good = Object.fromEntries(entries.map(([key, { type: of = "string" }]) => [key, exampleOf(of)]));
        const [key = "", { type: of = "string" } = {}] = entries[n % entries.length] ?? [];
        const { [key]: _, ...missing } = good;
        expect(check({ attributes }, good)).toEqual([]);
        expect(check({ attributes }, { ...good, [key]: wrong(of) })).toHaveLength(1);
        expect(check({ attributes }, missing)).toHaveLength(1);
        expect(check({ attributes }, { ...good, [`${key}x`]: 1 })).toHaveLength(1);
      }),
      { numRuns: 300 },
    ));
});

describe("schemas", () => {
  test("are named by the full source of their provider", () => {
    expect(["box", "acme/box", "example.com/acme/box"].map(fullSource)).toEqual([
      "registry.terraform.io/hashicorp/box",
      "registry.terraform.io/acme/box",
      "example.com/acme/box",
    ]);
  });
  test("are kept without prose, though an attribute may be called as prose is", () => {
    const long = {
      version: 1,
      block: {
        description_kind: "plain",
        attributes: { description: { type: "string", optional: true, computed: false, description: "a word" } },
      },
    };
    expect(compact(long)).toEqual({ block: { attributes: { description: { type: "string", optional: true } } } });
  });
  test("are read from files and folders of them, later ones winning; what is not there is left out", () => {
    const folder = mkdtempSync(join(tmpdir(), "databridge-"));
    try {
      const write = (file: string, providers: object) =>
        writeFileSync(join(folder, file), JSON.stringify({ provider_schemas: providers }));
      write("a.json", { one: { resource_schemas: {} }, two: {} });
      write("b.json", { two: { provider: { block: {} } } });
      writeFileSync(join(folder, "README.md"), "no schema");
      const schemas = readSchemas([folder, join(folder, "missing")]);
      expect([...schemas.keys()]).toEqual(["one", "two"]);
      expect(schemas.get("two")).toEqual({ provider: { block: {} } });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
