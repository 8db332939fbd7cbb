// What accounts of workloads, and people, may ask of the API: just what is stated.
import { same } from "../clouds.mjs";

/** @typedef {import("./api.mjs").Api} Api */
/** @typedef {Record<string, any>} Json */
/**
 * Somebody: by default, the account of this name in its namespace. People are no accounts: they have a name and groups.
 * @typedef {{ namespace: string, name: string, api: readonly Rule[], person?: { user: string, groups: readonly string[] } }} Account
 */
/** @typedef {{ groups: readonly string[], resources: readonly string[], verbs: readonly string[], everywhere?: boolean | undefined }} Rule */
/** @typedef {{ verb: string, group: string, resource: string, namespace: string }} Wish */

const all = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "impersonate"];

/** What everybody may who is anybody: ask what they may. */
const everybody = [
  "create authorization.k8s.io/selfsubjectaccessreviews",
  "create authorization.k8s.io/selfsubjectrulesreviews",
  "create authentication.k8s.io/selfsubjectreviews",
];

/** All that the API has, parts of resources among it. @param {Api} api @returns {Promise<{ group: string, resource: string }[]>} */
async function resourcesOf(api) {
  const { groups } = await api.get("/apis");
  const paths = [
    "/api/v1",
    ...groups.map((/** @type {Json} */ { preferredVersion }) => `/apis/${preferredVersion.groupVersion}`),
  ];
  const lists = await Promise.all(paths.map((path) => api.get(path)));
  return lists.flatMap(({ groupVersion, resources }) =>
    resources.map((/** @type {Json} */ { name }) => ({
      group: groupVersion.includes("/") ? groupVersion.split("/")[0] : "",
      resource: name,
    })),
  );
}

/** Whether it is stated. @param {Account} account @param {Wish} wish */
const isStated = ({ namespace: own, api }, { verb, group, resource, namespace }) =>
  everybody.includes(`${verb} ${group}/${resource}`) ||
  api.some(
    (rule) =>
      (rule.everywhere || namespace === own) &&
      rule.groups.includes(group) &&
      rule.resources.includes(resource) &&
      rule.verbs.includes(verb),
  );

/**
 * Every account × everything that the API has × every verb × in its own namespace, in another, in that of the system and on the
 * whole cluster.
 * @param {Api} api @param {readonly Account[]} accounts @param {readonly string[]} verbs
 */
export async function may(api, accounts, verbs = all) {
  const resources = await resourcesOf(api);
  /** @type {string[]} */
  const wrong = [];
  let [asked, allowed] = [0, 0];
  for (const account of accounts) {
    const others = [...new Set(accounts.map(({ namespace }) => namespace))].filter((one) => one !== account.namespace);
    const scopes = [account.namespace, ...others.slice(0, 1), "kube-system", ""];
    const wishes = resources.flatMap((each) =>
      verbs.flatMap((verb) => scopes.map((namespace) => ({ ...each, verb, namespace }))),
    );
    await inParallel(wishes, async (wish) => {
      const is = await isAllowed(api, account, wish);
      asked += 1;
      if (is) allowed += 1;
      if (is !== isStated(account, wish))
        wrong.push(
          `${account.namespace}/${account.name} ${is ? "may" : "may not"} ${wish.verb} ${wish.group}/${wish.resource} in ${wish.namespace || "the cluster"}`,
        );
    });
  }
  if (wrong.length > 0) throw new Error(`${wrong.length} are not as stated:\n${wrong.slice(0, 100).join("\n")}`);
  return `${accounts.length} accounts, ${resources.length} resources, ${verbs.length} verbs: ${asked} questions, ${allowed} times yes`;
}

/** As `kubectl auth can-i --as` asks. @param {Api} api @param {Account} account @param {Wish} wish @returns {Promise<boolean>} */
async function isAllowed(api, { namespace: of, name, person }, { namespace, verb, group, resource: full }) {
  const [resource, subresource] = full.split("/");
  const account = {
    user: `system:serviceaccount:${of}:${name}`,
    groups: ["system:serviceaccounts", `system:serviceaccounts:${of}`],
  };
  const { user, groups } = person ?? account;
  const { status } = await api.must("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", {
    spec: {
      user,
      groups: [...groups, "system:authenticated"],
      resourceAttributes: { namespace, verb, group, resource, ...(subresource ? { subresource } : {}) },
    },
  });
  return status.allowed;
}

/** @template T @param {readonly T[]} all @param {(one: T) => Promise<void>} work */
async function inParallel(all, work) {
  let next = 0;
  const worker = async () => {
    for (let one = all[next++]; one !== undefined; one = all[next++]) await work(one);
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

/** The same by a token that the API itself issued. @param {Api} api */
export async function byToken(api) {
  const path = "/api/v1/namespaces/lab/serviceaccounts/task/token";
  const { status } = await api.must("POST", path, {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: {},
  });
  const task = api.as(status.token);
  const pods = (/** @type {string} */ namespace) => `/api/v1/namespaces/${namespace}/pods`;
  const answers = await Promise.all([
    task.ask("GET", `${pods("lab")}/none`),
    task.ask("GET", `${pods("one")}/none`),
    task.ask("GET", pods("lab")),
    task.ask("GET", "/api/v1/namespaces/lab/secrets"),
    api.as().ask("GET", pods("lab")),
    api.as("none.of.these").ask("GET", pods("lab")),
  ]);
  same(
    answers.map(({ status }) => status),
    [404, 403, 403, 403, 403, 401],
  );
}

/** Pods have a token where something is stated, and no other. @param {Api} api @param {readonly Account[]} accounts */
export async function tokens(api, accounts) {
  let count = 0;
  for (const { namespace, name, api: rules } of accounts) {
    const { items } = await api.get(
      `/api/v1/namespaces/${namespace}/pods?fieldSelector=spec.serviceAccountName%3D${name}`,
    );
    for (const { metadata, spec } of items) {
      const has = (spec.volumes ?? []).some((/** @type {Json} */ { projected }) =>
        projected?.sources.some((/** @type {Json} */ source) => source.serviceAccountToken),
      );
      same([metadata.name, has], [metadata.name, rules.length > 0]);
      count += 1;
    }
  }
  if (count === 0) throw new Error("there are no pods");
  return `${count} pods`;
}
