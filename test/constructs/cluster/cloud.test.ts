import { parse } from "yaml";
import { filesOf } from "../../../constructs/cluster/config";
import { type ClusterOptions, cluster } from "../../../constructs/cluster/spec";
import { passesOf } from "../../../constructs/edge/squid";
import { bastion, proxy, vaultAgent } from "../../../constructs/specs";
import { gather } from "../../../model/gather";
import type { CloudFacts } from "../../../model/site/cloud";
import { gib, mib } from "../../../model/vocabulary";
import { givingVolumes, north, said, saying, south, tenancy } from "../../model/platform";
import { namespace, workload } from "../../stacks/cluster";
import { unknownIn } from "./options";

const there = { site: "south", tenancy: "production" };
const store = workload("store", "one", {
  runs: { kind: "StatefulSet", replicas: 2, volume: { path: "/data", size: gib(5), fate: "keep" } },
});

/** A cluster with what its cloud gives, and a workload that has volumes. */
function described(options: ClusterOptions = {}, facts: Partial<CloudFacts> = {}) {
  const runs = [
    bastion(),
    proxy(),
    vaultAgent({ at: there }),
    cluster({ servers: 3, workers: 2, cloud: true, ...options }),
    saying({ namespaces: [namespace("one")], workloads: [store] }),
  ];
  const { registers, problems } = gather(
    [north({ production: tenancy({ runs }) }, { cloud: { ...givingVolumes, ...facts } }), south({})],
    {},
    { partial: true },
  );
  const [place] = registers.places;
  if (!place) throw new Error("there is no tenancy");
  const config = (name: string) => {
    const host = place.hosts.find((each) => each.name === name);
    const files = host ? filesOf(host, place, registers) : [];
    return parse(files.find(({ path }) => path.endsWith("rke2/config.yaml"))?.text ?? "");
  };
  return { registers, place, config, problems: problems.map(({ path, value, fix }) => [path, value, fix]) };
}

const { registers, place, config, problems } = described();

test("nodes wait for the cloud's controller, which takes the place of RKE2's own; servers bring the kinds of snapshots", () => {
  expect(problems).toEqual([]);
  const [server, worker] = [config("cluster-server-2"), config("cluster-worker-1")];
  expect([server["cloud-provider-name"], server["disable-cloud-controller"], server.disable]).toEqual([
    "external",
    true,
    undefined,
  ]);
  expect([worker["cloud-provider-name"], worker["disable-cloud-controller"]]).toEqual(["external", undefined]);
  expect([server["node-name"], worker["node-name"]]).toEqual(
    ["cluster-server-2", "cluster-worker-1"].map((name) => place.hosts.find((host) => host.name === name)?.id),
  );
  expect([...unknownIn(server, "rke2 server"), ...unknownIn(worker, "rke2 agent")]).toEqual([]);
});

