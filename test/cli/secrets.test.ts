import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "./command";

let checkout: Checkout;
beforeEach(() => {
  checkout = new Checkout();
  // The shorter site keeps Vault; both have agents.
  edit("north", (text) =>
    text
      .replace(
        'country: "FI",',
        'country: "FI",\n  identity: { people: { issuer: "https://a.example.org", audience: "b" } },',
      )
      .replace("runs: [", 'runs: [vault(), vaultAgent({ at: { site: "north", tenancy: "production" } }), ')
      .replace("import { bastion,", "import { bastion, vault, vaultAgent,")
      .replace("vcpus: 16, ram: gib(64)", "vcpus: 64, ram: gib(256)"),
  );
  edit("south", (text) =>
    text
      .replace("runs: [", 'runs: [vaultAgent({ at: { site: "north", tenancy: "production" } }), ')
      .replace("import { bastion,", "import { bastion, vaultAgent,"),
  );
});
afterEach(() => checkout.remove());

function edit(site: string, change: (text: string) => string): void {
  const file = join(checkout.folder, "sites", `${site}.ts`);
  writeFileSync(file, change(readFileSync(file, "utf8")));
}

test("databridge secrets tells who reads and writes what, and what ends when", () => {
  const { code, out, err } = checkout.databridge("secrets");
  expect([code, err]).toEqual([0, ""]);
  expect(out).toMatch(/kv-north-production\/production\/ecflow\/prod +my-team +365 d +north-production-ecflow-prod/);
  expect(out).toMatch(/north-production-ecflow-prod +30 d +2 +/);
  expect(out).toContain("cannot log in to Vault until addresses are learned: those of south-production");
});

test("of the sites that were asked for alone", () => {
  const { out } = checkout.databridge("secrets", "south");
  expect([out.includes("kv-south-production"), out.includes("kv-north-production")]).toEqual([true, false]);
  const { code, err } = checkout.databridge("secrets", "sout");
  expect([code, err]).toEqual([2, expect.stringContaining('there is no site "sout"; did you mean "south"?')]);
});

test("as JSON, from where machines are seen too", () => {
  const { code, out, err } = checkout.databridge("secrets", "--json");
  expect([code, err]).toEqual([0, ""]);
  const { secrets, certificates, hostKeys, readers, writers, logins } = JSON.parse(out);
  expect(secrets.map(({ path }: { path: string }) => path)).toEqual(
    ["north", "south"].map((site) => `kv-${site}-production/production/ecflow/prod`),
  );
  expect(secrets[0]).toEqual({
    path: "kv-north-production/production/ecflow/prod",
    keys: ["ecflow", "probe"],
    why: "passwords of the users of ecFlow prod",
    writer: "my-team",
    greatestAge: "365 d",
    rotation: expect.objectContaining({ test: "ecflow_client --ping as that user" }),
    readers: [
      ...["ecflow", "probe"].map((key) => ({
        role: "north-production-ecflow-prod",
        key,
        file: `/etc/platform/ecflow-prod/passwords/${key}`,
      })),
    ],
  });
  expect(certificates[0]).toMatchObject({
    id: "north-production-ecflow-prod",
    lifetime: "30 d",
    restarts: "ecflow-prod.service",
  });
  const named = (site: string) => expect.objectContaining({ name: `${site}-production-ecflow-prod`, tokenDays: 9 });
  expect(readers).toEqual(expect.arrayContaining([named("north"), named("south")]));
  expect(readers.filter(({ from }: { from: unknown }) => from === "not learned")).toHaveLength(6);
  expect(hostKeys).toHaveLength(readers.length);
  expect(hostKeys[0]).toEqual({
    host: "north-production-vault-1",
    names: ["vault-1.production.north.example.org", "10.68.4.11"],
    lifetime: "30 d",
    signed: false,
  });
  expect(writers).toMatchObject([{ name: "my-team", logins: ["north-production", "south-production"] }]);
  expect(logins).toEqual([]);
});

test("no value is in it: a description has no place for one, and the environment is not told", () => {
  const value = "canary-7f3a9c";
  for (const args of [["secrets"], ["secrets", "--json"]]) {
    const { out, err } = checkout.databridgeWith({ VAULT_TOKEN: value, BAO_TOKEN: value, OS_PASSWORD: value }, ...args);
    expect([out.includes("ecflow/prod"), `${out}${err}`.includes(value)]).toEqual([true, false]);
  }
  edit("south", (text) =>
    text.replace(
      "runs: [",
      `runs: [{ kind: "thing", name: "thing", problems: [], describe: () => ({ secrets: [{ secret: "a", keys: ["b"], why: "c", value: "${value}" }] }) }, `,
    ),
  );
  for (const args of [["secrets"], ["secrets", "--json"]]) {
    const { code, out, err } = checkout.databridge(...args);
    expect([code, `${out}${err}`.includes("south.production.runs.thing")]).toEqual([1, true]);
    expect(`${out}${err}`).not.toContain(value);
  }
});

test("what is wrong is told, and nothing else", () => {
  edit("south", (text) => text.replace('owner: "my-team"', 'owner: "My team"'));
  const { code, out, err } = checkout.databridge("secrets", "--json");
  expect([code, err, JSON.parse(out).problems.map(({ path }: { path: string }) => path)]).toEqual([
    1,
    "",
    ["south.production.owner"],
  ]);
});
