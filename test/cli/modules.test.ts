import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "./command";

let checkout: Checkout;
beforeEach(() => {
  checkout = new Checkout();
  const file = join(checkout.folder, "sites", "north.ts");
  const text = readFileSync(file, "utf8");
  const imported =
    'import { cluster, modules } from "../constructs/specs";\nimport { cpu, hours, ofSystem, service, shared, signedKey, slurm } from "../model/vocabulary";\n';
  writeFileSync(
    file,
    imported +
      text
        .replace("tenancies: {", `${supercomputer}\n  tenancies: {`)
        .replace("runs: [", `runs: [${software}, cluster({ servers: 1, workers: 1, workerFlavor: "medium" }),`),
  );
});
afterEach(() => checkout.remove());

const supercomputer = `supercomputer: slurm("polaris", {
    host: "polaris.example.org",
    login: shared("198.51.100.1"),
    hostKeys: ["SHA256:${"A".repeat(43)}"],
    internet: { login: true, compute: false },
    auth: signedKey(hours(12)),
    accounts: { production: { ...service("svc", "project"), work: "/scratch/project" } },
    partitions: { standard: cpu("zen3", { cores: 64 }) },
    software: {
      prefix: "/appl/ours",
      python: { program: "python3" },
      targets: { standard: { toolchain: "SYSTEM", given: { Python: ofSystem, PyYAML: ofSystem } } },
    },
  }),`;
const software = `modules({ software: { "49r3": { troika: "0.2.6" } }, on: ["standard"], image: "example.org/it:1@sha256:${"0".repeat(64)}" })`;

test("databridge modules show tells packages by cycle, and what each target does differently", () => {
  const { code, out, err } = checkout.databridge("modules", "show");
  expect([code, err]).toEqual([0, ""]);
  expect(out).toMatch(/^ package +49r3\n troika +0\.2\.6$/m);
  expect(out).toMatch(/^ toolchain +SYSTEM$/m);
  expect(out).toMatch(/^ pypi:troika==0\.2\.6 +sources\.troika-0\.2\.6$/m);
  expect(checkout.databridge("modules", "show", "south").out).toBe("no software is installed there\n");
});

test("databridge modules order writes what the program is told, for this machine and nobody else to read", () => {
  const folder = join(checkout.folder, "order");
  expect(checkout.databridge("modules", "order", "north", folder, "--user", "jane").code).toBe(0);
  expect(readdirSync(folder).sort()).toEqual([
    "49r3-standard.json",
    "connections.json",
    "known_hosts",
    "order.json",
    "ssh_config",
    "troika.yml",
  ]);
  expect(statSync(join(folder, "ssh_config")).mode & 0o777).toBe(0o600);
  const ssh = readFileSync(join(folder, "ssh_config"), "utf8");
  expect(ssh).toContain("  User jane\n");
  expect(ssh).toContain("StrictHostKeyChecking yes");
  expect(ssh).not.toContain("IdentityFile");
  expect(JSON.parse(readFileSync(join(folder, "order.json"), "utf8"))).toMatchObject({
    user: "jane",
    ssh: join(folder, "ssh_config"),
  });
});

test("a source that somebody has looked at is learned by its package and version, and by no other name", () => {
  const [known, wrong] = [`sources.troika-0.2.6=${"1".repeat(64)}`, `sources.troika-0.2.7=${"1".repeat(64)}`];
  const refused = checkout.databridge("learn", "north", wrong);
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('did you mean "sources.troika-0.2.6"?')]);
  expect(checkout.databridge("learn", "north", "sources.troika-0.2.6=abc").err).toContain(
    "a SHA-256 in hex, 64 digits",
  );
  expect(checkout.databridge("learn", "north", known).code).toBe(0);
  expect(checkout.databridge("modules", "show").out).not.toContain("pypi:troika");
});

test("a site without software is told, and a call without a site too", () => {
  expect(checkout.databridge("modules", "deploy", "south")).toMatchObject({
    code: 2,
    err: "no software is installed at south\n",
  });
  expect(checkout.databridge("modules", "deploy").code).toBe(2);
  expect(checkout.databridge("modules", "--help").out).toContain("rollback");
});

test("an incident is logged though nothing is closed yet: what is built is published hours later", () => {
  const file = join(checkout.folder, "sites", "north.ts");
  const text = readFileSync(file, "utf8");
  const frozen = (from: string, to: string): void =>
    writeFileSync(
      file,
      text.replace("runs: [", `calendar: { freezes: [{ from: "${from}", to: "${to}", why: "it moves" }] }, runs: [`),
    );
  const log = join(checkout.folder, "incidents", "north.jsonl");
  frozen("2001-01-01", "2001-01-02");
  checkout.databridge("modules", "deploy", "north", "--incident", "INC-7");
  expect(existsSync(log)).toBe(false);
  frozen("2091-01-01", "2091-01-02");
  checkout.databridge("modules", "rollback", "north", "--of", "49r3/standard", "--incident", "INC-7");
  expect(existsSync(log)).toBe(false);
  const { err } = checkout.databridgeWith(
    { GITLAB_USER_LOGIN: "ada" },
    ...["modules", "deploy", "north", "--incident", "INC-7"],
  );
  expect(err).toContain("next      commit incidents/north.jsonl");
  expect(JSON.parse(readFileSync(log, "utf8"))).toMatchObject({
    who: "ada",
    incident: "INC-7",
    did: "modules deploy",
    target: "north-production-modules",
    why: "it closes on 2091-01-01 00:00 UTC: it moves, 2091-01-01 to 2091-01-02",
    opens: "2091-01-03 00:00 UTC",
  });
});

test("software is installed and taken back by nobody while its stack is held, which is no failure", () => {
  const stack = "north-production-modules";
  const day = { DATABRIDGE_TODAY: "2031-01-01" };
  expect(checkout.databridgeWith(day, "hold", stack, "--reason", "it moves", "--until", "2031-06-01").code).toBe(0);
  for (const action of [["deploy"], ["rollback", "--of", "49r3/standard"]]) {
    const [name = "", ...more] = action;
    const { code, out, err } = checkout.databridge("modules", name, "north", ...more);
    expect([code, out, err]).toEqual([0, "", expect.stringMatching(`${stack}: held until 2031-06-01 by .*: it moves`)]);
  }
});
