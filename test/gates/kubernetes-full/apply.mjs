// Objects are applied as `kubectl apply --server-side` does, and held against what the server keeps.

/** @typedef {import("../kubernetes/adapter.mjs").KubernetesObject} KubernetesObject */
/** @typedef {import("./sandbox.mjs").Sandbox} Sandbox */

const manager = "gate";

/** Kinds of the whole cluster, which others stand on. */
const first = /^(Namespace|PriorityClass|ClusterRole|ClusterRoleBinding|StorageClass|PersistentVolume)$/;

/** @param {readonly KubernetesObject[]} objects */
const parts = (objects) => [
  objects.filter(({ kind }) => first.test(kind)),
  objects.filter(({ kind }) => !first.test(kind)),
];

/** @param {Sandbox} cluster @param {readonly KubernetesObject[]} objects @param {readonly string[]} [more] @returns {KubernetesObject[]} as the server has them */
export function send(cluster, objects, more = []) {
  if (objects.length === 0) return [];
  const how = [
    "apply",
    "--server-side",
    "--validate=strict",
    "--force-conflicts",
    `--field-manager=${manager}`,
    "--output=json",
    ...more,
  ];
  return listed(cluster.kubectl([...how, "--filename=-"], objects));
}

/** @param {string} text */
function listed(text) {
  const answer = JSON.parse(text);
  return answer.kind === "List" ? answer.items : [answer];
}

/** As they are now. @param {Sandbox} cluster @param {readonly KubernetesObject[]} objects @returns {KubernetesObject[]} */
export const read = (cluster, objects) =>
  listed(cluster.kubectl(["get", "--output=json", "--show-managed-fields", "--filename=-"], objects));

/**
 * Asks whether the server would take them, then has it take them, and compares what it keeps.
 * @param {Sandbox} cluster @param {readonly KubernetesObject[]} objects
 */
export function applied(cluster, objects) {
  for (const part of parts(objects)) {
    const asked = send(cluster, part, ["--dry-run=server"]);
    const kept = cluster.kubectl(["get", "--output=name", "--ignore-not-found", "--filename=-"], part);
    if (asked.length !== part.length || kept !== "") throw new Error(`only asked, and there: ${kept}`);
    const differ = send(cluster, part).flatMap((object, i) => unlike(part[i], object, named(object)));
    if (differ.length > 0) throw new Error(`kept otherwise than sent:\n${differ.join("\n")}`);
  }
}

/** A second time nothing may change. @param {Sandbox} cluster @param {readonly KubernetesObject[]} objects */
export function unchanged(cluster, objects) {
  const versions = () => read(cluster, objects).map(({ metadata }) => JSON.stringify(standing(metadata)));
  // Controllers write what they have seen, for a while.
  let [before, again] = [versions(), versions()];
  for (let tries = 0; JSON.stringify(before) !== JSON.stringify(again); tries += 1) {
    if (tries > 30) throw new Error("they do not come to rest");
    [before, again] = [again, versions()];
  }
  for (const part of parts(objects)) send(cluster, part);
  const after = versions();
  const changed = objects.filter((_, i) => before[i] !== after[i]).map(named);
  if (changed.length > 0) throw new Error(`changed a second time: ${changed.join(", ")}`);
}

/** @param {Record<string, any>} metadata */
const standing = ({ resourceVersion, generation, managedFields = [] }) => ({
  resourceVersion,
  generation,
  since: managedFields
    .filter((/** @type {any} */ each) => each.manager === manager)
    .map((/** @type {any} */ { time }) => time),
});

/** Takes away what stands on its own, and with it all else; waits until it is gone. @param {Sandbox} cluster @param {readonly KubernetesObject[]} objects */
export function removed(cluster, objects) {
  const [whole = []] = parts(objects);
  cluster.kubectl(["delete", "--wait", "--timeout=120s", "--filename=-"], whole);
  const left = cluster.kubectl(["get", "--output=name", "--ignore-not-found", "--filename=-"], [...objects]);
  if (left !== "") throw new Error(`still there: ${left}`);
}

/** @param {KubernetesObject} object */
export const named = ({ kind, metadata: { namespace, name } }) => `${kind} ${namespace ? `${namespace}/` : ""}${name}`;

/**
 * Where the server keeps something else than was sent, quantities in another unit too: the provider would see a change in some of them.
 * What the server adds is its own.
 * @param {any} sent @param {any} kept @param {string} path @returns {string[]}
 */
export function unlike(sent, kept, path) {
  if (typeof sent === "object" && sent !== null) {
    if (Array.isArray(sent) && sent.length !== kept?.length) return [`${path}: ${sent.length}, not ${kept?.length}`];
    return Object.entries(sent).flatMap(([key, value]) => unlike(value, kept?.[key], `${path}.${key}`));
  }
  return sent === kept ? [] : [`${path}: ${JSON.stringify(sent)}, not ${JSON.stringify(kept)}`];
}
