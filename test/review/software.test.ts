import { softwareChange } from "../../review/software";

const order = (digest: string, modules: readonly string[], files: Readonly<Record<string, string>> = {}) =>
  JSON.stringify({ cycle: "49r3", target: "standard", digest, modules: modules.map((module) => ({ module })), files });

const before = order("a", ["eckit/1.32.4-foss-2024a", "metkit/1.16.0-foss-2024a"], {
  "easyconfigs/eckit.eb": "x",
  "test.job": "x",
});

test.each([
  [
    "versions",
    order("b", ["eckit/1.33.0-foss-2024a", "FDB/5.19.0-foss-2024a"]),
    "eckit 1.32.4-foss-2024a → 1.33.0-foss-2024a; FDB 5.19.0-foss-2024a is new; metkit goes; all of it is built anew",
  ],
  [
    "how it is built",
    order("b", ["eckit/1.32.4-foss-2024a", "metkit/1.16.0-foss-2024a"], {
      "easyconfigs/eckit.eb": "y",
      "test.job": "y",
    }),
    "eckit.eb; all of it is built anew",
  ],
  [
    "how it is tested",
    order("a", ["eckit/1.32.4-foss-2024a", "metkit/1.16.0-foss-2024a"], {
      "easyconfigs/eckit.eb": "x",
      "test.job": "y",
    }),
    "test.job; tested again, nothing is built",
  ],
])("a change of %s is told in the words of who installs it", (_, after, told) =>
  expect(softwareChange(before, after)).toBe(`software 49r3/standard: ${told}`));

test.each([
  undefined,
  1,
  "{",
  "{}",
  '{"digest":"a"}',
  '{"digest":"a","modules":1,"files":{}}',
  "[]",
])("%p is no order", (text) => {
  expect(softwareChange(before, text)).toBeUndefined();
  expect(softwareChange(text, before)).toBeUndefined();
});
