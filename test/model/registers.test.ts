import { ecflow } from "../../constructs/ecflow/spec";
import { bastion, proxy } from "../../constructs/edge/spec";
import { gather } from "../../model/gather";
import { allRules } from "../../model/registers";
import { type FlowNeed, type Service, tcp } from "../../model/site/need";
import type { HostSpec } from "../../model/site/specs";
import { awaited, isFromInternet } from "../../model/standing";
import { allocated, granted, network, pending } from "../../model/vocabulary";
import { learned, north, saying, south, tenancy } from "./platform";

const edge = [bastion(), proxy()];
const host = (name: string, slot: number, roles = [name]): HostSpec => ({
  name,
  roles,
  subnet: "services",
  slot,
  flavor: "small",
});
const service = (is: Partial<Service> = {}): Service => ({
  service: "thing",
  on: { role: "thing" },
  traffic: tcp(7000),
  auth: "mtls",
  ownTrust: true,
  ...is,
});
const flow = (is: Partial<FlowNeed>): FlowNeed => ({
  need: "flow",
  from: { role: "proxy" },
  to: { service: "thing" },
  why: "a test",
  ...is,
});
const platform = (...things: Parameters<typeof saying>[0][]) =>
  gather([
    north({ production: tenancy({ runs: [...edge, ...things.map((thing, i) => saying(thing, `thing-${i + 1}`))] }) }),
  ]);

test("a rule that two components need stands once, and tells both", () => {
  const thing = { hosts: [host("thing", 50)], services: [service()], needs: [flow({ why: "first" })] };
  const { registers, problems } = platform(thing, { needs: [flow({ why: "second" })] });
  expect(problems).toEqual([]);
  const rules = allRules(registers).filter(({ id }) => id === "in-tcp-7000-from-proxy");
  expect(rules).toMatchObject([
    { because: ["north.production.runs.thing-1", "north.production.runs.thing-2"], why: ["first", "second"] },
  ]);
});

test("a rule that a wider one implies is left out, whichever came first", () => {
  const needs = [flow({}), flow({ from: { every: "host" } })];
  const thing = { hosts: [host("thing", 50)], services: [service()] };
  for (const order of [needs, [...needs].reverse()])
    expect(
      allRules(platform({ ...thing, needs: order }).registers)
        .filter(({ id }) => id.startsWith("in-tcp-7000"))
        .map(({ id }) => id),
    ).toEqual(["in-tcp-7000-from-baseline"]);
});

test("a rule that waits is implied by none that waits for something else", () => {
  const outside = { operators: network("192.0.2.0/28"), a: pending("T-1"), b: pending("T-2") };
  const thing = {
    hosts: [host("thing", 50)],
    services: [service({ entrance: { relay: "proxy" } })],
    needs: ["a", "b"].map((name) => flow({ from: { outside: name } })),
  };
  const site = north({ production: tenancy({ runs: [...edge, saying(thing)] }) }, { outside });
  const { registers, problems } = gather([site]);
  expect(problems).toEqual([]);
  expect(awaited(allRules(registers))).toEqual([
    { from: { ask: "T-1" }, addresses: ["a"], rules: 1 },
    { from: { ask: "T-2" }, addresses: ["b"], rules: 1 },
  ]);
});

test("what is awaited is told in the order of names, each once", () => {
  const at = { site: "south", tenancy: "production" };
  const needs = ["proxy", "bastion"].map((role) => flow({ from: { role }, to: { service: "thing", at } }));
  const there = { hosts: [host("thing", 50)], services: [service({ entrance: { relay: "proxy" } })] };
  const { registers } = gather([
    north({ production: tenancy({ runs: [...edge, saying({ needs })] }) }),
    south({ production: tenancy({ network: { cidr: "10.36.0.0/20" }, runs: [...edge, saying(there)] }) }),
  ]);
  expect(awaited(allRules(registers)).find(({ from }) => "learn" in from && from.learn === "north")?.addresses).toEqual(
    ["north-production-bastion", "north-production-proxy"],
  );
});

test("a flow is from the internet where anybody may begin it, and from no smaller network", () => {
  const thing = (outside: string) => ({
    hosts: [host("thing", 50)],
    services: [service({ entrance: { relay: "proxy" } })],
    needs: [flow({ from: { outside } })],
  });
  const count = (outside: string) => platform(thing(outside)).registers.flows.filter(isFromInternet).length;
  expect([count("internet"), count("operators")]).toEqual([1, 0]);
});

test("a site's own outside network comes before one of the same meaning elsewhere", () => {
  const thing = saying({
    hosts: [host("thing", 50)],
    services: [service({ entrance: { relay: "proxy" } })],
    needs: [flow({ from: { outside: "friends" } })],
  });
  const sites = [
    { ...south({}), outside: { friends: network("198.51.100.200") } },
    north(
      { production: tenancy({ runs: [...edge, thing] }) },
      { outside: { operators: network("192.0.2.1"), friends: network("192.0.2.2") } },
    ),
  ];
  const [from] = gather(sites)
    .registers.flows.filter(({ because }) => because.endsWith("thing"))
    .map((each) => each.from);
  expect(from).toMatchObject({ addresses: [{ name: "192.0.2.2/32" }] });
});

test("a supercomputer and outside networks of a site without tenancies are known", () => {
  const only = { ...north({}), name: "east", dns: "east.example.org" };
  const here = south({ production: tenancy({ runs: [...edge, ecflow("prod", { submitsTo: ["polaris"] })] }) });
  expect(gather([only, here]).problems).toEqual([]);
});

test("a granted address counts against the quota as an allocated one; one that is asked for does not yet", () => {
  const is = { public: { bastion: granted("198.51.100.9"), proxy: allocated, thing: pending("T-1") } };
  const site = north({ production: tenancy({ ...is, runs: [...edge, saying({ hosts: [host("thing", 50)] })] }) });
  expect(gather([site]).registers.capacity.get("north-production")?.floatingIps).toBe(2);
});

test("a forward proxy stands where the flow begins, not where it was asked for", () => {
  const at = { site: "south", tenancy: "production" };
  const needs = [
    flow({
      from: { role: "bastion", at },
      to: { outside: "internet" },
      traffic: tcp(443),
      through: "forward-proxy",
      names: ["example.org"],
    }),
  ];
  const { registers, problems } = learned([
    north({ production: tenancy({ runs: [...edge, saying({ needs })] }) }),
    south({ production: tenancy({ network: { cidr: "10.36.0.0/20" }, runs: edge }) }),
  ]);
  expect(problems).toEqual([]);
  const asked = registers.flows.find(({ because }) => because.endsWith("thing"));
  expect(asked?.proxy?.party.group).toEqual({ place: "south-production", role: "proxy" });
});

test("a need names what a forward proxy lets through to the internet, by host names in full, and nowhere else", () => {
  const through = flow({ from: { role: "bastion" }, to: { outside: "internet" }, traffic: tcp(443) });
  const told = (need: object) =>
    gather([
      north({ production: tenancy({ runs: [...edge, saying({ needs: [{ ...through, ...need }] })] }) }),
    ]).problems.map(({ allowed }) => allowed);
  expect(told({ through: "forward-proxy" })).toEqual(["the host names that the forward proxy lets through"]);
  expect(told({ names: ["example.org"] })).toEqual(["names only of the internet, and through a forward proxy"]);
  expect(told({ through: "forward-proxy", names: ["https://example.org"] })).toEqual([
    "a host name of the internet, in lower case and in full",
  ]);
  expect(told({ through: "forward-proxy", names: ["example.org"] })).toEqual([]);
});
