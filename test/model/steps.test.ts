import { cluster } from "../../constructs/cluster/spec";
import { ecflow } from "../../constructs/ecflow/spec";
import { bastion, proxy } from "../../constructs/edge/spec";
import { sharedServices } from "../../constructs/services/spec";
import { vault, vaultAgent } from "../../constructs/vault/spec";
import { siteOfTrust } from "../../model/awaited";
import { gather } from "../../model/gather";
import { stepsOf, wavesOf } from "../../model/steps";
import { allocated, pending } from "../../model/vocabulary";
import { learned, north, saying, south, tenancy } from "../model/platform";
import { web } from "../model/vault";

const home = { site: "south", tenancy: "production" };
const sites = () => [
  north(
    { production: tenancy({ runs: [bastion(), proxy(), vaultAgent({ at: home })] }) },
    { outside: { operators: pending("ask the operators") } },
  ),
  south({
    production: tenancy({
      network: { cidr: "10.36.0.0/20" },
      runs: [bastion({ from: [] }), proxy(), vault({ from: [] }), vaultAgent({ at: home })],
    }),
  }),
];
const shown = (of: ReturnType<typeof gather>) => {
  const steps = stepsOf(of.registers);
  const waves = wavesOf(steps);
  return steps
    .map(
      ({ id, needs, what }) =>
        `${waves.get(id)} ${id} (${what})${needs.length > 0 ? ` after ${needs.join(", ")}` : ""}`,
    )
    .sort();
};

test("apply, learn, apply: what waits for an address is applied again, and tickets hold nothing up", () => {
  expect(shown(gather(sites()))).toEqual([
    "1 ask ask the operators (1 rule that waits for operators)",
    '1 make ssh-user-ca (a CA that signs SSH logins: databridge bootstrap-ca <folder>; then databridge learn south trust.sshUserCa="ssh-ed25519 …")',
    "2 apply north-production-tenancy (all that waits for nothing) after make ssh-user-ca",
    "2 apply south-production-tenancy (all that waits for nothing) after make ssh-user-ca",
    "3 learn north (addresses that the cloud gave, written to the lock) after apply north-production-tenancy",
    "3 learn south (addresses that the cloud gave, written to the lock) after apply south-production-tenancy",
    "4 apply north-production-tenancy again (1 rule that waits) after apply north-production-tenancy, learn south",
    "4 apply south-production-tenancy again (1 rule that waits) after apply south-production-tenancy, learn north",
    "5 configure north (Ansible makes 2 hosts what they are) after learn north, apply north-production-tenancy again",
    "5 configure south (Ansible makes 5 hosts what they are) after learn south, apply south-production-tenancy again",
    "6 unseal south-production (initialise Vault, the first time; unseal it; export VAULT_ADDR and VAULT_TOKEN) after configure south",
    "7 apply south-production-vault (who reads, writes and is issued what, at all sites) after unseal south-production, learn north, learn south",
    '8 learn the CA of host keys (databridge learn south trust.sshHostCa="$(bao read -field=public_key ssh-hosts/config/ca)") after apply south-production-vault',
    "9 enrol north (its hosts log in to Vault: databridge configure north, with VAULT_ADDR and VAULT_TOKEN of who owns them) after apply south-production-vault, learn the CA of host keys, configure north",
    "9 enrol south (its hosts log in to Vault: databridge configure south, with VAULT_ADDR and VAULT_TOKEN of who owns them) after apply south-production-vault, learn the CA of host keys, configure south",
  ]);
});

test("what operators have to open, and addresses that are asked for, are steps of persons that hold nothing up", () => {
  const asked = { "polaris.login": { state: "requested" as const, ticket: "T-7" } };
  const given = { "polaris.login": { state: "granted" as const, ticket: "T-7" } };
  const platform = (grants: Readonly<Record<string, object>>) =>
    gather([
      north({
        production: tenancy({
          grants: grants as never,
          public: { bastion: allocated, proxy: pending("an address") },
          runs: [bastion(), proxy(), ecflow("prod", { submitsTo: ["polaris"] })],
        }),
      }),
    ]);
  const asks = (of: ReturnType<typeof gather>) => shown(of).filter((step) => step.startsWith("1 ask"));
  expect(asks(platform(asked))).toEqual([
    "1 ask an address (the address of north-production-proxy)",
    "1 ask for polaris.compute of north-production (jobs on polaris report to their server; the answer into grants of sites/north.ts)",
    "1 ask for polaris.login of north-production (jobs are submitted to polaris by SSH (requested, T-7); the answer into grants of sites/north.ts)",
  ]);
  expect(asks(platform(given)).map((step) => step.split(" (")[0])).toEqual([
    "1 ask an address",
    "1 ask for polaris.compute of north-production",
  ]);
});

