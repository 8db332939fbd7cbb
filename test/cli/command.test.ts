import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "./command";

let checkout: Checkout;
beforeEach(() => {
  checkout = new Checkout();
});
afterEach(() => checkout.remove());

const path = (...parts: readonly string[]): string => join(checkout.folder, ...parts);
const edit = (file: string, change: (text: string) => string): void => {
  const before = readFileSync(path(file), "utf8");
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(path(file), after);
};
const stacks = ["north-production-tenancy", "south-production-tenancy"];

describe("databridge synth", () => {
  test("writes every stack and shows what came of it, in plain text", () => {
    const { code, out, err } = checkout.databridge("synth");
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatch(/^Data Bridge CDK · 2 sites, 2 tenancies, 2 stacks · [\d.]+ s\n/);
    expect(out).toMatch(/^ north-production-tenancy +\d+ +\d+ +14\/32 +52\/128 +0.2\/1 +\d+·0·0 +0$/m);
    expect(out).toMatch(/written {3}cdktf\.out, \d+ files of synthesized\//);
    expect(out).toContain("npx cdktf-cli@0.21 diff north-production-tenancy");
    expect(out).not.toContain("\u001b");
    expect(readdirSync(path("synthesized", "stacks"))).toEqual(stacks.map((name) => `${name}.json`));
    expect(readdirSync(path("cdktf.out", "stacks"))).toEqual(stacks);
    expect(readdirSync(path("synthesized", "hosts"))).toContain("north-production-bastion");
    expect(checkout.databridge("synth").out).toContain("written   cdktf.out; nothing changed in synthesized/");
  });

  test("of one site shows its stacks, and writes all", () => {
    const { out } = checkout.databridge("synth", "south", "--json");
    const { stacks: shown, waiting, grants, assumed, changed, seconds } = JSON.parse(out);
    expect(shown).toHaveLength(1);
    expect(shown[0]).toMatchObject({
      site: "south",
      tenancy: "production",
      stack: "south-production-tenancy",
      takes: { quota: { vcpus: { limit: 32 }, floatingIps: { taken: 2, limit: 2 } }, internet: [] },
    });
    expect([waiting, grants, assumed, seconds > 0]).toEqual([[], [], 0, true]);
    expect(changed.filter((file: string) => file.startsWith("stacks/"))).toEqual(
      stacks.map((name) => `stacks/${name}.json`),
    );
    expect(readdirSync(path("cdktf.out", "stacks"))).toEqual(stacks);
  });

  test("--check writes nothing that is committed, and fails where it is stale", () => {
    expect(checkout.databridge("synth", "--check")).toMatchObject({ code: 1, out: expect.stringContaining("stale") });
    expect(existsSync(path("synthesized"))).toBe(false);
    checkout.databridge("synth");
    expect(checkout.databridge("synth", "--check")).toMatchObject({
      code: 1,
      out: expect.stringContaining("unlocked"),
    });
    checkout.databridge("lock");
    expect(checkout.databridge("synth", "--check")).toMatchObject({
      code: 0,
      out: expect.stringContaining("is current"),
    });
    rmSync(path("synthesized", "stacks", "south-production-tenancy.json"));
    expect(JSON.parse(checkout.databridge("synth", "--check", "--json").out).changed).toEqual([
      "stacks/south-production-tenancy.json",
    ]);
  });

  test("for cdktf's own command line writes where that wants it, and nothing that is committed", () => {
    const elsewhere = path("elsewhere");
    expect(checkout.databridgeWith({ CDKTF_OUTDIR: elsewhere }, "synth").code).toBe(0);
    expect(Object.keys(JSON.parse(readFileSync(join(elsewhere, "manifest.json"), "utf8")).stacks)).toEqual(stacks);
    expect([existsSync(path("cdktf.out")), existsSync(path("synthesized"))]).toEqual([false, false]);
  });

  test("of a wrong site tells all that is wrong with path, value, what is allowed and the fix, and writes nothing", () => {
    edit("sites/south.ts", (text) =>
      text
        .replace('cidr: "10.84.0.0/20"', 'cidr: "10.68.0.0/20"')
        .replace("standby: true", 'submitsTo: ["lunar"], port: 80, standbye: true'),
    );
    const { code, out, err } = checkout.databridge("synth");
    expect([code, out]).toEqual([1, ""]);
    expect(err).toBe(`sites/south.ts: 4 problems, nothing was written

 south.production.runs.ecflow-prod.port
   80 · allowed: 1024 to 49150, what ecFlow accepts · fix: leave it out for 3141
 south.production.runs.ecflow-prod.standbye
   true · allowed: port, relayPort, standby, submitsTo, users, starts, checkPoints, copies, logs, rest, milestones, fetchesFrom, metricsPort, home, fate, flavor, slot · fix: did you mean "standby"?
 south.production.runs.ecflow-prod.submitsTo
   "lunar" · allowed: nothing · fix: name one of them
 south.production.network.cidr
   "10.68.0.0/20" · allowed: a network of its own; north.production.network has 10.68.0.0/20 · fix: any free block, e.g. 10.0.0.0/20

sites/north.ts: 1 problem, nothing was written

 north.production.network.cidr
   "10.68.0.0/20" · allowed: a network of its own; south.production.network has 10.68.0.0/20 · fix: any free block, e.g. 10.0.0.0/20
`);
    expect(existsSync(path("cdktf.out"))).toBe(false);
  });

  test("tells what many hosts have in common once", () => {
    edit("sites/south.ts", (text) => text.replace("debian12:", "debian13:"));
    const { err } = checkout.databridge("synth");
    expect(err).toContain("sites/south.ts: 6 problems");
    expect(err.match(/"debian12" · allowed: images of south.cloud: debian13/g)).toHaveLength(1);
    expect(err).toContain("and 5 more: ");
  });

  test("shows values on one line, as they were written, and no private key", () => {
    edit("sites/south.ts", (text) =>
      text
        .replace('country: "IT"', 'country: "-----BEGIN OPENSSH PRIVATE KEY-----\\nabc"')
        .replace("vcpus: 32", "vcpus: gib(32)")
        .replace('owner: "my-team"', `owner: { name: "${"x".repeat(200)}" }`),
    );
    const { err } = checkout.databridge("synth");
    expect(err).toContain("   a private key, not shown · allowed: two capital letters");
    expect(err).toContain("   32 GiB · allowed: a number of vCPUs");
    expect(err).toContain('   {"name":"xxxx');
    expect(Math.max(...err.split("\n").map((line) => line.length))).toBeLessThan(200);
  });

  test("tells problems as JSON too", () => {
    edit("sites/south.ts", (text) => text.replace('country: "IT"', 'country: "it"'));
    const { code, out } = checkout.databridge("synth", "--json");
    expect([code, JSON.parse(out)]).toEqual([
      1,
      {
        problems: [
          { path: "south.country", value: "it", allowed: "two capital letters (ISO 3166)", fix: 'write e.g. "FI"' },
        ],
      },
    ]);
  });

  test("of a site that is none is a call that cannot be understood", () => {
    const { code, err } = checkout.databridge("synth", "nort");
    expect([code, err]).toEqual([2, 'there is no site "nort"; did you mean "north"?\n']);
  });

  test("of a site file that cannot be compiled tells where, as JSON too", () => {
    edit("sites/south.ts", (text) => text.replace("export default site(", "export default site(("));
    const { code, err } = checkout.databridge("synth");
    expect([code, err]).toEqual([1, expect.stringMatching(/sites\/south\.ts:\d+:\d+/)]);
    expect(err).not.toContain("node_modules");
    const { problems } = JSON.parse(checkout.databridge("synth", "--json").out);
    expect(problems[0]).toMatchObject({
      path: expect.stringMatching(/^sites\/south\.ts:\d+$/),
      allowed: "a file that compiles",
    });
  });

  test("of a site file that fails to load tells where, and why, beside what is wrong elsewhere", () => {
    edit("sites/south.ts", (text) => text.replace("cloud: openstack(", "cloud: openstak("));
    edit("sites/north.ts", (text) => text.replace('country: "FI"', 'country: "fi"'));
    const { code, err } = checkout.databridge("synth");
    expect(code).toBe(1);
    expect(err).toMatch(
      /^sites\/south\.ts: 1 problem[\s\S]*"openstak is not defined".*fix: did you mean "openstack"\?: sites\/south\.ts:\d+\n/,
    );
    expect(err).toContain("north.country");
  });

  test("of a word that was not imported names it", () => {
    edit("sites/south.ts", (text) =>
      text.replace("import { allocated, network,", "import { allocated, networks,").replace("network(", "networks("),
    );
    expect(checkout.databridge("synth").err).toMatch(
      /"networks is not a function" · allowed: a file that loads · fix: did you mean "network"\?: sites\/south\.ts:7/,
    );
  });

  test("of a file that does not bear the name of its site is refused", () => {
    edit("sites/south.ts", (text) => text.replace('site("south"', 'site("sooth"'));
    expect(checkout.databridge("synth").err).toContain(
      '"sooth" · allowed: "south", as its file · fix: rename the site or the file',
    );
  });

  test("leaves what terraform keeps in the folders of stacks", () => {
    checkout.databridge("synth");
    mkdirSync(path("cdktf.out", "stacks", stacks[0] ?? "", ".terraform"));
    checkout.databridge("synth");
    expect(readdirSync(path("cdktf.out", "stacks", stacks[0] ?? ""))).toContain(".terraform");
  });
});

describe("adding a site", () => {
  test("is adding one file", () => {
    const text = readFileSync(path("sites", "north.ts"), "utf8");
    writeFileSync(path("sites", "east.ts"), text.replaceAll("north", "east").replace("10.68.0.0/20", "10.100.0.0/20"));
    const { code, out } = checkout.databridge("list");
    expect([code, out]).toEqual([0, expect.stringContaining("east-production-tenancy")]);
  });
});

describe("databridge list, graph and assumptions", () => {
  test("load no engine: none of them needs cdktf", () => {
    writeFileSync(path("engine", "app.ts"), 'throw new Error("the engine was loaded");\nexport {};\n');
    for (const command of ["list", "graph", "assumptions"])
      expect([command, checkout.databridge(command).code]).toEqual([command, 0]);
  });
  test("list stacks with where their state is", () => {
    const { out } = checkout.databridge("list", "south");
    expect(out).toContain("s3://my-states/south/production/south-production-tenancy.tfstate");
    expect(out).not.toContain("north");
    expect(JSON.parse(checkout.databridge("list", "--json").out)).toHaveLength(2);
  });
  test("graph is JSON for pipelines and text for people", () => {
    const { steps } = JSON.parse(checkout.databridge("graph", "--json").out);
    expect(steps).toContainEqual(
      expect.objectContaining({ id: "learn south", kind: "learn", needs: ["apply south-production-tenancy"] }),
    );
    expect(checkout.databridge("graph").out).toMatch(/^wave 1\n[\s\S]*\nwave 3\n/);
    const one = checkout.databridge("graph", "south").out;
    expect([one.includes("apply south-production-tenancy"), one.includes("apply north")]).toEqual([true, false]);
    expect(one).toContain("ssh-user-ca");
  });
  test("assumptions tell who can confirm a fact", () => {
    expect(checkout.databridge("assumptions").out).toBe("every fact is confirmed\n");
    edit("sites/south.ts", (text) =>
      text
        .replace('external: "public"', 'external: assumed("public", "the operator")')
        .replace("import { allocated,", "import { allocated, assumed,"),
    );
    expect(checkout.databridge("assumptions", "south").out).toMatch(/south\.cloud\.external +the operator/);
    expect(checkout.databridge("assumptions", "north").out).toBe("every fact is confirmed\n");
  });
});

describe("a call", () => {
  test("that cannot be understood is told how to go on, with exit code 2", () => {
    const { code, err } = checkout.databridge("snyth");
    expect([code, err]).toEqual([2, expect.stringMatching(/unknown command 'snyth'[\s\S]*Did you mean synth\?/)]);
  });
  test("--help teaches, with exit code 0", () => {
    const { code, out } = checkout.databridge("--help");
    expect([code, out]).toEqual([0, expect.stringContaining("npx cdktf-cli@0.21 diff lumi-production-tenancy")]);
  });
  test("--version tells it", () => {
    expect(checkout.databridge("--version").out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
  test("whose reader goes away ends quietly", () => {
    const command = `"${process.execPath}" "${path("cli", "databridge.mjs")}" graph --json | head -c 1`;
    const { stdout, stderr } = spawnSync("bash", ["-c", command], { encoding: "utf8", cwd: checkout.folder });
    expect([stdout, stderr]).toEqual(["{", ""]);
  });
});
