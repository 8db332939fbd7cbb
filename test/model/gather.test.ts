import { join } from "node:path";
import { ecflow } from "../../constructs/ecflow/spec";
import { bastion, proxy } from "../../constructs/edge/spec";
import { readSites } from "../../engine/world";
import { gather } from "../../model/gather";
import { allRules } from "../../model/registers";
import { tcp } from "../../model/site/need";
import { awaited, flowsOf, grantsOf, isFromInternet, standingOf } from "../../model/standing";
import { allocated, assumed, granted, pending } from "../../model/vocabulary";
import { learned, north, saying, tenancy } from "./platform";

const edge = [bastion(), proxy()];
const place = (is: Parameters<typeof tenancy>[0] = {}) => {
  const { registers, problems } = gather([north({ production: tenancy({ runs: edge, ...is }) })]);
  expect(problems).toEqual([]);
  const [first] = registers.places;
  if (!first) throw new Error("no place");
  return { place: first, registers };
};

describe("this platform", () => {
  const { registers, problems } = gather(readSites(join(__dirname, "../../sites")).sites);
  test("is sound", () => expect(problems).toEqual([]));
  test("is four sites, production everywhere and a test tenancy at LUMI", () => {
    expect(registers.places.map(({ id }) => id)).toEqual([
      "home-production",
      "leonardo-production",
      "lumi-production",
      "lumi-test",
      "marenostrum5-production",
    ]);
  });
  test("knows four supercomputers", () => {
    expect(registers.sites.map(({ supercomputer }) => supercomputer?.name)).toEqual([
      "atos",
      "leonardo",
      "lumi",
      "marenostrum5",
    ]);
  });
  test("marks what nobody has confirmed, with whom to ask", () => {
    expect(registers.assumptions.length).toBeGreaterThan(20);
    for (const { path, why } of registers.assumptions) expect([path, why.trim()]).not.toContain("");
  });
  test("opens to the internet nothing but Aviso and Polytope", () =>
    expect(registers.flows.filter(isFromInternet).map(({ because }) => because)).toEqual(
      ["leonardo", "lumi", "marenostrum5"].flatMap((site) =>
        ["aviso", "polytope"].map((name) => `${site}.production.runs.${name}`),
      ),
    ));
});

describe("a tenancy", () => {
  test("has its network cut into subnets: the router first, fixed addresses below, DHCP above", () => {
    expect(place().place.subnets).toEqual({
      edge: { cidr: "10.20.0.0/22", gateway: "10.20.0.1", pool: { start: "10.20.2.0", end: "10.20.3.254" } },
      services: { cidr: "10.20.4.0/22", gateway: "10.20.4.1", pool: { start: "10.20.6.0", end: "10.20.7.254" } },
      data: { cidr: "10.20.8.0/22", gateway: "10.20.8.1", pool: { start: "10.20.10.0", end: "10.20.11.254" } },
      balancers: { cidr: "10.20.12.0/22", gateway: "10.20.12.1", pool: { start: "10.20.14.0", end: "10.20.15.254" } },
    });
  });
  test("gives hosts an address by their slot and a name below the site's domain", () => {
    expect(place().place.hosts.map(({ id, address, dns }) => [id, address, dns])).toEqual([
      ["north-production-bastion", "10.20.0.10", "bastion.production.north.example.org"],
      ["north-production-proxy", "10.20.0.11", "proxy.production.north.example.org"],
    ]);
  });
  test("moves no host when another comes before it", () => {
    const addresses = (runs: Parameters<typeof tenancy>[0]) =>
      new Map(place(runs).place.hosts.map(({ name, address }) => [name, address]));
    const before = addresses({ runs: [...edge, ecflow("prod")] });
    const after = addresses({ runs: [ecflow("new", { slot: 70, relayPort: 3142 }), ...edge, ecflow("prod")] });
    for (const [name, address] of before) expect([name, after.get(name)]).toEqual([name, address]);
  });
});

describe("a public address", () => {
  const addressOf = (is: Parameters<typeof tenancy>[0]) => place(is).place.hosts[0]?.public?.address;
  test("that was granted is known", () => {
    expect(addressOf({ public: { bastion: granted("198.51.100.9"), proxy: allocated } })).toEqual({
      name: "north-production-bastion",
      known: "198.51.100.9/32",
    });
  });
  test("that the cloud allocates is learned", () => {
    expect(addressOf({})).toEqual({ name: "north-production-bastion", awaited: { learn: "north" } });
  });
  test("that was asked for waits for the answer", () => {
    expect(addressOf({ public: { bastion: pending("T-1"), proxy: allocated } })).toEqual({
      name: "north-production-bastion",
      awaited: { ask: "T-1" },
    });
  });
  test("is known once it stands in the lock", () => {
    const { registers } = learned([north({ production: tenancy({ runs: edge }) })]);
    expect(registers.places[0]?.hosts[0]?.public?.address).toEqual({
      name: "north-production-bastion",
      known: "203.0.113.11/32",
    });
    expect(registers.places[0]?.egress).toEqual({ name: "north-production-router", known: "203.0.113.10/32" });
  });
});

