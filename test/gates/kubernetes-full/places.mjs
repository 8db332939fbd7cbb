// On which node a pod comes to stand, and whose place it takes.
import { setTimeout as sleep } from "node:timers/promises";
import { same } from "../clouds.mjs";
import { until } from "./api.mjs";
import { filling } from "./described.mjs";
import { become, cleared, pod, podsAt, podsOf } from "./pods.mjs";

/** @typedef {import("./api.mjs").Api} Api */
/** @typedef {Record<string, any>} Json */

/** How long a pod is watched that is to come to nothing: the scheduler tries again within it. */
const patience = 5000;

/** @param {Json} pod */
const uid = ({ metadata }) => metadata.uid;

/** @param {readonly Json[]} before @param {readonly Json[]} after how many of the first are no more */
const gone = (before, after) => before.map(uid).filter((id) => !after.map(uid).includes(id)).length;

/** Why a pod is not on a node. @param {Json} pod @returns {string} */
const reason = ({ status }) =>
  (status.conditions ?? []).find(
    (/** @type {Json} */ { type, status }) => type === "PodScheduled" && status === "False",
  )?.message ?? "";

/** All pods of teams are on workers. @param {Api} api @param {readonly string[]} servers */
export async function onWorkers(api, servers) {
  const { items } = await api.get("/api/v1/pods?fieldSelector=metadata.namespace!%3Dkube-system");
  const placed = items.filter((/** @type {Json} */ { spec }) => spec.nodeName);
  const astray = placed.filter((/** @type {Json} */ { spec }) => servers.includes(spec.nodeName));
  same(
    astray.map((/** @type {Json} */ { metadata }) => metadata.name),
    [],
  );
  if (placed.length < 10) throw new Error(`only ${placed.length} pods are anywhere`);
  return `${placed.length} pods`;
}

/** Only who tolerates it stands on a server; who asks for one and does not, waits. @param {Api} api @param {string} server @param {string} namespace */
export async function keptOff(api, server, namespace) {
  const spec = { nodeSelector: { "kubernetes.io/hostname": server } };
  const tolerations = [{ key: "CriticalAddonsOnly", operator: "Exists" }];
  await api.must("POST", podsAt(namespace), pod("wants", spec));
  await api.must("POST", podsAt(namespace), pod("may", { ...spec, tolerations }));
  const of = (/** @type {string} */ name) => api.get(`${podsAt(namespace)}/${name}`);
  await until("who tolerates it runs", async () => (await of("may")).status.phase === "Running" || undefined);
  const told = await until("the other waits", async () => reason(await of("wants")) || undefined);
  if (!/untolerated taint/.test(told)) throw new Error(told);
  await cleared(api, namespace);
}

/** Fills all workers. @param {Api} api @param {readonly string[]} workers */
export async function filled(api, workers) {
  const pods = await become(api, "lab", "filler", "Running", filling.pods);
  const counts = workers.map((worker) => pods.filter(({ spec }) => spec.nodeName === worker).length);
  same(
    counts,
    workers.map(() => filling.pods / workers.length),
  );
}

/** An experiment waits; nobody goes for it. @param {Api} api @param {() => Promise<readonly Json[]>} others */
export async function waits(api, others) {
  const before = await others();
  const told = await until("eager is told why", async () => {
    const [eager] = await podsOf(api, "lab", "eager");
    return (eager && reason(eager)) || undefined;
  });
  if (!/Insufficient cpu/.test(told)) throw new Error(told);
  await sleep(patience);
  same(gone(before, await others()), 0);
  same(
    (await podsOf(api, "lab", "eager")).map(({ status, spec }) => [status.phase, spec.nodeName]),
    [["Pending", undefined]],
  );
  return told;
}

/** Production takes the place of one experiment, and of no more. @param {Api} api */
export async function takes(api) {
  const before = await become(api, "lab", "filler", "Running", filling.pods);
  return async () => {
    await become(api, "one", "urgent", "Running", 1);
    // The one that had to go is made anew, and waits.
    await become(api, "lab", "filler", "Pending", 1);
    same(gone(before, await podsOf(api, "lab", "filler")), 1);
    const events = "/api/v1/namespaces/lab/events?fieldSelector=reason%3DPreempted";
    const items = await until("it is told", async () => {
      const { items } = await api.get(events);
      return items.length > 0 ? items : undefined;
    });
    same(items.length, 1);
    return items[0].message;
  };
}

/** Pods of less than experiments fill all workers: who waits then waits by its own class. @param {Api} api */
export async function lowest(api) {
  const path = "/apis/scheduling.k8s.io/v1/priorityclasses";
  await api.must("POST", path, { metadata: { name: "gate-lowest" }, value: -10, description: "of the gate" });
  const container = {
    resources: { requests: { cpu: `${filling.milliCpu}m`, memory: "16Mi" }, limits: { memory: "16Mi" } },
  };
  const spec = { priorityClassName: "gate-lowest" };
  for (let n = 0; n < filling.pods; n += 1) {
    // Admission learns of the class a moment later.
    const made = async () => (await api.ask("POST", podsAt("lab"), pod(`lowest-${n}`, spec, container))).status === 201;
    await until("a pod of that class is taken", async () => (await made()) || undefined, 10);
  }
  await until(
    "they run",
    async () =>
      (await lowestOf(api)).filter(({ status }) => status.phase === "Running").length === filling.pods || undefined,
  );
}

/** @param {Api} api @returns {Promise<Json[]>} */
export const lowestOf = async (api) =>
  (await api.get(`${podsAt("lab")}?labelSelector=made%3Dby-gate`)).items.filter(
    (/** @type {Json} */ { spec }) => spec.priorityClassName === "gate-lowest",
  );

/** A test takes the place of one of them. @param {Api} api */
export async function testTakes(api) {
  const before = await lowestOf(api);
  const container = {
    resources: { requests: { cpu: `${filling.milliCpu}m`, memory: "16Mi" }, limits: { memory: "16Mi" } },
  };
  await api.must("POST", podsAt("lab"), pod("test", { priorityClassName: "databridge-test" }, container));
  await until(
    "the test runs",
    async () => (await api.get(`${podsAt("lab")}/test`)).status.phase === "Running" || undefined,
  );
  same(gone(before, await lowestOf(api)), 1);
  await cleared(api, "lab");
}
