// What becomes of pods: which are taken, what they are given, and what they come to.
import { same } from "../clouds.mjs";
import { until } from "./api.mjs";

/** @typedef {import("./api.mjs").Api} Api */
/** @typedef {Record<string, any>} Json */

/** @param {string} namespace */
export const podsAt = (namespace) => `/api/v1/namespaces/${namespace}/pods`;

/** A pod that is restricted, and says no more than it has to. @param {string} name @param {Json} [spec] @param {Json} [container] @returns {Json} */
export const pod = (name, spec = {}, container = {}) => ({
  ...{ apiVersion: "v1", kind: "Pod", metadata: { name, labels: { made: "by-gate" } } },
  spec: {
    securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
    ...spec,
    containers: [
      {
        ...{ name: "it", image: "registry.example.org/it" },
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        ...container,
      },
    ],
  },
});

/** Takes pods away that the gate made. @param {Api} api @param {string} namespace */
export async function cleared(api, namespace) {
  const path = `${podsAt(namespace)}?labelSelector=made%3Dby-gate`;
  await api.must("DELETE", path);
  await until("pods are gone", async () => (await api.get(path)).items.length === 0 || undefined);
}

/** Pods of a workload. @param {Api} api @param {string} namespace @param {string} workload @returns {Promise<Json[]>} */
export const podsOf = async (api, namespace, workload) =>
  (await api.get(`${podsAt(namespace)}?labelSelector=databridge%2Fworkload%3D${workload}`)).items;

/** Waits until as many pods of a workload are in a phase. @param {Api} api @param {string} namespace @param {string} workload @param {string} phase @param {number} count */
export const become = (api, namespace, workload, phase, count) =>
  until(`${count} pods of ${workload} ${phase}`, async () => {
    const pods = (await podsOf(api, namespace, workload)).filter(({ metadata }) => !metadata.deletionTimestamp);
    return pods.filter(({ status }) => status.phase === phase).length === count ? pods : undefined;
  });

/** A way to write each thing that no pod of ours may. @type {[what: string, spec: Json, container: Json, told: RegExp][]} */
const wrong = [
  ["a privileged container", {}, { securityContext: { privileged: true } }, /privileged/],
  ["the network of the node", { hostNetwork: true }, {}, /host namespaces/],
  ["processes of the node", { hostPID: true }, {}, /host namespaces/],
  ["a folder of the node", { volumes: [{ name: "a", hostPath: { path: "/" } }] }, {}, /hostPath|restricted volume/],
  ["a port of the node", {}, { ports: [{ containerPort: 80, hostPort: 80 }] }, /hostPort/],
  ["root", { securityContext: { runAsUser: 0 } }, {}, /runAsUser=0/],
  ["perhaps root", { securityContext: { seccompProfile: { type: "RuntimeDefault" } } }, {}, /runAsNonRoot/],
  ["no filter of system calls", { securityContext: { runAsNonRoot: true, runAsUser: 1000 } }, {}, /seccompProfile/],
  ["nothing that bounds it", {}, { securityContext: {} }, /allowPrivilegeEscalation.*unrestricted capabilities/],
];

/**
 * Each is refused where namespaces say so, and where a namespace says nothing, as the API's own file has it; it is taken in kube-system,
 * which is passed over.
 * @param {Api} api @param {readonly string[]} namespaces
 */
export async function refusesUnsafe(api, namespaces) {
  await api.must("POST", "/api/v1/namespaces", { metadata: { name: "says-nothing" } });
  // Before, no pod is taken for another reason.
  const account = "/api/v1/namespaces/says-nothing/serviceaccounts/default";
  await until("it has an account", async () => ((await api.ask("GET", account)).status === 200 ? true : undefined));
  for (const [what, spec, container, told] of wrong) {
    for (const namespace of [...namespaces, "says-nothing"]) {
      await api.refuses(podsAt(namespace), pod("wrong", spec, container), /violates PodSecurity "restricted:latest"/);
      await api.refuses(podsAt(namespace), pod("wrong", spec, container), told);
    }
    const { status, body } = await api.ask(
      "POST",
      `${podsAt("kube-system")}?dryRun=All`,
      pod("wrong", spec, container),
    );
    if (status !== 201) throw new Error(`${what} in kube-system: ${status} ${body.message}`);
  }
  await api.must("DELETE", "/api/v1/namespaces/says-nothing");
  return `${wrong.length} kinds of pods in ${namespaces.length + 1} namespaces`;
}

/**
 * A namespace that is full takes nothing more, and tells what there is too much of.
 * @param {Api} api @param {string} namespace with room for one pod of 100m and 128Mi
 */