test("without it, nothing of the cloud is there", () => {
  const without = said(cluster()).description;
  expect([without.namespaces, without.releases, without.clusters?.[0]?.volumes]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test("the credential is a file of servers alone, written by people", () => {
  const secret = registers.secrets.find(({ id }) => id === "north-production/cluster/cloud");
  expect(secret?.readers.map(({ role, owner, file }) => [role, owner, file])).toEqual([
    ["cluster-server", "root", "/etc/kubernetes/cloud.conf"],
  ]);
  expect([secret?.keys, secret?.byJob, secret?.pods]).toEqual([["config"], false, []]);
});

test("servers alone ask the cloud, by its names and ports, through the forward proxy", () => {
  const host = place.hosts.find(({ name }) => name === "proxy");
  const passes = host ? passesOf(host, place, registers) : [];
  expect(
    passes.filter(({ to }) => to.endsWith(".example.org")).map(({ role, to, port }) => `${role} ${to} ${port}`),
  ).toEqual([
    "cluster-server compute.example.org 443",
    "cluster-worker registry.example.org 443",
    "cluster-server volumes.example.org 443",
    "cluster-server identity.example.org 5000",
  ]);
  // What they are made of is pulled where they are.
  expect(passes.filter(({ to }) => to === "registry.k8s.io").map(({ role }) => role)).toEqual([
    "cluster-server",
    "cluster-worker",
  ]);
});

test("pods that are on servers meet the API there, as all pods do", () => {
  const rules = registers.rules.get(place.id) ?? [];
  expect(
    rules
      .filter(({ id, group }) => id.includes("tcp-6443") && group.role === "cluster-server")
      .map(({ id }) => id)
      .sort(),
  ).toEqual([
    "in-tcp-6443-from-balancers",
    "in-tcp-6443-from-cluster-node",
    "in-tcp-6443-from-cluster-server",
    "out-tcp-6443-to-cluster-server",
  ]);
});

describe("its charts", () => {
  const values = (release: string) => place.releases.find((each) => each.said.release === release)?.said.values ?? {};
  test("mount what the host has, and hold no credential", () => {
    const folder = { path: "/etc/kubernetes", type: "DirectoryOrCreate" };
    expect(values("cloud-controller")).toMatchObject({
      secret: { enabled: false, create: false },
      extraVolumes: [{ hostPath: folder }],
    });
    expect(values("cinder-csi")).toMatchObject({
      secret: { enabled: false, hostMount: false },
      csi: { plugin: { volumes: [{ hostPath: folder }] } },
    });
  });
  test("have no controller that deletes nodes, or makes load balancers", () =>
    expect(values("cloud-controller").enabledControllers).toEqual(["cloud-node"]));
  test("are within the quota of their namespace, where they are", () => {
    const of = (options: ClusterOptions) =>
      described(options).place.namespaces.find(({ namespace }) => namespace === "openstack");
    // By server 50 and 128 Mi; for one that asks 75 and 448, two and one more; for one that mounts 45 and 256.
    expect(of({})?.quota).toEqual({ milliCpu: 150 + 225 + 90, memory: mib(384 + 1344 + 512), pods: 3 + 3 + 2 });
    expect(of({ servers: 1, workers: 0 })?.quota).toEqual({
      milliCpu: 50 + 150 + 45,
      memory: mib(128 + 896 + 256),
      pods: 1 + 2 + 1,
    });
    expect(of({})?.security).toBe("privileged");
  });
  test("give volumes where their pods are, kept or not, of the type that the cloud names", () => {
    const classes = (type?: string) => {
      const { cloud } = described().place.site;
      const at = { cloud: type === undefined ? cloud : { ...cloud, volumeType: type } };
      return said(cluster({ cloud: true }), at).description.releases?.flatMap(({ resources = [] }) => resources);
    };
    expect(classes()).toMatchObject([
      { metadata: { name: "cinder-keep" }, reclaimPolicy: "Retain", volumeBindingMode: "WaitForFirstConsumer" },
      { metadata: { name: "cinder-disposable" }, reclaimPolicy: "Delete", volumeBindingMode: "WaitForFirstConsumer" },
    ]);
    expect(classes()?.some((each) => "parameters" in each)).toBe(false);
    expect(classes("LUKS")?.map(({ parameters }) => parameters)).toEqual([{ type: "LUKS" }, { type: "LUKS" }]);
  });
});

test("volumes of pods take of the quota of the project", () => {
  const { volumes, gigabytes } = registers.capacity.get(place.id) ?? {};
  // etcd's three of 40, and the two that the workload has.
  expect([volumes, gigabytes]).toEqual([5, 130]);
});

describe("it is refused", () => {
  const refused = (is: Partial<CloudFacts>) => described({}, is).problems;
  test("where the cloud has no volumes for pods", () =>
    expect(refused({ has: ["octavia"] })).toEqual([
      ["north.production.runs.cluster.cloud", true, 'leave it out at this site, or add "cinder" if the cloud has it'],
    ]));
  test("where nobody has said where the cloud answers", () =>
    expect(refused({ api: [] })).toEqual([
      [
        "north.production.runs.cluster.cloud",
        true,
        "add it, by openstack catalog list: identity, compute, network and volumes",
      ],
    ]));
  test("where it answers without TLS", () =>
    expect(refused({ api: ["http://identity.example.org:5000"] })[0]?.slice(0, 2)).toEqual([
      "north.cloud.api",
      "http://identity.example.org:5000",
    ]));
});
