import type { EcpdsMoverOptions } from "../../../constructs/ecpds/spec";
import {
  bastion,
  cluster,
  ecflow,
  ecpdsMover,
  proxy,
  sharedServices,
  vault,
  vaultAgent,
} from "../../../constructs/specs";
import { hpcLogins } from "../../../model/hpc-logins";
import type { Component } from "../../../model/site/component";
import { gib, mib, network, shared, tib } from "../../../model/vocabulary";
import { flowsOf, givingVolumes, learned, north, said, south, tenancy } from "../../model/platform";

const image = (name: string) => `registry.example.org/${name}:8.1.0@sha256:${"0".repeat(64)}`;
const options = {
  proxyHost: "dm-north",
  movers: "ecpds",
  reportsTo: ["ecpds-dm1.example.org", "ecpds-dm2.example.org"],
  sendsTo: ["polaris"],
  volume: tib(4),
  images: { mover: image("ecpds-mover"), sftp: image("rclone") },
};
const at = { site: "north", tenancy: "production" };
const path = "north.production.runs.ecpds-mover";

interface Beside {
  readonly ecpds?: ReturnType<typeof network>;
  readonly runs?: readonly Component[];
}

/** A bridge with a mover, and a server of ecFlow that waits for what it brings. */
function described(
  is: Partial<EcpdsMoverOptions> = {},
  { ecpds = network("203.0.113.0/28"), runs = [ecpdsMover({ ...options, ...is })] }: Beside = {},
) {
  const inputs = { node: "/o/inputs", by: "03:30", what: "inputs", from: [{ service: "ecpds-mover" }] };
  const all = [
    ...[bastion(), proxy(), vault({ from: [] }), vaultAgent({ at }), sharedServices({ vault: at })],
    cluster({ servers: 1, workers: 1, cloud: true }),
    ecflow("prod", { submitsTo: ["polaris"], milestones: { inputs } }),
    ...runs,
  ];
  const outside = { ...north({}).outside, ecpds };
  const identity = { people: { issuer: "https://login.example.org", audience: "platform" } };
  const site = north({ production: tenancy({ runs: all }) }, { identity, cloud: givingVolumes, outside } as never);
  return learned([site, south({})]);
}

test("one line is a pod with a volume, two ways in for ECMWF, and ways out for what it sends", () => {
  const { description, problems } = said(ecpdsMover(options));
  expect(problems).toEqual([]);
  expect(description.services?.map(({ service, traffic, auth }) => [service, traffic.from, auth])).toEqual([
    ["ecpds-mover", 4443, "tls"],
    ["ecpds-mover-sftp", 4022, "ssh-key"],
  ]);
  expect(flowsOf(description)).toEqual([
    "ecpds -> ecpds-mover",
    "ecpds -> ecpds-mover-sftp",
    "ecpds-mover -> internet tcp-443 through forward-proxy",
    "ecpds-mover -> polaris.login tcp-22",
  ]);
  const [workload] = description.workloads ?? [];
  expect(workload?.runs).toEqual({
    kind: "StatefulSet",
    replicas: 1,
    volume: { path: "/var/lib/ecpds/mover", size: tib(4), fate: "disposable" },
  });
  expect(described().problems).toEqual([]);
});

test("who brings files sees them and its own keys, and the mover those of others alone", () => {
  const [mover, sftp] = said(ecpdsMover(options)).description.workloads?.[0]?.containers ?? [];
  expect([mover?.kept, sftp?.volume, sftp?.kept]).toEqual([undefined, true, ["/run/secrets/sftp"]]);
  const { registers } = described();
  const keys = registers.secrets.find(({ id }) => id === "north-production/ecpds/sftp");
  expect(keys?.pods.map(({ key, file }) => [key, file])).toEqual([
    ["host-key", "/run/secrets/sftp/host-key"],
    ["authorized-keys", "/run/secrets/sftp/authorized-keys"],
  ]);
});

