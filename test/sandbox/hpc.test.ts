import { ecflow } from "../../constructs/ecflow/spec";
import { bastion, proxy } from "../../constructs/edge/spec";
import { gather } from "../../model/gather";
import type { SupercomputerFacts } from "../../model/site/supercomputer";
import {
  cpu,
  days,
  gib,
  gpu,
  hours,
  minutes,
  operatorCertificate,
  pending,
  person,
  registeredKey,
  service,
  shared,
  signedKey,
  slurm,
} from "../../model/vocabulary";
import { sandboxTenancy } from "../../sandbox/hosts";
import { besides, sandboxSupercomputer } from "../../sandbox/hpc";
import { learned, north, south, tenancy } from "../model/platform";

const facts: SupercomputerFacts = {
  host: "polaris.example.org",
  login: shared("198.51.100.1", "198.51.100.2"),
  hostKeys: [`SHA256:${"A".repeat(43)}`],
  nat: shared("198.51.100.0/26"),
  internet: { login: true, compute: false },
  auth: registeredKey("hpc/polaris"),
  accounts: {
    production: { ...service("svc", "a", "b"), work: "/scratch/a" },
    test: { ...person("svc", "b", "c"), expires: "2027-06-30" },
  },
  partitions: {
    wide: cpu("zen3", { cores: 128, memory: gib(256), walltime: days(2), maxNodes: 512 }),
    accelerated: gpu("gfx90a", 8, { cores: 64, allocation: "resource" }),
  },
  qos: { quick: { walltime: minutes(30), maxJobs: 2 }, large: { minNodes: 17, maxNodes: 64 }, free: {} },
};
const runs = [bastion(), proxy(), ecflow("prod", { submitsTo: ["polaris"] })];

const platform = (is: Partial<SupercomputerFacts> = {}) => {
  const supercomputer = slurm("polaris", { ...facts, ...is });
  const { registers, problems } = gather([
    north({ production: tenancy({ runs }) }, { supercomputer }),
    south({ production: tenancy({ network: { cidr: "10.36.0.0/20" }, runs: [bastion(), proxy()] }) }),
  ]);
  expect(problems).toEqual([]);
  const read = registers.sites.find(({ name }) => name === "north")?.supercomputer;
  if (!read) throw new Error("no supercomputer");
  return { registers, read };
};

test("a supercomputer of the sandbox is what its site file says, and nothing that it does not say", () => {
  expect(sandboxSupercomputer(platform().read)).toEqual({
    name: "polaris",
    host: "polaris.example.org",
    login: ["198.51.100.1", "198.51.100.2"],
    nat: "198.51.100.3",
    internet: { login: true, compute: false },
    auth: { kind: "registered-key" },
    accounts: [{ user: "svc", projects: ["a", "b", "c"], expires: "2027-06-30" }],
    partitions: [
      {
        name: "wide",
        architecture: "zen3",
        gpus: 0,
        cores: 128,
        MiB: 262144,
        seconds: 172800,
        maxNodes: 512,
        shares: false,
      },
      { name: "accelerated", architecture: "gfx90a", gpus: 8, cores: 64, shares: true },
    ],
    qos: [
      { name: "quick", seconds: 1800, maxJobs: 2 },
      { name: "large", minNodes: 17, maxNodes: 64 },
      { name: "free" },
    ],
    shared: ["/project", "/scratch"],
    outside: [
      { name: "internet", addresses: ["198.51.100.80"] },
      { name: "stranger", addresses: ["198.51.100.200"] },
    ],
  });
});

test("compute nodes have no way out where nobody has said which", () => {
  expect(sandboxSupercomputer(platform().read, { natIsAsked: true }).nat).toBeUndefined();
  const { nat: _, ...closed } = facts;
  const { registers } = gather([
    north({ production: tenancy({ runs: [bastion(), proxy()] }) }, { supercomputer: slurm("polaris", closed) }),
  ]);
  const stated = registers.sites.flatMap(({ supercomputer }) => supercomputer ?? []);
  expect(stated.map((each) => sandboxSupercomputer(each).nat)).toEqual([undefined]);
});

test("one logs in as the site file says: certificates have the lifetime that it states", () => {
  const lifetime = hours(12);
  const operators = operatorCertificate({
    ca: "https://ca.example.org",
    fingerprint: "ab",
    lifetime,
    renewal: "person",
  });
  const authOf = (auth: SupercomputerFacts["auth"]) =>
    sandboxSupercomputer(platform({ auth, agreement: "agreed" }).read).auth;
  expect(authOf(operators)).toEqual({ kind: "operator-certificate", seconds: 43200 });
  expect(authOf(signedKey(hours(12)))).toEqual({ kind: "signed-key", seconds: 43200 });
});

test("without addresses of its login nodes there is none", () => {
  expect(() => sandboxSupercomputer(platform({ login: pending("where") }).read)).toThrow(
    "addresses of the login nodes of polaris are not known yet",
  );
});

test("it stands beside the tenancies that it has flows with, and takes the place of who is outside there", () => {
  const { registers, read } = platform();
  expect(besides(read, registers).map(({ id }) => id)).toEqual(["north-production"]);
});

test("login nodes are met by their name, and what a proxy relays by the names of the services", () => {
  const { registers } = learned([north({ production: tenancy({ runs }) }, { supercomputer: slurm("polaris", facts) })]);
  const [place] = registers.places;
  if (!place) throw new Error("no place");
  const { hosts, outside } = sandboxTenancy(place, registers, {});
  const { login, nat } = sandboxSupercomputer(registers.sites[0]?.supercomputer ?? platform().read);
  expect(outside.filter(({ name }) => name.startsWith("polaris."))).toEqual([
    { name: "polaris.login", addresses: login, names: { "polaris.example.org": login[0] } },
  ]);
  expect(nat).toBe("198.51.100.3");
  expect(hosts.map(({ name, names }) => [name, names])).toEqual([
    ["bastion", []],
    ["proxy", ["ecflow-prod.production.north.example.org"]],
    ["ecflow-prod", []],
  ]);
});
