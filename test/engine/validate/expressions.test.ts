import fc from "fast-check";
import { readTemplate } from "../../../engine/validate/expressions";

const paths = (text: string): readonly string[] => readTemplate(text).references.map(({ steps }) => steps.join("."));

test.each([
  ["plain", []],
  ["${a_b.c.id}", ["a_b.c.id"]],
  ["x ${a_b.c.id} y ${local.z}", ["a_b.c.id", "local.z"]],
  ["$${a_b.c.id}", []],
  ["%%{if a_b.c.id}", []],
  ["%{ if var.x }${a_b.c.id}%{ else }n%{ endif }", ["var.x", "a_b.c.id"]],
  ['${a_b.c[0].d["e"].f.1}', ["a_b.c.0.d.e.f.1"]],
  ["${a_b.c[*].id}", ["a_b.c.*.id"]],
  ["${upper(a_b.c.id)}", ["a_b.c.id"]],
  ['${join("}$${", [a_b.c.id])}', ["a_b.c.id"]],
  ['${upper("a ${a_b.c.id}")}', ["a_b.c.id"]],
  ['${upper("a \\"b\\" ${a_b.c.id}")}', ["a_b.c.id"]],
  ["${[for x in local.l : x.name if x.name != a_b.c.id]}", ["local.l", "a_b.c.id"]],
  ["${{for k, v in local.m : k => v}}", ["local.m"]],
  ["${{ key = local.a, other: local.b }}", ["local.a", "local.b"]],
  ['${local.a == "" ? local.b : local.c}', ["local.a", "local.b", "local.c"]],
  ["${1 + 2 * 3.5 - true}", []],
  ["${local.a[local.b]}", ["local.a", "local.b"]],
])("%s refers to %p", (text, expected) => expect(paths(text)).toEqual(expected));

test("a sole path keeps its type; anything more is text, or nobody knows", () => {
  expect(readTemplate("${a_b.c.id}").only?.steps).toEqual(["a_b", "c", "id"]);
  expect(readTemplate("${ a_b.c.id }").only?.steps).toEqual(["a_b", "c", "id"]);
  expect([readTemplate("${a_b.c.id}!"), readTemplate("a")].map(({ only, isText }) => [only, isText])).toEqual([
    [undefined, true],
    [undefined, true],
  ]);
  expect(["${f(1)}", "${true}", "${a.b + 1}"].map(readTemplate).map(({ only, isText }) => [only, isText])).toEqual([
    [undefined, false],
    [undefined, false],
    [undefined, false],
  ]);
});

test("any text at all is read to its end", () => {
  const piece = fc.constantFrom(
    "${",
    "}",
    '"',
    "\\",
    "$${",
    "%{",
    "a.b",
    "for x in",
    "[",
    "]",
    "(",
    ")",
    "{",
    " ",
    "0",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece, { maxLength: 12 }).map((all) => all.join("")),
      ),
      (text) => {
        expect(Array.isArray(readTemplate(text).references)).toBe(true);
      },
    ),
    { numRuns: 2000 },
  );
});