test("it logs in to the supercomputer by what ECMWF tells it: no account and no key of ours is there", () => {
  const { registers } = described();
  const way = registers.flows.find(({ why }) => why === "what arrives is handed to polaris by SFTP");
  expect(way).toMatchObject({
    to: { theirs: "polaris.login" },
    account: "theirs",
    from: { pods: { workload: "ecpds-mover" } },
  });
  const by = hpcLogins(registers).flatMap((login) => login.by.map(({ role, workload }) => workload ?? role));
  expect(by).toEqual(["ecflow-prod"]);
  const reads = registers.secrets.flatMap(({ id, pods }) => pods.map(({ workload }) => [workload, id]));
  expect(reads.filter(([workload]) => workload === "ecpds-mover").map(([, id]) => id)).toEqual(
    Array(2).fill("north-production/ecpds/sftp"),
  );
});

test("what it reports leaves through the forward proxy, by the names of those that it reports to", () => {
  const { registers } = described();
  const reports = registers.flows.find(({ why }) => why.startsWith("it tells ECMWF"));
  expect([reports?.proxy?.party.group.role, reports?.names]).toEqual(["proxy", options.reportsTo]);
});

describe("is refused:", () => {
  const told = (...args: Parameters<typeof described>) =>
    described(...args).problems.map(({ path, value, allowed, fix }) => `${path} | ${value} | ${allowed} | ${fix}`);

  test("commands from addresses that many share, since nothing else tells who commands", () =>
    expect(told({}, { ecpds: shared("203.0.113.0/28") })).toEqual([
      `${path} | ecpds to tcp-30444 of cluster-worker, authentication tls | a service that authenticates, since many share the addresses of ecpds | let the service ask for a password, a token or a certificate`,
    ]));
  test("movers that no site names", () =>
    expect(told({ movers: "ecpd" })[0]).toMatch(new RegExp(`^${path}.movers \\| ecpd \\| .*did you mean "ecpds"\\?$`)));
  test("a supercomputer that nobody has", () =>
    expect(told({ sendsTo: ["polari"] })[0]).toBe(`${path}.sendsTo | polari | polaris | did you mean "polaris"?`));
  test("a milestone for which it is to bring something, where it is not", () =>
    expect(told({}, { runs: [] })[0]).toMatch(
      /^north\.production\.runs\.ecflow-prod\.milestones\.inputs\.from \| ecpds-mover \| a service in north\.production/,
    ));
  test("or where it hands nothing on", () =>
    expect(told({ sendsTo: [] })).toEqual([
      "north.production.runs.ecflow-prod.milestones.inputs.from | ecpds-mover | a service from which a flow leads to ecFlow prod, or to the supercomputers to which it submits | say where what arrives goes from there, or leave it out",
    ]));
  test.each([
    [{ images: { ...options.images, mover: "ghcr.io/ecmwf/open-ecpds/mover:latest" } }, "images.mover"],
    [{ reportsTo: ["https://ecpds-dm1.example.org"] }, "reportsTo"],
    [{ reportsTo: [] }, "reportsTo"],
    [{ fileSystems: 0 }, "fileSystems"],
    [{ memory: gib(1) }, "memory"],
    [{ restartsAt: "2 pm" }, "restartsAt"],
    [{ portal: ["https"] }, "portal"],
    [{ delivers: { users: { port: 0, why: "they get products" } } }, "delivers.users.port"],
  ])("%j", (is, option) =>
    expect(said(ecpdsMover({ ...options, ...is } as never)).problems[0]).toMatch(new RegExp(`^${option}`)));
});

test("products leave for whom it is said", () => {
  const { description } = said(ecpdsMover({ ...options, delivers: { users: { why: "they get products" } } }));
  expect(flowsOf(description).at(-1)).toBe("ecpds-mover -> users tcp-22");
});

test("a quarter of its memory is left beside the heap of Java", () => {
  const [mover] = said(ecpdsMover({ ...options, memory: mib(2048) })).description.workloads?.[0]?.containers ?? [];
  expect(mover?.env?.ALLOCATED_MEMORY).toBe("1536M");
});
