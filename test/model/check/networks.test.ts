import fc from "fast-check";
import { ecflow } from "../../../constructs/ecflow/spec";
import { bastion, proxy } from "../../../constructs/edge/spec";
import { gather } from "../../../model/gather";
import { allocated, granted } from "../../../model/vocabulary";
import { north, saying, south, tenancy } from "../platform";

const edge = [bastion(), proxy()];

describe("a network of a tenancy", () => {
  test("overlaps no other of the platform; the fix names a free one of its size", () => {
    const sites = [
      north({ production: tenancy({ network: { cidr: "10.0.0.0/20" }, runs: edge }) }),
      south({ production: tenancy({ network: { cidr: "10.0.8.0/22" }, runs: edge }) }),
    ];
    expect(gather(sites).problems).toEqual([
      {
        path: "north.production.network.cidr",
        value: "10.0.0.0/20",
        allowed: "a network of its own; south.production.network has 10.0.8.0/22",
        fix: "any free block, e.g. 10.0.16.0/20",
      },
      {
        path: "south.production.network.cidr",
        value: "10.0.8.0/22",
        allowed: "a network of its own; north.production.network has 10.0.0.0/20",
        fix: "any free block, e.g. 10.0.16.0/22",
      },
    ]);
  });
});

test("of any networks, exactly those that overlap another are refused", () => {
  const network = fc.tuple(fc.integer({ min: 16, max: 22 }), fc.integer({ min: 0, max: 63 })).map(([length, n]) => {
    const size = 2 ** (32 - length);
    const first = Math.floor((n * 1024) / size) * size;
    return { cidr: `10.${Math.floor(first / 65536)}.${Math.floor(first / 256) % 256}.0/${length}`, first, size };
  });
  fc.assert(
    fc.property(fc.array(network, { minLength: 1, maxLength: 8 }), (networks) => {
      const names = networks.map((_, i) => `production-${i}`);
      const tenancies = Object.fromEntries(
        networks.map(({ cidr }, i) => [names[i], tenancy({ network: { cidr }, public: {} })]),
      );
      const overlapping = networks.flatMap((a, i) =>
        networks.some((b, j) => i !== j && a.first < b.first + b.size && b.first < a.first + a.size)
          ? [`north.${names[i]}.network.cidr`]
          : [],
      );
      expect(gather([north(tenancies)]).problems.map(({ path }) => path)).toEqual(overlapping);
    }),
  );
});

describe("a slot in a subnet", () => {
  test("is taken once; the fix names a free one", () => {
    const { problems } = gather([
      north({ production: tenancy({ runs: [...edge, ecflow("prod"), ecflow("more", { relayPort: 3142 })] }) }),
    ]);
    expect(problems).toEqual([
      {
        path: "north.production.runs.ecflow-more.hosts.ecflow-more.slot",
        value: 60,
        allowed: "a slot of its own; ecflow-prod of north.production.runs.ecflow-prod has this one",
        fix: "choose a free one, e.g. 4",
      },
    ]);
  });

  test.each([3, 100, 1.5, -1, Number.NaN])("cannot be %p: gateway, DHCP and other subnets have the rest", (slot) => {
    const thing = saying({ hosts: [{ name: "host", roles: ["role"], subnet: "services", slot, flavor: "small" }] });
    expect(gather([north({ production: tenancy({ runs: [...edge, thing] }) })]).problems).toEqual([
      {
        path: "north.production.runs.thing.hosts.host.slot",
        value: slot,
        allowed: "a number in the subnet, 4 to 99",
        fix: "choose a free one",
      },
    ]);
  });
});

describe("a granted address", () => {
  const withPublic = (bastionAddress: string) =>
    tenancy({ public: { bastion: granted(bastionAddress), proxy: allocated }, runs: edge });

  test("is given once in the platform, whether granted or learned", () => {
    const locks = { north: { version: 1, learned: { production: { router: "198.51.100.9" } } } };
    expect(gather([north({ production: withPublic("198.51.100.9") })], locks).problems).toEqual([
      {
        path: "north.production.public.bastion",
        value: "198.51.100.9",
        allowed: "an address of its own; north.lock.learned.production.router has this one",
        fix: "correct one of them",
      },
    ]);
  });

  test("is given once among sites", () => {
    const there = { ...withPublic("198.51.100.9"), network: { cidr: "10.36.0.0/20" } };
    expect(gather([north({ production: withPublic("198.51.100.9") }), south({ production: there })]).problems).toEqual([
      {
        path: "south.production.public.bastion",
        value: "198.51.100.9",
        allowed: "an address of its own; north.production.public.bastion has this one",
        fix: "correct one of them",
      },
    ]);
  });
});

test.each([
  ["10.20.0.0/33", "no network is a /33: the longest prefix is /32"],
  ["10.20.0.7/20", '10.20.0.7 is an address within 10.20.0.0/20: did you mean "10.20.0.0/20"?'],
  ["10.21.0.0/29", "a /29 is too small for the networks of a tenancy: take a /22 or larger"],
  ["10.0.0.0/8", "a /8 is more than a tenancy may have: take a /16 or smaller"],
  ["193.1.0.0/20", "it is not private: take it from 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16"],
  ["10.20/16", 'write an IPv4 network, "a.b.c.d/n", that no other tenancy has'],
])("of a network %s it is told what is wrong", (cidr, fix) => {
  const { problems } = gather([north({ production: tenancy({ network: { cidr }, public: {} }) })]);
  expect(problems).toEqual([expect.objectContaining({ path: "north.production.network.cidr", value: cidr, fix })]);
});
