import { ecflow } from "../../constructs/ecflow/spec";
import { bastion, proxy } from "../../constructs/edge/spec";
import { vault } from "../../constructs/vault/spec";
import { gather } from "../../model/gather";
import { allocated, granted } from "../../model/vocabulary";
import { grantedElsewhere, hypervisorsFor, operatorOf } from "../../sandbox/operator";
import { north, south, tenancy } from "../model/platform";

const edge = [bastion(), proxy()];
const read = (production: Parameters<typeof tenancy>[0]) => {
  const identity = { people: { issuer: "https://login.example.org", audience: "platform" } };
  const here = north({ production: tenancy({ runs: edge, ...production }) }, { identity });
  const { registers, problems } = gather([here, south({})]);
  expect(problems).toEqual([]);
  const [site] = registers.sites;
  if (!site) throw new Error("no site");
  return { registers, site };
};

test("an operator grants just what the site file says of the cloud, each site from a network of its own", () => {
  const { registers, site } = read({ public: { bastion: allocated, proxy: granted("198.18.0.9") } });
  expect(operatorOf(registers, site)).toEqual({
    name: "north",
    external: { name: "external", cidr: "198.18.0.0/24" },
    images: [{ id: "deb12000-0000-4000-8000-000000000001", name: "debian12" }],
    flavors: [
      { name: "s", vcpus: 2, ramMiB: 4096, diskGiB: 20 },
      { name: "m", vcpus: 4, ramMiB: 16384, diskGiB: 20 },
      { name: "l", vcpus: 16, ramMiB: 65536, diskGiB: 20 },
    ],
    tenancies: [
      {
        cloud: "north-production",
        project: "north-production",
        quota: {
          vcpus: 1000,
          ramMiB: 4000 * 1024,
          instances: 100,
          serverGroups: 10,
          gigabytes: 1000 * 1024,
          volumes: 100,
          ports: 500,
          securityGroups: 100,
          securityGroupRules: 1000,
          floatingIps: 10,
          loadBalancers: null,
        },
        granted: ["198.18.0.9"],
      },
    ],
  });
  const [, other] = registers.sites;
  expect(other && operatorOf(registers, other).external.cidr).toBe("198.18.1.0/24");
});

test("a cloud has as many hypervisors as servers that stand apart, and two at least", () => {
  const count = (runs: Parameters<typeof tenancy>[0]) => {
    const { registers, site } = read(runs);
    return hypervisorsFor(registers, site);
  };
  expect(count({})).toBe(2);
  expect(count({ runs: [...edge, ecflow("prod", { standby: true }), vault({ servers: 5 })] })).toBe(5);
});

test("an address that somebody really granted is of no network here, and told so", () => {
  const { registers } = read({ public: { bastion: allocated, proxy: granted("192.0.2.9") } });
  expect(grantedElsewhere(registers)).toEqual([
    {
      path: "north.production.public.proxy",
      value: "192.0.2.9",
      allowed: "an address of 198.18.0.0/24, which is all that the sandbox has there",
      fix: "write allocated to try it here",
    },
  ]);
  expect(grantedElsewhere(read({}).registers)).toEqual([]);
});
