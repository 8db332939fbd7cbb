// A description of the gate's own, of which stacks and files are made as of any other: every kind of workload, namespaces of
// production and of experiments, and nodes as they are told to join.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parse, stringify } from "yaml";
import { compile } from "../../../cli/prepare.mjs";
import { objectsOf } from "../kubernetes/adapter.mjs";
import { releases, services, workloads } from "./described.mjs";

const load = createRequire(join(compile(), "main.js"));
/** @type {typeof import("../../../model/gather.js")} */
const { gather } = load("./model/gather.js");
/** @type {typeof import("../../../main.js")} */
const { main } = load("./main.js");
/** @type {typeof import("../../../constructs/files.js")} */
const { filesIn } = load("./constructs/files.js");
/** @type {typeof import("../../../constructs/cluster/rke2.js")} */
const { files: paths } = load("./constructs/cluster/rke2.js");
/** @type {typeof import("../../../model/vocabulary.js")} */
const words = load("./model/vocabulary.js");
/** @type {typeof import("../../../constructs/specs.js")} */
const specs = load("./constructs/specs.js");
/** @type {typeof import("../../../model/site/need.js")} */
const { tcp, udp } = load("./model/site/need.js");

/** @typedef {import("../kubernetes/adapter.mjs").KubernetesObject} KubernetesObject */
/** @typedef {{ name: string, labels: Record<string, string>, taints: object[], capacity: Sizes, allocatable: Sizes }} Node */
/** @typedef {{ cpu: string, memory: string, pods: string }} Sizes */

const { gib, mib } = words;
const large = { vcpus: 16, ram: gib(64) };
const quota = { milliCpu: 60_000, memory: gib(40), pods: 60, storage: gib(100) };

/** @type {import("../../../model/site/specs.js").Description} */
const description = {
  namespaces: [
    { namespace: "one", quota, container: mib(1024), why: "programs of production" },
    { namespace: "lab", owner: "researchers", environment: "experiments", quota, why: "experiments" },
    // Just what its workload asks for, and a pod more while one is replaced.
    { namespace: "small", quota: { milliCpu: 300, memory: mib(384), pods: 3 }, why: "a namespace that is full" },
  ],
  workloads: workloads(words),
  services: services({ tcp, udp }),
  releases,
  secrets: [{ secret: "web/api", keys: ["token"], why: "it calls somebody" }],
  needs: [
    {
      ...{ need: "secret", by: { workload: "web" }, secret: "web/api", key: "token", file: "/run/web/token" },
      why: "it calls somebody",
    },
    { need: "flow", from: { workload: "web" }, to: { service: "store" }, why: "what is shown is kept" },
    { need: "flow", from: { workload: "watcher" }, to: { service: "cluster-api" }, why: "it watches" },
    { need: "flow", from: { outside: "operators" }, to: { service: "web" }, why: "people look at it" },
    { need: "flow", from: { role: "bastion" }, to: { service: "web" }, why: "operators look at it" },
  ],
};

const here = { site: "north", tenancy: "production" };

/** Who vouches for people and for pipelines. @param {string} who */
export const issuerOf = (who) => `https://${who}.example.org`;

/** A site with a cluster. */
const site = () =>
  words.site("north", {
    operator: "NORTH",
    country: "FI",
    dns: "north.example.org",
    outside: { operators: words.network("192.0.2.0/28") },
    identity: {
      people: { issuer: issuerOf("people"), audience: "databridge", user: "preferred_username" },
      pipelines: {
        issuer: issuerOf("pipelines"),
        audience: "databridge",
        projects: ["team/platform"],
      },
    },
    cloud: words.openstack({
      external: "external",
      has: ["octavia", "swift", "cinder"],
      api: ["https://identity.example.org:5000", "https://volumes.example.org"],
      resolvers: ["9.9.9.9"],
      ntp: ["192.53.103.108"],
      images: { debian12: "deb12000-0000-4000-8000-000000000001" },
      flavors: {
        small: words.vm("s", 2, gib(4)),
        medium: words.vm("m", 4, gib(16)),
        large: words.vm("l", large.vcpus, large.ram),
      },
    }),
    tenancies: {
      production: {
        environment: "production",
        owner: "team",
        quota: {
          ...{ vcpus: 1000, ram: gib(4000), gigabytes: words.tib(1000), floatingIps: 10, instances: 100, volumes: 100 },
          ...{ securityGroups: 100, securityGroupRules: 1000 },
        },
        network: { cidr: "10.20.0.0/20" },
        public: { bastion: words.allocated, proxy: words.allocated },
        state: words.s3({ bucket: "state", region: "here" }),
        runs: [
          specs.bastion(),
          specs.proxy(),
          specs.cluster({ servers: 3, workers: 2, cloud: true }),
          specs.vault(),
          specs.vaultAgent({ at: here }),
          specs.sharedServices({ vault: here }),
          { kind: "thing", name: "thing", problems: [], describe: () => ({ unobserved: "tried", ...description }) },
        ],
      },
    },
  });

