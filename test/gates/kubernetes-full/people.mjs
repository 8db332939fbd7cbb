// People and pipelines come with tokens of somebody else, whose keys the API looks up as it does anywhere.
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";
import { same } from "../clouds.mjs";
import { run } from "../gate.mjs";
import { Issuer } from "../vault/people.mjs";
import { until } from "./api.mjs";
import { issuerOf } from "./platform.mjs";

/** @typedef {import("./api.mjs").Api} Api */

const system = ["system:masters", "system:authenticated"];

/** What a team looks at, by group of the API; written once more, so that one resource more is noticed. */
const looks = Object.entries({
  "": "namespaces pods pods/log services endpoints configmaps serviceaccounts events persistentvolumeclaims resourcequotas limitranges",
  apps: "deployments replicasets statefulsets daemonsets",
  batch: "jobs cronjobs",
  policy: "poddisruptionbudgets",
  "networking.k8s.io": "networkpolicies",
  "discovery.k8s.io": "endpointslices",
  "events.k8s.io": "events",
}).map(([group, resources]) => ({
  ...{ groups: [group], resources: resources.split(" "), verbs: ["get", "list", "watch"] },
}));

/** @param {string} name @param {string} namespace @param {readonly string[]} groups @param {import("./accounts.mjs").Account["api"]} [api] */
const person = (name, namespace, groups, api = []) => ({
  ...{ name, namespace, api, person: { user: name, groups } },
});

/** Who looks at namespaces of a team, and who does not. @type {readonly import("./accounts.mjs").Account[]} */
export const people = [
  person("people:ada", "one", ["people:team"], looks),
  person("people:bob", "lab", ["people:researchers", "people:others"], looks),
  person("people:eve", "one", ["people:system:masters", "team"]),
  person("pipelines:team/platform", "one", ["pipelines:team"]),
];

/** Issuers that publish their keys on this machine. */
export class Issuers {
  /** By their names. */
  known = new Map(["people", "pipelines", "nobody"].map((who) => [issuerOf(who), new Issuer()]));

  /** @param {string} folder */
  constructor(folder) {
    const [cert, key] = [join(folder, "issuers.pem"), join(folder, "issuers.key")];
    const named = ["-subj", "/CN=issuers", "-addext", "subjectAltName=IP:127.0.0.1"];
    run("openssl", [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-noenc",
      "-keyout",
      key,
      "-out",
      cert,
      ...named,
    ]);
    this.ca = readFileSync(cert, "utf8");
    this.server = createServer({ cert: this.ca, key: readFileSync(key) }, (asked, answer) => {
      const [, host = "", file = ""] = /^\/([^/]+)(\/.*)$/.exec(asked.url ?? "") ?? [];
      const issuer = `https://${host}`;
      const jwk = this.known.get(issuer)?.keys.publicKey.export({ format: "jwk" });
      const said =
        file === "/keys"
          ? { keys: [{ ...jwk, use: "sig", alg: "RS256" }] }
          : { issuer, jwks_uri: `${this.at(issuer)}/keys` };
      answer.setHeader("content-type", "application/json").end(JSON.stringify(said));
    });
  }

  async listen() {
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", () => resolve(undefined)));
  }

  /** Where an issuer is here. @param {string} url */
  at(url) {
    const address = /** @type {import("node:net").AddressInfo} */ (this.server.address());
    return `https://127.0.0.1:${address.port}/${new URL(url).hostname}`;
  }

  /** What tells the API where that is. @param {string} url */
  found = (url) => ({
    discoveryURL: `${this.at(url)}/.well-known/openid-configuration`,
    certificateAuthority: this.ca,
  });

  /** @param {string} who @param {Record<string, unknown>} claims @param {number} [lasts] */
  token(who, claims, lasts) {
    const issuer = issuerOf(who);
    return this.known.get(issuer)?.token({ iss: issuer, aud: "databridge", sub: "1", ...claims }, lasts) ?? "";
  }

  close() {
    this.server.close();
    this.server.closeAllConnections();
  }
}

/** @param {Api} api @param {string} token @returns {Promise<{ status: number, username?: string, groups?: string[] }>} */
async function whoIs(api, token) {
  const review = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
  const { status, body } = await api.as(token).ask("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", review);
  return status === 201 ? { status, ...body.status.userInfo } : { status };
}

/** Each is who it is, by a prefix; nobody is one of Kubernetes' own. @param {Api} api @param {Issuers} issuers */
export async function vouched(api, issuers) {
  const groups = ["team", ...system];
  const person = issuers.token("people", { preferred_username: "ada", groups });
  // Keys are looked up from time to time until they are there.
  const ada = await until("a person is known", async () => {
    const found = await whoIs(api, person);
    return found.status === 201 ? found : undefined;
  });
  same([ada.username, ada.groups], ["people:ada", [...groups.map((name) => `people:${name}`), "system:authenticated"]]);
  const job = { sub: "system:admin", project_path: "team/platform", ref_protected: "true", groups };
  const pipeline = issuers.token("pipelines", job);
  same((await whoIs(api, pipeline)).username, "pipelines:system:admin");
  const asks = async (/** @type {string} */ token, /** @type {string} */ path) =>
    (await api.as(token).ask("GET", `/api/v1/namespaces/${path}`)).status;
  // `lab` is of another team.
  const paths = ["one/pods", "one/secrets", "lab/pods"];
  same(await Promise.all(paths.map((path) => asks(person, path))), [200, 403, 403]);
  same(await Promise.all(paths.map((path) => asks(pipeline, path))), [403, 403, 403]);
  const strangers = [
    issuers.token("nobody", { preferred_username: "ada" }),
    issuers.token("people", { preferred_username: "ada", aud: "another" }),
    issuers.token("people", { preferred_username: "ada" }, -60),
    issuers.token("people", { preferred_username: "ada", iss: issuerOf("pipelines") }),
    issuers.token("people", { sub: "ada" }),
    issuers.token("pipelines", { ...job, project_path: "team/another" }),
    issuers.token("pipelines", { ...job, project_path: undefined }),
    issuers.token("pipelines", { ...job, ref_protected: "false" }),
    issuers.token("pipelines", { ...job, ref_protected: undefined }),
  ];
  for (const token of strangers) same((await whoIs(api, token)).status, 401);
}
