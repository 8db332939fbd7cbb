import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "./command";

const checkout = new Checkout();
afterAll(() => checkout.remove());

const path = (...parts: string[]): string => join(checkout.folder, ...parts);
function git(...args: readonly string[]): void {
  const who = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
  const { status, stderr } = spawnSync("git", [...who, ...args], { cwd: checkout.folder, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}
function edit(file: string, from: string, to: string): void {
  const text = readFileSync(path(file), "utf8");
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
  writeFileSync(path(file), text.replace(from, to));
}
const packet = (...args: readonly string[]) => JSON.parse(checkout.databridge("review", "--json", ...args).out);
function back(): void {
  git("reset", "-q", "--hard");
  git("clean", "-fdq", "sites", "synthesized");
}
// Acknowledgements last for a year or so: the day stands still here.
process.env.DATABRIDGE_TODAY = "2026-11-24";

beforeAll(() => {
  checkout.databridge("synth");
  checkout.databridge("lock");
  writeFileSync(path(".gitignore"), "node_modules\n.build\ncdktf.out\npackages\n");
  git("init", "-q");
  git("add", "-A");
  git("commit", "-q", "-m", "first");
});
afterEach(back);

const volume = "openstack_blockstorage_volume_v3.host_ecflow-prod_volume-home";

test("an edit of a site file is told with its cause, its line, and the order of what follows", () => {
  edit("sites/north.ts", 'medium: vm("m1.medium"', 'medium: vm("m1.huge"');
  checkout.databridge("synth");
  const { code, out } = checkout.databridge("review", "--base", "HEAD");
  expect([code, out]).toEqual([0, expect.stringMatching(/^VERDICT {2}.*outage/)]);
  expect(out).toMatch(/OUTAGE +host\/ecflow-prod.* · north-production-tenancy · sites\/north.ts:\d+$/m);
  expect(packet("--base", "HEAD")).toMatchObject({
    version: 1,
    verdict: { irreversible: 0, outage: 3, unexplained: 0 },
    order: ["north-production-tenancy"],
  });
  expect(checkout.databridge("review", "--base", "HEAD", "--markdown").out).toMatch(/^\*\*3 outage/);
});

test("an edit of code is told as one, and one of code and site apart", () => {
  edit("constructs/ecflow/spec.ts", "ecFlow", "ecflow");
  edit("sites/north.ts", 'medium: vm("m1.medium"', 'medium: vm("m1.huge"');
  edit("constructs/openstack/server.ts", "configDrive: true", "configDrive: false");
  checkout.databridge("synth");
  const causes = packet("--base", "HEAD").entries.map(
    ({ construct, stacks, causes: all }: { construct: string; stacks: string[]; causes: string[] }) =>
      `${construct} ${stacks.join(" ")}: ${all.join(", ")}`,
  );
  expect(causes).toContainEqual(
    expect.stringMatching(/^host\/bastion north-production-tenancy south-production-tenancy: code$/),
  );
  expect(causes).toContainEqual(expect.stringMatching(/^host\/ecflow-prod north-production-tenancy: code, site file$/));
});

describe("edits of site files", () => {
  const at = (of: string) => {
    const text = readFileSync(path("sites/north.ts"), "utf8").split("\n");
    return `sites/north.ts:${text.findIndex((each) => each.includes(of)) + 1}`;
  };
  const causes = (): Record<string, readonly string[]> => {
    checkout.databridge("synth");
    const { entries } = packet("--base", "HEAD");
    const told: Record<string, readonly string[]> = {};
    for (const { stacks, addresses, at: lines } of entries)
      for (const address of addresses) told[`${stacks[0]} ${address}`] = lines;
    return told;
  };

  test("are told apart", () => {
    edit("sites/north.ts", 'resolvers: ["9.9.9.9"]', 'resolvers: ["9.9.9.10"]');
    edit("sites/north.ts", "standby: true", 'standby: true, flavor: "small"');
    const told = causes();
    expect(told["north-production-tenancy openstack_networking_subnet_v2.network_edge_subnet"]).toEqual([
      at("9.9.9.10"),
    ]);
    expect(told["north-production-tenancy openstack_compute_instance_v2.host_ecflow-prod_server"]).toEqual([
      at('flavor: "small"'),
    ]);
  });

  test("of which one is refused alone: it goes with what it needs, and takes no other with it", () => {
    const visitors = 'users: { zoo: { is: "team", from: ["zoo"], why: "looks after its experiments" } }';
    // A name that only the last edit gives, read first; between them another that stands alone.
    edit(
      "sites/north.ts",
      'country: "FI",',
      'country: "FI", // changed\n  outside: { zoo: network("192.0.2.64/28") },',
    );
    edit("sites/north.ts", "import { allocated", "import { network, allocated");
    edit("sites/north.ts", 'resolvers: ["9.9.9.9"]', 'resolvers: ["9.9.9.10"]');
    edit("sites/north.ts", "standby: true", `standby: true, ${visitors}`);
    const told = causes();
    expect(told["north-production-tenancy openstack_networking_subnet_v2.network_edge_subnet"]).toEqual([
      at("9.9.9.10"),
    ]);
    const relay = "openstack_networking_secgroup_rule_v2.group_proxy_out-tcp-3141-to-ecflow-prod";
    expect(told[`north-production-tenancy ${relay}`]).toEqual([at(visitors)]);
  });

  test("of which one alone is no TypeScript: the review goes on", () => {
    const file = readFileSync(path("sites/north.ts"), "utf8");
    const lines = file.replace("ecflow(", "...[ecflow(").replace("standby: true })]", "standby: true })\n\n]]");
    writeFileSync(path("sites/north.ts"), lines.replace('ntp: ["192.53.103.108"]', 'ntp: ["192.53.103.104"]'));
    const told = causes();
    expect(told["north-production-tenancy file.north-production-bastion:/etc/chrony/chrony.conf"]).toEqual([
      at("192.53.103.104"),
    ]);
  });

  test("of a copy in another folder, and of git's own settings, are nothing", () => {
    mkdirSync(path("sites", "zz"));
    writeFileSync(path("sites", "zz", "north.ts"), "export default 1;\n");
    git("add", "-A");
    git("commit", "-q", "-m", "a copy");
    git("config", "diff.noprefix", "true");
    git("config", "diff.interHunkContext", "9");
    edit("sites/north.ts", "standby: true", 'standby: true, flavor: "small"');
    edit("sites/north.ts", 'resolvers: ["9.9.9.9"]', 'resolvers: ["9.9.9.10"]');
    const told = causes();
    expect(told["north-production-tenancy openstack_compute_instance_v2.host_ecflow-prod_server"]).toEqual([
      at('flavor: "small"'),
    ]);
    expect(told["north-production-tenancy openstack_networking_subnet_v2.network_edge_subnet"]).toEqual([
      at("9.9.9.10"),
    ]);
    git("config", "--unset", "diff.noprefix");
    git("config", "--unset", "diff.interHunkContext");
    git("reset", "-q", "--hard", "HEAD~1");
  });

  test("of more than can be told apart are told by file, and a site that is new or gone by its file", () => {
    for (const site of ["north", "south"]) {
      const lines = readFileSync(path(`sites/${site}.ts`), "utf8").split("\n");
      const changed = lines.map((line, i) => (i > 4 && i % 2 === 0 ? `${line} // ${i}` : line));
      writeFileSync(path(`sites/${site}.ts`), changed.join("\n"));
    }
    edit("sites/north.ts", "standby: true", 'standby: true, flavor: "small"');
    expect(
      causes()["north-production-tenancy openstack_compute_instance_v2.host_ecflow-prod_server"]?.length,
    ).toBeGreaterThan(5);
    back();
    const north = readFileSync(path("sites/north.ts"), "utf8");
    const west = north.replaceAll("north", "west").replace("10.68.", "10.100.");
    writeFileSync(path("sites/west.ts"), west);
    git("add", "-N", "sites/west.ts");
    expect(causes()["west-production-tenancy openstack_networking_router_v2.router"]).toEqual([
      expect.stringMatching(/^sites\/west.ts:1-\d+$/),
    ]);
  });
});

test("a base that does not fit the code: causes are not told apart, and nothing is called newly unwise", () => {
  writeFileSync(path("sites/north.lock.json"), "no JSON");
  git("commit", "-q", "-am", "a broken lock");
  git("checkout", "-q", "HEAD~1", "--", "sites");
  edit("sites/north.ts", 'medium: vm("m1.medium"', 'medium: vm("m1.huge"');
  checkout.databridge("synth");
  const { verdict, notes, entries } = packet("--base", "HEAD");
  expect([verdict.unwise, verdict.unexplained, entries[0].causes]).toEqual([0, 0, ["site file or code"]]);
  expect(notes).toContainEqual("north.lock of the base cannot be read: what left it is not told");
  expect(notes).toContainEqual(expect.stringMatching(/^what the base describes does not fit .*north.lock/));
  git("reset", "-q", "--hard", "HEAD~1");
});

test("an acknowledgement that is new is told, and whose it is", () => {
  edit("sites/north.ts", "import { allocated, gib", "import { acknowledge, allocated, gib");
  edit(
    "sites/north.ts",
    "  tenancies: {",
    `  acknowledged: [acknowledge("production-without-calendar", ["production.calendar"], { reason: "r", owner: "o", until: "2027-06-30" })],
  tenancies: {`,
  );
  const { policy } = packet("--base", "HEAD");
  expect(policy.filter(({ isNew }: { isNew: boolean }) => isNew)).toEqual([
    {
      rule: "production-without-calendar",
      target: "north.production.calendar",
      unwise: ["it names no forecast"],
      acknowledged: { reason: "r", owner: "o", until: "2027-06-30" },
      isNew: true,
      added: ["it names no forecast"],
    },
  ]);
});

test("what is newly unwise fails until a team answers for it", () => {
  edit("sites/north.ts", "standby: true", "standby: false");
  edit(
    "sites/north.ts",
    "runs: [",
    'retired: { "host/ecflow-prod-standby": { fate: "destroyed", why: "w" } },\n      runs: [',
  );
  checkout.databridge("synth");
  const { code, out } = checkout.databridge("review", "--base", "HEAD");
  expect([code, out]).toEqual([1, expect.stringMatching(/^VERDICT .* · 1 unwise /)]);
  expect(out).toMatch(
    /unwise +new: north.production.runs.ecflow-prod: ecflow-prod stands alone .* · nobody answers for it/,
  );
  expect(checkout.databridge("review", "--base", "HEAD", "--markdown").out).toMatch(/\*\*Unwise\*\*\n\n- new: north/);
});

test("what leaves a lock is told, though no stack changes", () => {
  const lock = JSON.parse(readFileSync(path("sites/north.lock.json"), "utf8"));
  delete lock.stacks["north-production-tenancy"].stateful["openstack_networking_router_v2.router"];
  writeFileSync(path("sites/north.lock.json"), JSON.stringify(lock));
  const { verdict, locks } = packet("--base", "HEAD");
  expect([verdict.review, locks]).toEqual([
    1,
    ["north.lock.stacks.north-production-tenancy.stateful.openstack_networking_router_v2.router: egress address goes"],
  ]);
});

test("a file of a host that changes is told with what restarts, and the line that it comes from", () => {
  edit("sites/north.ts", 'ntp: ["192.53.103.108"]', 'ntp: ["192.53.103.104"]');
  checkout.databridge("synth");
  const { out } = checkout.databridge("review", "--base", "HEAD");
  expect(out).toMatch(
    /OUTAGE +host\/bastion, .* · north-production-tenancy · sites\/north.ts:\d+\n +chrony.service restarts: \/etc\/chrony\/chrony.conf changes/,
  );
  expect(out).not.toContain("unexplained");
});

test("what was learned is told as that", () => {
  checkout.databridge("learn", "north", "trust.sshUserCa=ssh-ed25519 AAAAC3Nz");
  checkout.databridge("synth");
  const causes = new Set(packet("--base", "HEAD").entries.flatMap(({ causes: all }: { causes: string[] }) => all));
  expect([...causes]).toEqual(["learned"]);
});

test("what nothing gives is unexplained, and fails", () => {
  edit("synthesized/stacks/north-production-tenancy.json", '"m1.medium"', '"m1.huge"');
  const { code, out } = checkout.databridge("review", "--base", "HEAD");
  expect([code, out]).toEqual([
    1,
    expect.stringMatching(/unexplained +host\/.*: no site file, lock or code gives this/),
  ]);
});

test("a synthesis that was forgotten fails", () => {
  edit("sites/north.ts", 'medium: vm("m1.medium"', 'medium: vm("m1.huge"');
  const { code, out } = checkout.databridge("review", "--base", "HEAD");
  const why = "unexplained   synthesized/ of north-production-tenancy is not what site files, locks and code give";
  expect([code, out]).toEqual([1, expect.stringContaining(why)]);
});

test("a description that is refused is told as that: there is nothing to review", () => {
  edit("sites/north.ts", "standby: true", "standbye: true");
  expect(checkout.databridge("review", "--base", "HEAD")).toMatchObject({
    code: 1,
    out: "",
    err: expect.stringContaining('did you mean "standby"?'),
  });
});

test("two commits are compared without running anything of them, and causes are not told", () => {
  edit("sites/north.ts", 'medium: vm("m1.medium"', 'medium: vm("m1.huge"');
  checkout.databridge("synth");
  git("commit", "-q", "-am", "second");
  const { verdict, entries, notes } = packet("--base", "HEAD~1", "--head", "HEAD");
  expect(verdict.outage).toBe(3);
  expect(entries[0].causes).toEqual([]);
  expect(notes).toContainEqual(expect.stringContaining("check out the head"));
  git("reset", "-q", "--hard", "HEAD~1");
});

test.each([
  [[], "--base <git ref>, or --plans <folder>"],
  [["--base", "nowhere"], 'there is no commit "nowhere"'],
  [["--base", "--output=x"], 'there is no commit "--output=x"'],
  [["--plans", "nowhere"], "there is no folder nowhere"],
])("%j is refused as a call", (args, why) => {
  expect(checkout.databridge("review", ...args)).toMatchObject({ code: 2, out: "", err: expect.stringContaining(why) });
});

test("a plan tells what the trees cannot: what drifted, what is replaced; and one of something else is refused", () => {
  const plans = path("plans");
  mkdirSync(plans);
  const change = { actions: ["delete", "create"], before: { size: 1 }, after: { size: 2 }, replace_paths: [["size"]] };
  const resource = { address: volume, mode: "managed", type: "openstack_blockstorage_volume_v3", change };
  const plan = { format_version: "1.2", resource_changes: [resource], resource_drift: [] };
  writeFileSync(join(plans, "north-production-tenancy.json"), JSON.stringify(plan));
  expect(packet("--plans", plans).entries).toEqual([
    expect.objectContaining({
      level: "irreversible",
      addresses: [volume],
      reasons: [expect.stringContaining("since size cannot change")],
    }),
  ]);
  const { code, err } = checkout.databridge("review", "--base", "HEAD", "--plans", plans);
  expect([code, err]).toEqual([1, expect.stringContaining("allowed: a plan of the head")]);
  writeFileSync(join(plans, "north-production-tenancy.json"), "{}");
  expect(checkout.databridge("review", "--plans", plans)).toMatchObject({
    code: 1,
    err: expect.stringContaining("allowed: a plan"),
  });
});
