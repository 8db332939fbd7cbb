import { withoutTraces } from "../../engine/traces";

const captured = (target: object): unknown => {
  Error.captureStackTrace(target);
  return (target as { stack?: unknown }).stack;
};

test("nothing but errors gets a trace while work is done, and all again after it, even if it failed", () => {
  const [object, error] = withoutTraces(() => [captured({}), captured(new Error("x"))]);
  expect([object, typeof error]).toEqual([undefined, "string"]);
  expect(() =>
    withoutTraces(() => {
      throw new Error("no");
    }),
  ).toThrow("no");
  expect(typeof captured({})).toBe("string");
});