export async function counts(api, namespace) {
  const sized = (/** @type {string} */ cpu, /** @type {string} */ memory) => ({
    resources: { requests: { cpu, memory }, limits: { memory } },
  });
  const pods = podsAt(namespace);
  await api.refuses(
    pods,
    pod("large", {}, sized("101m", "128Mi")),
    /exceeded quota: all, requested: requests.cpu=101m, used: requests.cpu=200m, limited: requests.cpu=300m/,
  );
  await api.refuses(
    pods,
    pod("large", {}, sized("100m", "129Mi")),
    /exceeded quota: all, requested: limits.memory=129Mi,requests.memory=129Mi/,
  );
  await api.must("POST", pods, pod("last", {}, sized("10m", "16Mi")));
  await api.refuses(
    pods,
    pod("more", {}, sized("10m", "16Mi")),
    /exceeded quota: all, requested: pods=1, used: pods=3, limited: pods=3/,
  );
  await cleared(api, namespace);
  const claim = {
    metadata: { name: "a" },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Mi" } } },
  };
  await api.refuses(
    `/api/v1/namespaces/${namespace}/persistentvolumeclaims`,
    claim,
    /requests.storage=1Mi, used: requests.storage=0, limited: requests.storage=0/,
  );
  const balancer = { metadata: { name: "a" }, spec: { type: "LoadBalancer", ports: [{ port: 80 }] } };
  await api.refuses(`/api/v1/namespaces/${namespace}/services`, balancer, /services.loadbalancers=1/);
}

/** Who says nothing of its size is given one. @param {Api} api @param {string} namespace */
export async function sizes(api, namespace) {
  const { spec } = await api.must("POST", podsAt(namespace), pod("says-nothing"));
  same(spec.containers[0].resources, { limits: { memory: "256Mi" }, requests: { cpu: "50m", memory: "256Mi" } });
  await cleared(api, namespace);
}

/** In a namespace that is full, pods are replaced all the same. @param {Api} api @param {string} namespace @param {string} workload */
export async function replaced(api, namespace, workload) {
  const before = (await podsOf(api, namespace, workload)).map(({ metadata }) => metadata.uid);
  const annotations = { "gate/again": "1" };
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${workload}`;
  await api.must("PATCH", path, { spec: { template: { metadata: { annotations } } } });
  await until("all pods are new", async () => {
    const pods = await podsOf(api, namespace, workload);
    const isNew = pods.length === before.length && !pods.some(({ metadata }) => before.includes(metadata.uid));
    return (isNew && pods.every(({ status }) => status.phase === "Running")) || undefined;
  });
}

/**
 * Of two pods, one may be moved, and the other not before that stands elsewhere: nodes are closed meanwhile, as for an upgrade.
 * @param {Api} api @param {string} namespace @param {string} workload @param {readonly string[]} nodes
 */
export async function movedOneByOne(api, namespace, workload, nodes) {
  const [first = {}, second = {}] = await become(api, namespace, workload, "Running", 2);
  const close = async (/** @type {boolean} */ unschedulable) => {
    for (const node of nodes) await api.must("PATCH", `/api/v1/nodes/${node}`, { spec: { unschedulable } });
  };
  const evict = async (/** @type {Json} */ { metadata: { name } }) =>
    api.ask("POST", `${podsAt(namespace)}/${name}/eviction`, {
      ...{ apiVersion: "policy/v1", kind: "Eviction", metadata: { name } },
    });
  await close(true);
  same((await evict(first)).status, 201);
  await become(api, namespace, workload, "Pending", 1);
  const { status, body } = await evict(second);
  if (status !== 429 || !/disruption budget/.test(body.message)) throw new Error(`the second: ${status}`);
  await close(false);
  await become(api, namespace, workload, "Running", 2);
}

/** Each service finds pods, by port and label. @param {Api} api @param {readonly Json[]} services @returns {Promise<string>} */
export async function found(api, services) {
  for (const { metadata, spec } of services) {
    const at = `/apis/discovery.k8s.io/v1/namespaces/${metadata.namespace}/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3D${metadata.name}`;
    const [slice] = await until(`${metadata.name} finds pods`, async () => {
      const { items } = await api.get(at);
      return items.some((/** @type {Json} */ { endpoints }) =>
        endpoints?.some((/** @type {Json} */ { conditions }) => conditions.ready),
      )
        ? items
        : undefined;
    });
    same(
      [metadata.name, (slice.ports ?? []).map((/** @type {Json} */ { port }) => port)],
      [metadata.name, (spec.ports ?? []).map((/** @type {Json} */ { port }) => port)],
    );
  }
  return `${services.length} services`;
}

/** Each policy selects some pod. @param {Api} api @param {readonly Json[]} policies */
export async function selects(api, policies) {
  for (const { metadata, spec } of policies) {
    const labels = Object.entries(spec.podSelector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
    const selector = encodeURIComponent(labels.join(","));
    const { items } = await api.get(`${podsAt(metadata.namespace)}?labelSelector=${selector}`);
    if (items.length === 0) throw new Error(`${metadata.namespace}/${metadata.name} selects no pod`);
  }
}
