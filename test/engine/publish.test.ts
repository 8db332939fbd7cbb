import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { published } from "../../engine/publish";

let folder: string;
let outdir: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "databridge-"));
  outdir = join(folder, "out");
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (file: string, text: string): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};

/** Writes stacks as cdktf does. */
const writing =
  (...names: readonly string[]) =>
  (aside: string) => {
    const stacks = Object.fromEntries(
      names.map((name) => [name, { synthesizedStackPath: `stacks/${name}/cdk.tf.json` }]),
    );
    put(join(aside, "manifest.json"), JSON.stringify({ stacks }));
    return names.map((name) => {
      const file = join(aside, "stacks", name, "cdk.tf.json");
      put(file, name);
      return {
        name,
        resources: 1,
        stateful: [],
        file,
        over: [],
        unlocked: [],
        files: new Map(),
        hostFiles: new Map<string, string>(),
      };
    });
  };

test("output stands where it was wanted, and is told from there", () => {
  const [one] = published(outdir, writing("one"));
  expect(one?.file).toBe(join(outdir, "stacks", "one", "cdk.tf.json"));
  expect(readFileSync(one?.file ?? "", "utf8")).toBe("one");
  expect(readdirSync(folder)).toEqual(["out"]);
});

test("a stack that is no more goes; what terraform keeps stays, and so does what we never wrote", () => {
  published(outdir, writing("one", "two", "three"));
  put(join(outdir, "stacks", "two", ".terraform.lock.hcl"), "theirs");
  put(join(outdir, "stacks", "one", "tfplan"), "theirs");
  put(join(outdir, "stacks", "other", "cdk.tf.json"), "somebody's");
  published(outdir, writing("one"));
  expect(existsSync(join(outdir, "stacks", "three"))).toBe(false);
  expect(readdirSync(join(outdir, "stacks", "two"))).toEqual([".terraform.lock.hcl"]);
  expect(readdirSync(join(outdir, "stacks", "one")).sort()).toEqual(["cdk.tf.json", "tfplan"]);
  expect(existsSync(join(outdir, "stacks", "other", "cdk.tf.json"))).toBe(true);
});

test("nothing outside of its folder goes, whatever a manifest says", () => {
  put(
    join(outdir, "manifest.json"),
    JSON.stringify({ stacks: { x: { synthesizedStackPath: "../precious/cdk.tf.json" } } }),
  );
  put(join(folder, "precious", "cdk.tf.json"), "precious");
  published(outdir, writing("one"));
  expect(existsSync(join(folder, "precious", "cdk.tf.json"))).toBe(true);
});

test("if writing fails, all is as it was", () => {
  published(outdir, writing("one"));
  const failing = (aside: string) => {
    writing("two")(aside);
    throw new Error("no");
  };
  expect(() => published(outdir, failing)).toThrow("no");
  expect(readdirSync(join(outdir, "stacks"))).toEqual(["one"]);
  expect(readdirSync(folder)).toEqual(["out"]);
});

test("files of hosts that are no more go, and nothing else", () => {
  const of = (name: string) => (aside: string) => {
    put(join(aside, "hosts", name, "etc", "file"), name);
    return writing("one")(aside);
  };
  published(outdir, of("a"));
  published(outdir, of("b"));
  expect(readdirSync(join(outdir, "hosts"))).toEqual(["b"]);
  expect(readdirSync(join(outdir, "stacks"))).toEqual(["one"]);
});
