import fc from "fast-check";
import { bastion, proxy } from "../../../constructs/edge/spec";
import { existingVault, vaultAgent } from "../../../constructs/vault/spec";
import { gather } from "../../../model/gather";
import { allRules } from "../../../model/registers";
import { tcp } from "../../../model/site/need";
import {
  assumed,
  cpu,
  days,
  hours,
  operatorCertificate,
  pending,
  service,
  shared,
  slurm,
} from "../../../model/vocabulary";
import type { Assumed } from "../../../model/words/assumed";
import type { Pending } from "../../../model/words/public-address";
import { north, saying, tenancy } from "../platform";
import { host, platform, reads, secret, shows, thing, told, vaultAt } from "../vault";

const at = "north.production.runs.thing";
const lives = (lifetime: ReturnType<typeof days>) => [saying({ ...thing, needs: [reads(), shows({ lifetime })] })];

describe("a certificate", () => {
  const survives = (days_: number) => [vaultAgent({ at: vaultAt, survives: days(days_) })];
  test("outlives Vault's absence twice, since it is renewed when a third of it is left", () => {
    expect(told({ runs: lives(days(9)), agent: survives(3) })).toEqual([]);
    expect(told({ runs: lives(days(8)), agent: survives(3) })).toEqual([
      `${at}.needs.certificate.door.lifetime | 8 d | three times what north.production survives without Vault, 3 d, or more | raise it, or survive less`,
    ]);
  });
  test("may live as short as it likes where nothing fetches it", () =>
    expect(told({ runs: lives(hours(1)), agent: [] })).toEqual([]));
  test("lives no longer than a quarter of its issuer", () => {
    const kept = [existingVault({ product: "vault", address: "https://vault.example.org", issuers: days(40) })];
    const runs = (n: number) =>
      told({ runs: lives(days(n)), vault: kept, agent: [] }).filter((line) => line.startsWith(at));
    expect(runs(10)).toEqual([]);
    expect(runs(11)).toEqual([
      `${at}.needs.certificate.door.lifetime | 11 d | a quarter of its issuer's 40 d, or less | write days(10) or less`,
    ]);
  });
});

describe("a file", () => {
  const two = (file: string, role: string) =>
    told({
      runs: [
        saying({
          ...thing,
          hosts: [...thing.hosts, host("other", 60)],
          secrets: [secret({ keys: ["password", "user"] })],
          needs: [...thing.needs, reads({ by: { role }, key: "user", file })],
        }),
      ],
    });
  test("is written by one template of its hosts", () =>
    expect(two("/etc/thing/password", "thing")).toEqual([
      `${at} | /etc/thing/password | a file of its own; ${at} writes this one on the same hosts | write it elsewhere`,
    ]));
  test("is no secret and part of a certificate at once", () =>
    expect(two("/etc/thing/tls.key", "thing")).toHaveLength(1));
  test("bears the same name on hosts that do not meet", () =>
    expect(two("/etc/thing/password", "other").filter((line) => line.includes("a file of its own"))).toEqual([]));
});

describe("a login for which a person has to be there every few hours", () => {
  const login = (is: {
    readonly agreement?: string | Pending | Assumed<string>;
    readonly environment?: "production" | "test";
    readonly renewal?: "person" | "automatic";
  }) => {
    const { agreement, environment = "production", renewal = "person" } = is;
    const needs = [
      {
        need: "flow" as const,
        from: { role: "thing" },
        to: { supercomputer: "vega", nodes: "login" as const },
        traffic: tcp(22),
        why: "jobs",
      },
    ];
    const runs = [bastion(), proxy(), saying({ hosts: [host("thing", 50)], needs })];
    const supercomputer = slurm("vega", {
      host: "vega.example.org",
      login: shared("198.51.100.1"),
      hostKeys: [`SHA256:${"A".repeat(43)}`],
      internet: { login: true, compute: true },
      auth: operatorCertificate({ ca: "https://ca.example.org", fingerprint: "ab", lifetime: hours(12), renewal }),
      ...(agreement === undefined ? {} : { agreement }),
      accounts: { production: service("svc", "project"), test: service("svc", "project") },
      partitions: { standard: cpu("zen2", { cores: 64 }) },
    });
    const site = north({ [environment]: tenancy({ environment, runs }) }, { supercomputer });
    return gather([site]);
  };
  const problems = (is: Parameters<typeof login>[0]) =>
    login(is).problems.map(({ path, value, allowed, fix }) => `${path} | ${value} | ${allowed} | ${fix}`);
  const refused = (value?: string) =>
    `north.supercomputer.agreement | ${value} | the agreement, not assumed, by which ${at} logs in without a person, for whom the operator makes its certificate of 12 h | name it; or write pending("who is asked"), and the login waits; or log in by a registered key`;
  test("carries no forecast, whoever renews it", () => {
    expect(problems({})).toEqual([refused()]);
    expect(problems({ renewal: "automatic" })).toEqual([refused()]);
  });
  test("carries none by an agreement that somebody assumes", () =>
    expect(problems({ agreement: assumed("A-1", "us: whether there is one") })).toEqual([refused("A-1")]));
  test.each([{ agreement: "A-1" }, { environment: "test" as const }])("is no matter with %j", (is) =>
    expect(problems(is)).toEqual([]));
  const awaited = (is: Parameters<typeof login>[0]) =>
    allRules(login(is).registers)
      .flatMap(({ peer }) =>
        "address" in peer && "awaited" in peer.address && "ask" in peer.address.awaited
          ? [peer.address.awaited.ask]
          : [],
      )
      .filter((ask) => ask.startsWith("them"));
  test("waits in production while the operator is asked, and there alone", () => {
    const agreement = pending("them: whether a service may");
    expect(problems({ agreement })).toEqual([]);
    expect(awaited({ agreement })).toEqual(["them: whether a service may"]);
    expect(awaited({ agreement, environment: "test" })).toEqual([]);
    expect(awaited({ agreement: "A-1" })).toEqual([]);
  });
});

test("no input throws", () => {
  const any = fc.oneof(fc.anything(), fc.constantFrom(days(1), days(5000), "team", "a,b"));
  fc.assert(
    fc.property(any, any, any, (survives, issuers, owner) => {
      const agent = [vaultAgent({ at: vaultAt, survives } as never)];
      const kept = [existingVault({ product: "vault", address: "https://a.example.org", issuers } as never)];
      for (const { path } of platform({ agent, vault: kept, owner: owner as never }).problems)
        expect(path).not.toBe("");
    }),
    { numRuns: 60 },
  );
  expect(gather([]).problems).toEqual([]);
});