describe("a lock", () => {
  test.each([
    ["<<<<<<< HEAD", "north.lock"],
    [{ version: 8 }, "north.lock.version"],
    [{ version: 1, learned: { production: { router: "1.2.3" } } }, "north.lock.learned.production.router"],
    [{ version: 1, trust: { sshUserCa: "-----BEGIN OPENSSH PRIVATE KEY-----" } }, "north.lock.trust.sshUserCa"],
    [{ version: 1, lerned: {} }, "north.lock.lerned"],
  ])("%p is refused", (lock, path) => {
    const { problems } = gather([north({ production: tenancy({ runs: edge }) })], { north: lock });
    expect(problems.map((problem) => problem.path)).toEqual([path]);
  });
  test("of any site brings the CA that signs logins to all", () => {
    const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB";
    const { registers } = gather([north({ production: tenancy({ runs: edge }) })], {
      north: { version: 1, trust: { sshUserCa: key } },
    });
    expect(registers.places[0]?.trust.sshUserCas).toEqual([key]);
  });
});

describe("a component that cannot be relied on", () => {
  const withComponent = (component: object) =>
    gather([north({ production: tenancy({ runs: [...edge, component as never] }) })]).problems;
  test("that throws is told, and nothing else is lost", () => {
    const describe = () => {
      throw new Error("no idea");
    };
    expect(withComponent({ kind: "odd", name: "odd", problems: [], describe })).toEqual([
      {
        path: "north.production.runs.odd",
        value: "Error: no idea",
        allowed: "a component that can describe itself",
        fix: "mend the component",
      },
    ]);
  });
  test("that describes a host wrongly is told by field", () => {
    expect(
      withComponent(
        saying({ hosts: [{ name: "Host", roles: [], subnet: "dmz", slot: 1, flavor: "small" } as never] }),
      ).map(({ path }) => path),
    ).toEqual([
      "north.production.runs.thing.hosts.Host.name",
      "north.production.runs.thing.hosts.Host.roles",
      "north.production.runs.thing.hosts.Host.subnet",
      "north.production.runs.thing.hosts.Host.slot",
    ]);
  });
});

describe("a flow is", () => {
  const needs = [
    {
      need: "flow" as const,
      from: { role: "proxy" },
      to: { supercomputer: "polaris", nodes: "login" as const },
      traffic: tcp(22),
      why: "a test",
    },
    { need: "flow" as const, from: { role: "proxy" }, to: { service: "ssh" }, why: "a test" },
  ];
  const site = north({ production: tenancy({ runs: [...edge, saying({ needs })] }) });
  const standings = ({ registers }: ReturnType<typeof gather>) =>
    registers.flows
      .filter(({ because }) => because.endsWith("thing"))
      .flatMap((flow) => registers.places.slice(0, 1).map((place) => standingOf(flow, place)));

  test("waiting while an address of it is not known", () =>
    expect(standings(gather([site]))).toEqual(["waiting", "open"]));
  test.each([
    ["requested", "waiting"],
    ["granted", "granted"],
    ["proven", "granted"],
  ] as const)("where its other half is not ours and %s: %s", (state, standing) => {
    const grants = { "polaris.login": { state, ticket: "T-7" } };
    const asked = north({ production: tenancy({ grants, runs: [...edge, saying({ needs })] }) });
    expect(standings(learned([asked]))).toEqual([standing, "open"]);
  });
  test("waiting where nobody has asked for the other half", () =>
    expect(standings(learned([site]))).toEqual(["waiting", "open"]));
  test("never for a public address that is asked for: the host leaves by the router meanwhile", () => {
    const is = { public: { bastion: allocated, proxy: pending("an address") }, runs: [...edge, saying({ needs })] };
    const { registers } = learned([north({ production: tenancy(is) })]);
    const peers = allRules(registers).flatMap(({ peer }) => ("address" in peer ? [peer.address.name] : []));
    expect(peers).not.toContain("north-production-proxy");
    expect(awaited(allRules(registers), registers.places)).toEqual([
      { from: { ask: "an address" }, addresses: ["north-production-proxy"], rules: 0 },
    ]);
  });

  test("and what waits is counted by where it will come from", () => {
    const { registers } = gather([
      north(
        { production: tenancy({ runs: [bastion({ from: ["operators"] }), proxy(), saying({ needs })] }) },
        { outside: { operators: pending("ask them") } },
      ),
    ]);
    expect(awaited(allRules(registers))).toEqual([{ from: { ask: "ask them" }, addresses: ["operators"], rules: 1 }]);
  });
  test("and grants are listed with how far they are", () => {
    const grants = { "polaris.login": { state: "granted" as const, ticket: "T-7", until: "2027-06-30" } };
    const { registers } = gather([north({ production: tenancy({ grants, runs: [...edge, saying({ needs })] }) })]);
    const [first] = registers.places;
    expect(first && grantsOf(first, registers.flows).map(({ grant, is }) => [grant, is])).toEqual([
      ["polaris.login", grants["polaris.login"]],
    ]);
    expect(first && flowsOf(first, registers.flows)).toHaveLength(registers.flows.length);
  });
});

test("an assumed fact counts as the fact, and is listed", () => {
  const { registers, problems } = gather([
    north({ production: tenancy({ runs: edge }) }, { country: assumed("SE", "by guess") }),
  ]);
  expect(problems).toEqual([]);
  expect(registers.sites[0]?.country).toBe("SE");
  expect(registers.assumptions).toEqual([{ path: "north.country", value: "SE", why: "by guess" }]);
});
