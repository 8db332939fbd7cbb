import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "./command";

const [north, south] = ["north-production-tenancy", "south-production-tenancy"];
let checkout: Checkout;
beforeAll(() => {
  checkout = new Checkout();
  expect(checkout.databridge("learn", "north", "trust.sshUserCa=ssh-ed25519 AAAA").code).toBe(0);
  git("init", "--quiet");
  git("config", "user.name", "Ada Lovelace");
  git("config", "user.email", "ada@example.org");
});
afterAll(() => checkout.remove());

const git = (...args: readonly string[]) => spawnSync("git", args, { cwd: checkout.folder, encoding: "utf8" }).stdout;
const path = (...parts: readonly string[]): string => join(checkout.folder, ...parts);
const holds = (site: string) => JSON.parse(readFileSync(path("sites", `${site}.lock.json`), "utf8")).holds;
const hold = (stack: string, until = "2031-12-01", day = "2031-01-01") =>
  checkout.databridgeWith({ DATABRIDGE_TODAY: day }, "hold", stack, "--reason", "why", "--until", until);
const status = (day: string, ...args: readonly string[]) =>
  checkout.databridgeWith({ DATABRIDGE_TODAY: day }, "status", ...args);
const statusOf = (stack: string, day = "2031-01-01") =>
  JSON.parse(status(day, "--json").out).find((each: { stack: string }) => each.stack === stack);

const deploy = (...args: readonly string[]) => {
  const { code, out, err } = checkout.databridge(
    "deploy",
    ...args,
    "--engine",
    checkout.engine(),
    "--yes",
    "--no-configure",
    "--json",
  );
  const { steps = [] } = JSON.parse(out);
  return {
    code,
    err,
    steps: Object.fromEntries(steps.map((each: Record<string, string>) => [each.id, [each.progress, each.what]])),
  };
};

test("where nothing is held, nothing can be released", () =>
  expect(checkout.databridge("release", north)).toMatchObject({
    code: 2,
    err: expect.stringContaining("nothing is held"),
  }));

test("what is held by name, until a day to come, and by whom stands in the lock", () => {
  expect(hold("nroth-production-tenancy")).toMatchObject({
    code: 2,
    err: expect.stringContaining(`did you mean "${north}"?`),
  });
  for (const until of ["2030-12-31", "tomorrow", "2031-02-30", "2032-01-03", "9999-12-31"])
    expect(hold(north, until).code).toBe(2);
  expect(hold(north, "9999-12-31").err).toContain("--until is 9999-12-31: write a day until 2032-01-02");
  expect(checkout.databridge("hold", north, "--until", "2031-12-01").code).toBe(2);
  for (const reason of ["", " ", "two\nlines"]) {
    const { code, err } = checkout.databridgeWith(
      { DATABRIDGE_TODAY: "2031-01-01" },
      ...["hold", north, "--reason", reason, "--until", "2031-12-01"],
    );
    expect([code, err]).toEqual([2, expect.stringMatching(/^--reason takes why nobody applies it, on one line/)]);
  }
  const { code, out } = hold(north);
  expect([code, out]).toEqual([0, expect.stringContaining("next      databridge synth; commit sites/north.lock.json")]);
  expect(holds("north")).toEqual({
    [north]: { reason: "why", until: "2031-12-01", by: "Ada Lovelace", since: "2031-01-01" },
  });
  expect(hold(north, "2031-11-01").out).toContain(` + holds.${north}.until 2031-11-01`);
});

test("a deployment leaves out what is held, says so, and is done", () => {
  hold(south);
  expect(checkout.databridge("synth").out).toMatch(`held      ${north}, held until 2031-11-01 by Ada Lovelace: why`);
  const { code, steps } = deploy("south");
  expect(steps[`apply ${south}`]).toEqual(["held", "held until 2031-12-01 by Ada Lovelace: why"]);
  // It reads, and there is no cloud.
  expect([code, steps["learn south"][0]]).toEqual([1, "failed"]);
  expect(deploy("north", "--destroy")).toMatchObject({
    code: 0,
    steps: { [`apply ${north}`]: ["held", expect.anything()] },
  });
  expect(deploy("north", "--plan-only")).toMatchObject({
    code: 0,
    steps: { [`apply ${north}`]: ["done", expect.anything()] },
  });
});