test("what has been learned is not waited for", () => {
  expect(shown(learned(sites())).filter((step) => step.includes("again"))).toEqual([]);
  const trust = { sshHostCa: "ssh-ed25519 AAAA" };
  const steps = shown(gather(sites(), { north: { version: 4, trust } }));
  expect(steps.filter((step) => step.includes("the CA of"))).toEqual([]);
  expect(steps).toContainEqual(expect.stringMatching(/^8 enrol north /));
});

test("no step comes before what it needs", () => {
  const steps = stepsOf(gather(sites()).registers);
  const done: string[] = [];
  for (const { id, needs } of steps) {
    expect(done).toEqual(expect.arrayContaining([...needs]));
    done.push(id);
  }
});

test("what is trusted is learned where it is kept, or where Vault stands, or at the first site", () => {
  const home = (written: readonly unknown[], locks = {}) => siteOfTrust(gather(written, locks).registers);
  expect(home(sites())).toBe("south");
  expect(home(sites(), { north: { version: 1, trust: { sshUserCa: "ssh-ed25519 AAAA" } } })).toBe("north");
  expect(home([south({}), north({})])).toBe("south");
});

test("of stacks that do not wait for each other those that are not production come first", () => {
  const trial = tenancy({ environment: "test", network: { cidr: "10.52.0.0/20" }, public: {}, runs: [] });
  const { registers } = gather([
    north({ production: tenancy(), trial }),
    south({
      production: tenancy({ network: { cidr: "10.36.0.0/20" } }),
      zoo: { ...trial, network: { cidr: "10.68.0.0/20" } },
    }),
  ]);
  expect(stepsOf(registers).flatMap(({ stack }) => stack ?? [])).toEqual([
    "north-trial-tenancy",
    "south-zoo-tenancy",
    "north-production-tenancy",
    "south-production-tenancy",
  ]);
});

test("a cluster comes once its hosts have tokens and know its CA; what reads secrets once Vault knows its key", () => {
  const trial = saying({
    ...web,
    secrets: [{ secret: "one/api", keys: ["token"], why: "tests" }],
    needs: [
      {
        need: "secret",
        by: { workload: "web" },
        secret: "one/api",
        key: "token",
        file: "/run/web/token",
        why: "tests",
      },
    ],
  });
  const nodes = cluster({ servers: 1, workers: 1 });
  const runs = [
    bastion({ from: [] }),
    proxy(),
    vaultAgent({ at: home }),
    nodes,
    sharedServices({ vault: home }),
    trial,
  ];
  const [, second] = sites();
  const steps = stepsOf(gather([north({ production: tenancy({ runs }) }), second]).registers);
  const needsOf = (id: string) => steps.find((step) => step.id === id)?.needs;
  expect(needsOf("learn the CA of north-production")).toEqual(["configure north", "enrol north"]);
  expect(needsOf("learn the key of north-production")).toEqual(["configure north", "learn the CA of north-production"]);
  // Whoever runs them does not know what people have done.
  expect(needsOf("apply north-production-services")).toEqual([
    "configure north",
    "learn the CA of north-production",
    "apply south-production-vault",
    "learn the key of north-production",
  ]);
});

test("what needs a held stack is held with it; to learn goes on, and so does what does not need it", () => {
  const held = (...stacks: readonly string[]) => {
    const hold = { reason: "why", until: "2027-01-31", by: "Ada", since: "2027-01-01" };
    const holds = (site: string) =>
      Object.fromEntries(stacks.filter((stack) => stack.startsWith(site)).map((stack) => [stack, hold]));
    const locks = { north: { version: 6, holds: holds("north") }, south: { version: 6, holds: holds("south") } };
    return stepsOf(gather(sites(), locks).registers).flatMap(({ id, held: why }) =>
      why === undefined ? [] : [`${id}: ${why}`],
    );
  };
  const text = "held until 2027-01-31 by Ada: why";
  expect(held()).toEqual([]);
  expect(held("north-production-tenancy")).toEqual([
    `apply north-production-tenancy: ${text}`,
    `apply north-production-tenancy again: ${text}`,
  ]);
  const after = (step: string) => `after ${step}, which is held`;
  const behind = [
    `learn the CA of host keys: ${after("apply south-production-vault")}`,
    `enrol north: ${after("apply south-production-vault")}`,
    `enrol south: ${after("apply south-production-vault")}`,
  ];
  expect(held("south-production-vault").sort()).toEqual([`apply south-production-vault: ${text}`, ...behind].sort());
  expect(held("south-production-tenancy").sort()).toEqual(
    [
      `apply south-production-tenancy: ${text}`,
      `apply south-production-tenancy again: ${text}`,
      `apply south-production-vault: south-production-tenancy is ${text}`,
      ...behind,
    ].sort(),
  );
});
