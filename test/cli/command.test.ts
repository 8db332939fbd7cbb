import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "./command";

let checkout: Checkout;
beforeEach(() => {
  checkout = new Checkout();
});
afterEach(() => checkout.remove());

const edit = (file: string, change: (text: string) => string): void => {
  const path = join(checkout.folder, file);
  const before = readFileSync(path, "utf8");
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
};

describe("databridge synth", () => {
  test("writes every stack and shows what came of it, in plain text", () => {
    rmSync(join(checkout.folder, "synthesized"), { recursive: true });
    const { code, out, err } = checkout.databridge("synth");
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatch(/^Data Bridge CDK · 4 sites, 5 tenancies, 5 stacks · [\d.]+ s\n/);
    expect(out).toMatch(/^ lumi-production-tenancy +161 +14 +142\/256 +564\/1024 +121\/200 +20·7·0 +0$/m);
    expect(out).toContain("waiting   8 rules for home-production-proxy · databridge learn home");
    expect(out).toContain("grants    CSC · lumi.login for lumi-production");
    expect(out).not.toContain("\u001b");
    const stacks = readdirSync(join(checkout.folder, "synthesized", "stacks"));
    expect(stacks).toHaveLength(5);
    expect(readdirSync(join(checkout.folder, "cdktf.out", "stacks"))).toEqual(
      stacks.map((file) => file.replace(".json", "")),
    );
  });

  test("of one site writes its stacks alone, and checks all", () => {
    const { out } = checkout.databridge("synth", "lumi", "--json");
    const { stacks, waiting, grants, assumed, seconds } = JSON.parse(out);
    expect(stacks.map(({ stack }: { stack: string }) => stack)).toEqual([
      "lumi-production-tenancy",
      "lumi-test-tenancy",
    ]);
    expect(stacks[0]).toMatchObject({
      site: "lumi",
      tenancy: "production",
      resources: 161,
      stateful: 14,
      quota: { vcpus: { taken: 142, limit: 256 }, floatingIps: { taken: 2, limit: 4 } },
      flows: { open: 20, waiting: 7, granted: 0 },
      internet: [],
    });
    expect([waiting.length > 0, grants.length, assumed > 0, seconds > 0]).toEqual([true, 1, true, true]);
    expect(readdirSync(join(checkout.folder, "cdktf.out", "stacks"))).toEqual([
      "lumi-production-tenancy",
      "lumi-test-tenancy",
    ]);
    edit("sites/leonardo.ts", (text) => text.replace('country: "IT"', 'country: "Italy"'));
    expect(checkout.databridge("synth", "lumi").code).toBe(1);
  });

  test("of a wrong site tells all that is wrong with path, value, what is allowed and the fix, and writes nothing", () => {
    edit("sites/leonardo.ts", (text) =>
      text
        .replace('cidr: "10.36.0.0/20"', 'cidr: "10.20.0.0/20"')
        .replace('submitsTo: ["leonardo"]', 'submitsTo: ["lunar"], port: 80'),
    );
    const { code, out, err } = checkout.databridge("synth");
    expect([code, out]).toEqual([1, ""]);
    expect(err).toBe(`sites/leonardo.ts: 3 problems, nothing was written

 leonardo.production.runs.ecflow-prod.port
   80 · allowed: 1024 to 49150, what ecFlow accepts · fix: leave it out for 3141
 leonardo.production.runs.ecflow-prod.submitsTo
   "lunar" · allowed: atos, leonardo, lumi, marenostrum5 · fix: name one of them
 leonardo.production.network.cidr
   "10.20.0.0/20" · allowed: a network of its own; lumi.production.network has 10.20.0.0/20 · fix: any free block, e.g. 10.0.0.0/20

sites/lumi.ts: 1 problem, nothing was written

 lumi.production.network.cidr
   "10.20.0.0/20" · allowed: a network of its own; leonardo.production.network has 10.20.0.0/20 · fix: any free block, e.g. 10.0.0.0/20
`);
    expect(existsSync(join(checkout.folder, "cdktf.out"))).toBe(false);
  });

  test("tells problems as JSON too", () => {
    edit("sites/lumi.ts", (text) => text.replace('country: "FI"', 'country: "fi"'));
    const { code, out } = checkout.databridge("synth", "--json");
    expect([code, JSON.parse(out)]).toEqual([
      1,
      {
        problems: [
          { path: "lumi.country", value: "fi", allowed: "two capital letters (ISO 3166)", fix: 'write e.g. "FI"' },
        ],
      },
    ]);
  });

  test("of a site that is none tells the nearest", () => {
    const { code, err } = checkout.databridge("synth", "lumy");
    expect([code, err]).toEqual([1, expect.stringContaining('fix: did you mean "lumi"?')]);
  });

  test("of a site file that cannot be compiled tells where", () => {
    edit("sites/lumi.ts", (text) => text.replace("export default site(", "export default site(("));
    const { code, err } = checkout.databridge("synth");
    expect([code, err]).toEqual([1, expect.stringMatching(/sites\/lumi\.ts:\d+:\d+/)]);
    expect(err).not.toContain("node_modules");
  });

  test("of a site file that fails to load tells which, and why, beside what is wrong elsewhere", () => {
    edit("sites/lumi.ts", (text) => text.replace('"FI"', "undefined.code"));
    edit("sites/home.ts", (text) => text.replace('country: "IT"', 'country: "it"'));
    const { code, err } = checkout.databridge("synth");
    expect(code).toBe(1);
    expect(err).toContain("sites/lumi.ts");
    expect(err).toContain("Cannot read properties of undefined");
    expect(err).toContain("home.country");
  });

  test("of a file that does not bear the name of its site is refused", () => {
    edit("sites/lumi.ts", (text) => text.replace('site("lumi"', 'site("lumy"'));
    expect(checkout.databridge("synth").err).toContain(
      '"lumy" · allowed: "lumi", as its file · fix: rename the site or the file',
    );
  });
});

