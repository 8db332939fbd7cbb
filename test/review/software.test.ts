import { softwareChange } from "../../review/software";

const order = (
  digest: string,
  modules: readonly string[],
  files: Readonly<Record<string, string>> = {},
  more: object = {},
) =>
  JSON.stringify({
    cycle: "49r3",
    target: "standard",
    digest,
    modules: modules.map((module) => ({ module })),
    files,
    ...more,
  });

const before = order(
  "a",
  ["eckit/1.32.4-foss-2024a", "metkit/1.16.0-foss-2024a"],
  { "easyconfigs/eckit.eb": "x", "test.job": "x" },
  {
    sources: [
      { file: "eckit.tar.gz", sha256: "1" },
      { file: "metkit.tar.gz", sha256: null },
    ],
  },
);

test.each([
  [
    "versions",
    order("b", ["eckit/1.33.0-foss-2024a", "FDB/5.19.0-foss-2024a"]),
    "eckit 1.32.4-foss-2024a → 1.33.0-foss-2024a; FDB 5.19.0-foss-2024a is new; metkit goes; all of it is built anew",
  ],
  [
    "a version that nobody has looked at",
    order("b", ["eckit/1.33.0-foss-2024a", "metkit/1.16.0-foss-2024a"], {}, { waits: ["sources.eckit-1.33.0"] }),
    "eckit 1.32.4-foss-2024a → 1.33.0-foss-2024a; all of it is built anew once sources.eckit-1.33.0 is learned: databridge learn home",
  ],
  [
    "checksums",
    order(
      "b",
      ["eckit/1.32.4-foss-2024a", "metkit/1.16.1-foss-2024a"],
      {},
      {
        waits: ["sources.a", "sources.b"],
        sources: [
          { file: "eckit.tar.gz", sha256: "2" },
          { file: "metkit.tar.gz", sha256: "3" },
        ],
      },
    ),
    "metkit 1.16.0-foss-2024a → 1.16.1-foss-2024a; eckit.tar.gz has another checksum; all of it is built anew once sources.a and 1 more is learned: databridge learn home",
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
