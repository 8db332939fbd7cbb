// What runs on the gate's own cluster: every kind of workload, what they may ask of the API, and what a chart has to hand on.

/** @typedef {typeof import("../../../model/vocabulary.js")} Words */
/** @typedef {import("../../../model/site/workload.js").WorkloadSpec} WorkloadSpec */

const image = `registry.example.org/it:1.0.0@sha256:${"0".repeat(64)}`;

/** Of pods that fill a node to the last core, so that no other of them has room. */
export const filling = { milliCpu: 4500, pods: 6 };

/** @param {Words} words @returns {WorkloadSpec[]} */
export function workloads({ mib, gib, hours, minutes }) {
  const container = { name: "it", image, milliCpu: 100, memory: mib(128) };
  /** @param {string} name @param {string} namespace @param {Partial<WorkloadSpec>} is @returns {WorkloadSpec} */
  const workload = (name, namespace, is = {}) => ({
    ...{
      workload: name,
      namespace,
      runs: { kind: "Deployment", replicas: 1 },
      containers: [container],
      why: `${name} of the gate`,
    },
    ...is,
  });
  const filler = { containers: [{ ...container, milliCpu: filling.milliCpu }] };
  return [
    workload("web", "one", {
      runs: { kind: "Deployment", replicas: 2 },
      containers: [
        {
          ...container,
          command: ["/bin/web"],
          args: ["--config", "/etc/web/a.conf"],
          env: { MODE: "${HOME} %{none}" },
          scratch: ["/tmp", "/var/cache/web"],
          files: { "/etc/web/a.conf": "a\n", "/etc/web/b_c": "echo ${HOME}" },
          health: { http: "/healthy", port: 8080 },
        },
        { ...container, name: "helper", health: { tcp: 9000 } },
      ],
    }),
    workload("store", "one", {
      runs: { kind: "StatefulSet", replicas: 2, volume: { path: "/data", size: gib(10), fate: "keep" } },
    }),
    workload("watcher", "one", {
      user: 1000,
      api: [
        { groups: [""], resources: ["configmaps", "pods/log"], verbs: ["get", "list", "watch"] },
        { groups: ["apps"], resources: ["deployments"], verbs: ["get", "patch"] },
        { groups: ["", "apps"], resources: ["nodes", "daemonsets"], verbs: ["list"], everywhere: true },
      ],
    }),
    workload("task", "lab", {
      runs: { kind: "Job", generation: 3, deadline: minutes(10) },
      api: [{ groups: [""], resources: ["pods"], verbs: ["get", "create", "delete"] }],
    }),
    workload("nightly", "lab", {
      runs: { kind: "CronJob", schedule: "0 3 * * *", deadline: hours(1) },
      api: [{ groups: ["apps"], resources: ["deployments"], verbs: ["list", "patch"], everywhere: true }],
    }),
    workload("exact", "small", { runs: { kind: "Deployment", replicas: 2 } }),
    workload("filler", "lab", { ...filler, runs: { kind: "Deployment", replicas: filling.pods } }),
    workload("eager", "lab", filler),
    workload("urgent", "one", filler),
  ];
}

/** Workloads that come once others have all room. */
export const later = ["filler", "eager", "urgent"];

/** @param {Pick<typeof import("../../../model/site/need.js"), "tcp" | "udp">} traffic @returns {import("../../../model/site/need.js").Service[]} */
export const services = ({ tcp, udp }) => [
  {
    ...{ service: "web", on: { workload: "web" }, traffic: tcp(8080), auth: "none" },
    ...{ nodePort: 30080, entrance: { relay: "proxy" } },
  },
  { service: "store", on: { workload: "store" }, traffic: tcp(9000), auth: "none" },
  { service: "told", on: { workload: "watcher" }, traffic: udp(8125), auth: "none" },
];

/** Objects of a kind that somebody else's chart would bring; with all that text can be taken for, and in no order of Helm's. */
const resources = [
  {
    ...{ apiVersion: "gate.invalid/v1", kind: "Widget", metadata: { name: "words", labels: { "a.b/c": "true" } } },
    spec: {
      size: 3,
      words: [
        "yes",
        "null",
        "0123",
        "1e3",
        "~",
        "",
        " spaces ",
        "{{ .Values.resources }}",
        "${path}",
        "# none",
        "é\t\"'\\",
      ],
      lines: "first\n  second\n\nlast\n",
      count: 1_000_000,
      large: 9_007_199_254_740_991,
      ratio: 0.25,
      off: false,
      nothing: null,
      none: [],
      empty: {},
    },
  },
  { ...{ apiVersion: "gate.invalid/v1", kind: "Widget", metadata: { name: "another" } }, spec: { size: 1 } },
  { ...{ apiVersion: "gate.invalid/v1", kind: "Gadget", metadata: { name: "a" } }, spec: { size: 10 } },
];

/** @type {import("../../../model/site/release.js").ReleaseSpec[]} */
export const releases = [
  {
    release: "things",
    namespace: "one",
    chart: { repository: "oci://registry.example.org/charts", name: "things", version: "1.0.0" },
    values: { replicas: 1 },
    images: ["registry.example.org"],
    resources,
    pods: [{ workload: "things", labels: { app: "things" } }],
    why: "brings widgets",
  },
];

/** What the chart of somebody else would bring. */
export const definitions = ["Widget", "Gadget"].map((kind) => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `${kind.toLowerCase()}s.gate.invalid` },
  spec: {
    group: "gate.invalid",
    scope: "Namespaced",
    names: { plural: `${kind.toLowerCase()}s`, singular: kind.toLowerCase(), kind },
    versions: [
      {
        ...{ name: "v1", served: true, storage: true },
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              spec: {
                type: "object",
                "x-kubernetes-preserve-unknown-fields": true,
                properties: { size: { type: "integer", maximum: 10 } },
              },
            },
          },
        },
      },
    ],
  },
}));
