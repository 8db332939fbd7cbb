import { backups } from "../../../constructs/backup/spec";
import { cluster } from "../../../constructs/cluster/spec";
import { bastion, proxy } from "../../../constructs/edge/spec";
import { fdb } from "../../../constructs/fdb/spec";
import { gather } from "../../../model/gather";
import { gib, tib } from "../../../model/vocabulary";
import { layout, north, saying, south, tenancy } from "../platform";

const edge = [bastion(), proxy()];

describe("refused, since the cloud does not have it:", () => {
  test("a flavor", () => {
    const site = north({ production: tenancy({ runs: [bastion({ flavor: "smal" }), proxy()] }) });
    expect(gather([site]).problems).toEqual([
      {
        path: "north.production.runs.bastion.flavor",
        value: "smal",
        allowed: "flavors of north.cloud: small, medium, large",
        fix: 'did you mean "small"?',
      },
    ]);
  });
  test("an image", () => {
    const thing = saying({
      hosts: [{ name: "host", roles: ["role"], subnet: "data", slot: 9, flavor: "small", image: "rocky9" }],
    });
    expect(gather([north({ production: tenancy({ runs: [...edge, thing] }) })]).problems).toEqual([
      {
        path: "north.production.runs.thing.hosts.host.image",
        value: "rocky9",
        allowed: "images of north.cloud: debian12",
        fix: "choose one of them, or add it to north.cloud",
      },
    ]);
  });
  test("an object store", () => {
    const problems = gather([
      south({ production: tenancy({ runs: [bastion({ from: [] }), proxy(), backups()] }) }),
    ]).problems;
    expect(problems.map(({ path, value }) => [path, value])).toEqual([
      ["south.production.runs.backups.buckets.backups", "swift"],
    ]);
  });
  test("a load balancer", () => {
    const thing = saying({ balancers: [{ name: "front", slot: 10 }] });
    const problems = gather([
      south({ production: tenancy({ runs: [bastion({ from: [] }), proxy(), thing] }) }),
    ]).problems;
    expect(problems.map(({ path, value }) => [path, value])).toEqual([
      ["south.production.runs.thing.balancers.front", "octavia"],
    ]);
  });
});

describe("a quota", () => {
  const quota = {
    vcpus: 40,
    ram: gib(100),
    gigabytes: tib(1),
    floatingIps: 1,
    instances: 5,
    volumes: 3,
    securityGroupRules: 10,
    serverGroups: 0,
    ports: 8,
    securityGroups: 5,
  };

  test("holds everything that the tenancy takes; what does not fit is told with what it takes", () => {
    const site = north({
      production: tenancy({ quota, runs: [...edge, fdb({ stores: 3, volume: tib(2), fate: "keep", layout })] }),
    });
    expect(
      gather([site]).problems.map(({ path, value, allowed }) => [
        path.replace("north.production.quota.", ""),
        value,
        allowed.split(",")[0],
      ]),
    ).toEqual([
      ["vcpus", 40, "at least 70"],
      ["ram", gib(100), "at least 276 GiB"],
      ["gigabytes", tib(1), "at least 6.5 TiB"],
      ["floatingIps", 1, "at least 2"],
      ["instances", 5, "at least 6"],
      ["volumes", 3, "at least 4"],
      ["ports", 8, "at least 9"],
      ["securityGroups", 5, "at least 6"],
      ["securityGroupRules", 10, "at least 18"],
      ["serverGroups", 0, "at least 1"],
    ]);
  });

  test("of which nothing is said is what OpenStack gives a project that nobody raised", () => {
    const quota = { vcpus: 1000, ram: gib(4000), gigabytes: tib(1000), floatingIps: 10 };
    const site = north({
      production: tenancy({
        quota,
        runs: [...edge, cluster({ workers: 7 }), fdb({ stores: 9, volume: tib(1), fate: "keep", layout })],
      }),
    });
    expect(
      gather([site]).problems.map(({ path, value }) => [path.replace("north.production.quota.", ""), value]),
    ).toEqual([
      ["instances", 10],
      ["volumes", 10],
    ]);
  });
});

test("what follows from wrong facts of the cloud is not told beside them", () => {
  const site = {
    ...north({ production: tenancy({ runs: edge }) }),
    cloud: { external: "external" },
  };
  expect(gather([site]).problems.map(({ path }) => path)).toEqual([
    "north.cloud.resolvers",
    "north.cloud.ntp",
    "north.cloud.images",
    "north.cloud.flavors",
  ]);
});
