import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Deployment } from "../../operate/deployment";
import type { Plan } from "../../operate/engine";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "databridge-test-"));
  write("planned", planOf("create"));
  write("engine", engine);
});
afterEach(() => rmSync(folder, { recursive: true }));

const path = (...parts: readonly string[]): string => join(folder, ...parts);
const write = (name: string, text: string): void => writeFileSync(path(name), text, { mode: 0o755 });
const planOf = (action: string): string =>
  JSON.stringify({ resource_changes: [{ mode: "managed", change: { actions: [action] } }] });

/** An engine whose plans are what it shows of them, and which notes what it applies. */
const engine = `#!/bin/sh
cd "$(dirname "$0")"
for last; do :; done
case "$1" in
  plan) cp planned "\${last#-out=}" ;;
  show) cat "$last" ;;
  apply) cp "$last" applied ;;
esac
`;

/** Deploys while somebody puts another plan wherever one is below the folder. @returns what was shown to who approves */
function deployment() {
  const shown: Plan[] = [];
  const plans = path("kept");
  const exchanged = async (_: string, plan: Plan): Promise<boolean> => {
    shown.push(plan);
    expect(statSync(dirname(plan.file)).mode & 0o077).toBe(0);
    for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }))
      if (name.endsWith("plan")) writeFileSync(path(name), planOf("delete"));
    return true;
  };
  const all = new Deployment({
    engine: path("engine"),
    env: process.env,
    output: path("out"),
    work: path("work"),
    plans,
    isApproved: exchanged,
  });
  return { all, shown };
}
const files = new Map([["cdk.tf.json", "{}"]]);
const applied = (): string => readFileSync(path("applied"), "utf8");

test("of a kept plan that is exchanged while somebody thinks about it, what they were shown is applied", async () => {
  const { all, shown } = deployment();
  expect(await all.plan("s", files)).toBe("1 to be created");
  expect(await all.applyKept("s", files)).toBe("1 created");
  expect([JSON.stringify(shown[0]?.json), applied()]).toEqual([planOf("create"), planOf("create")]);
  await expect(all.applyKept("s", files)).rejects.toThrow("no plan was kept for it");
});

test("one that was exchanged before is refused", async () => {
  const { all, shown } = deployment();
  await all.plan("s", files);
  writeFileSync(path("kept", "s.plan"), planOf("delete"));
  await expect(all.applyKept("s", files)).rejects.toThrow("is not the plan that was kept");
  expect(shown).toEqual([]);
});

test("a plan that is made and applied at once is nowhere else, and nothing is left of it", async () => {
  const { all, shown } = deployment();
  expect(await all.apply("s", files)).toBe("1 created");
  expect(applied()).toBe(planOf("create"));
  expect(() => statSync(dirname(shown[0]?.file ?? ""))).toThrow("ENOENT");
  expect(readdirSync(path("kept"))).toEqual([]);
});
