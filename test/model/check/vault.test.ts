import { cluster } from "../../../constructs/cluster/spec";
import { existingVault, vault, vaultAgent } from "../../../constructs/vault/spec";
import { days } from "../../../model/vocabulary";
import { saying, tenancy } from "../platform";
import { host, reads, secret, service, shows, thing, told, vaultAt, web } from "../vault";

const at = "north.production.runs.thing";
const vaultPath = "south.production.runs.vault";

test("one Vault serves all sites", () =>
  expect(
    told({ agent: [vaultAgent({ at: vaultAt }), vault()] }).filter((line) => line.includes("a second Vault")),
  ).toEqual([
    `${vaultPath} | a second Vault | one Vault for all sites; north.production.runs.vault has it | leave one of them out`,
  ]));

test("nobody copies a Vault of somebody else", () => {
  const copies = { at: { site: "north", tenancy: "production" }, endpoint: "object.example.org" };
  const options = { product: "vault", address: "https://a.example.org", copies } as const;
  expect(told({ vault: [existingVault(options)] }).filter((line) => line.includes(".copies"))).toEqual([
    `${vaultPath}.copies | north.production | no copies of a Vault that somebody else runs | leave it out`,
  ]);
});

describe("issuers", () => {
  const lifetimes = (root: number, issuers: number) =>
    told({
      vault: [
        existingVault({ product: "vault", address: "https://a.example.org", root: days(root), issuers: days(issuers) }),
      ],
    }).filter((line) => line.includes(".issuers"));
  test("live for years, and half as long as their root or less", () => {
    expect(lifetimes(7300, 3650)).toEqual([]);
    expect(lifetimes(7300, 3651)).toEqual([
      `${vaultPath}.issuers | 3651 d | half of the 7300 d of its root, or less | let issuers live for less, or the root for longer`,
    ]);
  });
});

describe("who writes", () => {
  test("proves to somebody who it is, or no secret is ever written", () => {
    expect(told({ identity: {} })).toEqual([
      "south.identity | – | an issuer of tokens, by which team logs in to write north-production/thing/feed | name people: { issuer, audience }",
    ]);
    const pipelines = { issuer: "https://a.example.org", audience: "b", projects: ["a/b"] };
    expect(told({ identity: { pipelines } })).toHaveLength(1);
    const byJob = saying({
      ...thing,
      secrets: [{ secret: "thing/feed", keys: ["password"], why: "a feed", byJob: true }],
    });
    expect(told({ identity: { pipelines }, runs: [byJob] })).toEqual([]);
    expect(told({ identity: {}, runs: [saying({ ...thing, secrets: [], needs: [shows()] })] })).toEqual([]);
  });
  test("of an owner that is missing one line is told", () =>
    expect(told({ owner: 7 as never })).toEqual([expect.stringMatching(/^north.production.owner \| 7 /)]));
  test.each([
    "Team",
    "a team",
    "one,two",
    "*",
    "team/other",
    '"team"',
    "break-glass",
    "${team}",
  ])("is no group %s", (owner) => {
    const [line, ...others] = told({ owner });
    expect([line?.split(" | ").slice(0, 2), others]).toEqual([["north.production.owner", owner], []]);
  });
  test("is no such writer of one secret", () =>
    expect(told({ runs: [saying({ ...thing, secrets: [secret({ writer: "break-glass" })] })] })).toEqual([
      `${at}.secrets.thing/feed.writer | break-glass | lower-case letters, digits, dashes, dots; not break-glass or vault-operators, the groups of those who may do everything | name the group of the team as its issuer of tokens does`,
    ]));
  test("is nobody where no Vault is kept", () => {
    const owner = "My team";
    expect(told({ owner, vault: [], agent: [], there: [] }).filter((line) => line.includes("owner"))).toEqual([]);
  });
});

describe("names that are put together", () => {
  const role = "b-thing";
  const runs = [
    saying({
      hosts: [host("b-one", 50, [role])],
      secrets: [secret()],
      services: [service({ service: "b-door", on: { role } })],
      needs: [reads({ by: { role } }), shows({ by: { role }, service: "b-door" })],
    }),
  ];
  const other = tenancy({
    public: {},
    network: { cidr: "10.52.0.0/20" },
    runs: [
      vaultAgent({ at: vaultAt }),
      saying({
        hosts: [host("one", 50, ["thing"])],
        secrets: [secret()],
        services: [service()],
        needs: [reads(), shows()],
      }),
    ],
  });
  test("meet nowhere in Vault", () => {
    const lines = told({ runs, more: { "production-b": other } }).filter((line) => line.includes("a name in Vault"));
    expect(lines).toEqual(
      ["north-production-b-one", "certificate north-production-b-door"].map(
        (name) =>
          `north.production-b.runs.thing | ${name} | a name in Vault of its own; ${at} has this one | rename a tenancy, a host, a workload or a service`,
      ),
    );
  });
  test("of pods are no host's", () => {
    const nodes = cluster({ servers: 1, workers: 1 });
    const pods = saying({ ...web, secrets: [secret()], needs: [reads({ by: { workload: "web" } })] }, "pods");
    const taken = saying({ hosts: [host("pods-web", 50)] });
    const lines = told({ runs: [nodes, pods, taken] }).filter((line) => line.includes("a name in Vault"));
    expect(lines).toEqual([expect.stringContaining("| north-production-pods-web | a name in Vault of its own;")]);
  });
  test("do not meet with other names", () =>
    expect(told({ runs, more: { other } }).filter((line) => line.includes("a name in Vault"))).toEqual([]));
});
