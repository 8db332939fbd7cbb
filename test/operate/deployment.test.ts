import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Deployment, readManifest } from "../../operate/deployment";

const folder = mkdtempSync(join(tmpdir(), "databridge-"));
const plans = join(folder, "plans");
afterAll(() => rmSync(folder, { recursive: true }));

/** An engine that notes its words, and whose plan makes one thing. */
function engine(): string {
  const file = join(folder, "tofu");
  const changes = [{ mode: "managed", address: "a.b", type: "a", name: "b", change: { actions: ["create"] } }];
  const plan = JSON.stringify({ format_version: "1.2", terraform_version: "1.12.0", resource_changes: changes });
  writeFileSync(
    file,
    `#!/bin/sh
echo "$*" >> ${folder}/called
for each; do case "$each" in -out=*) echo plan > "\${each#-out=}" ;; esac; done
[ "$1" = show ] && echo '${plan}'
exit 0
`,
    { mode: 0o755 },
  );
  return file;
}

const deployment = new Deployment({
  engine: engine(),
  env: {},
  output: join(folder, "out"),
  work: folder,
  isApproved: async () => true,
});
const files = new Map([["cdk.tf.json", "{}"]]);
const plannedWith = (): readonly string[] =>
  readFileSync(join(folder, "called"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("plan "));

test("a plan that is to be looked at holds nobody up; one that is applied at once keeps others away", async () => {
  expect(await deployment.plan("one", files)).toBe("1 to be created");
  expect(await deployment.apply("two", files)).toBe("1 created");
  const [looked, applied] = plannedWith();
  expect([looked?.includes("-lock=false"), looked?.includes("-lock-timeout")]).toEqual([true, false]);
  expect([applied?.includes("-lock=false"), applied?.includes("-lock-timeout=60s")]).toEqual([false, true]);
});

test("what is noted of a plan is read, and one that was half written, or of another stack, is none", () => {
  mkdirSync(plans, { recursive: true });
  const text = readFileSync(join(plans, "one.manifest.json"), "utf8");
  expect(readManifest(plans, "one")).toMatchObject({ stack: "one", isEmpty: false });
  writeFileSync(join(plans, "half.manifest.json"), text.slice(0, text.length / 2));
  writeFileSync(join(plans, "other.manifest.json"), text);
  expect(["half", "other", "absent"].map((stack) => readManifest(plans, stack))).toEqual(Array(3).fill(undefined));
});