describe("adding a site", () => {
  test("is adding one file", () => {
    const text = readFileSync(join(checkout.folder, "sites", "leonardo.ts"), "utf8");
    writeFileSync(
      join(checkout.folder, "sites", "jupiter.ts"),
      text
        .replace('site("leonardo"', 'site("jupiter"')
        .replace('slurm("leonardo"', 'slurm("jupiter"')
        .replace("leonardo.apps", "jupiter.apps")
        .replace("10.36.0.0/20", "10.68.0.0/20"),
    );
    const { code, out } = checkout.databridge("list");
    expect([code, out]).toEqual([0, expect.stringContaining("jupiter-production-tenancy")]);
  });
});

describe("databridge list, graph and assumptions", () => {
  test("load no engine: none of them needs cdktf", () => {
    writeFileSync(join(checkout.folder, "engine", "app.ts"), 'throw new Error("the engine was loaded");\nexport {};\n');
    for (const command of ["list", "graph", "assumptions"])
      expect([command, checkout.databridge(command).code]).toEqual([command, 0]);
  });
  test("list stacks with where their state is", () => {
    expect(checkout.databridge("list", "lumi").out).toContain(
      "s3://databridge-state/lumi/test/lumi-test-tenancy.tfstate",
    );
    expect(JSON.parse(checkout.databridge("list", "--json").out)).toHaveLength(5);
  });
  test("graph is JSON for pipelines and text for people", () => {
    const { steps } = JSON.parse(checkout.databridge("graph", "--json").out);
    expect(steps).toContainEqual(
      expect.objectContaining({
        id: "learn lumi",
        kind: "learn",
        needs: ["apply lumi-production-tenancy", "apply lumi-test-tenancy"],
      }),
    );
    expect(checkout.databridge("graph").out).toMatch(/^wave 1\n[\s\S]*\nwave 4\n/);
  });
  test("assumptions tell who can confirm a fact", () => {
    expect(checkout.databridge("assumptions", "lumi").out).toMatch(/lumi\.production\.quota +openstack quota show/);
  });
});

describe("a call that cannot be understood", () => {
  test("is told how to go on, with exit code 2", () => {
    const { code, err } = checkout.databridge("snyth");
    expect([code, err]).toEqual([2, expect.stringMatching(/unknown command 'snyth'[\s\S]*Did you mean synth\?/)]);
  });
  test("--help teaches, with exit code 0", () => {
    const { code, out } = checkout.databridge("--help");
    expect([code, out]).toEqual([0, expect.stringContaining("cdktf diff lumi-production-tenancy")]);
  });
});
