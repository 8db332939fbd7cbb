import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ecflow } from "../../constructs/ecflow/spec";
import { bastion, proxy } from "../../constructs/edge/spec";
import { gather } from "../../model/gather";
import { tlsFiles } from "../../model/site/certificate";
import type { Component } from "../../model/site/component";
import { tcp } from "../../model/site/need";
import { home } from "../../model/site/place-name";
import type { HostSpec } from "../../model/site/specs";
import type { TenancyInput } from "../../model/site/tenancy";
import {
  assumed,
  gib,
  gpu,
  hours,
  operatorCertificate,
  pending,
  person,
  registeredKey,
  service,
  slurm,
} from "../../model/vocabulary";
import type { Day } from "../../model/words/calendar";
import { judge } from "../../policy/judge";
import { rulesPage } from "../../policy/page";
import { rules } from "../../policy/rules";
import { north, saying, south, tenancy } from "../model/platform";

const today = "2026-11-24" as Day;
const edge = [bastion(), proxy()];
const running = (...runs: readonly Component[]) => [north({ production: tenancy({ runs: [...edge, ...runs] }) })];
const being = (is: Partial<TenancyInput>) => [north({ production: tenancy({ runs: edge, ...is }) })];
const host = (is: Partial<HostSpec> = {}): HostSpec => ({
  name: "box",
  roles: ["box"],
  subnet: "services",
  slot: 70,
  flavor: "small",
  ...is,
});
const bucket = saying({ buckets: [{ name: "backups", fate: "keep" }] });
const withBuckets = (site: ReturnType<typeof south>) => ({ ...site, cloud: { ...site.cloud, has: ["swift"] } });
const store = (volume: object) =>
  saying({ hosts: [host({ volumes: [{ name: "data", size: gib(1), ...volume } as never] })] });
const served = (auth: "tls" | "mtls" | "tls+password", outside: string) =>
  saying({
    hosts: [host()],
    services: [
      { service: "box", on: { role: "box" }, traffic: tcp(8443), auth, ownTrust: true, entrance: { relay: "proxy" } },
    ],
    needs: [{ need: "flow", from: { outside }, to: { service: "box" }, why: "they look" }],
  });
const certified = saying({
  hosts: [host()],
  services: [{ service: "box", on: { role: "box" }, traffic: tcp(8443), auth: "tls" }],
  needs: [
    { need: "certificate", by: { role: "box" }, service: "box", files: tlsFiles("/etc/box"), why: "they trust it" },
  ],
});
const polaris = (account: object) => [
  north(
    { production: tenancy({ runs: edge }) },
    {
      supercomputer: slurm("polaris", {
        host: "polaris.example.org",
        login: pending("?"),
        internet: { login: true, compute: true },
        auth: registeredKey("hpc/polaris"),
        accounts: { production: account as never },
        partitions: { standard: gpu("gfx90a", 8, { cores: 64 }) },
      }),
    },
  ),
];
/** A test whose jobs are submitted by certificates of the operator. */
const certifiedAs = (renewal: "person" | "automatic", agreement?: string) => {
  const { supercomputer, ...rest } = north({
    test: tenancy({ environment: "test", runs: [...edge, ecflow("test", { submitsTo: ["polaris"] })] }),
  });
  const auth = operatorCertificate({ ca: "https://ca.example.org", fingerprint: "ab", lifetime: hours(12), renewal });
  const facts = { ...supercomputer?.facts, auth, ...(agreement === undefined ? {} : { agreement }) };
  return [{ ...rest, supercomputer: { name: "polaris", facts } }];
};
const grant = (until: string) => ({ "polaris.login": { state: "granted" as const, ticket: "T-1", until } });

const collecting = { hosts: [host({ roles: ["collector"] })] };

