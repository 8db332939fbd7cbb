import { bastion, cluster, existingCluster, proxy, sharedServices, vaultAgent } from "../../../constructs/specs";
import { gather } from "../../../model/gather";
import { type Need, type Service, tcp } from "../../../model/site/need";
import type { ReleaseSpec } from "../../../model/site/release";
import type { Description } from "../../../model/site/specs";
import type { WorkloadSpec } from "../../../model/site/workload";
import { gib, mib } from "../../../model/vocabulary";
import { givingVolumes, north, saying, tenancy } from "../platform";

const at = "north.production.runs.thing";
const image = `registry.example.org/it:1.0.0@sha256:${"0".repeat(64)}`;
const space = { namespace: "space", quota: { milliCpu: 1000, memory: gib(2), pods: 10 }, why: "tests" };
const workload = (is: Partial<WorkloadSpec> = {}): WorkloadSpec => ({
  workload: "web",
  namespace: "space",
  runs: { kind: "Deployment", replicas: 1 },
  containers: [{ name: "it", image, milliCpu: 100, memory: mib(128) }],
  why: "tests",
  ...is,
});
const release = (is: Partial<ReleaseSpec> = {}): ReleaseSpec => ({
  release: "chart",
  namespace: "space",
  chart: { repository: "oci://registry.example.org/charts", name: "chart", version: "1.0.0" },
  images: ["registry.example.org"],
  values: {},
  pods: [{ workload: "of-chart", labels: { app: "chart" } }],
  why: "tests",
  ...is,
});

/** What is told of a component beside a cluster. */
const told = (description: Description, runs = [bastion(), proxy(), cluster({ servers: 1, workers: 1 })]) =>
  gather([north({ production: tenancy({ runs: [...runs, saying(description)] }) }, { cloud: givingVolumes })])
    .problems.filter(({ path }) => path.startsWith(at))
    .map(({ path, value, allowed, fix }) => `${path} | ${JSON.stringify(value)} | ${allowed} | ${fix}`);

test("what is sound is told nothing", () =>
  expect(told({ namespaces: [space], workloads: [workload()], releases: [release()] })).toEqual([]));

test("nothing stands on a cluster that is not there", () =>
  expect(told({ namespaces: [space], workloads: [workload()] }, [bastion(), proxy()])).toEqual([
    `${at}.namespaces.space | undefined | a tenancy with a cluster | add cluster() or existingCluster(), or leave this out here`,
    `${at}.workloads.web | undefined | a tenancy with a cluster | add cluster() or existingCluster(), or leave this out here`,
  ]));

test("names are there once, and those that others are named by exist", () => {
  expect(
    told({
      namespaces: [space, { ...space, namespace: "kube-public" }],
      workloads: [workload(), workload({ namespace: "spce" })],
    }),
  ).toEqual([
    `${at}.workloads.web | "web" | a workload of its own; ${at} has this one | rename one of them`,
    `${at}.namespaces.kube-public | "kube-public" | a namespace of ours: not default, kube-… or cattle-… | name another`,
    `${at}.workloads.web.namespace | "spce" | a namespace of the cluster: space, kube-public | did you mean "space"?`,
  ]);
  expect(
    told({ namespaces: [space], releases: [release({ after: ["cart"] }), release({ release: "cart", pods: [] })] }),
  ).toEqual([`${at}.releases.chart.after | "cart" | a release that is stated before it | state it`]);
});

test("a namespace has room for all that is to run in it, and for one more of each while it is replaced", () => {
  const web = workload({
    runs: { kind: "Deployment", replicas: 4 },
    containers: [{ name: "it", image, milliCpu: 300, memory: mib(700) }],
  });
  expect(told({ namespaces: [{ ...space, quota: { ...space.quota, pods: 4 } }], workloads: [web] })).toEqual([
    `${at}.namespaces.space.quota.milliCpu | 1000 | what its workloads ask for, and one pod more of each that is replaced: 1500 | write 1500`,
    `${at}.namespaces.space.quota.memory | "2 GiB" | what its workloads ask for, and one pod more of each that is replaced: mib(3500) | write mib(3500)`,
    `${at}.namespaces.space.quota.pods | 4 | what its workloads ask for, and one pod more of each that is replaced: 5 | write 5`,
  ]);
});

describe("a service on pods", () => {
  const web: Service = { service: "web", on: { workload: "web" }, traffic: tcp(8080), auth: "none" };
  const needs: Description["needs"] = [{ need: "flow", from: { role: "bastion" }, to: { service: "web" }, why: "w" }];
  const base = { namespaces: [space], workloads: [workload()] };
  test("is reached from outside its cluster by a port of the nodes", () => {
    expect(told({ ...base, services: [web], needs })).toEqual([
      `${at} | "web" | a service that nodes listen for, since it is reached from outside its cluster | give it a nodePort`,
    ]);
    expect(told({ ...base, services: [{ ...web, nodePort: 30000 }], needs })).toEqual([]);
  });
  test("has that port for itself, and hosts have none", () =>
    expect(
      told({
        ...base,
        services: [
          { ...web, nodePort: 30000 },
          { ...web, service: "two", traffic: tcp(8081), nodePort: 30000 },
          { service: "three", on: { role: "bastion" }, traffic: tcp(8082), auth: "none", nodePort: 30001 },
        ],
      }),
    ).toEqual([
      `${at}.services.two.nodePort | 30000 | a port of its own on nodes; web has this one | choose another`,
      `${at}.services.three.nodePort | 30001 | a service on pods | leave nodePort out`,
    ]));
  test("is on pods that somebody states", () =>
    expect(told({ ...base, services: [{ ...web, on: { workload: "wbe" } }] })).toEqual([
      `${at}.services.web.on | "wbe" | a workload: web | did you mean "web"?`,
    ]));
});

