#!/usr/bin/env node
// The real control plane of Kubernetes, with nodes that kwok plays, takes what our stacks make, and does with it what we say that
// it does. Run by hand: the programs are built once, ten minutes of two cores.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { root } from "../../cli/prepare.mjs";
import { same } from "./clouds.mjs";
import { Gate, Skipped } from "./gate.mjs";
import { objectsOf } from "./kubernetes/adapter.mjs";
import * as accounts from "./kubernetes-full/accounts.mjs";
import { until } from "./kubernetes-full/api.mjs";
import { applied, removed, send, unchanged } from "./kubernetes-full/apply.mjs";
import * as chart from "./kubernetes-full/chart.mjs";
import { definitions, later } from "./kubernetes-full/described.mjs";
import { isEnded, listeners } from "./kubernetes-full/machine.mjs";
import { Issuers, people, vouched } from "./kubernetes-full/people.mjs";
import * as places from "./kubernetes-full/places.mjs";
import { nodeOf, Platform } from "./kubernetes-full/platform.mjs";
import * as pods from "./kubernetes-full/pods.mjs";
import { built, Sandbox } from "./kubernetes-full/sandbox.mjs";
import * as shared from "./kubernetes-full/shared.mjs";
import { charts, classesIn, stacks } from "./kubernetes-full/stacks.mjs";

/** @typedef {import("./kubernetes/adapter.mjs").KubernetesObject} KubernetesObject */

const gate = new Gate();
const cluster = new Sandbox(join(gate.folder, "kubernetes"));
const issuers = new Issuers(gate.folder);
const platform = new Platform(gate.folder);
const { nodes } = platform;
const [servers, workers] = ["cluster-server", "cluster-worker"].map((role) =>
  nodes.filter(({ labels }) => labels["platform/role"] === role).map(({ name }) => name),
);
let isUp = false;

/** @param {string} name @param {() => unknown} what that may tell what it counted */
const check = (name, what) =>
  gate.checked(name, async () => {
    if (!isUp) throw new Skipped("no cluster came up");
    const told = await what();
    if (typeof told === "string") console.log(`  ${told}`);
  });

/** @param {string} kind @returns {KubernetesObject[]} */
const own = (kind) => platform.objects.filter((object) => object.kind === kind);
/** The Deployment of a workload. @param {string} name */
const deployment = (name) => own("Deployment").filter(({ metadata }) => metadata.name === name);
const now = platform.objects.filter(({ kind, metadata }) => kind !== "Deployment" || !later.includes(metadata.name));