type Sites = readonly unknown[];
/** Of each rule: sites that keep it, sites that do not, and what it says of them. */
const cases: Record<string, readonly [kept: Sites, broken: Sites, target: string, unwise: RegExp]> = {
  "account-run-out": [
    polaris({ ...service("svc", "p"), expires: today }),
    polaris({ ...service("svc", "p"), expires: "2026-11-23" }),
    "north.supercomputer.accounts.production",
    /^svc expired on 2026-11-23$/,
  ],
  "disposable-in-production": [
    running(store({ fate: "keep" })),
    running(store({ fate: "disposable" })),
    "north.production.runs.thing",
    /^box\/data may be destroyed$/,
  ],
  "grant-run-out": [
    being({ grants: grant(today), runs: [...edge, ecflow("prod", { submitsTo: ["polaris"] })] }),
    being({ grants: grant("2026-11-23"), runs: [...edge, ecflow("prod", { submitsTo: ["polaris"] })] }),
    "north.production.grants.polaris.login",
    /^T-1 ran out on 2026-11-23$/,
  ],
  "image-assumed": [
    being({}),
    [
      {
        ...being({})[0],
        cloud: {
          ...being({})[0]?.cloud,
          images: assumed({ debian12: "deb12000-0000-4000-8000-000000000001" }, "NORTH"),
        },
      },
    ],
    "north.cloud.images.debian12",
    /^its id is assumed$/,
  ],
  "internet-exposed": [
    running(served("mtls", "front-ends")),
    running(served("mtls", "internet")),
    "north.production.runs.thing",
    /^anybody may connect to tcp-8443: they look$/,
  ],
  "person-in-production": [
    polaris(service("svc", "p")),
    polaris(person("jane", "p")),
    "north.supercomputer.accounts.production",
    /^jane is a person$/,
  ],
  "production-without-calendar": [
    being({ calendar: { forecast: "02:00-09:00" } }),
    being({ calendar: { freezes: [{ from: "2026-12-20", to: "2027-01-06", why: "holidays" }] } }),
    "north.production.calendar",
    /^it names no forecast$/,
  ],
  "production-without-standby": [
    running(ecflow("prod", { standby: true })),
    running(ecflow("prod")),
    "north.production.runs.ecflow-prod",
    /^ecflow-prod stands alone$/,
  ],
  "renewed-by-a-person": [
    certifiedAs("person", "A-1"),
    certifiedAs("person"),
    "north.test.runs.ecflow-test",
    /^its certificate for polaris lives 12 h, and a person renews it$/,
  ],
  "secrets-by-hand": [
    running(certified, saying({ agents: [{ at: home }] }, "agent")),
    running(certified),
    "north.production.runs",
    /^nothing fetches secrets and certificates for 1 role$/,
  ],
  "stateful-without-backup": [
    [
      ...running(store({ fate: "keep", backup: { site: "south", tenancy: "production" } })),
      withBuckets(south({ production: tenancy({ public: {}, network: { cidr: "10.36.0.0/20" }, runs: [bucket] }) })),
    ],
    running(store({ fate: "keep" })),
    "north.production.runs.thing",
    /^box\/data has no copy at another site$/,
  ],
  "unknown-speaker": [
    running(served("tls+password", "front-ends")),
    running(served("tls", "front-ends")),
    "north.production.runs.thing",
    /^front-ends reaches tcp-8443 of box unasked$/,
  ],
  "unobserved-tenancy": [
    [
      north({ production: tenancy({ runs: [...edge, saying(collecting)] }) }),
      south({ production: tenancy({ public: {}, network: { cidr: "10.36.0.0/20" } }) }),
    ],
    running(),
    "north.production.runs",
    /^nobody gathers there$/,
  ],
  "user-run-out": [
    running(ecflow("prod", { users: { jane: { is: "person", until: today, why: "runs" } } })),
    running(ecflow("prod", { users: { jane: { is: "person", until: "2026-11-23", why: "runs" } } })),
    "north.production.runs.ecflow-prod.users.jane",
    /^jane was to stay until 2026-11-23$/,
  ],
};

const judged = (sites: Sites) => {
  const { registers, problems } = gather(sites);
  expect(problems).toEqual([]);
  return judge(registers, today);
};
const outcome = (rule: string, sites: Sites) => judged(sites).verdicts.find((each) => each.rule === rule)?.outcome;

test("every rule is a file, is listed, and is tried here both ways", () => {
  const files = readdirSync(join(__dirname, "../../policy/rules")).map((file) => file.replace(".ts", ""));
  expect(rules.map(({ name }) => name)).toEqual(files.sort());
  expect(Object.keys(cases)).toEqual(files);
});

describe.each(Object.entries(cases))("%s", (rule, [kept, broken, target, unwise]) => {
  test("is kept", () => expect(outcome(rule, kept)).toBe("kept"));
  test("finds what is unwise, and where", () => {
    expect(judged(broken).findings.filter((finding) => finding.rule === rule)).toEqual([
      { rule, target, unwise: [expect.stringMatching(unwise)] },
    ]);
  });
});

test("a rule that has nothing to look at does not apply, and is not kept", () => {
  const none = [south({ test: tenancy({ environment: "test", public: {} }) })];
  expect(judged(none).verdicts.map(({ outcome: is, of }) => [is, of])).toEqual(rules.map(() => ["not applicable", 0]));
});

test("accounts of people run out as those of environments do", () => {
  const { supercomputer, ...rest } = north({ production: tenancy({ runs: edge }) });
  const people = { jane: { ...person("jane", "p"), expires: "2026-11-23" } };
  const site = { ...rest, supercomputer: { name: "polaris", facts: { ...supercomputer?.facts, people } } };
  const found = judge(gather([site]).registers, today).findings.flatMap(({ rule, target }) =>
    rule === "account-run-out" ? [target] : [],
  );
  expect(found).toEqual(["north.supercomputer.people.jane"]);
});

test("the page of the rules is current; npx databridge policy --rules > docs/policy.md", () =>
  expect(readFileSync(join(__dirname, "../../docs/policy.md"), "utf8")).toBe(rulesPage()));
