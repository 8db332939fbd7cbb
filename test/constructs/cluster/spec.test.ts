import { cluster, existingCluster } from "../../../constructs/cluster/spec";
import { bastion, proxy } from "../../../constructs/edge/spec";
import { gather } from "../../../model/gather";
import { flowsOf, hostsOf, north, said, servicesOf, south, tenancy } from "../../model/platform";

test("three servers with etcd on volumes, and workers", () => {
  const { description, problems } = said(cluster({ workers: 2 }));
  expect(problems).toEqual([]);
  expect(hostsOf(description)).toEqual([
    "cluster-server-1 cluster-server,cluster-node services/31 medium etcd:40 GiB:keep",
    "cluster-server-2 cluster-server,cluster-node services/32 medium etcd:40 GiB:keep",
    "cluster-server-3 cluster-server,cluster-node services/33 medium etcd:40 GiB:keep",
    "cluster-worker-1 cluster-worker,cluster-node services/41 large",
    "cluster-worker-2 cluster-worker,cluster-node services/42 large",
  ]);
});

test("the ports that RKE2 needs, between those that need them", () => {
  const { description } = said(cluster());
  expect(servicesOf(description)).toEqual([
    "cluster-api on cluster-server tcp-6443 mtls",
    "cluster-join on cluster-server tcp-9345 tls+token",
    "cluster-etcd on cluster-server tcp-2379-2380 mtls",
    "cluster-kubelet on cluster-node tcp-10250 mtls",
    "cluster-pods on cluster-node udp-8472 none",
    "etcd-metrics on cluster-server tcp-2381 none",
  ]);
  expect(flowsOf(description)).toEqual([
    "cluster-node -> internet tcp-443 through forward-proxy",
    "cluster-node -> internet tcp-443 through forward-proxy",
    "cluster-node -> cluster-api",
    "cluster-node -> cluster-join",
    "cluster-node -> cluster-api",
    "cluster-node -> cluster-join",
    "cluster-server -> cluster-etcd",
    "cluster-node -> cluster-kubelet",
    "cluster-node -> cluster-pods",
    "bastion -> cluster-api",
  ]);
});

test("nodes meet servers behind the load balancer, and past it: the cluster itself names each by its own address", () => {
  const { registers } = gather([
    north({ production: tenancy({ runs: [bastion({ from: [] }), proxy(), cluster({ servers: 3, workers: 1 })] }) }),
  ]);
  const ids = (registers.rules.get("north-production") ?? []).flatMap(({ id, group }) =>
    group.role === "cluster-server" && /^in-tcp-(6443|9345)/.test(id) ? [id] : [],
  );
  expect(ids.sort()).toEqual([
    "in-tcp-6443-from-balancers",
    "in-tcp-6443-from-cluster-node",
    "in-tcp-9345-from-balancers",
    "in-tcp-9345-from-cluster-node",
  ]);
});

describe("the API stands", () => {
  test("behind a load balancer where the cloud has them", () => {
    const { description } = said(cluster());
    expect(description.balancers).toEqual([{ name: "cluster-api", slot: 10 }]);
    expect(description.services?.filter(({ balancer }) => balancer).map(({ service }) => service)).toEqual([
      "cluster-api",
      "cluster-join",
    ]);
  });
  test("else on an address that the servers share", () => {
    const site = south({
      production: tenancy({ runs: [bastion({ from: [] }), proxy(), cluster({ servers: 1, workers: 0 })] }),
    });
    const { registers, problems } = gather([site]);
    expect(problems).toEqual([]);
    expect(registers.places[0]?.sharedAddresses.map(({ name, address, role }) => [name, address, role])).toEqual([
      ["cluster-api", "10.20.4.30", "cluster-server"],
    ]);
    expect(registers.places[0]?.balancers).toEqual([]);
  });
});

test("a tenancy keeps clear of the networks inside the cluster", () => {
  const site = south({
    production: tenancy({ network: { cidr: "10.42.16.0/20" }, runs: [bastion({ from: [] }), proxy(), cluster()] }),
  });
  expect(gather([site]).problems.map(({ path, value, fix }) => [path, value, fix])).toEqual([
    ["south.production.runs.cluster", "10.42.16.0/20", "give the tenancy another network"],
  ]);
});

test.each([0, 2, 4])("%p servers are refused", (servers) =>
  expect(said(cluster({ servers } as never)).problems).toEqual([`servers ${servers}`]));

test("what is installed is held against a checksum that is one", () =>
  expect(said(cluster({ sha256: "abc" })).problems).toEqual(['sha256 "abc"']));

describe("a cluster of somebody else", () => {
  const theirs = { outside: "front-ends", version: "v1.33.1", pods: "10.244.0.0/16", services: "10.96.0.0/12" };
  test("has no hosts here, and is described like one of ours", () => {
    const { description, problems } = said(existingCluster({ ...theirs, context: "theirs" }));
    expect(problems).toEqual([]);
    expect(description).toEqual({ clusters: [{ product: "existing", ...theirs, context: "theirs" }] });
  });
  test("says where its nodes are, and which version it is", () =>
    expect(said(existingCluster({ ...theirs, outside: "", version: "1.33" })).problems).toEqual([
      'outside ""',
      'version "1.33"',
    ]));
});
