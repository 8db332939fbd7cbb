// The stack of Vault as this project synthesizes it, in a world in which all is learned and its second team owns something.
import { mkdtempSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { compile } from "../../../cli/prepare.mjs";
import { Issuer } from "./people.mjs";

const load = createRequire(join(compile(), "main.js"));
/** @type {typeof import("../../../model/gather.js")} */
const { gather } = load("./model/gather.js");
/** @type {typeof import("../../../cli/project/project.js")} */
const { readOwnSites } = load("./cli/project/project.js");
/** @type {typeof import("../../../sandbox/answers.js")} */
const { answered } = load("./sandbox/answers.js");
/** @type {typeof import("../../../main.js")} */
const { main } = load("./main.js");
/** @type {typeof import("../../../constructs/files.js")} */
const { filesIn } = load("./constructs/files.js");
/** @type {typeof import("../../../constructs/specs.js")} */
const { monitoring } = load("./constructs/specs.js");
/** @type {typeof import("../../../constructs/vault/access.js")} */
export const {
  accountsOf: workloadsOf,
  breakGlass,
  loginRoleOf,
  policyOfPipeline,
  policyOfVaultOperators,
  sitesOfPipeline,
  writersOf,
} = load("./constructs/vault/access.js");
/** @type {typeof import("../../../constructs/vault/machines.js")} */
export const { machinesOf } = load("./constructs/vault/machines.js");
/** @type {typeof import("../../../constructs/vault/policy.js")} */
export const { mounts } = load("./constructs/vault/policy.js");
/** @type {typeof import("../../../constructs/vault/logins.js")} */
export const { podTokens } = load("./constructs/vault/logins.js");
/** @type {typeof import("../../../model/vocabulary.js")} */
const { days, gib, mib, signedKey } = load("./model/vocabulary.js");
/** @type {typeof import("../../../model/site/need.js")} */
const { tcp } = load("./model/site/need.js");
/** @type {typeof import("../../../model/site/certificate.js")} */
const { tlsFiles } = load("./model/site/certificate.js");
/** @type {typeof import("../../../model/accounts.js")} */
export const { accountsOf, configuringAt, opensVault, principalsAt, servesVault } = load("./model/accounts.js");
/** @type {typeof import("../../../model/deployers.js")} */
export const { deployersOf, hostsAt } = load("./model/deployers.js");
/** @type {typeof import("../../../model/certificates.js")} */
export const { namesOf, ofHosts } = load("./model/certificates.js");

/** @type {typeof import("../../../operate/reach.js")} */
const { sshTexts } = load("./operate/reach.js");

/** @typedef {import("../../../model/registers.js").Registers} Registers */
/** @typedef {import("../../../constructs/vault/machines.js").Machine} Machine */
/** @typedef {import("../../../constructs/vault/access.js").Account} Account */
/** @typedef {"people" | "pipelines"} Kind */
/** @typedef {{ sshUserCa?: string, sshHostCa?: string }} Trust public keys of CAs */

/** Where workloads of the gate's own are tried, beside those that site files describe. */
const tried = "lumi";

/** Clusters, by tenancy: the key of each signs the tokens of its accounts. @type {Map<string, Issuer>} */
const issuersOfClusters = new Map();
/** @param {string} id of a tenancy */
const clusterOf = (id) => {
  const issuer = issuersOfClusters.get(id) ?? new Issuer();
  issuersOfClusters.set(id, issuer);
  return issuer;
};

/** The site whose supercomputer is tried as one that trusts our Vault; no operator is known to. */
const trusting = "marenostrum5";

/** Everything of the description that a check asks for. */
export class Platform {
  /** Whoever vouches for people and pipelines, of whom Vault knows the public key. */
  issuers = { people: new Issuer(), pipelines: new Issuer() };
  clusterOf = clusterOf;
  /** @type {Map<string, string>} the address on this machine that stands for a network */
  loopback = new Map();

  /** @param {string} folder where it is synthesized */
  constructor(folder) {
    this.registers = described();
    this.machines = machinesOf(this.registers);
    this.accounts = workloadsOf(this.registers);
    this.writers = writersOf(this.registers);
    this.secrets = this.registers.secrets;
    this.folder = folder;
    const vault = this.registers.places.find((place) => place.vault.length > 0);
    if (!vault) throw new Error("no site keeps a Vault");
    this.vault = vault;
    this.stack = this.stackOf(this.registers);
  }

  /** @param {Registers} registers */
  stackOf(registers) {
    const outputs = main(registers, mkdtempSync(join(this.folder, "synthesized-")), "sandbox");
    const output = outputs.find(({ name }) => name === `${this.vault.id}-vault`);
    return this.here(JSON.parse(readFileSync(output?.file ?? "", "utf8")));
  }

  /** The stack once the site file says that the next issuers take over. */
  withNextIssuers() {
    const places = this.registers.places.map((place) => ({
      ...place,
      vault: place.vault.map(({ said, because }) => ({ because, said: { ...said, issuerGeneration: 2 } })),
    }));
    return this.stackOf({ ...this.registers, places });
  }

  /**
   * A stack as it can be tried on one machine. Two things are others here: keys of issuers of our own stand where those of
   * others would be discovered, and 127.0.1.n stands for each network from which machines are seen. All else is as it was.
   * @param {any} stack
   */
  here(stack) {
    const { vault_jwt_auth_backend: issuers, vault_approle_auth_backend_role: machines } = stack.resource;
    const roles = { ...machines, ...stack.resource.vault_jwt_auth_backend_role };
    for (const backend of Object.values(/** @type {Record<string, any>} */ (issuers))) {
      if (!backend.oidc_discovery_url) continue;
      delete backend.oidc_discovery_url;
      backend.jwt_validation_pubkeys = [this.issuers[/** @type {Kind} */ (backend.path)].publicKey];
    }
    for (const role of Object.values(/** @type {Record<string, any>} */ (roles)))
      for (const key of ["token_bound_cidrs", "secret_id_bound_cidrs"])
        role[key] &&= role[key].map((/** @type {string} */ network) => `${this.standsFor(network)}/32`);
    return stack;
  }

  /** @param {string} network */
  standsFor(network) {
    const known = this.loopback.get(network) ?? `127.0.1.${this.loopback.size + 1}`;
    this.loopback.set(network, known);
    return known;
  }

  /** Addresses here from which a machine, or pods, are seen. @param {Machine | Account} machine */
  addressesOf({ name, from }) {
    if (from === "not learned") throw new Error(`${name} has no address`);
    return from.map((network) => this.standsFor(network));
  }

  /** All other addresses from which some machine is seen. @param {Machine | Account} machine */
  othersOf(machine) {
    const own = this.addressesOf(machine);
    return [...this.loopback.values()].filter((address) => !own.includes(address));
  }

  /**
   * How people, or pipelines, prove who they are.
   * @template {Kind} K @param {K} kind @returns {NonNullable<import("../../../model/site/identity.js").Identity[K]>}
   */
  identityOf(kind) {
    const identity = this.vault.site.identity[kind];
    if (!identity) throw new Error(`nobody vouches for ${kind}`);
    return identity;
  }

  /** What the token of a job says of it. */
  ofJob() {
    const { projects, project, protected: guarded } = this.identityOf("pipelines");
    return { [project]: projects[0], [guarded]: "true" };
  }

  /** What the token of a job says that configures hosts of a team. @param {string} team */
  ofHosts(team) {
    const { environment, environmentProtected } = this.identityOf("pipelines");
    const [site = ""] = sitesOfPipeline(
      this.writers.find(({ name }) => name === team) ?? { name: "", secrets: [], owns: [], machines: [] },
    );
    return { [environment]: hostsAt(site, this.registers.places).name, [environmentProtected]: "true" };
  }

  /** A token of a member of groups. @param {Kind} kind @param {readonly string[]} groups @param {Record<string, unknown>} [other] claims @param {number} [lasts] @param {Issuer} [by] */
  token(kind, groups, other = {}, lasts = 300, by = this.issuers[kind]) {
    const { issuer, audience, user, groups: claim } = this.identityOf(kind);
    const claims = { iss: issuer, aud: audience, sub: "1", [user]: `one-of-${kind}`, [claim]: groups };
    return by.token({ ...claims, ...(kind === "pipelines" ? this.ofJob() : {}), ...other }, lasts);
  }

  /** Files of a host by their path, once CAs are learned. @param {string} host @param {Trust} trust */
  filesOf(host, trust) {
    const registers = described(trust);
    const place = registers.places.find(({ hosts }) => hosts.some(({ id }) => id === host));
    if (!place) throw new Error(`no host ${host}`);
    const mine = [...filesIn(place, registers)].filter(([path]) => path.startsWith(`${host}/`));
    return new Map(mine.map(([path, text]) => [path.slice(host.length), text]));
  }

  /** What ssh has to know of hosts. @param {Trust} trust @param {Record<string, string>} hostKeys by host @param {import("../../../operate/reach.js").SshIdentity} identity */
  sshOf(trust, hostKeys, identity) {
    return sshTexts(described(trust, hostKeys), { knownHosts: "none", identity });
  }
}

/** What no site of ours runs yet: two workloads of a namespace, and what each reads and shows. */
const workloads = {
  kind: "trial",
  name: "trial",
  problems: [],
  describe: () => ({
    unobserved: "tried",
    namespaces: [{ namespace: "trial", quota: { milliCpu: 1000, memory: gib(1), pods: 10 }, why: "tried" }],
    workloads: ["one", "two"].map((workload) => ({
      workload,
      namespace: "trial",
      runs: { kind: "Deployment", replicas: 1 },
      containers: [
        { name: "it", image: `registry.example.org/it:1@sha256:${"0".repeat(64)}`, milliCpu: 10, memory: mib(16) },
      ],
      why: "tried",
    })),
    secrets: ["one", "two"].map((name) => ({ secret: `trial/${name}`, keys: ["a", "b"], why: "tried" })),
    services: ["one", "two"].map((workload) => ({
      service: `trial-${workload}`,
      on: { workload },
      traffic: tcp(7000),
      auth: workload === "one" ? "mtls" : "tls",
    })),
    needs: ["one", "two"].flatMap((workload) => [
      {
        need: "certificate",
        by: { workload },
        service: `trial-${workload}`,
        files: tlsFiles("/run/tls"),
        why: "tried",
      },
      ...["a", "b"].map((key) => ({
        need: "secret",
        by: { workload },
        secret: `trial/${workload}`,
        key,
        file: `/run/trial/${key}`,
        why: "tried",
      })),
    ]),
  }),
};

/** Whom what rings reaches is another gate's, and the other team is none of those. @param {{ kind: string }} component */
const untold = (component) => (component.kind === "monitoring" ? monitoring() : component);

/**
 * What the site files of this project say, once clouds and operators have answered. Another team answers for what is no
 * production, so that there are two that must not meet; and one operator trusts our Vault.
 * @param {Trust} [trust] @param {Record<string, string>} [hostKeys] by host
 */
function described(trust = {}, hostKeys = {}) {
  const { sites } = answered(readOwnSites().sites);
  const owned = /** @type {any[]} */ (sites).map(({ supercomputer, ...site }) => ({
    ...site,
    supercomputer:
      site.name === trusting
        ? { ...supercomputer, facts: { ...supercomputer.facts, auth: signedKey(days(30)) } }
        : supercomputer,
    tenancies: Object.fromEntries(
      Object.entries(site.tenancies).map(([name, tenancy]) => [
        name,
        tenancy.environment === "production"
          ? { ...tenancy, runs: [...tenancy.runs.map(untold), ...(site.name === tried ? [workloads] : [])] }
          : { ...tenancy, owner: `${tenancy.owner}-${tenancy.environment}` },
      ]),
    ),
  }));
  const { registers, problems } = gather(owned, locksOf(gather(owned).registers, trust, hostKeys));
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return registers;
}

/** Locks in which every router and every public address is learned; a block for documentation. @param {Registers} registers @param {Trust} trust @param {Record<string, string>} hostKeys */
function locksOf({ places, sites }, trust, hostKeys) {
  let next = 1;
  const address = () => `203.0.113.${next++}`;
  const learned = (/** @type {import("../../../model/entries.js").PlaceEntry} */ { id, hosts, clusters }) => ({
    ...(clusters.length > 0 ? { clusterKey: clusterOf(id).publicKey } : {}),
    router: address(),
    public: Object.fromEntries(
      hosts.filter((host) => host.public?.how === "allocated").map((host) => [host.name, address()]),
    ),
    hostKeys: Object.fromEntries(hosts.flatMap((host) => (hostKeys[host.id] ? [[host.name, hostKeys[host.id]]] : []))),
  });
  const locks = sites.map(({ name }, i) => {
    const mine = places.filter(({ site }) => site.name === name).map((place) => [place.name, learned(place)]);
    return [name, { version: 4, learned: Object.fromEntries(mine), trust: i > 0 ? {} : trust }];
  });
  return Object.fromEntries(locks);
}
