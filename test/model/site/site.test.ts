import fc from "fast-check";
import { bastion, proxy } from "../../../constructs/edge/spec";
import { gather } from "../../../model/gather";
import { gib } from "../../../model/vocabulary";
import { isRecord } from "../../../model/words/record";
import { north, saying, south, tenancy } from "../platform";

const sound = () => north({ production: tenancy({ runs: [bastion(), proxy()] }) });

/** The same site with one value changed. */
function changed(site: unknown, path: string, value: unknown): unknown {
  const [key = "", ...rest] = path.split(".");
  if (!isRecord(site)) return site;
  return { ...site, [key]: rest.length === 0 ? value : changed(site[key], rest.join("."), value) };
}

describe("a sound site", () => {
  test("has no problems", () => expect(gather([sound()]).problems).toEqual([]));
});

describe("a wrong fact is told by the path at which a reader finds it", () => {
  test.each([
    ["country", "Finland", "north.country"],
    ["dns", "Not A Domain", "north.dns"],
    ["operator", "", "north.operator"],
    ["outside.operators", { networks: ["1.2.3.4/8"] }, "north.outside.operators"],
    ["outside.operators", { networks: ["0.0.0.0/0"] }, "north.outside.operators"],
    ["outside.operators", { networks: ["0.0.0.0/00"] }, "north.outside.operators"],
    ["outside.operators", { networks: ["1.2.3.4"], share: true }, "north.outside.operators"],
    ["outside.operators", { networks: ["1.2.3.4"], shared: "yes" }, "north.outside.operators"],
    ["cloud.entry", "north", "north.cloud.entry"],
    ["cloud.external", undefined, "north.cloud.external"],
    ["cloud.has", ["octavio"], "north.cloud.has"],
    ["cloud.resolvers", ["9.9.9"], "north.cloud.resolvers"],
    ["cloud.images.debian12", "debian 12", "north.cloud.images.debian12"],
    ["cloud.flavors.small", { name: "s", vcpus: 0, ram: gib(4) }, "north.cloud.flavors.small.vcpus"],
    ["supercomputer.facts.login", "198.51.100.1", "north.supercomputer.login"],
    ["supercomputer.facts.auth", { kind: "password" }, "north.supercomputer.auth.kind"],
    [
      "supercomputer.facts.partitions.standard.architecture",
      "zen9",
      "north.supercomputer.partitions.standard.architecture",
    ],
    ["tenancies.production.environment", "prod", "north.production.environment"],
    ["tenancies.production.owner", 7, "north.production.owner"],
    ["tenancies.production.quota.vcpus", "many", "north.production.quota.vcpus"],
    ["tenancies.production.network.cidr", "10.20.0.0/33", "north.production.network.cidr"],
    ["tenancies.production.network.cidr", "193.167.0.0/20", "north.production.network.cidr"],
    ["tenancies.production.network.cidr", "10.20.0.0/24", "north.production.network.cidr"],
    ["tenancies.production.public.bastion", "1.2.3.4", "north.production.public.bastion"],
    ["tenancies.production.public.bastion", { granted: "10.1.2.3" }, "north.production.public.bastion"],
    ["tenancies.production.public.bastion", { granted: "169.254.1.1" }, "north.production.public.bastion"],
    ["tenancies.production.quota.ram", 256, "north.production.quota.ram"],
    ["tenancies.production.state", { kind: "local" }, "north.production.state.kind"],
    ["tenancies.production.state.bucket", "My Bucket", "north.production.state.bucket"],
    ["tenancies.production.runs", ["bastion"], "north.production.runs"],
    ["tenancies.production.calendar", { forecast: "2-9" }, "north.production.calendar.forecast"],
    [
      "tenancies.production.grants",
      { "polaris.login": { state: "hoped", ticket: "T-1" } },
      "north.production.grants.polaris.login.state",
    ],
    ["tenancies.production.colour", "red", "north.production.colour"],
    ["flavour", "x", "north.flavour"],
  ])("%s: %p", (path, value, expected) => {
    expect(gather([changed(sound(), path, value)]).problems.map((problem) => problem.path)).toContain(expected);
  });
});

test("a wrong fact hides no other: five mistakes in five places are five problems", () => {
  const wrong = [
    ["country", "Finland"],
    ["cloud.ntp", ["noon"]],
    ["supercomputer.facts.host", ""],
    ["tenancies.production.network.cidr", "10.20.0.0/33"],
    ["tenancies.production.runs", [bastion({ from: ["opperators"] }), proxy()]],
  ] as const;
  const site = wrong.reduce((s: unknown, [path, value]) => changed(s, path, value), sound());
  expect(gather([site]).problems.map(({ path }) => path)).toEqual([
    "north.country",
    "north.cloud.ntp",
    "north.supercomputer.host",
    "north.production.network.cidr",
    "north.production.runs.bastion.from",
  ]);
});