test("pods that bear all labels of others are refused: they would get their doors too", () => {
  const pods = [
    { workload: "one", labels: { app: "x" } },
    { workload: "two", labels: { app: "x", component: "db" } },
  ];
  expect(told({ namespaces: [space], releases: [release({ pods })] })).toHaveLength(1);
});

test("environments meet only where somebody says so, also inside a tenancy", () => {
  const lab = { ...space, namespace: "lab", environment: "experiments" as const };
  const flow = (more: object = {}) => ({
    namespaces: [space, lab],
    workloads: [workload(), workload({ workload: "trial", namespace: "lab" })],
    services: [{ service: "web", on: { workload: "web" }, traffic: tcp(8080), auth: "none" as const }],
    needs: [{ need: "flow" as const, from: { workload: "trial" }, to: { service: "web" }, why: "w", ...more }],
  });
  expect(told(flow())).toEqual([
    `${at} | "trial to web" | two ends in one environment | say acrossEnvironments: true in the need, if it is meant`,
  ]);
  expect(told(flow({ acrossEnvironments: true }))).toEqual([]);
});

describe("volumes", () => {
  const store = workload({
    runs: { kind: "StatefulSet", replicas: 2, volume: { path: "/data", size: gib(5), fate: "keep" } },
  });
  const wide = { ...space, quota: { ...space.quota, storage: gib(10) } };
  const giving = [bastion(), proxy(), cluster({ servers: 1, workers: 1, cloud: true })];
  const theirs = { outside: "front-ends", version: "v1.33.1", pods: "10.244.0.0/16", services: "10.96.0.0/12" };
  test("are counted", () =>
    expect(told({ namespaces: [space], workloads: [store] }, giving)).toEqual([
      `${at}.namespaces.space.quota.storage | undefined | what its workloads ask for, and one pod more of each that is replaced: gib(10) | write gib(10)`,
    ]));
  test("are there where the cluster gives them: its claims would wait for ever", () => {
    const base = { namespaces: [wide], workloads: [store] };
    const lacks = `${at}.workloads.web.runs | "StatefulSet" | a cluster that gives volumes to pods`;
    expect(told(base)).toEqual([`${lacks} | say cloud: true of cluster(), or keep its data elsewhere`]);
    expect(told(base, [existingCluster(theirs)])).toEqual([
      `${lacks} | say volumes of existingCluster(), or keep its data elsewhere`,
    ]);
    expect(told(base, giving)).toEqual([]);
    const volumes = { keep: "kept", disposable: "gone" };
    expect(told(base, [existingCluster({ ...theirs, volumes })])).toEqual([]);
  });
});

describe("a chart", () => {
  const of = (chart: Partial<ReleaseSpec["chart"]>) =>
    told({ namespaces: [space], releases: [release({ chart: { ...release().chart, ...chart } })] });
  const digest = `sha256:${"0".repeat(64)}`;
  test("is of a registry, or of a repository by HTTPS, which knows no digest", () => {
    expect(of({ digest })).toEqual([]);
    expect(of({ repository: "https://charts.example.org/stable" })).toEqual([]);
    expect(of({ repository: "https://charts.example.org/stable", digest })).toHaveLength(1);
  });
  test.each([
    "http://charts.example.org",
    "https://user@charts.example.org",
    "charts.example.org",
  ])("is not fetched from %s", (repository) => expect(of({ repository })).toHaveLength(1));
});

test("a chart whose pods go out through the forward proxy is told where its values take it", () => {
  const needs: Description["needs"] = [
    {
      need: "flow",
      from: { workload: "of-chart" },
      to: { outside: "internet" },
      traffic: tcp(443),
      through: "forward-proxy",
      names: ["example.org"],
      why: "w",
    },
  ];
  expect(told({ namespaces: [space], releases: [release()], needs }).map((line) => line.split(" | ")[0])).toEqual([
    `${at}.releases.chart.proxyEnv`,
  ]);
  expect(told({ namespaces: [space], releases: [release({ proxyEnv: ["extraEnv"] })], needs })).toEqual([]);
});