test("past its last day it goes on, and everything says so", () => {
  const late = { DATABRIDGE_TODAY: "2032-12-31" };
  const over = `the hold of ${north} by Ada Lovelace was to end on 2031-11-01, and goes on`;
  expect(checkout.databridgeWith(late, "synth").out).toContain(over);
  const ran = checkout.databridgeWith(
    late,
    "deploy",
    "north",
    "--engine",
    checkout.engine(),
    "--yes",
    "--no-configure",
    "--destroy",
  );
  expect([ran.code, ran.out]).toEqual([0, expect.stringMatching(new RegExp(`1 held[\\s\\S]*${over}`))]);
  expect(status("2031-11-01").code).toBe(0);
  const { code, out } = status("2031-11-02");
  expect([code, out]).toEqual([1, expect.stringContaining("its last day is past, and it goes on")]);
  expect(statusOf(north, "2031-11-02").held).toMatchObject({ over: true, by: "Ada Lovelace", reason: "why" });
});

test("a lock that nobody can read is told, and is no stack that is not held", () => {
  const lock = path("sites", "south.lock.json");
  const text = readFileSync(lock, "utf8");
  writeFileSync(lock, "<<<");
  const { code, err } = checkout.databridge("release", north);
  expect([code, err]).toEqual([1, expect.stringMatching(/^sites\/south\.lock\.json: 1 problem/)]);
  writeFileSync(lock, text);
});

test("released, it is applied; of what is described no more too", () => {
  expect(checkout.databridge("release", "north-production-tenansy")).toMatchObject({
    code: 2,
    err: expect.stringContaining(north),
  });
  const lock = path("sites", "north.lock.json");
  const written = JSON.parse(readFileSync(lock, "utf8"));
  writeFileSync(
    lock,
    JSON.stringify({ ...written, holds: { ...written.holds, "north-gone-tenancy": written.holds[north] } }),
  );
  expect(checkout.databridge("status")).toMatchObject({
    code: 1,
    err: expect.stringContaining("databridge release north-gone-tenancy"),
  });
  for (const stack of ["north-gone-tenancy", north, south]) expect(checkout.databridge("release", stack).code).toBe(0);
  expect([holds("north"), JSON.parse(readFileSync(lock, "utf8")).version]).toEqual([undefined, 1]);
  checkout.databridge("synth");
  expect(deploy("north").steps[`apply ${north}`][0]).toBe("done");
});

describe("databridge status", () => {
  test("tells what git and this folder know, and no more", () => {
    expect(statusOf(south)).toMatchObject({ committed: "uncommitted" });
    expect(statusOf(south)).not.toHaveProperty("applied");
    git("add", "sites", "synthesized");
    git("commit", "--quiet", "--message", "all");
    const commit = git("rev-parse", "HEAD").trim();
    expect(statusOf(south)).toMatchObject({ committed: { commit } });
    expect(statusOf(north)).toMatchObject({ committed: { commit }, applied: { current: true }, grants: [] });
    const row = status("2031-01-01", "south")
      .out.split("\n")
      .find((line) => line.includes(south));
    expect(row).toMatch(new RegExp(`${south} +${commit.slice(0, 8)} \\S+ +unknown +unknown`));
    const file = path("synthesized", "stacks", `${north}.json`);
    writeFileSync(file, `${readFileSync(file, "utf8")}\n`);
    expect(statusOf(north)).toMatchObject({ committed: "uncommitted", applied: { current: false } });
    git("checkout", "--", "synthesized");
  });
  test("a clone that does not reach back knows no commit", () => {
    writeFileSync(path("later"), "");
    git("add", "later");
    git("commit", "--quiet", "--message", "later");
    expect(statusOf(south)).toHaveProperty("committed");
    writeFileSync(path(".git", "shallow"), git("rev-parse", "HEAD"));
    expect(statusOf(south)).not.toHaveProperty("committed");
  });
  test("what drift found is told as of when; what it did not see is unknown", () => {
    const note = { at: "2031-01-01T04:00:00.000Z", count: 3 };
    writeFileSync(
      path(".databridge", "drifted.json"),
      JSON.stringify({ [north]: note, [south]: { ...note, count: 0, unseen: "no cloud" } }),
    );
    const { out } = status("2031-01-01");
    expect(out).toMatch(new RegExp(`${north}.* 3 otherwise, 2031-01-01 04:00Z`));
    expect(out).not.toMatch(new RegExp(`${south}.* no, `));
    writeFileSync(path(".databridge", "drifted.json"), "<<<");
    expect(statusOf(north)).not.toHaveProperty("drifted");
  });
});