test("an environment is told from the name of its tenancy", () => {
  const problems = gather([north({ live: tenancy({ runs: [bastion(), proxy()] }) })]).problems;
  expect(problems).toEqual([
    {
      path: "north.live",
      value: "live",
      allowed: '"production" or "production-…", as its environment',
      fix: "rename the tenancy, or correct its environment",
    },
  ]);
});

describe("whatever a site file exports", () => {
  const keys = [
    "name",
    "operator",
    "cloud",
    "facts",
    "tenancies",
    "production",
    "runs",
    "network",
    "cidr",
    "public",
    "flavors",
    "has",
  ];
  const junk = fc.object({
    key: fc.constantFrom(...keys, "x"),
    maxDepth: 5,
    values: [fc.string(), fc.integer(), fc.constant(null), fc.constant([])],
  });

  test("reading it never throws and tells what is wrong", () =>
    fc.assert(
      fc.property(fc.oneof(fc.anything(), junk), (value) => {
        const { problems } = gather([
          value,
          south({ production: tenancy({ network: { cidr: "10.36.0.0/20" }, runs: [bastion({ from: [] }), proxy()] }) }),
        ]);
        expect(problems.length).toBeGreaterThan(0);
        for (const { path, allowed, fix } of problems) expect([path, allowed, fix]).not.toContain("");
      }),
      { numRuns: 500 },
    ));

  test("one junk value in a sound site is told, or harmless, and never throws", () => {
    const places = [
      "country",
      "cloud",
      "cloud.images",
      "cloud.flavors",
      "supercomputer.facts.nat",
      "tenancies.production",
      "tenancies.production.quota",
      "tenancies.production.public",
      "tenancies.production.runs",
    ];
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.anything(), (path, value) => {
        for (const problem of gather([changed(sound(), path, value)]).problems)
          expect(problem.path).toMatch(/^(north|unnamed)/);
      }),
      { numRuns: 500 },
    );
  });

  test("an object that holds itself, throws when it is read, or bears names that every object has", () => {
    const circle: Record<string, unknown> = {};
    circle.networks = [circle];
    const trap = Object.defineProperty({}, "name", {
      enumerable: true,
      get: () => {
        throw new Error("do not read me");
      },
    });
    expect(gather([changed(sound(), "outside.operators", circle)]).problems.map(({ path }) => path)).toContain(
      "north.outside.operators",
    );
    expect(gather([trap]).problems).toMatchObject([{ path: "unnamed", value: "do not read me" }]);
    expect(gather([changed(sound(), "tenancies.production.owner", trap)]).problems).toHaveLength(1);
    const inherited = [bastion({ from: ["constructor"], flavor: "toString" }), proxy()];
    expect(
      gather([changed(sound(), "tenancies.production.runs", inherited)]).problems.map(({ value }) => value),
    ).toEqual(["constructor", "toString"]);
  });

  test("what a component says: junk is told by its path, and never throws", () => {
    const lists = ["hosts", "services", "needs", "balancers", "buckets", "sharedAddresses", "problems"];
    const spec = fc.object({
      key: fc.constantFrom("name", "roles", "slot", "service", "on", "traffic", "need", "from", "to", "why", "x"),
      values: [fc.string(), fc.integer(), fc.constant(null), fc.constantFrom("role", "bastion", "constructor")],
    });
    const description = fc.dictionary(
      fc.constantFrom(...lists, "x"),
      fc.oneof(fc.array(fc.oneof(spec, fc.anything())), fc.anything()),
    );
    fc.assert(
      fc.property(fc.oneof(description, fc.anything()), (says) => {
        const thing = saying(says as never);
        const { problems } = gather([north({ production: tenancy({ runs: [bastion(), proxy(), thing] }) })]);
        for (const { path } of problems) expect(path).toMatch(/^north\.production/);
      }),
      { numRuns: 500 },
    );
  });
});

test("what stands in for wrong facts is sound itself, so that reading goes on", () => {
  const site = { name: "north", operator: 1, cloud: 1, supercomputer: 1, tenancies: { production: 1 } };
  expect(gather([site]).problems.map(({ path }) => path)).toEqual([
    "north.operator",
    "north.country",
    "north.dns",
    "north.cloud",
    "north.supercomputer",
    "north.production",
  ]);
});
