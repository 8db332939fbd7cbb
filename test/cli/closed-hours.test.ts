import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "./command";

const [frozen, stack] = ["2091-01-02", "north-production-tenancy"];
let checkout: Checkout;
const path = (...parts: readonly string[]): string => join(checkout.folder, ...parts);
beforeAll(() => {
  checkout = new Checkout();
  const say = (site: string, freeze: object) => {
    const file = path("sites", `${site}.ts`);
    const calendar = `calendar: { freezes: [${JSON.stringify(freeze)}] },`;
    writeFileSync(file, readFileSync(file, "utf8").replace("runs: [", `${calendar}\n      runs: [`));
  };
  say("north", { from: "2091-01-01", to: "2091-01-03", why: "holidays" });
  say("south", { from: "2000-01-01", to: "2090-12-31", why: "it is being moved" });
  mkdirSync(path("ansible"));
  expect(checkout.databridge("learn", "north", "trust.sshUserCa=ssh-ed25519 AAAA").code).toBe(0);
  expect(checkout.databridge("synth").code).toBe(0);
});
afterAll(() => checkout.remove());

const server = (actions: readonly string[], before: object | null, after: object) => ({
  address: "openstack_compute_instance_v2.host_proxy_server",
  mode: "managed",
  type: "openstack_compute_instance_v2",
  change: { actions, before, after },
});
const resized = server(["update"], { flavor_id: "a" }, { flavor_id: "b" });
const named = server(["update"], { name: "a" }, { name: "b" });
const applied = (): number =>
  existsSync(path("applied")) ? readFileSync(path("applied"), "utf8").split("\n").length - 1 : 0;
const incidents = (): readonly string[] =>
  existsSync(path("incidents", "north.jsonl"))
    ? readFileSync(path("incidents", "north.jsonl"), "utf8").trimEnd().split("\n")
    : [];

/** Deploys a site. @returns the report, and how often something was applied */
function deployed(change: object, day: string | undefined, ...args: readonly string[]) {
  const before = applied();
  const { out } = checkout.databridgeWith(
    day === undefined ? {} : { DATABRIDGE_TODAY: day },
    ...["deploy", "north", "--engine", checkout.engine(change), "--yes", "--no-configure", "--json"],
    ...args,
  );
  const report = JSON.parse(out);
  const [step] = report.steps;
  return { ...step, overrides: report.overrides, applied: applied() - before };
}

test("a deployment is refused that interrupts something in closed hours; what and why, and when they open", () => {
  expect(deployed(resized, frozen)).toMatchObject({
    id: `apply ${stack}`,
    progress: "failed",
    applied: 0,
    what: expect.stringMatching(
      /^north-production-tenancy: must not be interrupted now: holidays, 2091-01-01 to 2091-01-03\n {2}\S+: the server stops and is resized: a → b\nopens 2091-01-04 00:00 UTC\n--incident <id> allows it, and is logged$/,
    ),
  });
  expect(incidents()).toEqual([]);
});

test("what interrupts nothing goes through, and so does what does when they are open", () => {
  expect(deployed(named, frozen)).toMatchObject({ progress: "done", applied: 1, overrides: [] });
  expect(deployed(resized, undefined)).toMatchObject({ progress: "done", applied: 1, overrides: [] });
  expect(incidents()).toEqual([]);
});

test("an incident overrides, and each time is a line that nobody writes again", () => {
  const { overrides, ...step } = deployed(resized, frozen, "--incident", "INC-7");
  expect(step).toMatchObject({ progress: "done", applied: 1 });
  const line = {
    at: expect.stringMatching(/^\d{4}-.*Z$/),
    who: expect.stringMatching(/./),
    site: "north",
    incident: "INC-7",
    did: "deploy",
    target: stack,
    interrupts: [expect.stringContaining("resized")],
    why: "holidays, 2091-01-01 to 2091-01-03",
    opens: "2091-01-04 00:00 UTC",
  };
  expect(overrides).toEqual([line]);
  const [first, ...others] = incidents();
  expect([JSON.parse(first ?? ""), others]).toEqual([line, []]);
  deployed(resized, frozen, "--incident", "INC-8");
  expect(incidents()).toEqual([first, expect.stringContaining('"INC-8"')]);
  deployed(resized, undefined, "--incident", "INC-9");
  expect(incidents()).toHaveLength(2);
});

test.each(["yes", "INC 7", "-7", "INC-7;", `A-${"7".repeat(40)}`])("%p is no incident", (id) => {
  for (const command of [
    ["deploy", "north"],
    ["configure", "north"],
    ["modules", "deploy", "north"],
  ]) {
    const { code, err } = checkout.databridge(...command, `--incident=${id}`);
    expect([code, err]).toEqual([2, expect.stringContaining("INC-1234")]);
  }
});

describe("databridge configure", () => {
  const refusals = (day: string, ...args: readonly string[]) => {
    const { code, out } = checkout.databridgeWith({ DATABRIDGE_TODAY: day }, "configure", ...args, "--json");
    const { problems } = JSON.parse(out);
    return [
      code,
      problems
        .filter(({ path: at }: { path: string }) => at === "configure")
        .map((each: { value: unknown }) => each.value),
    ];
  };
  test("is refused in closed hours, whatever it would do, since that is not known before", () => {
    expect(refusals(frozen, "north")).toEqual([
      1,
      [
        expect.objectContaining({
          target: "4 hosts of north-production",
          interrupts: expect.arrayContaining([expect.stringMatching(/proxy: may restart .*packages restart$/)]),
        }),
      ],
    ]);
    const { err } = checkout.databridgeWith(
      { DATABRIDGE_TODAY: frozen },
      "configure",
      "north",
      "--hosts",
      "north-production-proxy",
    );
    expect(err).toMatch(
      /^1 host of north-production: must not be interrupted now: holidays[\s\S]*opens 2091-01-04 00:00 UTC/,
    );
  });
  test("an incident overrides, and what it leaves to commit is told", () => {
    const git = (...args: readonly string[]) =>
      spawnSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...args], { cwd: checkout.folder });
    git("init", "--quiet");
    git("add", "--all", "--", "sites", "synthesized");
    git("commit", "--quiet", "--message", "all");
    const before = incidents().length;
    const { out } = checkout.databridgeWith({ DATABRIDGE_TODAY: frozen }, "configure", "north", "--incident", "INC-10");
    expect(out).toMatch(/ 0 hosts .*\n next {6}commit incidents\/north\.jsonl\n$/);
    expect(incidents().slice(before)).toEqual([expect.stringContaining('"did":"configure","target":"4 hosts')]);
    rmSync(path(".git"), { recursive: true });
  });
  test("a day that is set opens none that are closed now", () => {
    expect(refusals("2095-01-01", "south")).toEqual([
      1,
      [expect.objectContaining({ why: expect.stringMatching("moved") })],
    ]);
    expect(refusals("2095-01-01", "north")[1]).toEqual([expect.stringMatching(/git|repository/)]);
  });
});
