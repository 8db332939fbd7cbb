import { bastion, proxy } from "../../../constructs/edge/spec";
import { gather } from "../../../model/gather";
import { tcp } from "../../../model/site/need";
import type { HostSpec } from "../../../model/site/specs";
import { allocated, gib, network } from "../../../model/vocabulary";
import { north, saying, south, tenancy } from "../platform";

const edge = [bastion(), proxy()];
const host = (is: Partial<HostSpec>): HostSpec => ({
  name: "host",
  roles: ["role"],
  subnet: "services",
  slot: 50,
  flavor: "small",
  ...is,
});
const pathsOf = (...sites: readonly unknown[]) =>
  gather(sites).problems.map(({ path, value, fix }) => [path, value, fix]);
const running = (...things: Parameters<typeof saying>[0][]) =>
  north({ production: tenancy({ runs: [...edge, ...things.map((thing, i) => saying(thing, `thing-${i + 1}`))] }) });

describe("refused, since it would mean two things:", () => {
  test("a component twice", () => {
    expect(pathsOf(north({ production: tenancy({ runs: [...edge, bastion()] }) }))).toContainEqual([
      "north.production.runs.bastion",
      "bastion",
      "leave one of them out",
    ]);
  });
  test("a host twice", () => {
    expect(pathsOf(running({ hosts: [host({})] }, { hosts: [host({ slot: 51 })] }))).toContainEqual([
      "north.production.runs.thing-2.hosts.host",
      "host",
      "rename one of them",
    ]);
  });
  test("a volume twice on a host", () => {
    const volume = { name: "data", size: gib(1), fate: "keep" as const };
    expect(pathsOf(running({ hosts: [host({ volumes: [volume, volume] })] }))).toEqual([
      ["north.production.runs.thing-1.hosts.host.volumes.data", "data", "rename one of them"],
    ]);
  });
  test("two volumes of one size on a host, of which nobody there could say which is which", () => {
    const volume = (name: string, size = gib(8)) => ({ name, size, fate: "keep" as const });
    const volumes = (...all: ReturnType<typeof volume>[]) => pathsOf(running({ hosts: [host({ volumes: all })] }));
    expect(volumes(volume("data"), volume("index"))).toEqual([
      ["north.production.runs.thing-1.hosts.host.volumes.index.size", gib(8), "write gib(9)"],
    ]);
    expect(volumes(volume("data"), volume("index", gib(9)))).toEqual([]);
  });
  test("a volume whose name is no label of a file system", () => {
    const volume = { name: "thirteen-long", size: gib(1), fate: "keep" as const };
    expect(gather([running({ hosts: [host({ volumes: [volume] })] })]).problems).toEqual([
      {
        path: "north.production.runs.thing-1.hosts.host.volumes.name",
        value: "thirteen-long",
        allowed: expect.stringMatching(/at most 12, since it becomes the label of an XFS file system$/),
        fix: "shorten it",
      },
    ]);
  });
  test("a service twice in a tenancy", () => {
    const service = {
      service: "forward-proxy",
      on: { role: "role" },
      traffic: { proto: "tcp" as const, from: 1, to: 1 },
      auth: "none" as const,
    };
    expect(pathsOf(running({ hosts: [host({})], services: [service] }))).toEqual([
      ["north.production.runs.thing-1.services.forward-proxy", "forward-proxy", "rename one of them"],
    ]);
  });
  test("a bucket twice in a tenancy", () => {
    const bucket = { name: "backups", fate: "keep" as const };
    expect(pathsOf(running({ buckets: [bucket] }, { buckets: [bucket] }))).toEqual([
      ["north.production.runs.thing-2.buckets.backups", "backups", "rename one of them"],
    ]);
  });
  test("a domain twice", () => {
    const there = south({ production: tenancy({ network: { cidr: "10.36.0.0/20" }, runs: edge }) });
    expect(pathsOf(north({ production: tenancy({ runs: edge }) }), { ...there, dns: "north.example.org" })).toEqual([
      ["south.dns", "north.example.org", "give each site its own, so that names of hosts differ"],
    ]);
  });
  test("a site twice", () => {
    const site = () => north({});
    expect(pathsOf(site(), site())).toContainEqual(["north", "north", "rename one of them"]);
  });
  test("an outside network twice, or by a name that every place knows already", () => {
    const other = { ...south({}), outside: { operators: network("1.2.3.0/24"), internet: network("1.2.4.0/24") } };
    expect(pathsOf(north({}), other)).toEqual([
      ["south.outside.operators", "operators", "rename one of them"],
      ["south.outside.internet", "internet", "rename it"],
    ]);
  });
  test("a project of two tenancies", () => {
    const there = south({ production: tenancy({ network: { cidr: "10.36.0.0/20" }, runs: edge, project: "dte" }) });
    expect(pathsOf(north({ production: tenancy({ runs: edge, project: "dte" }) }), there)).toEqual([
      ["south.production.project", "dte", "name the entry in clouds.yaml that is this tenancy's"],
    ]);
  });
  test("site and tenancy together, though each is named otherwise", () => {
    const test = tenancy({ environment: "test", runs: edge });
    const there = tenancy({ environment: "production", network: { cidr: "10.36.0.0/20" }, runs: edge });
    const [a, b] = [north({ "test-production": test }), { ...south({ production: there }), name: "north-test" }];
    expect(pathsOf(a, b)).toContainEqual(["north-test.production", "north-test-production", "rename one of them"]);
  });
  test("a host that is named as the router", () => {
    expect(pathsOf(running({ hosts: [host({ name: "router" })] }))).toEqual([
      ["north.production.runs.thing-1.hosts.router", "router", "rename the host"],
    ]);
  });
  test("a role that reads like a load balancer in the name of a rule", () => {
    const services = [
      { service: "front", on: { role: "front" }, traffic: tcp(7000), auth: "mtls" as const, ownTrust: true as const },
      {
        service: "back",
        on: { role: "back" },
        traffic: tcp(7000),
        auth: "mtls" as const,
        ownTrust: true as const,
        balancer: "front",
      },
    ];
    const needs = ["front", "back"].map((service) => ({
      need: "flow" as const,
      from: { role: "bastion" },
      to: { service },
      why: "a test",
    }));
    const hosts = ["front", "back"].map((role, i) => host({ name: role, roles: [role], slot: 50 + i }));
    expect(pathsOf(running({ hosts, services, needs, balancers: [{ name: "front", slot: 9 }] }))).toEqual([
      ["north.production.runs.thing-1", "out-tcp-7000-to-front", "rename the role or the host that it names"],
    ]);
  });
  test("a server group with two policies", () => {
    const apart = (policy: "anti-affinity" | "soft-anti-affinity") => ({ group: "pair", policy });
    const hosts = [
      host({ name: "a", apart: apart("anti-affinity") }),
      host({ name: "b", slot: 51, apart: apart("soft-anti-affinity") }),
    ];
    expect(pathsOf(running({ hosts }))).toEqual([
      [
        "north.production.runs.thing-1.hosts.b.apart.policy",
        "soft-anti-affinity",
        "say the same, or name another group",
      ],
    ]);
  });
  test("a role that every host has anyway", () => {
    expect(pathsOf(running({ hosts: [host({ roles: ["baseline"] })] }))).toEqual([
      ["north.production.runs.thing-1.hosts.host.roles", "baseline", "rename the role"],
    ]);
  });
});

describe("refused, since there is none of that name:", () => {
  test("a host with a public address", () => {
    const site = north({ production: tenancy({ public: { bastoin: allocated, proxy: allocated }, runs: edge }) });
    expect(gather([site]).problems).toContainEqual({
      path: "north.production.public.bastoin",
      value: "bastoin",
      allowed: "a host of the tenancy: bastion, proxy",
      fix: 'did you mean "bastion"?',
    });
  });
});

test("a volume without a fate is refused", () => {
  const volume = { name: "data", size: gib(1) } as never;
  expect(gather([running({ hosts: [host({ volumes: [volume] })] })]).problems).toEqual([
    {
      path: "north.production.runs.thing-1.hosts.host.volumes.fate",
      value: undefined,
      allowed: "keep, disposable",
      fix: 'add it: write "keep", or "disposable" if nobody would miss it',
    },
  ]);
});
