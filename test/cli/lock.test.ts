import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { otherRoot, root } from "../model/roots";
import { Checkout } from "./command";

let checkout: Checkout;
beforeEach(() => {
  checkout = new Checkout();
});
afterEach(() => checkout.remove());

const path = (...parts: readonly string[]): string => join(checkout.folder, ...parts);
const lockFile = (site: string) => path("sites", `${site}.lock.json`);
const lockOf = (site: string) => JSON.parse(readFileSync(lockFile(site), "utf8"));
const edit = (file: string, change: (text: string) => string): void => {
  const before = readFileSync(path(file), "utf8");
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(path(file), after);
};
const say = (words: string) => edit("sites/north.ts", (text) => text.replace(/( +)runs:/, `$1${words},\n$1runs:`));
const withoutStandby = () => edit("sites/north.ts", (text) => text.replace(", { standby: true }", ""));
const renameEcflow = () => edit("sites/north.ts", (text) => text.replace('ecflow("prod"', 'ecflow("daily"'));
const volume = (host: string) => `openstack_blockstorage_volume_v3.host_${host}_volume-home`;
const stack = "north-production-tenancy";

describe("databridge lock", () => {
  test("shows what it adds and writes it once, in order, one entry a line", () => {
    const dry = checkout.databridge("lock", "--dry-run");
    expect(dry.out).toContain("sites/north.lock.json, not written");
    expect(existsSync(lockFile("north"))).toBe(false);
    expect(checkout.databridge("lock", "--check").code).toBe(1);
    expect(existsSync(lockFile("north"))).toBe(false);

    const { code, out } = checkout.databridge("lock");
    expect([code, out]).toEqual([
      0,
      expect.stringContaining(` + stacks.${stack}.stateful.${volume("ecflow-prod")} volume`),
    ]);
    const text = readFileSync(lockFile("north"), "utf8");
    expect(text).toBe(`${JSON.stringify(lockOf("north"), undefined, 2)}\n`);
    expect(Object.keys(lockOf("north"))).toEqual(["learned", "stacks", "trust", "version"]);
    expect(Object.keys(lockOf("north").stacks)).toEqual([stack]);
    expect(readdirSync(path("sites")).filter((file) => !/\.(ts|lock\.json)$/.test(file))).toEqual([]);

    expect(checkout.databridge("lock").out).toBe("locks are current, nothing was written\n");
    expect(checkout.databridge("lock", "--check").code).toBe(0);
  });

  test("writes the version that what is held asks for, and holds a file against it", () => {
    checkout.databridge("lock");
    // FDB's layout.
    expect(lockOf("south").version).toBe(7);
    edit("sites/south.lock.json", (text) => text.replace('"version": 7', '"version": 1'));
    const { code, out } = checkout.databridge("lock", "--check");
    expect([code, out]).toEqual([1, "sites/south.lock.json, not written\n - version 1\n + version 7\n"]);
    expect(checkout.databridge("lock").code).toBe(0);
    expect([lockOf("south").version, checkout.databridge("lock", "--check").code]).toEqual([7, 0]);
  });

  test("keeps a rename from losing data, from the edit to the end", () => {
    withoutStandby();
    checkout.databridge("lock");
    renameEcflow();
    const refused = checkout.databridge("synth");
    expect([refused.code, refused.out]).toEqual([1, ""]);
    const words = 'formerly: { "host/ecflow-daily": "host/ecflow-prod" }';
    expect(refused.err).toContain(`in north.production, ${words}`);
    expect(existsSync(path("cdktf.out"))).toBe(false);
    expect(checkout.databridge("lock")).toMatchObject({ code: 1, err: expect.stringContaining(words) });

    say(words);
    expect(checkout.databridge("synth")).toMatchObject({ code: 0, err: "" });
    const written = JSON.parse(readFileSync(path("synthesized", "stacks", `${stack}.json`), "utf8"));
    expect(written.moved).toContainEqual({ from: volume("ecflow-prod"), to: volume("ecflow-daily") });

    // Whoever locks too early loses nothing: the old address stays until it is said to be applied.
    expect(checkout.databridge("lock").out).toContain(
      `kept until applied, then: databridge lock --applied <stack>\n   ${stack}.${volume("ecflow-prod")}`,
    );
    const kept = Object.keys(lockOf("north").stacks[stack].stateful);
    expect(kept).toContain(volume("ecflow-prod"));
    expect(kept).not.toContain(volume("ecflow-daily"));
    expect(checkout.databridge("lock", "--check").code).toBe(0);
    expect(checkout.databridge("synth").out).not.toContain("over ");

    expect(checkout.databridge("lock", "--applied", stack).out).toContain(
      ` - stacks.${stack}.stateful.${volume("ecflow-prod")}`,
    );
    expect(Object.keys(lockOf("north").stacks[stack].stateful)).toContain(volume("ecflow-daily"));
    expect(checkout.databridge("synth").out).toContain("over      north.production.formerly.host/ecflow-daily");
  });

  test("lets go of what is forgotten by name, and of nothing else", () => {
    withoutStandby();
    checkout.databridge("lock");
    renameEcflow();
    const address = `${stack}.${volume("ecflow-prod")}`;
    expect(checkout.databridge("lock", "--forget", `${stack}.nothing`).err).toContain("take the name from the lock");
    expect(checkout.databridge("lock", "--forget", stack).err).toContain("take it out of the description first");
    expect(checkout.databridge("lock", "--forget", address).code).toBe(0);
    expect(Object.keys(lockOf("north").stacks[stack].stateful)).not.toContain(volume("ecflow-prod"));
    expect(checkout.databridge("synth").code).toBe(0);
  });

  test("keeps a site, and with it its state, from going unnoticed", () => {
    checkout.databridge("lock");
    rmSync(path("sites", "north.ts"));
    const { code, err } = checkout.databridge("list");
    expect([code, err]).toEqual([1, expect.stringContaining("databridge lock --forget north-production-tenancy")]);
    expect(checkout.databridge("lock", "--forget", "north-production-tenancy")).toMatchObject({ code: 0, err: "" });
    expect(existsSync(lockFile("north"))).toBe(false);
    expect(checkout.databridge("list").code).toBe(0);
  });

  test("keeps a state from being looked for elsewhere", () => {
    checkout.databridge("lock");
    edit("sites/north.ts", (text) => text.replace(/bucket: "[^"]+"/, 'bucket: "other-states"'));
    expect(checkout.databridge("synth").err).toContain(`databridge lock --forget ${stack}.state`);
    expect(checkout.databridge("lock", "--forget", `${stack}.state`).code).toBe(0);
    expect(lockOf("north").stacks[stack].state).toContain("s3://other-states/");
    expect(checkout.databridge("synth").code).toBe(0);
  });

  test("writes no lock over one that cannot be read", () => {
    checkout.databridge("lock");
    const text = `<<<<<<< ours\n${readFileSync(lockFile("north"), "utf8")}`;
    writeFileSync(lockFile("north"), text);
    expect(checkout.databridge("lock").err).toContain("merge conflict at line 1");
    expect(checkout.databridge("learn", "north", "production.router=192.0.2.1").err).toContain(
      "merge conflict at line 1",
    );
    expect(readFileSync(lockFile("north"), "utf8")).toBe(text);
  });
});

describe("databridge learn", () => {
  test("tells what is awaited, and where it is found", () => {
    const { code, out, err } = checkout.databridge("learn", "north");
    // Nobody asked the clouds: that is no success.
    expect([code, err]).toEqual([
      1,
      expect.stringContaining("the clouds of north were not asked: there is no clouds.yaml"),
    ]);
    expect(out).toMatch(/^ awaited +where it is found\n/);
    expect(out).toContain(
      "openstack --os-cloud north-production router show north-production -c external_gateway_info",
    );
    expect(
      JSON.parse(checkout.databridge("learn", "north", "--json").out).missing.map(({ key }: { key: string }) => key),
    ).toEqual(["trust.sshUserCa", "production.router", "production.public.bastion", "production.public.proxy"]);
  });

  test("writes values, shows what they were, and awaits them no more", () => {
    const values = ["trust.sshUserCa=ssh-ed25519 AAAAC3Nz me@desk", "production.router=192.0.2.1"];
    expect(checkout.databridge("learn", "north", ...values, "--dry-run").out).toContain("not written");
    expect(existsSync(lockFile("north"))).toBe(false);
    expect(checkout.databridge("learn", "north", ...values).out).toContain(" + learned.production.router 192.0.2.1");
    expect(lockOf("north")).toMatchObject({
      learned: { production: { router: "192.0.2.1" } },
      trust: { sshUserCa: "ssh-ed25519 AAAAC3Nz" },
    });
    expect(checkout.databridge("learn", "north", "production.router=192.0.2.2").out).toContain(
      " - learned.production.router 192.0.2.1\n + learned.production.router 192.0.2.2",
    );
    expect(checkout.databridge("learn", "north").out).not.toContain("production.router ");
    checkout.databridge("learn", "north", "production.router=");
    expect(lockOf("north").learned).toEqual({ production: { public: {} } });
  });

  test("lets CAs overlap, withdraws keys and takes a root, in a lock that an older program refuses", () => {
    const [key, old] = ["ssh-ed25519 AAAAC3Nz", "ssh-ed25519 AAAAC3Nx"];
    const values = [
      `sshUserCa=${key} next`,
      `sshUserCaToo=${old} last`,
      "revoked.lost=ssh-ed25519 AAAAC3Ny",
      `tlsRoot=${root}`,
      `tlsRootToo=${otherRoot}`,
    ];
    const learned = checkout.databridge("learn", "north", ...values.map((value) => `trust.${value}`));
    expect([learned.code, learned.err]).toEqual([0, ""]);
    const trust = { sshUserCa: key, sshUserCaToo: old, revoked: { lost: "ssh-ed25519 AAAAC3Ny" }, tlsRoot: root };
    expect(lockOf("north")).toMatchObject({
      version: 2,
      trust: { ...trust, tlsRootToo: otherRoot },
    });
    const wrong = checkout.databridge("learn", "north", `trust.revoked.ca=${key}`);
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining("nobody could log in any more")]);
  });

  test.each([
    ["production.router=10.0.0.1", "a public IPv4 address"],
    ["production.public.bastoin=192.0.2.1", 'did you mean "bastion"?'],
    ["productoin.router=192.0.2.1", 'did you mean "production.router"?'],
    ["production.rooter=192.0.2.1", 'did you mean "router"?'],
    ["trust.sshUserCa=-----BEGIN OPENSSH PRIVATE KEY-----", "a public key"],
  ])("of %s writes nothing, and says why", (value, why) => {
    const { code, err } = checkout.databridge("learn", "north", value);
    expect([code, err]).toEqual([1, expect.stringContaining(why)]);
    expect(err).not.toContain("PRIVATE KEY");
    expect(existsSync(lockFile("north"))).toBe(false);
  });

  test("of what is no value is a call that cannot be understood", () =>
    expect(checkout.databridge("learn", "north", "router").code).toBe(2));
});