async function run() {
  await gate.checked(
    "programs are built, a cluster comes up with nodes as ours join, and reads what is rendered for a server",
    async () => {
      built();
      await issuers.listen();
      await cluster.up(nodes, platform.api(issuers.found));
      isUp = true;
      const { items } = await cluster.api.get("/api/v1/nodes");
      same(items.length, nodes.length);
      for (const { metadata, spec } of items) {
        const node = nodes.find(({ name }) => name === metadata.name);
        same(
          Object.entries(node?.labels ?? {}).filter(([key, value]) => metadata.labels[key] !== value),
          [],
        );
        same([metadata.name, spec.taints ?? []], [metadata.name, node?.taints]);
      }
      console.log(`  Kubernetes ${cluster.public.version}: ${servers?.length} servers, ${workers?.length} workers`);
    },
  );
  await check("nodes of every site could join so", () => {
    const hosts = join(root, "synthesized", "hosts");
    const all = readdirSync(hosts).flatMap((host) => {
      const file = join(hosts, host, "etc", "rancher", "rke2", "config.yaml");
      return existsSync(file) ? [nodeOf(parse(readFileSync(file, "utf8")), 4, 16384)] : [];
    });
    const made = all.map(({ name, labels, taints }) => ({
      ...{ apiVersion: "v1", kind: "Node", metadata: { name, labels } },
      ...(taints.length > 0 ? { spec: { taints } } : {}),
    }));
    same(send(cluster, made, ["--dry-run=server"]).length, made.length);
    return `${made.length} nodes`;
  });
  await check("what moves the shared address is taken as it is rendered, and runs on all servers alone", async () => {
    for (const objects of shared.manifests) send(cluster, objects, ["--dry-run=server"]);
    send(cluster, shared.manifests[0] ?? []);
    await shared.onServers(cluster.api, servers ?? []);
    return `of ${shared.manifests.length} sites`;
  });
  for (const { name, stack } of stacks) {
    const objects = [...objectsOf(stack).values()];
    await check(`${name}: all of it is taken, strictly, kept as it was sent, and a second time nothing changes`, () => {
      applied(cluster, objects);
      unchanged(cluster, objects);
      return `${objects.length} objects`;
    });
    await check(`${name}: classes of priority that it names are there; all of it goes again`, async () => {
      const classes = classesIn(stack);
      for (const each of classes) await cluster.api.get(`/apis/scheduling.k8s.io/v1/priorityclasses/${each}`);
      removed(cluster, objects);
      return classes.join(", ");
    });
  }
  await described();
  await scheduled();
  await check("accounts and people may do what is stated, and nothing else, wherever they ask", () =>
    accounts.may(cluster.api, [...all(), ...people]),
  );
  await check("a role that somebody gives by hand is noticed", async () => {
    const web = all().find(({ name }) => name === "web");
    const path = "/apis/rbac.authorization.k8s.io/v1/namespaces/lab/rolebindings";
    await cluster.api.must("POST", path, {
      metadata: { name: "by-hand" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
      subjects: [{ kind: "ServiceAccount", name: web?.name, namespace: web?.namespace }],
    });
    const some = all().filter(({ name }) => ["web", "task"].includes(name));
    await notices(/web may list \/pods in lab$/m, () => accounts.may(cluster.api, some, ["list"]));
    await cluster.api.must("DELETE", `${path}/by-hand`);
  });
  await check("a token of the API proves it; nobody comes without", () => accounts.byToken(cluster.api));
  await check("pods have a token only where something is stated", () => accounts.tokens(cluster.api, all()));
  await check("people and pipelines are whom their issuers say, by a prefix, and never of Kubernetes' own", () =>
    vouched(cluster.api, issuers),
  );
  await check("the audit log tells who reads a secret, and no secret", async () => {
    const value = Buffer.from("of the gate, for nobody else").toString("base64");
    const at = "/api/v1/namespaces/one/secrets";
    await cluster.api.must("POST", at, { metadata: { name: "gate" }, data: { value } });
    await cluster.api.get(`${at}/gate`);
    const log = readFileSync(cluster.public.audit, "utf8");
    const said = log
      .split("\n")
      .filter((line) => line.includes('"resource":"secrets"') && line.includes('"name":"gate"'));
    same([log.includes(value), said.length, said.some((line) => line.includes('"verb":"get"'))], [false, 2, true]);
  });
  await charted();
}

/** Fails unless a check fails, in these words. @param {RegExp} words @param {() => unknown} work */
async function notices(words, work) {
  let told = "nothing";
  try {
    await work();
  } catch (error) {
    told = error instanceof Error ? error.message : String(error);
  }
  if (!words.test(told)) throw new Error(`it told: ${told}`);
}

/** Accounts of workloads, and those that namespaces have by themselves. @returns {accounts.Account[]} */
function all() {
  const stated = platform.place.workloads.map(({ said: { workload: name, namespace, api } }) => ({
    namespace,
    name,
    api,
  }));
  const nobody = [...new Set(stated.map(({ namespace }) => namespace))].map((namespace) => ({
    ...{ namespace, name: "default", api: [] },
  }));
  return [...stated, ...nobody, shared.accountOf()];
}

async function described() {
  const { api } = cluster;
  await check("classes of volumes are taken as they are stated; here folders of this machine stand for Cinder", () => {
    const classes = platform.classes;
    same(classes.length, 2);
    send(cluster, classes, ["--dry-run=server"]);
    send(
      cluster,
      classes.map((each) => ({ ...each, provisioner: "kubernetes.io/host-path" })),
    );
  });
  await check(
    "a description with every kind of workload: all of it is taken, strictly, and kept as it was sent",
    () => {
      applied(cluster, now);
      return `${now.length} objects: ${[...new Set(now.map(({ kind }) => kind))].sort().join(", ")}`;
    },
  );
  await check("its pods are restricted, and run or end; its volumes are there", async () => {
    for (const [namespace, workload, count] of /** @type {const} */ ([
      ["one", "web", 2],
      ["one", "store", 2],
      ["one", "watcher", 1],
      ["small", "exact", 2],
    ]))
      await pods.become(api, namespace, workload, "Running", count);
    await pods.become(api, "lab", "task", "Succeeded", 1);
    cluster.kubectl(["create", "job", "by-hand", "--from=cronjob/nightly", "--namespace=lab"]);
    await pods.become(api, "lab", "nightly", "Succeeded", 1);
    cluster.kubectl(["wait", "job", "--all", "--for=condition=Complete", "--namespace=lab", "--timeout=30s"]);
    const { items } = await api.get("/api/v1/namespaces/one/persistentvolumeclaims");
    same(
      items.map((/** @type {any} */ { metadata, spec, status }) => [
        ...[metadata.name, spec.storageClassName, status.phase, status.capacity?.storage],
      ]),
      [
        ["data-store-0", "cinder-keep", "Bound", "10Gi"],
        ["data-store-1", "cinder-keep", "Bound", "10Gi"],
      ],
    );
  });
  await check("a second time nothing changes", () => unchanged(cluster, now));
  await check("what somebody changes by hand is noticed, and taken back", async () => {
    const path = "/api/v1/namespaces/lab/resourcequotas/all";
    await api.must("PATCH", path, { spec: { hard: { pods: "1000" } } });
    await notices(/^changed a second time: ResourceQuota lab\/all$/, () => unchanged(cluster, now));
    unchanged(cluster, now);
  });
  await check("services find their pods, policies select some", async () => {
    const mine = platform.place.workloads.map(({ said }) => said.namespace);
    const policies = own("NetworkPolicy").filter(
      ({ metadata: { name, namespace } }) =>
        mine.includes(namespace) && ![...later, ...platform.charted].includes(name),
    );
    await pods.selects(api, policies);
    return pods.found(api, own("Service"));
  });
  await check("what is not restricted is refused, also where nobody has said so", () =>
    pods.refusesUnsafe(api, ["one", "lab", "small"]),
  );
  await check("a full namespace takes nothing more, and says of what", () => pods.counts(api, "small"));
  await check("in it pods are replaced all the same: there is room for one", () =>
    pods.replaced(api, "small", "exact"),
  );
  await check("a container that says nothing gets the sizes of the namespace", () => pods.sizes(api, "lab"));
  await check("of two pods one is moved, the other not meanwhile", () =>
    pods.movedOneByOne(api, "one", "web", workers ?? []),
  );
}

async function scheduled() {
  const { api } = cluster;
  const [server = ""] = servers ?? [];
  await check("only who tolerates it stands on a server", () => places.keptOff(api, server, "lab"));
  await check("experiments fill all workers", () => {
    send(cluster, deployment("filler"));
    return places.filled(api, workers ?? []);
  });
  await check("another experiment takes nobody's place", () => {
    send(cluster, deployment("eager"));
    return places.waits(api, () => pods.podsOf(api, "lab", "filler"));
  });
  await check("production takes that of one experiment", async () => {
    const then = await places.takes(api);
    send(cluster, deployment("urgent"));
    return then();
  });
  await check("every pod stands on a worker", () => places.onWorkers(api, servers ?? []));
  await check("an experiment does not take it of less either; a test does", async () => {
    cluster.kubectl(["delete", "--wait", "--filename=-"], ["filler", "eager", "urgent"].flatMap(deployment));
    await until("they are gone", async () =>
      (await pods.podsOf(api, "lab", "filler")).length === 0 ? true : undefined,
    );
    await places.lowest(api);
    send(cluster, deployment("eager"));
    await places.waits(api, () => places.lowestOf(api));
    cluster.kubectl(["delete", "--wait", "--filename=-"], deployment("eager"));
    await places.testTakes(api);
  });
}

async function charted() {
  await check("our chart hands on what its values say, nothing else, in the order of Helm", () =>
    chart.handsOn(cluster, platform),
  );
  await check("helm lint has nothing against it", () => chart.linted(cluster, platform));
  await check("it is installed, changed and removed; what is refused leaves all as it was", async () => {
    send(cluster, definitions);
    cluster.kubectl([
      "wait",
      "--for=condition=Established",
      "--timeout=30s",
      ...definitions.map(({ metadata }) => `crd/${metadata.name}`),
    ]);
    await chart.installed(cluster, platform);
  });
  for (const { name, command } of charts)
    await check(`chart ${name}`, () => {
      throw new Skipped(`there is no registry here · ${command}`);
    });
}

try {
  await run();
} catch (error) {
  gate.fail("kubernetes-full", error);
} finally {
  await check("all listen on this machine alone; down leaves nothing: no process, no file, no volume", async () => {
    const pids = cluster.services.flatMap(({ pid }) => pid ?? []);
    same(pids.length, 5);
    const open = pids.flatMap(listeners);
    same(
      open.filter((address) => !address.startsWith("127.0.0.1:")),
      [],
    );
    const { items } = await cluster.api.get("/api/v1/persistentvolumes");
    const folders = items.map((/** @type {any} */ { spec }) => spec.hostPath.path);
    cluster.down();
    same(isEnded(pids, [cluster.state, ...folders]), []);
    return `${open.length} ports, ${folders.length} volumes`;
  });
  cluster.down();
  issuers.close();
}
gate.done();
