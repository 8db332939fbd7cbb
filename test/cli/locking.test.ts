import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "databridge-"));
process.env.DATABRIDGE_WORLD = "sandbox";
process.env.DATABRIDGE_SANDBOX = folder;
afterAll(() => rmSync(folder, { recursive: true }));

import type { Lock } from "../../model/site/lock";

/** Loaded once the world is said. */
const { replaceLock } = require("../../cli/project/locking") as typeof import("../../cli/project/locking");
const { recordHold } = require("../../cli/project/holding") as typeof import("../../cli/project/holding");
const { readLocks } = require("../../engine/world") as typeof import("../../engine/world");
const { readLocksOf } = require("../../model/locks") as typeof import("../../model/locks");
const { world } = require("../../cli/project/description") as typeof import("../../cli/project/description");

const lock = (): Lock | undefined => readLocksOf(readLocks(world)).locks.get("north");
const hold = { reason: "why", by: "Ada", since: "2031-01-01", until: "2031-02-01" } as never;

test("what somebody has written since a lock was read is not lost", () => {
  expect(world.locks.startsWith(folder)).toBe(true);
  const before = lock();
  recordHold("north", "north-production-tenancy", hold);
  const held = lock();
  expect(() => replaceLock("north", before, { ...held, holds: { other: hold } } as Lock)).toThrow(
    /meanwhile: once more/,
  );
  expect(lock()).toEqual(held);
  replaceLock("north", held, { ...held, holds: { other: hold } } as Lock);
  expect(Object.keys(lock()?.holds ?? {})).toEqual(["other"]);
});

test("one writes at a time", () => {
  const work = join(world.work, "locks");
  mkdirSync(work, { recursive: true });
  const stat = readFileSync(`/proc/${process.pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ")[19];
  writeFileSync(join(work, "claimed"), `${process.pid} ${stat}`);
  expect(() => recordHold("north", "north-production-vault", hold)).toThrow(/is at work in this folder/);
  rmSync(join(work, "claimed"));
  recordHold("north", "north-production-vault", hold);
  expect(Object.keys(lock()?.holds ?? {}).sort()).toEqual(["north-production-vault", "other"]);
});
