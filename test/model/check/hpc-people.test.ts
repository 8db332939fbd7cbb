import { bastion, cluster, experiments, proxy, sharedServices, vault, vaultAgent } from "../../../constructs/specs";
import { gather } from "../../../model/gather";
import { tcp } from "../../../model/site/need";
import type { SupercomputerFacts } from "../../../model/site/supercomputer";
import { hours, logServer, operatorCertificate, person, service, signedKey, tunnel } from "../../../model/vocabulary";
import { givingVolumes, north, saying, tenancy } from "../platform";

const image = `registry.example.org/ecflow-server:5.9.2@sha256:${"0".repeat(64)}`;
const at = { site: "north", tenancy: "production" };
const account = { ...person("janed", "p"), work: "/scratch/p" };
const facts = { is: "person", port: 31401, until: "2027-06-30", submitsTo: ["polaris"], why: "tries" } as const;

function problems(more: Partial<SupercomputerFacts> | object, server: object = {}, user = "jane") {
  const runs = [
    bastion(),
    proxy(),
    vault({ from: [] }),
    vaultAgent({ at }),
    cluster({ servers: 1, workers: 1, cloud: true }),
    sharedServices({ vault: at }),
    experiments({ image, servers: { [user]: { ...facts, ...server } } }),
  ];
  const identity = { people: { issuer: "https://login.example.org", audience: "platform" } };
  const { supercomputer, ...rest } = north({ production: tenancy({ runs }) }, { identity, cloud: givingVolumes });
  if (!supercomputer) throw new Error("north has a supercomputer");
  // What is said to be undefined is left out.
  const told = Object.entries({ ...supercomputer.facts, ...more }).filter(([, value]) => value !== undefined);
  const said = Object.fromEntries(told) as unknown as SupercomputerFacts;
  return gather([{ ...rest, supercomputer: { ...supercomputer, facts: said } }]).problems.map(
    ({ path, value, allowed, fix }) => `${path} | ${value} | ${allowed} | ${fix}`,
  );
}
const asked = "north.production.runs.experiments.servers";

describe("an experiment submits", () => {
  test("as its user, by the account that the site file gives to that person", () =>
    expect(problems({ people: { jane: account } })).toEqual([]));
  test("where login nodes are known", () =>
    expect(problems({ people: { jane: account }, hostKeys: undefined })).toEqual([
      expect.stringMatching(
        /^north.supercomputer.hostKeys \| undefined \| keys by which .*experiments knows the login nodes/,
      ),
    ]));
  test("as nobody who has none there", () => {
    expect(problems({})).toEqual([
      `${asked}.jane.submitsTo | jane | people of polaris, who are none yet | add jane to people of polaris, by this name`,
    ]);
    expect(problems({ people: { jane: account } }, {}, "jan")).toEqual([
      `${asked}.jan.submitsTo | jan | people of polaris: jane | did you mean "jane"?`,
    ]);
  });
  test("to nothing that is no supercomputer", () =>
    expect(problems({ people: { jane: account } }, { submitsTo: ["polarsi"] })[0]).toMatch(
      `${asked}.jane.submitsTo | polarsi | polaris | did you mean "polaris"?`,
    ));
  test("if it is a person's", () =>
    expect(problems({ people: { jane: account } }, { is: "team" })).toEqual([
      `${asked}.jane.submitsTo | team | a person, who has an account of their own there | leave it out: jobs of a team run by the account of an environment, from ecflow()`,
    ]));
  test("where one logs in by a registered key", () => {
    const certified = { ca: "https://ca.example.org", fingerprint: "ab", lifetime: hours(12), renewal: "automatic" };
    for (const auth of [signedKey(hours(300)), operatorCertificate(certified as never)])
      expect(problems({ people: { jane: account }, auth })).toContain(
        `${asked}.jane.submitsTo | polaris | a supercomputer at which one logs in by a registered key: pods have no other | leave it out`,
      );
  });
  test("where jobs report to the proxy", () => {
    const people = { jane: account };
    for (const callback of ["poll", tunnel("login1.polaris.example.org", "login1")])
      expect(problems({ people, jobs: { callback } })).toEqual([
        `${asked}.jane.submitsTo | polaris | a supercomputer whose jobs report to the proxy of the bridge: jobs: { callback: "proxy" } | leave it out`,
      ]);
    expect(problems({ people, jobs: { callback: "proxy" } })).toEqual([]);
  });
  test("with a folder there for output of jobs, unless that is asked from a server of logs", () => {
    const people = { jane: person("janed", "p") };
    expect(problems({ people })).toEqual([
      'north.supercomputer.people.jane.work | undefined | the folder of janed on the shared file system, in which output of jobs lies | add it: work: "/scratch/project"',
    ]);
    expect(problems({ people, jobs: { output: logServer("logs.example.org") } })).toEqual([]);
  });
});

describe("an account is", () => {
  const accounts = { production: { ...service("svc", "p"), work: "/scratch/p" } };
  test("one person's", () =>
    expect(problems({ people: { jane: account, joe: account } })).toEqual([
      "north.supercomputer.people.joe.user | janed | a user of its own; jane has this one | write that of this person",
    ]));
  test("of a person, or of a service", () =>
    expect(problems({ accounts, people: { jane: { ...account, user: "svc" } } })).toEqual([
      "north.supercomputer.people.jane.user | svc | a user of its own; production has this one | write that of this person",
    ]));
});

test("hosts log in as no person of whom somebody speaks", () => {
  const flow = {
    need: "flow" as const,
    from: { role: "bastion" },
    to: { supercomputer: "polaris", nodes: "login" as const, person: "jane" },
    traffic: tcp(22),
    why: "logs in",
  };
  const site = north({ production: tenancy({ runs: [bastion(), proxy(), saying({ needs: [flow] })] }) });
  expect(gather([site]).problems.map(({ path, value, allowed }) => [path, value, allowed])).toEqual([
    ["north.production.runs.thing", "jane", "pods: hosts log in as their environment does"],
  ]);
});

test("a workload that is no server of ecFlow logs in as nobody: the key would be of an account that it has not", () => {
  const flow = {
    need: "flow" as const,
    from: { workload: "tool" },
    to: { supercomputer: "polaris", nodes: "login" as const, person: "jane" },
    traffic: tcp(22),
    why: "logs in",
  };
  const site = north({ production: tenancy({ runs: [bastion(), proxy(), saying({ needs: [flow] })] }) });
  expect(gather([site]).problems.map(({ value, allowed }) => [value, allowed])).toContainEqual([
    "jane",
    "pods of a server of ecFlow: its account is whose the key is",
  ]);
});