export class Platform {
  /** @param {string} folder where it is synthesized */
  constructor(folder) {
    const place = { router: "203.0.113.1", public: { bastion: "203.0.113.2", proxy: "203.0.113.3" } };
    const { registers, problems } = gather([site()], { north: { version: 1, learned: { production: place } } });
    if (problems.length > 0) throw new Error(JSON.stringify(problems, undefined, 1));
    const [only] = registers.places;
    if (!only) throw new Error("there is no tenancy");
    this.place = only;
    this.files = filesIn(only, registers);
    const outdir = mkdtempSync(join(folder, "synthesized-"));
    const output = main(registers, outdir, "sandbox").find(({ name }) => name === `${only.id}-services`);
    this.file = output?.file ?? "";
    this.stack = JSON.parse(readFileSync(this.file, "utf8"));
    this.objects = [...objectsOf(this.stack).values()];
    this.folder = folder;
  }

  /** Workloads whose pods a chart makes. */
  get charted() {
    return this.place.releases.flatMap(({ said }) => said.pods.map(({ workload }) => workload));
  }

  /** The classes of volumes that charts come with. @returns {any[]} */
  get classes() {
    return this.place.releases.flatMap(({ said }) => said.resources.filter(({ kind }) => kind === "StorageClass"));
  }

  /** The chart that stands beside the stack. */
  get chart() {
    return join(dirname(this.file), "chart");
  }

  /** All nodes, as they are told to join. @returns {Node[]} */
  get nodes() {
    const { flavors } = this.place.site.cloud;
    return this.place.hosts.flatMap(({ id, flavor }) => {
      const text = this.files.get(`${id}${paths.config}`);
      const size = flavors[flavor];
      return text && size ? [nodeOf(parse(text), size.vcpus, size.ram.mib)] : [];
    });
  }

  /**
   * Files of the first server that its API reads, by the option that names them, as they are rendered. Only where issuers publish their
   * keys is another place: one that is here.
   * @param {(who: string) => object} found what says so of an issuer
   */
  api(found) {
    const authentication = parse(this.ofServer(paths.people));
    for (const { issuer } of authentication.jwt) Object.assign(issuer, found(issuer.url));
    return {
      "admission-control-config-file": this.written("admission.yaml", this.ofServer(paths.admission)),
      "audit-policy-file": this.written("audit.yaml", this.ofServer(paths.audit)),
      "authentication-config": this.written("authentication.yaml", stringify(authentication)),
    };
  }

  /** @param {string} path @returns {string} */
  ofServer(path) {
    const server = this.place.hosts.find(({ roles }) => roles.includes("cluster-server"))?.id;
    const text = this.files.get(`${server}${path}`);
    if (text === undefined) throw new Error(`${server} has no ${path}`);
    return text;
  }

  /** @param {string} name @param {string} text */
  written(name, text) {
    const file = join(this.folder, name);
    writeFileSync(file, text);
    return file;
  }
}

/**
 * A node as its kubelet would tell it, by what is rendered for it.
 * @param {Record<string, any>} config @param {number} vcpus @param {number} memory in MiB @returns {Node}
 */
export function nodeOf(config, vcpus, memory) {
  const args = Object.fromEntries(
    config["kubelet-arg"].map((/** @type {string} */ arg) => /^(.*?)=(.*)$/.exec(arg)?.slice(1)),
  );
  const pods = args["max-pods"];
  // What the kubelet keeps back, and under which it evicts.
  const kept = ["system-reserved", "kube-reserved"].map((name) =>
    Object.fromEntries(args[name].split(",").map((/** @type {string} */ each) => each.split("="))),
  );
  const evicts = /memory\.available<(\w+)/.exec(args["eviction-hard"])?.[1] ?? "0Mi";
  const milli = vcpus * 1000 - kept.reduce((sum, { cpu }) => sum + Number.parseInt(cpu, 10), 0);
  const mebi = memory - [...kept.map((each) => each.memory), evicts].reduce((sum, size) => sum + mebiOf(size), 0);
  return {
    name: config["node-name"],
    labels: {
      ...Object.fromEntries(config["node-label"].map((/** @type {string} */ label) => label.split("="))),
      ...(config["cluster-cidr"] === undefined ? {} : ofServers),
    },
    taints: (config["node-taint"] ?? []).map((/** @type {string} */ taint) => {
      const [, key, value, effect] = /^(.+)=(.*):(\w+)$/.exec(taint) ?? [];
      return { key, value, effect };
    }),
    capacity: { cpu: `${vcpus}`, memory: `${memory}Mi`, pods },
    allocatable: { cpu: `${milli}m`, memory: `${mebi}Mi`, pods },
  };
}

/** What RKE2 itself labels servers with. @see https://docs.rke2.io/install/ha */
const ofServers = Object.fromEntries(
  ["control-plane", "etcd", "master"].map((role) => [`node-role.kubernetes.io/${role}`, "true"]),
);

/** @param {string} size */
const mebiOf = (size) => Number.parseInt(size, 10) * (size.endsWith("Gi") ? 1024 : 1);
