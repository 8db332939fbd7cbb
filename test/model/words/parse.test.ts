import fc from "fast-check";
import { z } from "zod";
import { nameOf } from "../../../model/words/name";
import { flag, oneOf, parse, read, repaired, text, whole } from "../../../model/words/parse";

const schema = z.strictObject({
  name: text("a name"),
  port: whole(1024, 49150, "1024 to 49150", "leave it out").default(3141),
  mode: oneOf(["fast", "safe"]).optional(),
  inner: z.strictObject({ on: flag }).optional(),
  list: z.array(whole(0, 9, "a digit", "write a digit")).default([]),
  table: z.record(z.string(), flag).default({}),
});
const problems = (input: unknown) => {
  const result = read(schema, input, "site.thing");
  return "problems" in result ? result.problems : [];
};

describe("what is wrong is told", () => {
  test("without the value, where it may be a secret that does not belong there", () => {
    const holder = z.strictObject({ name: text("a name") }).meta({ unshown: true });
    expect(read(holder, { name: "a", password: "x" }, "thing")).toMatchObject({
      problems: [{ path: "thing.password", value: "string, not shown", allowed: "name" }],
    });
  });
  test("all at once, each with path, value, what is allowed and the fix", () => {
    expect(
      problems({ port: 80, mode: "save", inner: { on: "yes", of: 1 }, list: [1, 12], table: { a: 1 }, naem: "x" }),
    ).toEqual([
      { path: "site.thing.name", value: undefined, allowed: "a name", fix: "add it: write it as text, in quotes" },
      { path: "site.thing.port", value: 80, allowed: "1024 to 49150", fix: "leave it out" },
      { path: "site.thing.mode", value: "save", allowed: "fast, safe", fix: 'did you mean "safe"?' },
      {
        path: "site.thing.inner.on",
        value: "yes",
        allowed: "true or false",
        fix: "write one of them, or leave it out",
      },
      { path: "site.thing.inner.of", value: 1, allowed: "on", fix: "leave it out" },
      { path: "site.thing.list", value: 12, allowed: "a digit", fix: "write a digit" },
      { path: "site.thing.table.a", value: 1, allowed: "true or false", fix: "write one of them, or leave it out" },
      {
        path: "site.thing.naem",
        value: "x",
        allowed: "name, port, mode, inner, list, table",
        fix: 'did you mean "name"?',
      },
    ]);
  });

  test("by what should be there, if something else is", () => {
    expect(problems("x")).toEqual([
      { path: "site.thing", value: "x", allowed: "{ name, port, mode, inner, list, table }", fix: "write it so" },
    ]);
    expect(problems({ name: "a", list: 3 })).toEqual([
      { path: "site.thing.list", value: 3, allowed: "a list, [ … ]", fix: "write it so" },
    ]);
    expect(problems({ name: "a", table: [] })).toEqual([
      { path: "site.thing.table", value: [], allowed: "{ name: … }", fix: "write it so" },
    ]);
  });
});

describe("a schema of somebody else", () => {
  const ofThem = z.object({ a: z.string().min(3), b: z.number().max(9).optional() });
  test("says in its own words what it wants", () => {
    const result = read(ofThem, { a: "x", b: 10 }, "theirs");
    expect("problems" in result && result.problems.map(({ path, allowed }) => [path, allowed])).toEqual([
      ["theirs.a", "Too small: expected string to have >=3 characters"],
      ["theirs.b", "Too big: expected number to be <=9"],
    ]);
  });
  test("may throw, and is told so", () => {
    const throwing = z.unknown().transform(() => {
      throw new Error("no");
    });
    const result = read(throwing, 1, "theirs");
    expect("problems" in result && result.problems.map(({ path, value }) => [path, value])).toEqual([["theirs", "no"]]);
  });
  test("may refuse what no key is to blame for: there is no value then, or the fallback", () => {
    const pair = z.strictObject({ a: flag, b: flag }).refine(({ a, b }) => a !== b);
    const [hopeless, saved] = [
      repaired(pair, { a: true, b: true }, "x"),
      repaired(pair, { a: true, b: true }, "x", { a: true, b: false }),
    ];
    expect([hopeless.value, hopeless.problems.length]).toEqual([undefined, 1]);
    expect([saved.value, saved.problems.length]).toEqual([{ a: true, b: false }, 1]);
  });
});

describe("parsing goes on after a problem", () => {
  test("with the fallback of a required key, the default of another, and all that is sound", () => {
    const { value, problems } = parse(schema, { name: 7, port: 80, mode: "fast", naem: 1 }, "x", { name: "nobody" });
    expect(value).toEqual({ name: "nobody", port: 3141, mode: "fast", list: [], table: {} });
    expect(problems.map(({ path }) => path)).toEqual(["x.name", "x.port", "x.naem"]);
  });

  test("whatever it is given", () =>
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          fc.object({ key: fc.constantFrom("name", "port", "mode", "inner", "list", "table", "x") }),
        ),
        (input) => {
          const { value, problems } = parse(schema, input, "x", { name: "nobody" });
          expect(schema.safeParse(value).success).toBe(true);
          for (const problem of problems) {
            expect(problem.path).toMatch(/^x(\.|$)/);
            expect(problem.allowed).not.toBe("");
            expect(problem.fix).not.toBe("");
          }
        },
      ),
      { numRuns: 500 },
    ));
});

test("a name that is not allowed is told once, where it stands", () =>
  expect(read(z.record(nameOf("rename it"), z.number()), { "no name": 1, "a-name": "2" }, "at")).toMatchObject({
    problems: [
      { path: "at.no name", value: "no name", fix: "rename it" },
      { path: "at.a-name", value: "2" },
    ],
  }));
