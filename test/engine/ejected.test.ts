import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { StackOutput } from "../../engine/app";
import { ejectedStack } from "../../engine/ejected";
import { production, readLocks, readSites } from "../../engine/world";
import { main } from "../../main";
import { gather } from "../../model/gather";

const root = join(__dirname, "../..");
const { registers } = gather(readSites(join(root, "sites")).sites, readLocks(production(root)));
const folder = mkdtempSync(join(tmpdir(), "databridge-"));
afterAll(() => rmSync(folder, { recursive: true }));
const outputs = main(registers, join(folder, "production"));
const json = (text = "{}") => JSON.parse(text);

/** Without keys that are comments, wherever they stand. */
const bare = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, each) => (key === "//" ? undefined : each)));

test.each(
  outputs.map((output) => [output.name, output] as const),
)("%s says what cdktf's output says, without its comments", (_, output) => {
  const files = ejectedStack(output);
  const { terraform, ...blocks } = json(readFileSync(output.file, "utf8"));
  expect(json(files.get("main.tf.json"))).toEqual(bare(blocks));
  expect(json(files.get("versions.tf.json"))).toEqual({ terraform: { required_version: ">= 1.11.0", ...terraform } });
  expect(files.get("main.tf.json")).not.toContain("uniqueId");
  expect([...files.keys()].sort()).toEqual(
    ["encryption.tofu.json", "main.tf.json", "versions.tf.json", ...output.files.keys()].sort(),
  );
});

test("files that blocks read come along", () =>
  expect(outputs.filter(({ files }) => files.size > 0).length).toBeGreaterThan(0));

test("a state in a file stays where it is", () => {
  const [output] = main(registers, join(folder, "sandbox"), "sandbox") as readonly [StackOutput];
  const backend = (files: ReadonlyMap<string, string>) => json(files.get("versions.tf.json")).terraform.backend;
  const path = (at: string) => ({ local: { path: join(at, `${output.name}.tfstate`) } });
  expect(backend(ejectedStack(output))).toEqual(path(dirname(output.file)));
  expect(backend(ejectedStack(output, "/elsewhere"))).toEqual(path("/elsewhere"));
});
