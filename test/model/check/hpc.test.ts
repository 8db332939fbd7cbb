import { ecflow } from "../../../constructs/ecflow/spec";
import { bastion, proxy } from "../../../constructs/edge/spec";
import { gather } from "../../../model/gather";
import { allRules } from "../../../model/registers";
import { type FlowNeed, tcp } from "../../../model/site/need";
import type { SupercomputerFacts } from "../../../model/site/supercomputer";
import {
  hours,
  logServer,
  network,
  pending,
  person,
  service,
  shared,
  signedKey,
  tunnel,
} from "../../../model/vocabulary";
import { north, saying, tenancy } from "../platform";

const edge = [bastion(), proxy()];
const submits = [...edge, ecflow("prod", { submitsTo: ["polaris"] })];
const work = { work: "/scratch/p" };
const jdoe = { ...person("doejohn", "p"), ...work };

function gathered(facts: object, runs = submits, environment: "production" | "experiments" = "production") {
  const { supercomputer, ...rest } = north({ [environment]: tenancy({ environment, runs }) });
  if (!supercomputer) throw new Error("north has a supercomputer");
  const all = Object.entries({ ...supercomputer.facts, ...facts }).filter(([, value]) => value !== undefined);
  return gather([
    { ...rest, supercomputer: { ...supercomputer, facts: Object.fromEntries(all) as unknown as SupercomputerFacts } },
  ]);
}
const problems = (...args: Parameters<typeof gathered>) =>
  gathered(...args).problems.map(({ path, value, fix }) => `${path} | ${JSON.stringify(value)} | ${fix}`);

describe("who logs in to a supercomputer", () => {
  test("knows its login nodes, or nobody logs in", () =>
    expect(problems({ hostKeys: undefined })).toEqual([
      'north.supercomputer.hostKeys | undefined | add the fingerprints that the operator publishes; or pending("who is asked"), and the login waits',
    ]));
  test.each([
    [["SHA256:short"]],
    [["ssh-ed25519 AAAA comment"]],
    [[]],
    [["MD5:ab"]],
    ["SHA256:…"],
  ])("does not know them by %j", (hostKeys) =>
    expect(problems({ hostKeys }).map((each) => each.replace(/ \|.*/, ""))).toEqual(["north.supercomputer.hostKeys"]));
  test("waits while the operator is asked for them, as for an address", () => {
    const { registers, problems } = gathered({ hostKeys: pending("NORTH: fingerprints") });
    expect(problems).toEqual([]);
    const awaited = allRules(registers).flatMap(({ peer }) =>
      "address" in peer && "awaited" in peer.address ? [peer.address.awaited] : [],
    );
    expect(awaited).toContainEqual({ ask: "NORTH: fingerprints" });
  });
  test("has a folder there, for output of jobs and for what they report", () => {
    const accounts = { production: service("svc", "p") };
    const refused = ['north.supercomputer.accounts.production.work | undefined | add it: work: "/scratch/project"'];
    const output = logServer("logs.example.org");
    expect(problems({ accounts })).toEqual(refused);
    expect(problems({ accounts, jobs: { output, callback: "poll" } })).toEqual(refused);
    expect(problems({ accounts, jobs: { output } })).toEqual([]);
  });
  test("is one account on a host", () => {
    const need: FlowNeed = {
      need: "flow",
      from: { role: "ecflow-prod" },
      to: { supercomputer: "polaris", nodes: "login", as: "other" },
      traffic: tcp(22),
      why: "a test",
    };
    const hosts = [
      { name: "both", roles: ["other", "ecflow-prod"], subnet: "services" as const, slot: 50, flavor: "small" },
    ];
    const other = saying({ hosts, needs: [{ ...need, from: { role: "other" } }] });
    expect(problems({}, [...submits, other])).toContain(
      'north.production.runs.thing | "other" | log in as the same, or on other hosts',
    );
  });
});

describe("people", () => {
  test("log in from experiments, and need no other account there", () =>
    expect(problems({ people: { jdoe }, accounts: {} }, submits, "experiments")).toEqual([]));
  test("log in from nowhere else", () =>
    expect(problems({ people: { jdoe }, accounts: {} })).toEqual([
      'north.supercomputer.accounts.production | undefined | add it: service("user", "project")',
    ]));
  test("are people, by names that are good as names of files", () => {
    expect(problems({ people: { svc: { ...service("svc", "p"), ...work } } })).toEqual([
      'north.supercomputer.people.svc.kind | "service" | write person("user", "project")',
    ]);
    expect(problems({ people: { "J Doe": jdoe } })).toEqual(['north.supercomputer.people.J Doe | "J Doe" | rename it']);
  });
  test("are none where Vault signs keys: it signs for accounts of environments", () =>
    expect(problems({ people: { jdoe }, auth: signedKey(hours(12)) }, submits, "experiments")).toEqual([
      'north.supercomputer.people.jdoe | "jdoe" | leave it out',
    ]));
});

describe("jobs", () => {
  test("report to nowhere where compute nodes reach nothing and nothing else is said", () =>
    expect(problems({ nat: undefined })).toEqual([
      'north.production.runs.ecflow-prod.submitsTo | "polaris" | state nat in its site file; or how jobs report: jobs: { callback: "poll" } or tunnel(…)',
    ]));
  test.each(["poll", tunnel("login1.example.org", "login1")])("report otherwise, by %j", (callback) =>
    expect(problems({ nat: undefined, jobs: { callback } })).toEqual([]));
  test.each([
    [{ callback: "direct" }, "callback"],
    [{ callback: tunnel("-oProxyCommand=x", "login1") }, "callback"],
    [{ output: { kind: "copied", every: hours(2) } }, "output.every"],
    [{ ecflow: "ecflow; rm" }, "ecflow"],
  ])("are described by %j no more than by nothing", (jobs, path) =>
    expect(problems({ jobs }).map((each) => each.replace(/ \|.*/, ""))).toEqual([`north.supercomputer.jobs.${path}`]));
  test("of two servers report to two ports of a login node", () => {
    const runs = (port: number) => [
      ...submits,
      ecflow("too", { submitsTo: ["polaris"], port, slot: 70, relayPort: 3300 }),
    ];
    const facts = { jobs: { callback: tunnel("login1.example.org", "login1") } };
    expect(problems(facts, runs(3142))).toEqual([]);
    expect(problems(facts, runs(3141))).toEqual([
      'north.production.runs.ecflow-too.port | "polaris:3141" | choose another port',
    ]);
  });
});

test("keys behind a host that one passes by are stated in full", () => {
  const jump = { host: "gate.example.org", login: network("198.51.100.9"), hostKeys: [`SHA256:${"A".repeat(43)}`] };
  expect(problems({ jump })).toEqual([
    `north.supercomputer.hostKeys | "SHA256:${"A".repeat(43)}" | write the public keys: ssh-keyscan, by somebody who can, and ssh-keygen -lf to compare`,
  ]);
  expect(
    problems({
      hostKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKxmFPPkLtHkgmbJG9pqvyxLGM1uBdPmMFSCZ9o1yDMF"],
      jump: { ...jump, login: shared("198.51.100.9") },
    }),
  ).toEqual([]);
});

test("a quality of service is had in partitions that are there", () =>
  expect(problems({ qos: { debug: { partitions: ["standerd"] } } })).toEqual([
    'north.supercomputer.qos.debug.partitions | "standerd" | did you mean "standard"?',
  ]));
