import type { Type } from "../../../engine/validate/schema";
import { converts, shownType, step } from "../../../engine/validate/types";

const texts: Type = ["list", "string"];
const object: Type = ["object", { a: "string", b: "number" }, ["b"]];

test.each<[Type, Type, boolean]>([
  ["string", "number", true],
  ["bool", "string", true],
  ["bool", "number", false],
  ["number", "bool", false],
  ["string", texts, false],
  [texts, "string", false],
  [texts, ["set", "string"], true],
  [["set", "bool"], ["list", "number"], false],
  [["map", "string"], texts, false],
  [["map", "string"], ["map", "number"], true],
  [["tuple", ["string", "bool"]], texts, true],
  [["tuple", [texts]], texts, false],
  [["object", { a: "string" }], object, true],
  [["object", { b: "number" }], object, false],
  [["object", { a: texts }], object, false],
  [["object", { a: "string", b: "bool" }], ["map", "string"], true],
  [["object", { a: texts }], ["map", "string"], false],
  ["dynamic", texts, true],
  [texts, "dynamic", true],
])("%j turns into %j: %p", (from, to, expected) => expect(converts(from, to)).toBe(expected));

test("a step leads into what can be stepped into", () => {
  expect([step(texts, 0), step(object, "a"), step(["map", "bool"], "x"), step("dynamic", "x")]).toEqual([
    "string",
    "string",
    "bool",
    "dynamic",
  ]);
  expect([step("string", "x"), step(object, "c"), step(["set", "string"], 0), step(texts, "x")]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test("types read as Terraform writes them", () => {
  expect([texts, object, ["tuple", ["bool", texts]] as const, "dynamic" as const].map(shownType)).toEqual([
    "list(string)",
    "object({ a, b })",
    "tuple([bool, list(string)])",
    "any",
  ]);
});