describe("a file of a secret", () => {
  const reading = (file: string, is: Partial<WorkloadSpec> = {}): Description => ({
    namespaces: [space],
    workloads: [workload(is)],
    secrets: [{ secret: "thing/api", keys: ["token"], why: "w" }],
    needs: [{ need: "secret", by: { workload: "web" }, secret: "thing/api", key: "token", file, why: "w" }],
  });
  const where = { vault: { site: "north", tenancy: "production" } };
  const runs = [
    bastion(),
    proxy(),
    cluster({ servers: 1, workers: 1 }),
    vaultAgent({ at: where.vault }),
    sharedServices(where),
  ];
  test("has a folder of its own, in which nothing else would be hidden", () => {
    expect(told(reading("/run/web/token"), runs)).toEqual([]);
    expect(told(reading("/token"), runs)).toHaveLength(1);
    const scratch = [{ name: "it", image, milliCpu: 100, memory: mib(128), scratch: ["/run/web/tmp"] }];
    expect(told(reading("/run/web/token", { containers: scratch }), runs)).toEqual([
      `${at}.needs.thing/api | "/run/web/token" | a folder apart from /run/web/tmp, since files of secrets take it whole | write it elsewhere`,
    ]);
  });
  test("is that of the container that says to have it: there it may be in nobody's way", () => {
    const one = { name: "it", image, milliCpu: 100, memory: mib(128) };
    const beside = (is: object) => ({
      containers: [
        { ...one, scratch: ["/run/web/tmp"] },
        { ...one, name: "two", ...is },
      ],
    });
    expect(told(reading("/run/web/token", beside({ kept: ["/run/web"] })), runs)).toEqual([]);
    expect(told(reading("/run/web/token", beside({ kept: ["/run/web"], scratch: ["/run/web"] })), runs)).toHaveLength(
      1,
    );
    expect(told(reading("/run/it/token", beside({ kept: ["/run/itt"] })), runs)).toEqual([
      `${at}.workloads.web.containers.two.kept | "/run/itt" | a folder of what web has of Vault: /run/it | did you mean "/run/it"?`,
    ]);
  });
  test("is written by one need alone", () => {
    const twice = reading("/run/web/token");
    const more = [...(twice.needs ?? []), { need: "certificate", by: { workload: "web" }, service: "web", why: "w" }];
    const service: Service = { service: "web", on: { workload: "web" }, traffic: tcp(8443), auth: "tls" };
    const files = { certificate: "/run/web/tls.crt", key: "/run/web/token", issuers: "/run/web/ca.crt" };
    const needs = more.map((need) => (need.need === "certificate" ? { ...need, files } : need)) as Need[];
    expect(told({ ...twice, services: [service], needs }, runs)).toEqual([
      `${at}.needs.certificate.web | "/run/web/token" | a file of its own; ${at}.needs.thing/api has this one | write it elsewhere`,
    ]);
  });
  test("tells nobody of another value, since pods see it by themselves", () => {
    const is = reading("/run/web/token");
    const needs = is.needs?.map((need) => ({ ...need, restarts: "web.service" })) as Need[];
    expect(told({ ...is, needs }, runs)[0]).toMatch(/web.service" \| nobody to be told: pods see another value/);
  });
  test("needs something on the cluster that fetches it", () =>
    expect(told(reading("/run/web/token"), runs.slice(0, -1))).toEqual([
      `${at}.needs.thing/api | "web" | a cluster on which external-secrets stands | add sharedServices()`,
    ]));
});

test("containers share the volume of a StatefulSet, and others have none", () => {
  const one = { name: "it", image, milliCpu: 100, memory: mib(128) };
  const containers = [one, { ...one, name: "two", volume: true as const }];
  expect(told({ namespaces: [space], workloads: [workload({ containers })] })).toEqual([
    `${at}.workloads.web.containers.two.volume | true | a StatefulSet, which has a volume | leave it out`,
  ]);
});

test("pods of a chart are told from all others of their namespace", () => {
  const alike = [
    { workload: "one", labels: { app: "x" } },
    { workload: "two", labels: { app: "x" } },
    { workload: "three", labels: {} },
  ];
  expect(told({ namespaces: [space], releases: [release({ pods: alike })] })).toEqual([
    `${at} | "two" | labels of which those of one are no part, nor they of those | state the labels that the chart gives them`,
    `${at} | "three" | labels by which these pods are told from others | state the labels that the chart gives them`,
  ]);
});

test.each([
  [
    "an image that could be exchanged",
    { containers: [{ name: "it", image: "registry.example.org/it:latest", milliCpu: 1, memory: mib(1) }] },
    "containers.image",
  ],
  ["a user that is root", { user: 0 }, "user"],
  [
    "memory of which nobody knows how much",
    { containers: [{ name: "it", image, milliCpu: 1, memory: 128 as never }] },
    "containers.memory",
  ],
  ["rights to do anything", { api: [{ groups: ["*"], resources: ["*"], verbs: ["*" as never] }] }, "api.verbs"],
  ["rights on anything", { api: [{ groups: [""], resources: ["*"], verbs: ["get" as const] }] }, "api.resources"],
  ["a time that is none", { runs: { kind: "CronJob", schedule: "nightly", deadline: "1h" as never } }, "runs.schedule"],
])("%s is refused", (_, is, path) =>
  expect(
    told({ namespaces: [space], workloads: [workload(is as Partial<WorkloadSpec>)] }).map(
      (line) => line.split(" | ")[0],
    ),
  ).toContain(`${at}.workloads.web.${path}`));
