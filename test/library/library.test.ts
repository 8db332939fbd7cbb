import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bastion, proxy } from "../../constructs/specs";
import { describe as described, synthesize } from "../../library";
import { north, tenancy } from "../model/platform";

const root = join(__dirname, "../..");
const text = (file: string): string => readFileSync(join(root, file), "utf8");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "databridge-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const sound = north({ production: tenancy({ runs: [bastion(), proxy()] }) });
const platform = (...sites: readonly unknown[]) => ({
  sites,
  locks: folder,
  outdir: join(folder, "out"),
  synthesized: join(folder, "synthesized"),
});

describe("synthesize", () => {
  test("writes every stack, and what is committed of it", () => {
    const { problems, stacks, changed } = synthesize(platform(sound));
    expect(problems).toEqual([]);
    expect(changed).toContain("hosts/north-production-proxy/etc/squid/squid.conf");
    expect(changed).toContain("stacks/north-production-tenancy.json");
    expect(stacks.map(({ name, file }) => [name, existsSync(file)])).toEqual([["north-production-tenancy", true]]);
    expect(readdirSync(join(folder, "synthesized", "stacks"))).toEqual(["north-production-tenancy.json"]);
    expect(synthesize(platform(sound)).changed).toEqual([]);
  });

  test.each([
    ["a description", { ...sound, country: "Finland" }, "north.country"],
    ["something that is no site", 7, ""],
  ])("returns what is wrong with %s, and writes nothing", (_, site, path) => {
    const { problems, stacks, changed } = synthesize(platform(site));
    expect([problems.length > 0, stacks, changed]).toEqual([true, [], []]);
    expect(problems.map((problem) => problem.path)).toContainEqual(expect.stringContaining(path));
    expect(readdirSync(folder)).toEqual([]);
  });

  test("returns what would be lost, and writes nothing", () => {
    const stateful = { openstack_blockstorage_volume_v3_gone: "volume" };
    const state = "s3://state/north/production/north-production-tenancy.tfstate";
    const lock = { version: 1, stacks: { "north-production-tenancy": { state, stateful } } };
    writeFileSync(join(folder, "north.lock.json"), JSON.stringify(lock));
    expect(synthesize(platform(sound)).problems).toEqual([
      expect.objectContaining({ path: expect.stringContaining("north.lock.stacks.north-production-tenancy.stateful") }),
    ]);
    expect(readdirSync(folder)).toEqual(["north.lock.json"]);
  });

  test("writes where cdktf's command wants it, and then nothing that is committed", () => {
    process.env.CDKTF_OUTDIR = join(folder, "wanted");
    try {
      const { sites, locks } = platform(sound);
      expect(synthesize({ sites, locks, synthesized: join(folder, "synthesized") }).stacks[0]?.file).toContain(
        process.env.CDKTF_OUTDIR,
      );
      expect(readdirSync(folder)).toEqual(["wanted"]);
    } finally {
      delete process.env.CDKTF_OUTDIR;
    }
  });
});

test("describe reads the locks and builds nothing", () => {
  const { registers, problems } = described(platform(sound));
  expect([problems, registers.places.map(({ id }) => id)]).toEqual([[], ["north-production"]]);
  expect(readdirSync(folder)).toEqual([]);
});

test("every export has a source, which the build compiles", () => {
  const { exports } = JSON.parse(text("package.json")) as { exports: Record<string, string | { default: string }> };
  const targets = Object.values(exports).flatMap((target) => (typeof target === "string" ? [] : [target.default]));
  expect(targets).toHaveLength(5);
  const sources = targets.map((target) =>
    target.replace("./dist/", "").replace(".js", ".ts").replace("*", "openstack/network"),
  );
  expect(sources.filter((source) => !existsSync(join(root, source)))).toEqual([]);
});

test("the program of the README is the one that is tried", () => {
  expect(text("README.md")).toContain(`\`\`\`ts\n${text("test/library/consumer/main.ts")}\`\`\``);
});
